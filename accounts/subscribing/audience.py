"""Which subscriptions ask for a notice, as a queryset: fan-out turns it into one statement."""

from django.db.models import Exists, Expression, OuterRef, Q, QuerySet

from accounts.models import FollowedSeason, MutedCategory, Subscription


def wanting(*, category: str | Expression, season: int | Expression | None) -> QuerySet[Subscription]:
    """Subscriptions that are active now and want `category` of `season`.

    (spec: delivery, Who is told what) A season of None is for everybody; so is the category "". No stored time is
    compared: whoever is subscribed when the deliveries are written is told, whatever the clock said when they joined.
    """
    wanted = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    if season is not None:
        follows = FollowedSeason.objects.filter(subscription=OuterRef("pk"), season=season)
        wanted = wanted.filter(Q(every_season=True) | Exists(follows))
    if category:
        muted = MutedCategory.objects.filter(subscription=OuterRef("pk"), category=category)
        wanted = wanted.exclude(Exists(muted))
    return wanted
