"""What the linter lets pass and a reader does not: lines that are too long, suppressions without a reason."""

import re
import unicodedata
from pathlib import Path

from tests.paths import ROOT

LONGEST_LINE = 120
ROOMS = ("accounts", "notifications", "scraping", "supersetbot", "tests", "benchmarks")
SUPPRESSION = re.compile(
    r"#\s*(?:noqa: (?P<rule>[A-Z0-9, ]*[A-Z0-9])|type: ignore\[(?P<kind>[a-z, -]+)\]"
    r"|noqa|type:\s*ignore)"
)
REASON_BEHIND = re.compile(r"\s*(?:\(.+\)|-\s*\S.+|#\s*\S.+)")


def code() -> list[Path]:
    """The project's own Python files; migrations are written by a program."""
    files = [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts and path != Path(__file__)]


def lines() -> list[tuple[str, str, str]]:
    """Each line with its place, and the line above it."""
    found = []
    for path in code():
        above = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            found.append((f"{path.relative_to(ROOT)}:{number}", line, above))
            above = line
    return found


def width(line: str) -> int:
    """What the eye sees: without marks that stand above or below a letter."""
    return sum(unicodedata.category(sign) not in ("Mn", "Me") for sign in line)


def says_why(line: str, above: str) -> bool:
    """Whether a suppression has its reason behind it, or in the line above as `# RULE: reason`."""
    found = SUPPRESSION.search(line)
    if found is None or REASON_BEHIND.match(line[found.end() :]):
        return True
    named = found["rule"] or found["kind"]
    return bool(named) and above.strip().startswith(f"# {named}: ")


def test_no_line_is_too_long_nor_an_expression_or_a_text_in_it() -> None:
    long = ((place, line) for place, line, _ in lines() if len(line) > LONGEST_LINE)
    assert [place for place, line in long if width(line) > LONGEST_LINE] == []


def test_each_suppression_says_why() -> None:
    assert [place for place, line, above in lines() if not says_why(line, above)] == []
