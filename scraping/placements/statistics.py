"""Figures of placements by set-based SQL (spec: statistics): a handful of statements, however many offers there are.

Amounts are added as whole rupees, so that every database gives the same to the last digit, and shown in LPA with two
decimals, rounded half up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection
from django.db.models import Case, CharField, Count, F, Max, Q, QuerySet, Sum, Value, When
from django_stubs_ext import WithAnnotations

from scraping.models import Branch, OfferedStudent
from scraping.placements.counted import JUIT, MTECH, RUPEES_A_LAKH, fold, rupees
from scraping.reading.facts.naming.names import company_key

OTHER = "Other"
LEFT_OUT = (JUIT, MTECH, OTHER)


if TYPE_CHECKING:

    class _Branched(TypedDict):
        branch: str

    Placed = WithAnnotations[OfferedStudent, _Branched]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is counted; every field that is set must hold. Texts are compared without case; packages are in LPA.

    Company, role and location are whole names. `text` is part of a role or company; with `people` also of a name or
    enrolment number, which tells where somebody was placed. `left_out` also lists JUIT, MTech and Other, which have no
    share in the totals.
    """

    season: int
    company: str = ""
    role: str = ""
    location: str = ""
    branch: str = ""
    text: str = ""
    people: bool = False
    package_from: Decimal | None = None
    package_to: Decimal | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some students among `eligible`; None where nothing is there to compute it from."""

    offers: int = 0
    students: int = 0
    eligible: int = 0
    percentage: Decimal | None = None
    average: Decimal | None = None  # LPA
    median: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """A company's part."""

    company: str
    students: int
    roles: tuple[str, ...]
    average: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """All figures of a season, or of what was wanted of it."""

    season: int
    overall: Figures
    branches: Mapping[str, Figures] = field(default_factory=dict)
    companies: tuple[CompanyFigures, ...] = ()


def statistics(wanted: Wanted) -> Statistics:
    """Compute them: three statements."""
    ranges = ranges_of(wanted.season)
    names = {fold(name): name for name in (*(row.branch for row in ranges), *LEFT_OUT)}
    branch = names.get(fold(wanted.branch), "") if wanted.branch else ""
    placed = _placed(wanted, ranges)
    if wanted.branch:
        placed = placed.filter(branch=branch)
    counted = placed if branch in LEFT_OUT else placed.exclude(branch__in=LEFT_OUT)
    heads = _head_counts(ranges, branch if wanted.branch else None)
    groups = _groups(placed, all_count=branch in LEFT_OUT)
    listed = (*heads, *(LEFT_OUT if wanted.left_out else ()), *((branch,) if branch in LEFT_OUT else ()))
    return Statistics(
        season=wanted.season,
        overall=_figures(groups.get(None), sum(heads.values())),
        branches={name: _figures(groups.get(name), heads.get(name, 0)) for name in listed},
        companies=tuple(_companies(counted)),
    )


def counted_rows(wanted: Wanted) -> "QuerySet[Placed]":
    """A row for each student in each offer that is wanted and has a share in the totals."""
    return _placed(wanted, ranges_of(wanted.season)).exclude(branch__in=LEFT_OUT)


def ranges_of(season: int) -> list[Branch]:
    """The branches of a season; until an admin has entered them, those of the nearest season before it, else after."""
    rows = list(Branch.objects.order_by("branch", "start"))
    seasons = {row.season for row in rows}
    before = max((each for each in seasons if each <= season), default=None)
    nearest = before or min(seasons, default=None)
    return [row for row in rows if row.season == nearest]


def _placed(wanted: Wanted, ranges: Iterable[Branch]) -> "QuerySet[Placed]":
    """A row for each student in each offer that is wanted, with its branch."""
    named = [When(number__gte=row.start, number__lt=row.end, then=Value(row.branch)) for row in ranges]
    by_rule = When(~Q(fixed_branch=""), then=F("fixed_branch"))
    branch = Case(by_rule, *named, default=Value(OTHER), output_field=CharField())
    return OfferedStudent.objects.filter(_condition(wanted)).annotate(branch=branch).order_by()


