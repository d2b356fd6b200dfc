"""What every notice says of the facts that were read, whichever source they came from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _noop

from accounts.categories import Category
from accounts.times import moment
from notifications.publishing.publish import Draft
from notifications.rendering.retold import OPEN_PORTAL
from scraping.corrections import fields
from scraping.corrections.lines import rules_in_words, rules_of
from scraping.items import Criterion, Dated, Facts, Student
from scraping.models import Job
from scraping.reading.facts.eligibility.criteria import portal_eligibility
from scraping.telling.pay import pay

PORTAL_LINK = OPEN_PORTAL
WHO_CAN_APPLY = "Who can apply"
_SHOWN = ("company", "role", "stage", "package", "location", "venue")
INVITES_TO: Mapping[str, str] = {Category.WEBINAR: "Register", Category.HACKATHON: "Register"}
_SAYS_NOTHING = re.compile(
    r"(?:(?:please )?(?:click|press|tap|apply|register|sign up|visit) )?(?:on )?(?:the |this )?(?:here|link|form|url)?",
    re.IGNORECASE,
)
# What a state of facts.states is called in a message.
_STATUS = {
    "cancelled": "Cancelled",
    "postponed": "Postponed",
    "withdrawn": "Offer withdrawn",
    "past": "Over",
    "conditional": "Not published yet",
}


def facts_draft(facts: Facts, job: Job | None, season: int) -> Draft:
    """The facts as fields of a notice; what a posting leaves out is taken from its job.

    Key, title and text are the caller's to fill in.
    """
    posting = job if job and facts.category == Category.JOB_POSTING else None
    deadline_at, deadline_all_day = moment_of(
        facts.deadline or (posting.deadline if posting else None), end_of_day=True
    )
    event_at, event_all_day = moment_of(facts.event_at)
    return Draft(
        external_key="",
        title="",
        category=facts.category,
        season=season,
        company=facts.company or (job.company if job else ""),
        role=facts.role or (job.role if job else ""),
        stage=facts.stage or "",
        location=posting.location if posting else ", ".join(facts.location),
        package=pay(posting) if posting else "",
        venue=facts.venue or "",
        event_at=event_at,
        event_all_day=event_all_day,
        deadline=deadline_at,
        deadline_all_day=deadline_all_day,
        links=named_links(facts, INVITES_TO),
        roster=told_roster(facts.roster, facts.meaning),
        roster_meaning=(facts.meaning or "unknown") if facts.roster else "",
        roster_unread=facts.unread,
        eligibility=told_criteria(facts.eligibility, job_criteria(posting) if posting else ()),
        details=status(facts) | dates(facts) | facts.extra,
        url=settings.STUDENT_PORTAL_URL if posting else "",
        url_label=PORTAL_LINK if posting else "",
        job_key=job.identifier if job else "",
        rule=facts.rule,
        confidence=facts.confidence,
    )


def named_links(facts: Facts, invites_to: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The links; the only one of an invitation, where its own words say nothing, says what it is for."""
    links = tuple({"url": link.url, "label": link.label} for link in facts.links)
    if len(links) == 1 and _SAYS_NOTHING.fullmatch(links[0]["label"]) and facts.category in invites_to:
        return ({**links[0], "label": invites_to[facts.category]},)
    return links


def as_corrected(draft: Draft, correction: Mapping[str, str]) -> Draft:
    """The draft with what a person corrected, also where its job or its offer says otherwise."""
    changes: dict[str, Any] = {name: correction[name] for name in _SHOWN if name in correction}
    if "deadline" in correction:
        when = moment_of(fields.moment(correction["deadline"]), end_of_day=True)
        changes["deadline"], changes["deadline_all_day"] = when
    if "eligibility" in correction:
        rules = rules_of(correction["eligibility"])
        changes["eligibility"] = told_criteria(rules)
        who = {WHO_CAN_APPLY: rules_in_words(rules)}
        changes["details"] = {name: text for name, text in (draft.details | who).items() if text}
    return replace(draft, **changes) if changes else draft


def dates(facts: Facts) -> dict[str, str]:
    """Every deadline and every date of a text that has several, a line each: `Tue 1 Dec, 6:00 PM · college portal`."""
    said = {_noop("Deadlines"): facts.deadlines, _noop("Dates"): facts.events, _noop("Companies"): ()}
    lines = {label: "\n".join(map(_dated, several)) for label, several in said.items()}
    if facts.companies and not facts.company:
        lines["Companies"] = ", ".join(facts.companies)
    return {label: text for label, text in lines.items() if text}


def _dated(one: Dated) -> str:
    at, all_day = moment_of(one.at)
    return " · ".join(filter(None, [moment(at, all_day=all_day) if at else "", one.what]))


def told_roster(students: Iterable[Student], meaning: str) -> tuple[dict[str, str], ...]:
    """Students as a notice keeps them: when and where each comes, and the meaning of a list beside the first one."""
    return tuple(_told_student(student, meaning) for student in students)


def _told_student(student: Student, meaning: str) -> dict[str, str]:
    told = {"name": student.name, "enrollment": student.enrollment}
    stated = {"slot": student.slot, "room": student.room, "panel": student.panel, "time": student.time}
    told |= {name: said for name, said in stated.items() if said}
    return told if student.meaning == meaning else {**told, "meaning": student.meaning or "unknown"}


def status(facts: Facts) -> dict[str, str]:
    """Return what became of it, where it no longer stands; a posting says so in its text."""
    told = _STATUS.get(facts.state, "")
    return {"Status": told} if told and facts.category != Category.JOB_POSTING else {}


def job_criteria(job: Job) -> tuple[Criterion, ...]:
    """Return who may apply for a job, by the portal's own fields."""
    marks = ((str(mark.get("level", "")), float(mark.get("criteria") or 0)) for mark in job.marks)
    return portal_eligibility(marks, job.courses, job.genders)


def told_criteria(stated: Sequence[Criterion], of_job: Sequence[Criterion] = ()) -> tuple[dict[str, Any], ...]:
    """The criteria of a text as a notice keeps them; what it leaves open is taken from its job."""
    names = {criterion.name for criterion in stated}
    return tuple(asdict(one) for one in (*stated, *(one for one in of_job if one.name not in names)))


def moment_of(when: datetime | date | None, *, end_of_day: bool = False) -> tuple[datetime | None, bool]:
    """A time, and whether only its day is known; a deadline's day ends at 23:59."""
    if when is None or isinstance(when, datetime):
        return when, False
    clock = time(23, 59) if end_of_day else time(0)
    return datetime.combine(when, clock, tzinfo=timezone.get_default_timezone()), True
