"""A portal notice in, its facts out: the rules alone, no network and no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.categories import Category
from scraping.items import Criterion, Facts, JobRef, PortalNotice, RolePay, Student
from scraping.reading.facts.eligibility.criteria import POSTINGS, asked_in, read_eligibility
from scraping.reading.facts.links import read_links
from scraping.reading.facts.naming.companies import read_companies
from scraping.reading.facts.naming.digests import companies_of_lines
from scraping.reading.facts.naming.scoring import Scored, spoke_for
from scraping.reading.facts.naming.titles import Heading, read_sentences, read_title
from scraping.reading.facts.pay.packages import read_pay
from scraping.reading.facts.roles.named import best_role
from scraping.reading.facts.roles.offered import speaks_of_pay
from scraping.reading.facts.roles.stages import find_stage
from scraping.reading.facts.states import is_cancelled, with_state
from scraping.reading.facts.students.joined import joined
from scraping.reading.facts.students.meanings import CHOSEN
from scraping.reading.facts.students.rosters import Roster, read_roster
from scraping.reading.facts.times.several import companies_of_tables, events_of_tables, several
from scraping.reading.facts.times.timing import Timing, read_timing, with_slots
from scraping.reading.facts.venues.finding import best_venue
from scraping.reading.layout.text import shorten
from scraping.reading.mail_page import numbered, sentence_on
from scraping.reading.page import Page, page_of_notice
from scraping.reading.rules.denials import by_meaning
from scraping.reading.rules.kinds import Verdict, View, classify
from scraping.reading.rules.known import facts_of
from scraping.reading.rules.titles import title_record

_OF_A_STAGE = frozenset((Category.SHORTLISTING, Category.UPDATE, Category.REMINDER, Category.PLACEMENT_OFFER))
_WITH_PAY = frozenset((Category.JOB_POSTING, Category.PLACEMENT_OFFER))
# Students with the date and time of each: they say when it is, too.
_SLOT = re.compile(
    r"\b(?:gd|pi|interviews?|test|round|ppt)\s+on\s+\d|\d[-/ ](?:\d|[A-Z][a-z]{2}).*\b\d{1,2}(?::\d\d|\s?[ap]m\b)",
    re.IGNORECASE,
)
_MOST_LINES = 2000
_LONGEST_SLOT = 300
_LONGEST_TITLE = 1000
_LONGEST_PAY = 4000


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the notice is about. `rule` is the title template it follows, None for a title written by hand."""

    rule: str | None
    company: str | None
    role: str | None
    stage: str | None
    evidence: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()  # where it is about several


@dataclass(frozen=True, slots=True)
class _Read:
    """What every kind of notice is read for. `pay` are the lines that speak of it, `package` what they say, LPA."""

    page: Page
    roster: Roster
    subject: _Subject
    timing: Timing
    place: Scored | None
    pay: str
    package: float | None
    digest: tuple[str, ...]
    asked: tuple[Criterion, ...]
    view: View
    invites: bool


def extract_notice(notice: PortalNotice, jobs: Sequence[JobRef] = (), attached: Sequence[Student] = ()) -> Facts:
    """Read a notice by rules. `jobs` are those of its season; they help to tell a company's name from its role.

    `attached` are the students that its files list.

    Never raises for what a notice holds; what is not stated stays None or () (spec: system, Extraction).
    """
    read = _read(notice, jobs, attached)
    page, roster, subject, timing, digest = read.page, read.roster, read.subject, read.timing, read.digest
    package, asked = read.package, read.asked
    verdict = by_meaning(classify(read.view), roster.meaning, has_package=package is not None)
    facts = Facts(
        category=verdict.category,
        rule=verdict.rule,
        confidence=verdict.confidence,
        evidence=(verdict.evidence, *timing.evidence, *subject.evidence, *spoke_for("venue", read.place)),
        company=subject.company if verdict.rule != "digest" else None,
        role=None if verdict.category == Category.WEBINAR or verdict.rule == "digest" else subject.role,  # a speaker's
        stage=subject.stage if verdict.category in _OF_A_STAGE else None,
        deadline=timing.deadline,
        event_at=timing.event_at,
        event_end=timing.event_end,
        venue=read.place.value if read.place else None,
        links=read_links(page.anchors, page.lines),
        roster=roster.students,
        unread=roster.unread,
        roles=_roles(verdict, subject.role, package, read.pay),
        eligibility=asked if asked and verdict.category in POSTINGS else read_eligibility(page, verdict.category),
        companies=companies_of_tables(page) or digest or subject.companies,
        deadlines=timing.deadlines,
        events=() if read.invites else several(events_of_tables(page)) or timing.events,
    )
    return with_state(facts, page)


def view_of_notice(notice: PortalNotice) -> View:
    """What the kind of a notice is decided by."""
    return _read(notice, (), ()).view


