"""Jobs over HTTP (spec: system, HTTP API)."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.pagination import paginate

from accounts.web.caching import cached_by_version
from accounts.web.errors import UNREADABLE, error_responses
from accounts.web.paging import SORTED_BY, Paging, Season, Updated, open_at
from accounts.web.pay import Pay
from scraping.models import Job
from scraping.telling.pay import pay, rupees_a_year
from scraping.telling.suitable import open_to, paying

router = Router(tags=["jobs"])


class JobFilter(Updated):
    """Which jobs: all of them narrow the choice."""

    season: Season | None = Field(None, description="A season such as 202627.", examples=[202627])
    company: str | None = Field(None, max_length=200, description="Part of a company's name.")
    q: str | None = Field(None, max_length=200, description="Words of the company or the role.")

    open: bool | None = Field(
        None, description="true: its deadline is still to come. false: it is past. A job without one is neither."
    )

    branch: str | None = Field(
        None,
        max_length=50,
        description="Open to this branch, however it is written: jobs that name it, and those that name none.",
        examples=["CSE"],
    )
    pay_from: int | None = Field(
        None, ge=0, le=10**10, description="May pay so many rupees a year, or more.", examples=[1_000_000]
    )

    def filter_branch(self, value: str | None) -> Q:
        return Q(pk__in=open_to(value)) if value else Q()

    def filter_pay_from(self, value: int | None) -> Q:
        return Q(pk__in=paying(value)) if value else Q()

    def filter_open(self, value: bool | None) -> Q:
        return open_at(timezone.now(), wanted=value)

    def filter_company(self, value: str | None) -> Q:
        return Q(company__icontains=value) if value else Q()

    def filter_q(self, value: str | None) -> Q:
        wanted = Q()
        for word in (value or "").split()[:8]:
            wanted &= Q(company__icontains=word) | Q(role__icontains=word)
        return wanted


class JobPages(Paging):
    class Input(Paging.Input):
        sort: Literal["-created_at", "deadline", "-deadline", "-updated_at", "updated_at"] = Field(
            "-created_at", description=SORTED_BY
        )


class MarkOut(Schema):
    """A least mark."""

    level: str = Field(description="Of what: UG, PG, CLASS_X, CLASS_XII, ….")
    criteria: float = Field(description="Per cent, or CGPA up to 10.")


class DocumentOut(Schema):
    """A file of a job."""

    identifier: str = Field(description="Its identifier on the portal.")
    name: str = Field(description="Its name.")
    url: str = Field(description="Where it is; the portal's link expires. May be empty.")


class JobOut(Schema):
    """A job profile of the portal."""

    id: str = Field(alias="identifier", description="Its identifier on the portal; it never changes.")
    season: int = Field(description="Such as 202627.")
    company: str = Field(description="The company.")
    role: str = Field(description="The role.")
    category: str = Field(alias="category_name", description="The portal's category, such as Dream, or empty.")
    location: str = Field(description="Places of work, or empty.")
    package: float | None = Field(description="Rupees, a year unless the interval says otherwise.")
    ctc_min: float | None = Field(description="Lowest pay, as `package`.")
    ctc_max: float | None = Field(description="Highest pay, as `package`.")
    interval: str = Field(description="YEAR or MONTHLY, as the portal says; may be empty.")
    pay: Pay | None = Field(description="What is paid, in rupees a year; null where the portal does not say.")
    position_type: str = Field(description="Such as Full time, or empty.")
    created_at: datetime | None = Field(description="When the portal made it.")
    updated_at: datetime = Field(description="When it was last stored: what `updated_after` is about.")
    deadline: datetime | None = Field(description="Until when one can apply; null where none is stated.")

    @staticmethod
    def resolve_pay(job: Job) -> Pay | None:
        stated = rupees_a_year(job)
        return Pay(low=stated[0], high=stated[1], text=pay(job)) if stated else None


class JobDetail(JobOut):
    """A job with who may apply, how it goes on, and its documents."""

    marks: list[MarkOut] = Field(description="Least marks.")
    courses: list[str] = Field(description="Who may apply, such as B.Tech - CSE; none: everybody.")
    genders: list[str] = Field(description="Who may apply; none: everybody.")
    skills: list[str] = Field(description="Skills that are asked for.")
    stages: list[str] = Field(description="The stages in order.")
    documents: list[DocumentOut] = Field(description="Its files.")
    description: str = Field(description="Text of the description, plain.")

    @staticmethod
    def resolve_description(job: Job) -> str:
        from notifications.rendering.richtext import plain_text

        return plain_text(job.description)


def jobs_version() -> object:
    """Another one whenever a job came, changed or went."""
    return Job.objects.aggregate(Count("pk"), Max("updated_at"))


@router.get("/jobs", response={200: list[JobOut], **error_responses(*UNREADABLE)}, summary="Jobs, newest first")
@decorate_view(cached_by_version(jobs_version))
@paginate(JobPages)
def jobs(request: HttpRequest, filters: Query[JobFilter]) -> Any:
    return filters.filter(Job.objects.defer("content", "description", "invitation", "package_info"))


@router.get(
    "/jobs/{path:identifier}",
    response={200: JobDetail, **error_responses(*UNREADABLE, 404)},
    summary="One job, with its documents",
)
@decorate_view(cached_by_version(jobs_version))
def job(request: HttpRequest, identifier: str) -> Job:
    return get_object_or_404(Job.objects.prefetch_related("documents"), identifier=identifier)
