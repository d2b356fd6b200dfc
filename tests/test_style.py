"""What the linter lets pass and a reader does not: lines that are too long, suppressions without a reason."""

import re
import unicodedata
from pathlib import Path

from tests.paths import ROOT

LONGEST_LINE = 120
ROOMS = ("accounts", "notifications", "scraping", "supersetbot", "tests", "benchmarks")
SUPPRESSION = re.compile(r"\s*#\s*(?:noqa|type:\s*ignore)\b")
WITH_REASON = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\s*(?:\(.+\)|-\s*\S.+|#\s*\S.+)")


def code() -> list[Path]:
    """The project's own Python files; migrations are written by a program."""
    files = [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def lines() -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in code()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
    ]


def width(line: str) -> int:
    """What the eye sees: without a suppression, and without marks that stand above or below a letter."""
    seen = SUPPRESSION.split(line)[0]
    return sum(unicodedata.category(sign) not in ("Mn", "Me") for sign in seen)


def test_no_line_is_too_long_nor_an_expression_or_a_text_in_it() -> None:
    assert [place for place, line in lines() if width(line) > LONGEST_LINE] == []


def test_each_suppression_says_why() -> None:
    silent = [place for place, line in lines() if SUPPRESSION.search(line) and not WITH_REASON.search(line)]
    assert [place for place in silent if not place.startswith("tests/test_style.py")] == []
