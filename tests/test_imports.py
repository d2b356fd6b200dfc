"""Imports run downwards only, between the storeys and between the rooms of each (docs/architecture.md).

`python -m tests.test_imports` prints the picture.
"""

import ast
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.paths import ROOT

STOREYS = ["accounts", "notifications", "scraping", "supersetbot"]  # the lowest first
# The rooms of a storey, the lowest first: a room imports only from itself and from rooms to its left.
DOORS = "admin bot management apps urls templatetags"
ROOMS = {
    "accounts": (
        "tracing language times categories courses encryption seasons season_admin progress clock pseudonyms privacy "
        f"spelling models audit personal subscribing web signin telegram api {DOORS}"
    ),
    "notifications": (
        f"details models rendering finding channels delivery publishing my_time tasks telegram_bot api web {DOORS}"
    ),
    "scraping": (
        "items models changes reading attachments sources explain placements corrections telling lookup cycle review "
        "watch mongo tasks api web "
        f"{DOORS}"
    ),
    "supersetbot": (
        "formats env spelled heartbeats models operations tasks settings web dashboard account sandbox api wsgi "
        f"{DOORS}"
    ),
}
LARGEST_ROOM = 20  # files of code in one folder


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for storey in STOREYS:
        for path in (ROOT / storey).rglob("*.py"):
            if "migrations" not in path.parts:
                dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[dotted.removesuffix(".__init__")] = path
    return found


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@cache
def imported(module: str) -> frozenset[str]:
    """The product's modules that one imports, also inside its functions."""
    names = set()
    path = modules()[module]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return frozenset(names & modules().keys())


def arrows(storey: str) -> Counter[tuple[str, str]]:
    """How many imports lead from one room of a storey to another."""
    found: Counter[tuple[str, str]] = Counter()
    for module in modules():
        if module.startswith(f"{storey}."):
            pairs = {(room(module), room(name)) for name in imported(module) if name.startswith(f"{storey}.")}
            found.update(pair for pair in pairs if pair[0] != pair[1])
    return found


@pytest.mark.parametrize("storey", STOREYS)
def test_no_storey_imports_one_above_it(storey: str) -> None:
    above = set(STOREYS[STOREYS.index(storey) + 1 :])
    offenders = {
        module: {name for name in imported(module) if name.split(".")[0] in above}
        for module in modules()
        if module.split(".")[0] == storey
    }
    assert not {module: names for module, names in offenders.items() if names}


@pytest.mark.parametrize("storey", STOREYS)
def test_no_room_imports_one_above_it(storey: str) -> None:
    order = {f"{storey}.{name}": place for place, name in enumerate(ROOMS[storey].split())}
    unknown = {room(module) for module in modules() if module.startswith(f"{storey}.")} - order.keys()
    assert not unknown, "give the room its place in ROOMS"
    upwards = {pair for pair in arrows(storey) if order[pair[1]] > order[pair[0]]}
    assert not upwards


def test_no_folder_is_too_large_to_look_over() -> None:
    sizes = Counter(path.parent for path in modules().values() if path.name != "__init__.py")
    assert not {str(folder): size for folder, size in sizes.items() if size > LARGEST_ROOM}


@pytest.mark.parametrize("storey", STOREYS)
def test_each_room_says_what_it_is_for(storey: str) -> None:
    rooms = {path.parent for path in modules().values() if path.parent.parent == ROOT / storey}
    silent = [folder.name for folder in rooms if folder.name != "management" and not (folder / "README.md").is_file()]
    assert not silent


def test_facts_ask_the_tagger_and_it_asks_none_of_them() -> None:
    asked = {(module, name) for module in modules() if ".reading.tagger." in module for name in imported(module)}
    assert not {(module, name) for module, name in asked if ".reading.facts" in name}


BOT = "; ".join(f"import {storey}.bot" for storey in STOREYS)


@pytest.mark.parametrize(
    ("work", "unwanted"),
    [
        ("pass", {"pymongo", "telegram", "aiohttp"}),
        (BOT, {"pymongo", "scraping.telling.mail", "scraping.reading.mail"}),
    ],
    ids=["any", "bot"],
)
def test_a_process_loads_nothing_it_may_not_need(work: str, unwanted: set[str]) -> None:
    """Listeners that `ready` connects import theirs when they are called: each start would wait for it.

    The bot has others read: it only asks for a cycle.
    """
    program = f"import sys, django; django.setup(); {work}; print(*sys.modules.keys() & {unwanted})"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "\n")


def picture() -> str:
    """A line a room: the rooms it imports, and how often."""
    lines = []
    for storey in reversed(STOREYS):
        lines.append(storey)
        found = arrows(storey)
        for name in reversed(ROOMS[storey].split()):
            targets = [f"{to.split('.')[1]} {n}" for (start, to), n in found.items() if start == f"{storey}.{name}"]
            if f"{storey}.{name}" in {room(module) for module in modules()}:
                lines.append(f"  {name:<14}{'→ ' + ', '.join(targets) if targets else ''}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    print(picture())
