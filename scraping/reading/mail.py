"""A mail in, its facts out: the rules alone, no network and no database (spec: mailbox)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from accounts.categories import Category
from scraping.items import Facts, JobRef, RolePay
from scraping.reading.facts.details import read_details
from scraping.reading.facts.eligibility.criteria import asked_in, read_eligibility
from scraping.reading.facts.links import read_links
from scraping.reading.facts.naming.companies import read_companies
from scraping.reading.facts.naming.digests import companies_of_lines
from scraping.reading.facts.naming.scoring import spoke_for
from scraping.reading.facts.naming.titles import Heading, read_title
from scraping.reading.facts.places import read_locations
from scraping.reading.facts.roles.named import best_role
from scraping.reading.facts.roles.offered import read_roles, roles_of_students, speaks_of_pay
from scraping.reading.facts.roles.stages import find_stage
from scraping.reading.facts.states import is_cancelled, with_state
from scraping.reading.facts.students.meanings import CHOSEN
from scraping.reading.facts.times.joining import read_joining_date
from scraping.reading.facts.times.several import companies_of_tables, events_of_tables, several
from scraping.reading.facts.times.timing import Timing, read_timing, with_slots
from scraping.reading.facts.venues.finding import best_venue
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.fields import Field, values
from scraping.reading.mail_page import MailPage, told_of_students
from scraping.reading.privacy import without_contacts
from scraping.reading.rules.denials import by_meaning
from scraping.reading.rules.kinds import IRRELEVANT, Verdict, View, classify
from scraping.reading.rules.known import facts_of
from scraping.reading.rules.signals import signal

_SHORT_ANSWER = 12  # words
_LONGEST_TEXT = 20_000  # characters that decide what kind of mail it is
_WITH_PAY = frozenset((Category.PLACEMENT_OFFER, Category.JOB_POSTING))
_OF_A_STAGE = frozenset((Category.SHORTLISTING, Category.UPDATE, Category.REMINDER))
_NO_EVENT = frozenset((Category.PLACEMENT_OFFER, Category.POLICY_UPDATE, Category.INTERNSHIP_NOC))
_NO_ROLES = frozenset((Category.WEBINAR, Category.HACKATHON, Category.POLICY_UPDATE))
_PACKAGE = expression(
    r"\b(?:package|ctc|stipend|salary|compensation|remuneration|emoluments|gross|lpa)\b", re.IGNORECASE
)
_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(_NUMERALS)})\s+(?:(?:more|additional|final|new|of our)\s+)*"
    r"(?:of\s+your\s+)?(?:offers?|selections?|students?\s+(?:(?:have\s+been|were|got|are|will\s+be)\s+)?(?:selected"
    r"|placed|hired|offered))\b",
    re.IGNORECASE,
)

# "Dear Asha Rao,": "we are pleased to offer you the position of Analyst".
_TO_ONE = re.compile(
    r"\W*[Dd]ear\s+(?:M[rs]+\.?\s+)?(?!Sir|Madam|Prof|Dr|Team|All|Student|Candidate)[A-Z]\w+(?:\s[A-Z][\w.]*){1,3}\s*,"
)
_OFFERS_YOU = re.compile(r"\b(?:offer(?:ing)?|extend\w*)\s+you\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """What every kind of mail is read for."""

    page: MailPage
    heading: Heading  # of a subject in one of the portal's templates
    company: str | None
    companies: tuple[str, ...]  # where it is about several
    fields: Sequence[Field]
    timing: Timing
    venue: str | None
    roles: Sequence[RolePay]
    jobs: Sequence[JobRef]
    evidence: tuple[str, ...]  # what spoke for company, role and venue


def read_mail(page: MailPage, jobs: Sequence[JobRef] = ()) -> Facts:
    """Read a mail by rules. `jobs` are those of its season; they help to tell a company's name from other words.

    Never raises for what a mail holds; what is not stated stays None or ().
    """
    read = _read(page, jobs)
    view = _view(read)
    verdict = by_meaning(classify(view), page.roster.meaning, has_package="package" in view.facts)
    return _irrelevant(verdict) if verdict.category == IRRELEVANT else with_state(_facts(read, verdict), page.rest)


def view_of_mail(page: MailPage) -> View:
    """What the kind of a mail is decided by."""
    return _view(_read(page, ()))


def _read(page: MailPage, jobs: Sequence[JobRef]) -> _Read:
    mail, rest = page.mail, page.rest
    rows = [line for line in page.with_lists if line not in rest.lines] if page.students else []
    timing = with_slots(read_timing(mail.subject, rest.lines, rest.near), rows, rest.lines, rest.near)
    heading = read_title(mail.subject, jobs) or Heading()
    firm, together = (None, ()) if heading.company else read_companies(rest, jobs, page.students)
    company = firm.value if firm else heading.company
    numbers = [student.enrollment for student in page.students if student.enrollment]
    post = None if heading.role else best_role(rest, company, jobs)
    role = heading.role or (post.value if post else roles_of_students(page.with_lists, numbers))
    roles = read_roles(rest.fields, rest.lines, page.with_lists, role)
    place = best_venue(rest, company, has_event=timing.event_at is not None, event_line=timing.event_line)
    spoke = (*spoke_for("company", firm), *spoke_for("role", post), *spoke_for("venue", place))
    return _Read(
        page, heading, company, together, rest.fields, timing, place.value if place else None, roles, jobs, spoke
    )


def _irrelevant(verdict: Verdict) -> Facts:
    return Facts(
        category=verdict.category,
        rule=verdict.rule,
        confidence=verdict.confidence,
        evidence=(verdict.evidence,),
        extra={"reason": verdict.evidence.rpartition(": ")[2]},
    )


def _facts(read: _Read, verdict: Verdict) -> Facts:
    page, mail, timing, kind = read.page, read.page.mail, read.timing, verdict.category
    offer, paid, event = kind == Category.PLACEMENT_OFFER, kind in _WITH_PAY, kind not in _NO_EVENT
    shown = partial(without_contacts, mail=mail)
    details = read_details(kind, mail, read.fields, page.rest.lines)
    events = several(events_of_tables(page.rest)) or timing.events
    placed = paid or kind == Category.INTERNSHIP_NOC
    return Facts(
        category=kind,
        rule=verdict.rule,
        confidence=verdict.confidence,
        evidence=(verdict.evidence, *timing.evidence, *read.evidence),
        company=_company(read) if kind != Category.POLICY_UPDATE else None,
        role=", ".join(role.role for role in read.roles if role.role) or None if kind not in _NO_ROLES else None,
        stage=_stage(read) if kind in _OF_A_STAGE else None,
        deadline=timing.deadline,
        event_at=timing.event_at if event else None,
        event_end=timing.event_end if event else None,
        venue=shown(read.venue) if event and read.venue else None,
        links=read_links(page.rest.anchors, page.rest.lines),
        roster=page.students,
        unread=page.roster.unread,
        roles=tuple(replace(role, details=shown(role.details)) for role in _roles(read, kind)),
        location=read_locations(read.fields, page.rest.lines, page.with_lists) if placed else (),
        joining_date=read_joining_date(read.fields, mail.subject, page.rest.lines, mail.sent_at) if paid else None,
        is_final_offer=offer if offer or kind == Category.SHORTLISTING else None,
        number_of_offers=_number_of_offers(read) if offer else None,
        eligibility=tuple(
            replace(criterion, quote=shown(criterion.quote)) for criterion in read_eligibility(page.rest, kind)
        ),
        companies=companies_of_tables(page.rest) or companies_of_lines(page.rest) or read.companies,
        deadlines=tuple(replace(one, what=shown(one.what)) for one in timing.deadlines),
        events=tuple(replace(one, what=shown(one.what)) for one in events) if event else (),
        extra={name: shown(text) for name, text in details.items()},
    )


def _roles(read: _Read, kind: str) -> Sequence[RolePay]:
    """Those a mail of this kind tells; an amount that is no role's is pay in an opening or an offer alone."""
    if kind in _NO_ROLES:
        return ()
    return read.roles if kind in _WITH_PAY else [role for role in read.roles if role.role]


