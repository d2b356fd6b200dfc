"""Offers as the reference statistics take them, written into the database as mails would write them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scraping.items import RolePay
from scraping.models import Branch
from scraping.placements.offers import Merged, OfferNews, Selected, merge
from scraping.placements.statistics import Statistics, Wanted
from tests.scraping.placements.reference_statistics import Filter

SEASON = 202526
BRANCHES = (
    ("CSE", "62", 22103000, 22104000, 342),
    ("CSE", "128", 9922103000, 9922104000, 270),
    ("ECE", "62", 22102000, 22103000, 240),
    ("IT", "62", 22104000, 22105000, 66),
    ("Intg. MTech", "CSE", 21803000, 21804000, 28),
)
BRANCH_ROWS = [
    {"branch": branch, "campus": campus, "start": start, "end": end, "students": students, "season": SEASON}
    for branch, campus, start, end, students in BRANCHES
]


def write_branches() -> None:
    Branch.objects.bulk_create(Branch(**row) for row in BRANCH_ROWS)


def write(offers: Iterable[Mapping[str, Any]]) -> list[Merged]:
    return [merge(news(offer)) for offer in offers]


def news(offer: Mapping[str, Any]) -> OfferNews:
    return OfferNews(
        season=offer["season"],
        company=offer["company"],
        locations=tuple(offer.get("location") or ()),
        roles=tuple(RolePay(role.get("role") or "", _number(role.get("package"))) for role in offer.get("roles") or ()),
        students=tuple(
            Selected(
                name=student.get("name") or "",
                enrollment=str(student.get("enrollment") or ""),
                role=student.get("role") or "",
                package=_number(student.get("package")),
            )
            for student in offer.get("students") or ()
        ),
    )


def _number(package: object) -> float | None:
    return None if package is None else float(str(package))


def asked(wanted: Filter, *, left_out: bool = False) -> Wanted:
    """The reference's filter as the product's."""
    return Wanted(
        season=wanted.season or SEASON,
        company=wanted.company,
        role=wanted.role,
        location=wanted.location,
        branch=wanted.branch,
        text=wanted.text,
        people=True,
        package_from=wanted.package_from,
        package_to=wanted.package_to,
        left_out=left_out,
    )


def as_reference(found: Statistics) -> dict[str, Any]:
    """The product's figures in the reference's shape."""
    return {
        "overall": {**_figures(found.overall), "companies": len(found.companies)},
        "branches": {name: _figures(figures) for name, figures in found.branches.items()},
        "companies": {
            company.company: {
                "students": company.students,
                "roles": list(company.roles),
                "average": company.average,
                "highest": company.highest,
            }
            for company in found.companies
        },
    }


def _figures(figures: Any) -> dict[str, int | Decimal | None]:
    names = ("offers", "students", "eligible", "percentage", "average", "median", "highest")
    return {name: getattr(figures, name) for name in names}
