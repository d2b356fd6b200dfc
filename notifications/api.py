"""Notices over HTTP (spec: system, HTTP API)."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router
from ninja.decorators import decorate_view
from ninja.pagination import paginate

from accounts.categories import Category
from accounts.web.caching import cached_by_version
from accounts.web.errors import UNREADABLE, error_responses
from accounts.web.paging import SORTED_BY, Moment, Paging, Season, Updated, open_at
from notifications.finding.search import holding, of_company
from notifications.models import Notice
from notifications.rendering.public import version, visible_notices
from notifications.rendering.schemas import NoticeDetail, NoticeOut

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

    def filter_category(self, value: Category | None) -> Q:
        """A broadcast without a category is shown as an announcement."""
        wanted = (value, "") if value == Category.ANNOUNCEMENT else (value,)
        return Q(category__in=wanted) if value else Q()

    def filter_since(self, value: datetime | None) -> Q:
        return Q(published_at__gte=value) if value else Q()

    def filter_open(self, value: bool | None) -> Q:
        return open_at(timezone.now(), wanted=value)

    def filter_company(self, value: str | None) -> Q:
        return of_company(value) if value else Q()

    def filter_q(self, value: str | None) -> Q:
        return holding(value or "")


class NoticePages(Paging):
    class Input(Paging.Input):
        sort: Literal["-published_at", "published_at", "-updated_at", "updated_at", "deadline", "-deadline"] = Field(
            "-published_at", description=SORTED_BY
        )


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