def _condition(wanted: Wanted) -> Q:
    condition = Q(offer__season=wanted.season)
    if wanted.company:
        condition &= Q(offer__company_key=company_key(wanted.company))
    if wanted.role:
        condition &= Q(role_key=fold(wanted.role))
    if wanted.location:
        condition &= Q(offer__location_keys__contains=f"\n{fold(wanted.location)}\n")
    if wanted.text:
        sought = fold(wanted.text)
        found = Q(role_key__contains=sought) | Q(offer__company_fold__contains=sought)
        condition &= found | Q(person__contains=sought) if wanted.people else found
    if wanted.package_from is not None:
        condition &= Q(counted_package__gte=rupees(wanted.package_from) or 0)
    if wanted.package_to is not None:
        condition &= Q(counted_package__lte=rupees(wanted.package_to) or 0)
    return condition


def _head_counts(ranges: Iterable[Branch], only: str | None) -> dict[str, int]:
    """How many students each branch has, over its campuses."""
    heads: dict[str, int] = {}
    for row in ranges:
        if only in (None, row.branch):
            heads[row.branch] = heads.get(row.branch, 0) + row.students
    return heads


@dataclass(frozen=True, slots=True)
class _Sums:
    """What SQL adds up over a group; amounts in rupees, each student's best counted once."""

    offers: int
    students: int
    stated: int
    total: int
    highest: int
    middle: int  # the sum of the one or two in the middle


# Every student once with their best package; by branch and (branch NULL) over all that count, ranked by it.
_GROUPS = """
WITH placed (student, branch, package) AS ({placed}),
best AS (
    SELECT MIN(branch) AS branch, COUNT(*) AS offers, MAX(package) AS package FROM placed GROUP BY student
),
grouped AS (
    SELECT branch, offers, package FROM best
    UNION ALL
    SELECT NULL, offers, package FROM best {only_counted}
),
ranked AS (
    SELECT branch, offers, package,
        ROW_NUMBER() OVER (PARTITION BY branch ORDER BY package NULLS LAST) AS place,
        COUNT(package) OVER (PARTITION BY branch) AS stated
    FROM grouped
)
SELECT branch, SUM(offers), COUNT(*), COUNT(package), COALESCE(SUM(package), 0), COALESCE(MAX(package), 0),
    COALESCE(SUM(CASE WHEN place IN ((stated + 1) / 2, (stated + 2) / 2) THEN package END), 0)
FROM ranked GROUP BY branch
"""


def _groups(placed: "QuerySet[Placed]", *, all_count: bool) -> dict[str | None, _Sums]:
    """The sums of each branch, and under None those of all that count."""
    select, parameters = placed.values_list("student", "branch", "counted_package").query.sql_with_params()
    only_counted = "" if all_count else "WHERE branch NOT IN (%s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPS.format(placed=select, only_counted=only_counted), [*parameters, *(() if all_count else LEFT_OUT)]
        )
        return {row[0]: _Sums(*map(int, row[1:])) for row in cursor.fetchall()}


def _figures(sums: _Sums | None, heads: int) -> Figures:
    if sums is None:
        return Figures(eligible=heads, percentage=_rounded(Decimal(0)) if heads else None)
    return Figures(
        offers=sums.offers,
        students=sums.students,
        eligible=heads,
        percentage=_rounded(Decimal(100 * sums.students) / heads) if heads else None,
        average=_lakhs(sums.total, sums.stated),
        median=_lakhs(sums.middle, 1 if sums.stated % 2 else 2) if sums.stated else None,
        highest=_lakhs(sums.highest, 1) if sums.stated else None,
    )


def _companies(counted: "QuerySet[Placed]") -> list[CompanyFigures]:
    """Return the figures by company, which has one offer a season; in an offer a student stands once."""
    rows = counted.values_list("offer_id", "offer__company", "counted_role").annotate(
        students=Count("pk"), stated=Count("counted_package"), total=Sum("counted_package"), best=Max("counted_package")
    )
    groups: dict[int, list[tuple[Any, ...]]] = {}
    for offer, *row in rows:
        groups.setdefault(offer, []).append(tuple(row))
    return sorted((_company(group) for group in groups.values()), key=lambda company: fold(company.company))


def _company(group: list[tuple[Any, ...]]) -> CompanyFigures:
    """A row a role: company, role, students, how many packages are stated, their sum and the highest."""
    companies, roles, students, stated, totals, best = zip(*group, strict=True)
    highest = max(amount or 0 for amount in best)
    return CompanyFigures(
        company=companies[0],
        students=sum(students),
        roles=tuple(sorted(filter(None, roles))),
        average=_lakhs(sum(int(total or 0) for total in totals), sum(stated)),
        highest=_lakhs(highest, 1) if highest else None,
    )


def _lakhs(amount: int, count: int) -> Decimal | None:
    return _rounded(Decimal(amount) / count / RUPEES_A_LAKH) if count else None


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
