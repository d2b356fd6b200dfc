"""Stages of a selection: "Stage 4 (Technical interview 1)", "2nd Online Test", "Pre-Placement Talk"."""

import re

from scraping.reading.layout.expressions import expression

_NUMBERED = expression(
    r"\bStage[\s-]*(?P<number>\d{1,2})(?:\s*\((?P<name>[^()]*(?:\([^()]*\)[^()]*)*)\))?", re.IGNORECASE
)
_PPT = re.compile(r"\bpre[\s-]*placement[\s-]*talk|\bPPTs?\b", re.IGNORECASE)
_PHRASE = expression(
    r"""\b(?:(?:1st|2nd|3rd|[4-9]th|first|second|third|fourth|final)\s+)?
    (?:(?:online|virtual|written|aptitude|technical|tech|coding|programming|hr|managerial|management|telephonic|personal
        |group|psychometric|cognitive|communication|english|case|study|puzzle|culture|cultural|fit
        |role[\s-]specific|machine|video|in-person
        |leadership|system|design|domain|assignment|resume|screening|mcq|game|based|hackerrank|hackerearth
        |(?-i:[A-Z]{3,5}))
       (?:\s*[&/+]\s*|\s+and\s+|-|\s+)){1,4}
    (?:tests?|interviews?|rounds?|assessments?|discussions?|exam(?:ination)?s?|screening|shortlisting|talk)\b
    (?:\s+(?:round\b|[1-5]\b(?![\s:.]*\d?\s*[ap]m)))?""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_STAGE = re.compile(r"\bmock\b|\bpractice\b|\bpreparation\b", re.IGNORECASE)
_GD = re.compile(r"\b(?:GD|G\.D\.)\b")


def find_stage(text: str) -> str | None:
    """The stage a title or a line names; numbered as the portal writes it where a number is given."""
    if _NOT_A_STAGE.search(text):
        return None
    numbered = _NUMBERED.search(text)
    if numbered and numbered["name"]:
        return f"Stage {numbered['number']} ({numbered['name'].strip()})"
    named = _named_stage(text)
    if numbered:
        return f"Stage {numbered['number']} ({named})" if named else f"Stage {numbered['number']}"
    return named


def _named_stage(text: str) -> str | None:
    if _PPT.search(text):
        return "Pre-Placement Talk"
    if phrase := _PHRASE.search(text):
        return " ".join(phrase[0].split())
    return "Group Discussion" if _GD.search(text) else None
