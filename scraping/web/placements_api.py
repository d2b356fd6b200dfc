"""Statistics of placements over HTTP (spec: statistics): open, and without anybody's name."""

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
from scraping.placements.statistics import Wanted
from scraping.placements.statistics_output import as_csv, as_json, cached

router = Router(tags=["statistics"])

LPA = Annotated[Decimal | None, Field(None, ge=0, le=100_000, decimal_places=5)]


def active_season() -> int:
    return int(settings.ACTIVE_PLACEMENT_YEAR)


class PlacementsWanted(Schema):
    """What is counted: all of them narrow it. Names are compared without case."""

    season: Season = Field(
        default_factory=active_season, description="A season such as 202627; without it the active one."
    )
    company: str = Field("", max_length=200)
    role: str = Field("", max_length=300)
    location: str = Field("", max_length=300)
    branch: str = Field("", max_length=50, examples=["CSE"])
    package_from: LPA = Field(None, description="LPA, itself included.")
    package_to: LPA = Field(None, description="LPA, itself included.")
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
        return Wanted(text=self.q, people=people, **self.model_dump(exclude={"q"}))


def has_key(request: HttpRequest) -> bool:
    """Whether the caller has shown a key that may see students by name. Any other one opens what is open to all."""
    try:
        return any(guard(request) for guard in needs(Scope.STATS))
    except AuthorizationError:
        return False


class FiguresOut(Schema):
    offers: int = Field(description="Each student of each offer.")
    students: int = Field(description="Placed, each counted once.")
    eligible: int
    percentage: float | None = Field(description="Students of those eligible.")
    average: float | None = Field(description="LPA, over the best package of each student.")
    median: float | None
    highest: float | None


class OverallOut(FiguresOut):
    companies: int


class BranchOut(FiguresOut):
    branch: str


class CompanyOut(Schema):
    company: str
    students: int
    roles: list[str]
    average: float | None
    highest: float | None


class PlacementsOut(Schema):
    season: int
    season_name: str = Field(examples=["2026-27"])
    overall: OverallOut
    branches: list[BranchOut]
    companies: list[CompanyOut]


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
