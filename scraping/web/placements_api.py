"""Statistics of placements over HTTP (spec: statistics): open, and without anybody's name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import AuthorizationError

from accounts.web.authentication import needs
from accounts.web.errors import UNREADABLE, error_responses, private_cache
from accounts.web.keys import Scope
from accounts.web.paging import Season, refuse_unknown
from accounts.web.pay import Pay
from scraping.placements.counted import RUPEES_A_LAKH
from scraping.placements.statistics import Wanted
from scraping.placements.statistics_output import as_csv, as_json, cached

router = Router(tags=["statistics"])

LPA = Annotated[Decimal | None, Field(None, ge=0, le=100_000, decimal_places=5)]


Rupees = Annotated[int | None, Field(None, ge=0, le=10**10)]


def _narrower(lpa: Decimal | None, rupees: int | None, choose: Callable[..., Decimal]) -> Decimal | None:
    """The stricter one of two bounds, in LPA; None where neither is set."""
    in_lpa = None if rupees is None else Decimal(rupees) / RUPEES_A_LAKH
    bounds = [bound for bound in (lpa, in_lpa) if bound is not None]
    return choose(bounds) if bounds else None


def active_season() -> int:
    return int(settings.ACTIVE_PLACEMENT_YEAR)


class PlacementsWanted(Schema):
    """What is counted: all of them narrow it. Names are compared without case."""

    season: Season = Field(
        default_factory=active_season, description="A season such as 202627; without it the active one."
    )
    company: str = Field("", max_length=200, description="The whole name.")
    role: str = Field("", max_length=300, description="The whole name.")
    location: str = Field("", max_length=300, description="The whole name.")
    branch: str = Field("", max_length=50, examples=["CSE"], description="The whole name.")
    package_from: LPA = Field(None, description="LPA, itself included.")
    package_to: LPA = Field(None, description="LPA, itself included.")
    pay_from: Rupees = Field(None, description="Rupees a year, itself included.")
    pay_to: Rupees = Field(None, description="Rupees a year, itself included.")
    q: str = Field(
        "",
        max_length=200,
        description="Part of a role or company; with a key of scope stats also of a name or enrolment number.",
    )
    left_out: bool = Field(False, description="List JUIT, MTech and Other, too. They have no share in the totals.")

    def wanted(self, request: HttpRequest) -> Wanted:
        """What is asked for. Raises ValidationError for parameters there are not."""
        refuse_unknown(request, self)
        people = bool(self.q) and has_key(request)
        chosen = self.model_dump(exclude={"q", "pay_from", "pay_to"})
        least, most = _narrower(self.package_from, self.pay_from, max), _narrower(self.package_to, self.pay_to, min)
        return Wanted(text=self.q, people=people, **chosen | {"package_from": least, "package_to": most})


def has_key(request: HttpRequest) -> bool:
    """Whether the caller has shown a key that may see students by name. Any other one opens what is open to all."""
    try:
        return any(guard(request) for guard in needs(Scope.STATS))
    except AuthorizationError:
        return False


class FiguresOut(Schema):
    """Figures of some students."""

    offers: int = Field(description="Each student of each offer.")
    students: int = Field(description="Placed, each counted once.")
    eligible: int = Field(description="How many there are.")
    percentage: float | None = Field(description="Students of those eligible.")
    average: float | None = Field(description="LPA, over the best package of each student.")
    median: float | None = Field(description="LPA, as `average`.")
    highest: float | None = Field(description="LPA, as `average`.")
    average_pay: Pay | None = Field(description="The average in rupees a year.")
    median_pay: Pay | None = Field(description="The median in rupees a year.")
    highest_pay: Pay | None = Field(description="The highest in rupees a year.")


class OverallOut(FiguresOut):
    """Figures of all branches together."""

    companies: int = Field(description="How many companies made offers.")


class BranchOut(FiguresOut):
    """Figures of a branch."""

    branch: str = Field(description="Its name.")


class CompanyOut(Schema):
    """Figures of a company."""

    company: str = Field(description="Its name.")
    students: int = Field(description="Placed there, each counted once.")
    roles: list[str] = Field(description="The roles they were placed in.")
    average: float | None = Field(description="LPA.")
    highest: float | None = Field(description="LPA.")
    average_pay: Pay | None = Field(description="The average in rupees a year.")
    highest_pay: Pay | None = Field(description="The highest in rupees a year.")


class PlacementsOut(Schema):
    """Placements of a season in figures."""

    season: int = Field(description="Such as 202627.")
    season_name: str = Field(examples=["2026-27"], description="The season as people write it.")
    overall: OverallOut = Field(description="All branches together.")
    branches: list[BranchOut] = Field(description="Each branch.")
    companies: list[CompanyOut] = Field(description="Each company, by name.")


@router.get(
    "/stats/placements",
    response={200: PlacementsOut, **error_responses(*UNREADABLE)},
    summary="Placements in figures",
)
@decorate_view(private_cache)
def stats_placements(request: HttpRequest, query: Query[PlacementsWanted]) -> HttpResponse:
    return HttpResponse(cached(query.wanted(request), as_json), content_type="application/json; charset=utf-8")


@router.get(
    "/stats/placements.csv",
    response={200: None, **error_responses(*UNREADABLE)},
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
    summary="Placements by company, as CSV",
)
@decorate_view(private_cache)
def stats_placements_csv(request: HttpRequest, query: Query[PlacementsWanted]) -> HttpResponse:
    name = f"placements-{query.season}.csv"
    return HttpResponse(
        cached(query.wanted(request), as_csv),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
