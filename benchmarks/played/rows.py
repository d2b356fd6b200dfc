"""What a process of the service does in its database before and after a season: enrol the students, tell its state."""

from datetime import time
from typing import Any


def enrol(students: list[dict[str, Any]]) -> int:
    """Store students as the bot stores who subscribed, told their number and set filters. Returns how many."""
    from django.utils import timezone

    from accounts import privacy
    from accounts.models import Consent, Profile, Subscriber, Subscription, Timing
    from accounts.personal import profiles

    now = timezone.now()
    people = Subscriber.objects.bulk_create(
        Subscriber(
            telegram_id=each["chat"],
            name=each["name"],
            membership="member" if each["member"] else "none",
            membership_since=now if each["member"] else None,
        )
        for each in students
    )
    subscriptions = Subscription.objects.bulk_create(
        Subscription(subscriber=person, channel="telegram", address=str(person.telegram_id)) for person in people
    )
    known = [
        (person, dict(each["facts"]) | ({"number": each["number"]} if each["number"] else {}))
        for person, each in zip(people, students, strict=True)
    ]
    Consent.objects.bulk_create(Consent(subscriber=person, version=privacy.VERSION) for person, facts in known if facts)
    Profile.objects.bulk_create(
        Profile(subscriber=person, **profiles.sealed(facts)) for person, facts in known if facts
    )
    for subscription, each in zip(subscriptions, students, strict=True):
        _choose(subscription, each)
    Timing.objects.bulk_create(_timing(person, each["times"]) for person, each in zip(people, students, strict=True))
    return len(people)


def _choose(subscription: Any, student: dict[str, Any]) -> None:
    """Store which seasons a student follows, the categories muted, and the filters."""
    from accounts.models import Filter, FollowedSeason, MutedCategory
    from accounts.personal import filters

    FollowedSeason.objects.bulk_create(
        FollowedSeason(subscription=subscription, season=season) for season in student["seasons"]
    )
    MutedCategory.objects.bulk_create(
        MutedCategory(subscription=subscription, category=category) for category in student["muted"]
    )
    wanted = [filters.parse(kind, value) for kind, value in student["filters"]]
    for new in wanted:
        new.subscriber = subscription.subscriber
    Filter.objects.bulk_create(wanted)


def subscribe_browser(chat: int, endpoint: str, keys: dict[str, str]) -> bool:
    """Have a browser of somebody's own subscribe, as their page does."""
    from accounts.models import Subscriber
    from accounts.subscribing import browsers

    browsers.subscribe_own(Subscriber.objects.get(telegram_id=chat), endpoint, keys, "Firefox")
    return True


def _timing(person: Any, times: dict[str, Any]) -> Any:
    from accounts.models import Timing

    begin, end = (_time(minutes) for minutes in times["quiet"] or (None, None))
    digest = _time(times["digest"])
    return Timing(subscriber=person, quiet_from=begin, quiet_until=end, digest_at=digest, quietly=times["quietly"])


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time(*divmod(minutes, 60))


def state() -> dict[str, int]:
    """Return how many deliveries are in each state."""
    from django.db.models import Count

    from notifications.models import Delivery

    return dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
