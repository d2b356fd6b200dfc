"""Each reference to the specification leads to a file of docs/spec and to a heading in it."""

import re

import pytest

from tests.paths import ROOT

SPECIFICATION = ROOT / "docs" / "spec"
REFERENCE = re.compile(r"\bspec: (?P<file>[a-z-]+)(?:, (?P<heading>[^);\n]+?))?(?=[);\n])")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FOLDERS = ("accounts", "notifications", "scraping", "supersetbot", "tests", "benchmarks")
CODE = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def headings(name: str) -> set[str]:
    path = SPECIFICATION / f"{name}.md"
    return set(HEADING.findall(path.read_text(encoding="utf-8"))) if path.is_file() else set()


def references() -> dict[tuple[str, str], list[str]]:
    """Where each file and heading of the specification is named."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in CODE:
        for match in REFERENCE.finditer(path.read_text(encoding="utf-8")):
            found.setdefault((match["file"], match["heading"] or ""), []).append(str(path.relative_to(ROOT)))
    return found


def test_every_reference_leads_somewhere() -> None:
    lost = {
        reference: places
        for reference, places in references().items()
        if not headings(reference[0]) or (reference[1] and reference[1] not in headings(reference[0]))
    }
    assert not lost


def test_references_are_found_at_all() -> None:
    assert ("delivery", "The ledger") in references()


@pytest.mark.parametrize("path", sorted(SPECIFICATION.glob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: object) -> None:
    text = (SPECIFICATION / str(path)).read_text(encoding="utf-8")
    assert not [link for link in re.findall(r"\]\(([\w./-]+\.md)\)", text) if not (SPECIFICATION / link).is_file()]