def _view(read: _Read) -> View:
    page, mail, rest, timing = read.page, read.page.mail, read.page.rest, read.timing
    pay = [field.statement for field in read.fields if field.name in {"package", "stipend"}]
    text = rest.text[:_LONGEST_TEXT]
    role = any(role.role for role in read.roles)
    known = {
        "students": page.students,
        "package": any(role.package for role in read.roles) or any(map(speaks_of_pay, (*pay, *page.with_lists))),
        "speaks_of_package": any(map(_PACKAGE.search, (*pay, *rest.lines))),
        "cancelled": is_cancelled(rest),
        "process": read.venue or timing.event_at,
        "role": role,
        "company": read.company,
        "deadline": timing.deadline,
        "digest": companies_of_lines(rest),
        **dict.fromkeys(asked_in(() if page.students else read_eligibility(rest, Category.JOB_POSTING)), True),
        "concerns": read.company and (role or timing.deadline or timing.event_at),
        "mail": True,
        "bounce": mail.is_bounce,
        "auto_reply": mail.is_auto_reply,
        "calendar": mail.is_calendar,
        "brief": mail.is_reply and len(text.split()) < _SHORT_ANSWER,
        "nothing": not (mail.subject.strip() or text.strip() or page.students or mail.unreadable),
        "unreadable": mail.unreadable,
    }
    chosen = page.roster.meaning in CHOSEN
    return View(mail.subject, text, read.heading.rule, facts_of(rest, known), is_mail=True, chosen=chosen)


def _company(read: _Read) -> str | None:
    """Of the words; else of a column of the lists, where it names the same one for everybody."""
    page = read.page
    found = read.company
    listed = set(told_of_students(page, "company").values()) if page.students and not found else set()
    return listed.pop() if len(listed) == 1 else found


def _stage(read: _Read) -> str | None:
    chosen_for = map(_next_round, read.page.rest.lines[:40])
    said = (read.page.mail.subject, *chosen_for)
    return read.heading.stage or next(filter(None, map(find_stage, said)), None)


def _next_round(line: str) -> str:
    """The part of a line that says for which round students are chosen, "" where it says none."""
    match = signal("next_round").any_of.search(line)
    return line[match.start() : match.end() + 40] if match else ""


def _number_of_offers(read: _Read) -> int | None:
    """How many students are listed, else the number the mail states."""
    if read.page.students:
        return sum(student.meaning == read.page.roster.meaning for student in read.page.students)
    lines = (read.page.mail.subject, *read.page.rest.lines)
    if any(map(_TO_ONE.match, lines)) and any(map(_OFFERS_YOU.search, lines)):
        return 1
    said = (match["count"] for line in lines for match in _COUNT.finditer(line))
    return next(filter(None, map(_count, (*values(read.fields, "offers"), *said))), None)


def _count(text: str) -> int | None:
    word = text.strip().lower()
    if word in _NUMERALS:
        return _NUMERALS.index(word) + 1
    return int(word) if re.fullmatch(r"[1-9]\d{0,2}", word, re.ASCII) else None
