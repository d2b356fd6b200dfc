"""Statistics of placements (spec: statistics) computed the plain way, to check the set-based version against.

Inputs are lists of dicts as a document database would hold them:

    offers    {company, season, location: [text], roles: [{role, package}],
               students: [{name, enrollment, role, package}]}
    branches  {branch, start, end, students, season}: enrolment numbers [start, end), a head count

Where the specification leaves room, this is what it is taken to mean:

- an offer is counted for each student it names; an offer that names none counts nowhere;
- a student is told apart by enrolment number, written in capitals without spaces and signs; without one, by name;
- a package that is no number above zero is not stated; a student without any counts as placed, and for no amount;
- a student's role is their own, else the offer's only one;
- texts are compared without regard to case, and both ends of a package range belong to it, to which a student
  without a package never does;
- a company's amounts, and a branch's, count the student's best package there;
- a filter narrows who is counted; only the branch filter narrows the head count too;
- amounts and percentages are rounded half up; without anything to compute them from they are None.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

LEFT_OUT = ("JUIT", "MTech", "Other")

Row = Mapping[str, Any]
Figures = dict[str, Any]


@dataclass(frozen=True)
class Placement:
    """One student in one offer."""

    student: str
    name: str
    branch: str
    company: str
    role: str
    locations: tuple[str, ...]
    package: Decimal | None  # LPA


@dataclass(frozen=True)
class Filter:
    """What is counted; every field that is set must hold. `text` is sought in name, number, role and company."""

    season: int | None = None
    company: str = ""
    role: str = ""
    location: str = ""
    branch: str = ""
    text: str = ""
    package_from: Decimal | None = None  # LPA
    package_to: Decimal | None = None

    def holds(self, placement: Placement) -> bool:
        return (
            self._same(self.company, placement.company)
            and self._same(self.role, placement.role)
            and self._same(self.branch, placement.branch)
            and any(self._same(self.location, location) for location in placement.locations or ("",))
            and self._has_text(placement)
            and self._has_package(placement)
        )

    @staticmethod
    def _same(wanted: str, actual: str) -> bool:
        return not wanted or wanted.casefold() == actual.casefold()

    def _has_text(self, placement: Placement) -> bool:
        sought = self.text.strip().casefold()
        fields = (placement.name, placement.student, placement.role, placement.company)
        return any(sought in field.casefold() for field in fields)

    def _has_package(self, placement: Placement) -> bool:
        if self.package_from is None and self.package_to is None:
            return True
        if placement.package is None:
            return False
        above = self.package_from is None or placement.package >= self.package_from
        return above and (self.package_to is None or placement.package <= self.package_to)


def statistics(
    offers: Iterable[Row], branches: Collection[Row], wanted: Filter = Filter(), *, show_left_out: bool = False
) -> Figures:
    """{overall: {…}, branches: {name: {…}}, companies: {name: {…}}}, counted over what `wanted` lets through.

    JUIT, MTech and Other are left out, unless `wanted` asks for one of them; with `show_left_out` they are listed
    among the branches, without a share in the rest.
    """
    found = [
        placement
        for offer in offers
        if wanted.season in {None, offer.get("season")}
        for placement in placements(offer, branches)
        if wanted.holds(placement)
    ]
    counted = found if wanted.branch in LEFT_OUT else [each for each in found if each.branch not in LEFT_OUT]
    heads = head_counts(branches, wanted)
    listed = [*heads, *(LEFT_OUT if show_left_out else ()), *((wanted.branch,) if wanted.branch in LEFT_OUT else ())]
    return {
        "overall": {
            **group(counted, sum(heads.values())),
            "companies": len({placement.company.casefold() for placement in counted}),
        },
        "branches": {
            name: group([each for each in found if each.branch == name], heads.get(name, 0)) for name in listed
        },
        "companies": companies(counted),
    }


def placements(offer: Row, branches: Iterable[Row]) -> list[Placement]:
    """The students of an offer."""
    roles = offer.get("roles") or []
    only_role = roles[0].get("role") if len(roles) == 1 else ""
    return [
        Placement(
            student=written_plainly(student.get("enrollment")) or str(student.get("name") or "").casefold(),
            name=student.get("name") or "",
            branch=branch_of(student.get("enrollment"), branches, offer.get("season")),
            company=offer["company"],
            role=student.get("role") or only_role or "",
            locations=tuple(offer.get("location") or ()),
            package=package_of(student, roles),
        )
        for student in offer.get("students") or []
    ]


def written_plainly(enrollment: object) -> str:
    """ " 22-103 001" as "22103001"."""
    return "".join(sign for sign in str(enrollment or "") if sign.isalnum()).upper()


def branch_of(enrollment: object, branches: Iterable[Row], season: int | None) -> str:
    """The branch of an enrolment number, by the ranges of the season."""
    number = written_plainly(enrollment)
    if any(sign.isalpha() for sign in number):
        return "JUIT"
    if number.startswith("24"):
        return "MTech"
    if len(number) == 9:
        return "JUIT"
    for row in branches:
        if number.isdecimal() and row.get("season") == season and row["start"] <= int(number) < row["end"]:
            return str(row["branch"])
    return "Other"


def package_of(student: Row, roles: Iterable[Row]) -> Decimal | None:
    """Their own package, else that of their role, else the only or the highest one of the offer, in LPA."""
    own = stated(student.get("package"))
    if own is not None:
        return own
    of_role = [role for role in roles if same_role(role.get("role"), student.get("role"))]
    return highest(of_role) or highest(roles)


def same_role(one: object, other: object) -> bool:
    return bool(one) and str(one).strip().casefold() == str(other or "").strip().casefold()


def highest(roles: Iterable[Row]) -> Decimal | None:
    return max(filter(None, (stated(role.get("package")) for role in roles)), default=None)


def stated(package: object) -> Decimal | None:
    """The package as a number, None where it is none or not above zero."""
    try:
        number = Decimal(str(package).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def group(members: list[Placement], heads: int) -> Figures:
    """The figures of some placements among `heads` students."""
    students = {placement.student for placement in members}
    return {
        "offers": len(members),
        "students": len(students),
        "eligible": heads,
        "percentage": rounded(Decimal(100 * len(students)) / heads) if heads else None,
        **amounts(members),
    }


def amounts(members: Iterable[Placement]) -> Figures:
    """Average, median and highest over the best package of each student."""
    best: dict[str, Decimal] = {}
    for placement in members:
        if placement.package is not None:
            best[placement.student] = max(placement.package, best.get(placement.student, placement.package))
    ordered = sorted(best.values())
    if not ordered:
        return {"average": None, "median": None, "highest": None}
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return {
        "average": rounded(sum(ordered, Decimal(0)) / len(ordered)),
        "median": rounded(median),
        "highest": rounded(ordered[-1]),
    }


def companies(members: Iterable[Placement]) -> dict[str, Figures]:
    """Students, roles, average and highest of each company, under the name that comes first."""
    groups: dict[str, list[Placement]] = {}
    for placement in members:
        groups.setdefault(placement.company.casefold(), []).append(placement)
    return {
        group[0].company: {
            "students": len({placement.student for placement in group}),
            "roles": sorted({placement.role for placement in group if placement.role}),
            "average": amounts(group)["average"],
            "highest": amounts(group)["highest"],
        }
        for group in groups.values()
    }


def head_counts(branches: Iterable[Row], wanted: Filter) -> dict[str, int]:
    """How many students each branch has, over its campuses, in the seasons and branches asked for."""
    heads: dict[str, int] = {}
    for row in branches:
        if wanted.season in {None, row.get("season")} and wanted.branch in {"", row["branch"]}:
            heads[row["branch"]] = heads.get(row["branch"], 0) + row["students"]
    return heads


def rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