def _read(notice: PortalNotice, jobs: Sequence[JobRef], attached: Sequence[Student]) -> _Read:
    page, roster, rows = page_and_list(notice, attached)
    subject = _subject(page, jobs, roster.students)
    record = title_record(subject.rule)
    invites = record is not None and record.invites
    timing = with_slots(_timing(page, invites=invites), rows, (page.title, *page.lines), page.near)
    place = None if invites else _venue(page, subject, timing)
    pay = "\n".join(filter(speaks_of_pay, (page.title, *page.lines)))[:_LONGEST_PAY]
    package = read_pay(pay).package
    digest = companies_of_lines(page)
    asked = () if roster.students else read_eligibility(page, Category.JOB_POSTING)
    known = _known(page, roster, subject, timing, place.value if place else None) | asked_in(asked)
    known |= {name for name, found in (("digest", digest), ("package", package is not None)) if found}
    chosen = roster.meaning in CHOSEN
    view = View(page.title or _first_line(page), page.text, subject.rule, known, chosen=chosen)
    return _Read(page, roster, subject, timing, place, pay, package, digest, asked, view, invites)


def page_and_list(notice: PortalNotice, attached: Sequence[Student] = ()) -> tuple[Page, Roster, list[str]]:
    """The page of a notice without the students it lists, these, and the lines they stood in."""
    page = page_of_notice(notice)
    roster = joined(read_roster(page.lines, page.title), attached)
    rows = [page.lines[number] for number in roster.rows if number < len(page.lines)]
    return _without_rows(page, roster), roster, rows


def _timing(page: Page, *, invites: bool) -> Timing:
    """The deadlines and events of a notice; one that invites to apply has no event of its own."""
    timing = read_timing(page.title, page.lines, page.near)
    if not invites:
        return timing
    return Timing(deadline=timing.deadline, evidence=timing.evidence[:1], deadlines=timing.deadlines)


def _known(page: Page, roster: Roster, subject: _Subject, timing: Timing, venue: str | None) -> frozenset[str]:
    """What the table of rules may ask for."""
    process = subject.company and (subject.stage or venue or timing.event_at or timing.deadline)
    stated = {
        "students": roster.students,
        "process": process,
        "cancelled": is_cancelled(page),
        "role": subject.role,
        "company": subject.company,
        "deadline": timing.deadline,
    }
    return facts_of(page, stated)


def _venue(page: Page, subject: _Subject, timing: Timing) -> Scored | None:
    record = title_record(subject.rule)
    whole = record is not None and record.whole_venue
    has_event = timing.event_at is not None
    return best_venue(page, subject.company, has_event=has_event, whole=whole, event_line=timing.event_line)


def _without_rows(page: Page, roster: Roster) -> Page:
    """The page without its list of students, but for rows that say what each of them earns or when each comes.

    A sentence on a student stays, without the student.
    """
    names = numbered(roster.students)
    lines = (
        line if number not in roster.rows or _says_more(line) else sentence_on(line, names)
        for number, line in enumerate(page.lines)
    )
    return replace(page, lines=tuple(line for line in lines if line))


def _says_more(line: str) -> bool:
    return speaks_of_pay(line) or bool(_SLOT.search(line[:_LONGEST_SLOT]))


def _first_line(page: Page) -> str:
    return page.lines[0] if page.lines else ""


def _subject(page: Page, jobs: Sequence[JobRef], students: Sequence[Student]) -> _Subject:
    """From the title's template, else from a title of the portal quoted in the text, else from the words."""
    heading = read_title(page.title, jobs)
    quoted = read_sentences(page.lines, jobs) or Heading()
    if heading is None and not page.title and quoted.rule:
        heading = quoted
    if heading and heading.rest is None:
        stage = heading.stage or (_stage_in(page.lines[:3]) if _is_final(heading) else None)
        return _Subject(heading.rule, heading.company, heading.role, stage)
    title = (heading.rest if heading else None) or page.title or _first_line(page)
    by_hand = page if title == page.title else replace(page, title=title)
    firm, together = read_companies(by_hand, jobs, students)
    company = firm.value if firm else quoted.company
    post = best_role(by_hand, company, jobs)
    role = quoted.role or (post.value if post else None)
    stage = quoted.stage or find_stage(title) or _stage_in(page.lines[:20])
    evidence = (*spoke_for("company", firm), *(spoke_for("role", post) if not quoted.role else ()))
    return _Subject(heading.rule if heading else None, company, role, stage, evidence, together)


def _is_final(heading: Heading) -> bool:
    """A final shortlist names its stage in the text alone."""
    return heading.stage is None and heading.rule in {"title.final_offer", "title.final_shortlist"}


def _stage_in(lines: Sequence[str]) -> str | None:
    """The stage a list of students is for."""
    lists = (line for line in lines if "shortlisted" in line or "eligible" in line)
    return next(filter(None, map(find_stage, lists)), None)


def _roles(verdict: Verdict, role: str | None, package: float | None, pay: str) -> tuple[RolePay, ...]:
    """The role with what it pays, where the notice is about that."""
    if verdict.category not in _WITH_PAY or package is None:
        return ()
    return (RolePay(role or "", package, shorten(pay, 300)),)
