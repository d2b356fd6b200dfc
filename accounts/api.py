"""Figures about subscribers over HTTP, for keys with scope stats (spec: system, HTTP API): counts, never people."""

from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from accounts.models import FollowedSeason, MutedCategory, Subscriber, Subscription
from accounts.web.authentication import needs
from accounts.web.errors import REFUSED, UNREADABLE, error_responses
from accounts.web.keys import Scope

router = Router(tags=["statistics"])
DAYS_SHOWN = timedelta(days=30)


class ChannelFigures(Schema):
    """Subscriptions on a channel."""

    channel: str = Field(description="telegram, web-push or webhook.")
    active: int = Field(description="Told things.")
    off: int = Field(description="Switched off.")


class DayFigures(Schema):
    """A day."""

    day: date = Field(description="In India.")
    total: int = Field(description="How many that day.")


class UserFigures(Schema):
    """Subscribers in figures."""

    subscribers: int = Field(description="Persons, groups, channels, browsers and programs.")
    active: int = Field(description="With at least one subscription that is on.")
    by_kind: dict[str, int] = Field(
        examples=[{"person": 412, "browser": 80, "channel": 1}], description="Subscribers a kind."
    )
    by_channel: list[ChannelFigures] = Field(description="Subscriptions a channel.")
    off_reasons: dict[str, int] = Field(
        examples=[{"blocked": 12, "stopped": 3}], description="Subscriptions that are off, by reason."
    )
    seasons: dict[str, int] = Field(description="Active subscriptions a season.", examples=[{"202627": 380}])
    muted: dict[str, int] = Field(description="Active subscriptions that don't want a category.")
    joined_by_day: list[DayFigures] = Field(description="Persons, the last 30 days, where any joined.")


def user_figures() -> UserFigures:
    """How many subscribe, where, and to what: a handful of statements, however many they are."""
    active = Q(state=Subscription.State.ACTIVE)
    channels = Subscription.objects.values("channel").annotate(
        active=Count("pk", filter=active), off=Count("pk", filter=~active)
    )
    off = Subscription.objects.exclude(active)
    of_active = Q(subscription__state=Subscription.State.ACTIVE)
    lately = Subscriber.objects.people().filter(created_at__gte=timezone.now() - DAYS_SHOWN)
    joined = lately.values(day=TruncDate("created_at")).annotate(total=Count("pk"))
    return UserFigures(
        subscribers=Subscriber.objects.count(),
        active=Subscription.objects.filter(active).values("subscriber").distinct().count(),
        by_kind=dict(Subscriber.objects.values_list("kind").annotate(Count("pk")).order_by("kind")),
        by_channel=[ChannelFigures(**row) for row in channels.order_by("channel")],
        off_reasons=dict(off.values_list("off_reason").annotate(number=Count("pk")).order_by("-number")),
        seasons={
            str(season): number
            for season, number in FollowedSeason.objects.filter(of_active)
            .values_list("season")
            .annotate(Count("pk"))
            .order_by("season")
        },
        muted=dict(
            MutedCategory.objects.filter(of_active).values_list("category").annotate(Count("pk")).order_by("category")
        ),
        joined_by_day=[DayFigures(**row) for row in joined.order_by("day")],
    )


@router.get(
    "/stats/users",
    response={200: UserFigures, **error_responses(*UNREADABLE, *REFUSED)},
    auth=needs(Scope.STATS),
    summary="Subscribers in figures",
)
def stats_users(request: HttpRequest) -> UserFigures:
    return user_figures()
