"""Which subscriptions ask for a notice, as a queryset: fan-out turns it into one statement."""

from datetime import datetime

from django.db.models import Exists, Expression, OuterRef, Q, QuerySet

from accounts.models import FollowedSeason, MutedCategory, Subscription


def wanting(
    *, category: str | Expression, season: int | Expression | None, first_seen_at: datetime | Expression
) -> QuerySet[Subscription]:
    """Active subscriptions that want `category` of `season`, and were there when it was first seen.

    (spec: delivery, Who is told what) A season of None is for everybody; so is the category "".
    """
    wanted = Subscription.objects.filter(state=Subscription.State.ACTIVE, active_since__lte=first_seen_at)
    if season is not None:
        follows = FollowedSeason.objects.filter(subscription=OuterRef("pk"), season=season)
        wanted = wanted.filter(Q(every_season=True) | Exists(follows))
    if category:
        muted = MutedCategory.objects.filter(subscription=OuterRef("pk"), category=category)
        wanted = wanted.exclude(Exists(muted))
    return wanted
