"""The fields of a reading that a person may correct, as plain values: so they are stored, compared and shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from notifications.rendering.formats import lpa
from scraping.corrections.lines import rule_lines, rules_of, student_lines, students_of
from scraping.items import Facts, RolePay
from scraping.reading.facts.pay.packages import read_pay

Values = dict[str, str]
MOMENTS = ("deadline", "event_at")
FIELDS = tuple(
    "category company role stage package location deadline event_at venue state meaning students eligibility".split()
)
UNKNOWN = "unknown"
_BY_A_PERSON = "+person"
_LONGEST_RULE = 60
_SINGLE = ("company", "role", "stage", "venue")


def values_of(facts: Facts) -> Values:
    """The facts as plain values: moments as ISO texts, a day without a time where none is stated.

    `meaning` is "" where no students are listed, "unknown" where it is not known for what.
    """
    return {
        "category": str(facts.category),
        "company": facts.company or "",
        "role": facts.role or "",
        "stage": facts.stage or "",
        "package": lpa(role.package for role in facts.roles if role.package),
        "location": ", ".join(facts.location),
        "deadline": _iso(facts.deadline),
        "event_at": _iso(facts.event_at),
        "venue": facts.venue or "",
        "state": facts.state,
        "meaning": (facts.meaning or UNKNOWN) if facts.roster else "",
        "students": student_lines(facts.roster),
        "eligibility": rule_lines(facts.eligibility),
    }


def corrected(facts: Facts, correction: Mapping[str, str]) -> Facts:
    """The facts with what a person said: sure, and without what contradicts it, such as further deadlines.

    Raises:
        ValueError: a moment is none in ISO form, or a line is no rule or no student.
    """
    if not correction:
        return facts
    changes: dict[str, Any] = {name: correction[name] or None for name in _SINGLE if name in correction}
    changes |= {name: moment(correction[name]) for name in MOMENTS if name in correction}
    changes |= {"deadlines": ()} if "deadline" in correction else {}
    changes |= {"events": (), "event_end": None} if "event_at" in correction else {}
    changes |= {"companies": ()} if "company" in correction else {}
    if "location" in correction:
        changes["location"] = tuple(filter(None, map(str.strip, correction["location"].split(","))))
    changes |= {name: correction[name] for name in ("category", "state") if name in correction}
    if "eligibility" in correction:
        changes["eligibility"] = rules_of(correction["eligibility"], facts.eligibility)
    changes |= _roles(facts, correction) | _roster(facts, correction)
    rule = facts.rule[: _LONGEST_RULE - len(_BY_A_PERSON)] + _BY_A_PERSON
    return replace(facts, **changes, rule=rule, confidence=1.0)


def moment(text: str) -> datetime | date | None:
    """A time with its zone, or a day where no time is stated. Raises ValueError."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == len("2026-11-29") else datetime.fromisoformat(text)


def package_of(text: str) -> float | None:
    """Return the pay in LPA that a typed package states."""
    return read_pay(f"Package: {text}").package


def _roles(facts: Facts, correction: Mapping[str, str]) -> dict[str, Any]:
    """The roles and their pay, which is what offers count."""
    if not {"role", "package"} & correction.keys():
        return {}
    roles = facts.roles
    if "role" in correction:
        pay = roles[0].package if len(roles) == 1 else None
        roles = (RolePay(correction["role"], pay),) if correction["role"] or pay else ()
    if "package" in correction:
        package = package_of(correction["package"])
        roles = tuple(replace(role, package=package) for role in roles or (RolePay(""),))
    return {"roles": roles}


def _roster(facts: Facts, correction: Mapping[str, str]) -> dict[str, Any]:
    """The list with its students and its meaning; none where what was read as one is no list of students."""
    changes: dict[str, Any] = {}
    if correction.get("meaning") == "" or correction.get("students") == "":
        return {"roster": (), "unread": 0}
    if "students" in correction:
        changes = {"roster": students_of(correction["students"], facts.roster, facts.meaning or ""), "unread": 0}
    if "meaning" in correction:
        meaning = correction["meaning"] if correction["meaning"] != UNKNOWN else ""
        roster = changes.get("roster", facts.roster)
        said = (replace(one, meaning=meaning) if one.meaning == facts.meaning else one for one in roster)
        changes["roster"] = tuple(said)
    return changes


def _iso(when: date | None) -> str:
    """A datetime is a date too, and writes its own zone."""
    return when.isoformat() if when else ""
