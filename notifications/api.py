"""Notices over HTTP (spec: system, HTTP API)."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.pagination import paginate

from accounts.categories import Category
from accounts.web.caching import cached_by_version
from accounts.web.errors import UNREADABLE, error_responses
from accounts.web.paging import SORTED_BY, Moment, Paging, Season, Updated, open_at
from accounts.web.pay import Pay
from notifications.finding.search import holding
from notifications.models import Notice
from notifications.rendering.formats import rupees_a_year
from notifications.rendering.public import public, version, visible_notices

router = Router(tags=["notices"])


class NoticeFilter(Updated):
    """Which notices: all of them narrow the choice."""

    category: Category | None = Field(None, description="One of the categories.")
    season: Season | None = Field(None, description="A season such as 202627.", examples=[202627])
    company: str | None = Field(None, max_length=200, description="Part of a company's name.")
    q: str | None = Field(
        None, max_length=200, description="Words, or how they begin: of the title, the facts or the text."
    )

    since: Moment | None = Field(None, description="Published then or later.", examples=["2026-11-29T08:00:00Z"])
    open: bool | None = Field(
        None, description="true: its deadline is still to come. false: it is past. A notice without one is neither."
    )

    def filter_since(self, value: datetime | None) -> Q:
        return Q(published_at__gte=value) if value else Q()

    def filter_open(self, value: bool | None) -> Q:
        return open_at(timezone.now(), wanted=value)

    def filter_company(self, value: str | None) -> Q:
        return Q(company__icontains=value) if value else Q()

    def filter_q(self, value: str | None) -> Q:
        return holding(value or "")


class NoticePages(Paging):
    class Input(Paging.Input):
        sort: Literal["-published_at", "published_at", "-updated_at", "updated_at", "deadline", "-deadline"] = Field(
            "-published_at", description=SORTED_BY
        )


class LinkOut(Schema):
    url: str
    label: str = ""


def _plain(name: str) -> "staticmethod[[Notice], str]":
    """A resolver for a short text of a notice, which is empty where it names somebody."""
    return staticmethod(lambda notice: public(notice).plain(name))


class NoticeOut(Schema):
    """A notice without the students it names: those are for people with a key."""

    id: int
    key: str = Field(alias="external_key")
    season: int | None
    category: str
    title: str
    company: str
    role: str
    stage: str
    location: str
    package: str
    pay: Pay | None
    venue: str
    author: str
    event_at: datetime | None
    deadline: datetime | None
    deadline_all_day: bool
    links: list[LinkOut]
    url: str
    job: str = Field(alias="job_key", description="Identifier of the job it belongs to, or empty.")
    students: int = Field(description="How many students its list names.")
    published_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    edit_note: str
    version: int

    @staticmethod
    def resolve_title(notice: Notice) -> str:
        return public(notice).title

    @staticmethod
    def resolve_links(notice: Notice) -> list[dict[str, str]]:
        return public(notice).links

    @staticmethod
    def resolve_url(notice: Notice) -> str:
        return public(notice).url

    resolve_company, resolve_role = _plain("company"), _plain("role")
    resolve_stage, resolve_location = _plain("stage"), _plain("location")
    resolve_package, resolve_venue = _plain("package"), _plain("venue")
    resolve_author, resolve_edit_note = _plain("author"), _plain("edit_note")

    @staticmethod
    def resolve_pay(notice: Notice) -> Pay | None:
        text = public(notice).plain("package")
        stated = rupees_a_year(text)
        return Pay(low=stated[0], high=stated[1], text=text) if stated else None

    @staticmethod
    def resolve_students(notice: Notice) -> int:
        return len(notice.roster)


class NoticeDetail(NoticeOut):
    """A notice with its text."""

    details: dict[str, str]
    text: str = Field(description="The text of the notice, plain, without the lines that name students.")

    @staticmethod
    def resolve_details(notice: Notice) -> dict[str, str]:
        return public(notice).details

    @staticmethod
    def resolve_text(notice: Notice) -> str:
        return public(notice).text


@router.get(
    "/notices", response={200: list[NoticeOut], **error_responses(*UNREADABLE)}, summary="Notices, newest first"
)
@decorate_view(cached_by_version(version))
@paginate(NoticePages)
def notices(request: HttpRequest, filters: Query[NoticeFilter]) -> Any:
    return filters.filter(visible_notices().defer("body", "details"))


@router.get(
    "/notices/{int:notice_id}", response={200: NoticeDetail, **error_responses(*UNREADABLE, 404)}, summary="One notice"
)
@decorate_view(cached_by_version(version))
def notice(request: HttpRequest, notice_id: int) -> Notice:
    return get_object_or_404(visible_notices(), pk=notice_id)
