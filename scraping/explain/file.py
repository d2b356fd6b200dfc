"""What is read from one file, and why: an object of `explain FILE.xlsx` (spec: attachments, Kinds)."""

from collections.abc import Sequence

from scraping.attachments.facts import facts_of
from scraping.attachments.process import read_bytes
from scraping.attachments.text import State
from scraping.explain.facts import explained, explained_roles
from scraping.items import JobRef


def explain_file(name: str, data: bytes, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The state of the file, its roster and its facts: packages in LPA, moments as ISO texts."""
    text = read_bytes(data)
    told: dict[str, object] = {
        "file": name,
        "state": text.state.value,
        "format": text.kind,
        "remarks": list(text.remarks),
        "sheets": [{"title": sheet.title, "lines": len(sheet.lines)} for sheet in text.sheets],
    }
    if text.state is not State.READ:
        return told
    facts = facts_of(text, name, jobs=jobs)
    return told | {
        **explained(facts),
        **explained_roles(facts),
        "kind": facts.category,
        "details": facts.extra,
    }
