"""Placement offers put together from the mails about them (spec: mailbox, Merging offers).

A second mail for a company adds roles and students and raises packages, never lowers them, and says who is new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from scraping.items import JobRef, RolePay
from scraping.models import Job, Offer, OfferedStudent, RawItem, WithdrawnOffer
from scraping.placements.counted import fold, rupees, same_role, store, student_key, written
from scraping.reading.facts.naming.match import match_job, same_company
from scraping.reading.facts.naming.names import clean_company, company_key

RoleRow = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Selected:
    """A student as a list names them; role and package (LPA) only where the list states their own."""

    name: str
    enrollment: str = ""
    role: str = ""
    package: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferNews:
    """What one mail says of a company's offers."""

    season: int
    company: str
    roles: tuple[RolePay, ...] = ()
    students: tuple[Selected, ...] = ()
    locations: tuple[str, ...] = ()
    joining_date: str = ""
    number_of_offers: int = 0
    details: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    sent_at: datetime | None = None
    mail: RawItem | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The offer as it is now, and what this mail brought: whom it named first, of how many placed by then.

    `is_news` is false where it brought nobody: then there is nothing to tell.
    """

    offer: Offer
    new: tuple[OfferedStudent, ...]
    added: int
    total: int
    is_news: bool


@transaction.atomic
def merge(news: OfferNews, jobs: Sequence[JobRef] = ()) -> Merged:
    """Put what a mail says into its offer. Reading the same mail again changes nothing.

    Raises:
        ValueError: the company's name holds neither letter nor digit.
    """
    offer = _offer(news)
    placed_before = _total(offer)
    offer.roles = merged_roles(offer.roles, news.roles)
    offer.locations = _union(offer.locations, news.locations)
    offer.joining_date = offer.joining_date or news.joining_date[:20]
    offer.details = news.details | offer.details
    offer.job = offer.job or _job(offer, jobs)
    students = list(offer.students.all())
    stored = written(students)
    news, taken_back = _without_withdrawn(offer, news)
    named = _name(offer, students, news)
    stated = news.number_of_offers - taken_back
    offer.number_of_offers = max(offer.number_of_offers, stated, len(students) + len(named))
    store(offer, [*students, *named], stored)
    return _merged(offer, news, named, placed_before)


def key_of(company: str) -> str:
    """Return what an offer is found by. Raises ValueError for a name without letter and digit."""
    key = company_key(company)[:200]
    if not key:
        raise ValueError(f"{company!r} names no company")
    return key


def merged_roles(known: Iterable[RoleRow], new: Iterable[RolePay]) -> list[RoleRow]:
    """Roles by name; a package is raised only upwards. One role without a name is the same as the only one there is."""
    roles = [dict(role) for role in known]
    for pay in new:
        role = _same(roles, pay.role)
        if role is None:
            roles.append({"role": pay.role, "package": pay.package, "details": pay.details})
            continue
        role["role"] = role["role"] or pay.role
        if (rupees(pay.package) or 0) > (rupees(role["package"]) or 0):
            role["package"], role["details"] = pay.package, pay.details or role["details"]
        role["details"] = role["details"] or pay.details
    return roles


def _same(roles: list[RoleRow], name: str) -> RoleRow | None:
    found = next((role for role in roles if same_role(role["role"], name)), None)
    nameless = len(roles) == 1 and not (name and roles[0]["role"])
    return found or (roles[0] if nameless else None)


def _offer(news: OfferNews) -> Offer:
    """The company's row of the season, locked until the transaction ends."""
    company = clean_company(news.company)[:200]
    offer, _ = Offer.objects.get_or_create(
        season=news.season,
        company_key=key_of(company),
        defaults={
            "company": company,
            "subject": news.subject[:500],
            "sent_at": news.sent_at,
        },
    )
    return Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)


def _without_withdrawn(offer: Offer, news: OfferNews) -> tuple[OfferNews, int]:
    """The mail without those whose offers were withdrawn after it, and how many these are."""
    withdrawn = WithdrawnOffer.objects.filter(season=offer.season, company_key=offer.company_key)
    if news.sent_at:
        withdrawn = withdrawn.exclude(sent_at__lt=news.sent_at)
    gone = set(withdrawn.values_list("student", flat=True))
    left = tuple(one for one in news.students if student_key(one.enrollment, one.name) not in gone)
    return replace(news, students=left), len(news.students) - len(left)


def _name(offer: Offer, known: Sequence[OfferedStudent], news: OfferNews) -> list[OfferedStudent]:
    """Fill in what is new about known students, and answer those who are new."""
    new: list[OfferedStudent] = []
    for selected in news.students:
        student = find_student((*known, *new), selected)
        if student is None:
            student = OfferedStudent(offer=offer, name=selected.name[:200], mail=news.mail)
            new.append(student)
        _fill_in(student, selected)
    return new


def find_student(students: Sequence[OfferedStudent], selected: Selected) -> OfferedStudent | None:
    """Find a student by number; by name where one of two mails left the number out and the name is unique."""
    key = student_key(selected.enrollment, selected.name)
    found = next((student for student in students if student.student == key), None)
    if found is not None:
        return found
    namesakes = [student for student in students if fold(student.name) == fold(selected.name) != ""]
    unnumbered = [student for student in namesakes if not (student.enrollment and selected.enrollment)]
    return unnumbered[0] if len(unnumbered) == len(namesakes) == 1 else None


def _fill_in(student: OfferedStudent, selected: Selected) -> None:
    student.name = student.name or selected.name[:200]
    student.enrollment = student.enrollment or selected.enrollment[:40]
    student.student = student_key(student.enrollment, student.name)
    student.role = student.role or selected.role[:300]
    if (rupees(selected.package) or 0) > (rupees(student.package) or 0):
        student.package = Decimal(str(selected.package))


def _job(offer: Offer, jobs: Sequence[JobRef]) -> Job | None:
    """The job of the season it is for: by role, or the company's only one where no role is stated."""
    named = [role["role"] for role in offer.roles if role["role"]]
    matches = [match_job(offer.company, role, jobs) for role in named]
    if not named:
        of_company = [job for job in jobs if same_company(offer.company, job.company)]
        matches = [*of_company] if len(of_company) == 1 else []
    found = next(filter(None, matches), None)
    return Job.objects.filter(identifier=found.identifier).first() if found else None


def _total(offer: Offer) -> int:
    return max(offer.number_of_offers, offer.students.count())


def _merged(offer: Offer, news: OfferNews, named: Sequence[OfferedStudent], placed_before: int) -> Merged:
    """Read again later, a mail says what it said at first: whom it was the first to name, and how many were before."""
    is_news = _total(offer) > placed_before
    first = list(offer.students.filter(mail=news.mail).order_by("pk")) if news.mail else list(named)
    if not first:
        return Merged(offer, (), _total(offer) - placed_before, _total(offer), is_news)
    before = offer.students.filter(pk__lt=first[0].pk).count()
    is_last = not offer.students.filter(pk__gt=first[-1].pk).exists()
    total = max(before + len(first), offer.number_of_offers if is_last else 0)
    return Merged(offer, tuple(first), len(first) if before else total, total, is_news)


def _union(known: Sequence[str], new: Iterable[str]) -> list[str]:
    """Each once, whatever its case; the known ones first."""
    found: dict[str, str] = {}
    for text in (*known, *new):
        if text.strip():
            found.setdefault(fold(text), text)
    return list(found.values())
