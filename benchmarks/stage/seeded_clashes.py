"""Seeds lists of which some clash, and sweeps three times; one line of JSON: seeded, told, missed, false, twice."""

import json
import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from time import process_time

import django

LISTS, DAYS, HOURS = 60, 10, (9, 10, 11, 12, 14, 15, 16)
LENGTH, WAY = 60, 15  # minutes
PLACES = ("LT-1", "LT-2", "")
FIRST_NUMBER = 30_000_000
_Event = tuple[int, datetime, str]


def main(people: int, listed: int) -> None:
    django.setup()
    from benchmarks.stage.members import enrol
    from notifications.models import Delivery
    from notifications.my_time import clashes

    enrol(people)
    expected = seed(people, listed)
    begun = process_time()
    clashes.tell()
    first = process_time() - begun
    clashes.tell()
    begun = process_time()
    clashes.tell()
    after = process_time() - begun
    rows = Delivery.objects.filter(notice__rule="clash").values_list("subscription__address", "notice__external_key")
    told = Counter((int(address), _pair(key)) for address, key in rows)
    figures = {
        "seeded": len(expected),
        "told": len(told),
        "missed": len(expected - told.keys()),
        "false": len(told.keys() - expected),
        "twice": sum(count - 1 for count in told.values()),
        "first_seconds": first,
        "next_seconds": after,
    }
    print(json.dumps(figures))


def _pair(key: str) -> frozenset[int]:
    """The primary keys of the two notices in the key of a message: "clash 1@… 2@… en"."""
    return frozenset(int(word.partition("@")[0]) for word in key.split()[1:3])


def seed(people: int, listed: int) -> set[tuple[int, frozenset[int]]]:
    """Publish the lists. Returns who has a clash, by the Telegram id, and of which two notices."""
    from django.utils import timezone

    from accounts.models import Subscriber
    from benchmarks.stage.rows import draft
    from notifications.publishing.publish import publish

    chance = random.Random(20261129)
    ids = list(Subscriber.objects.order_by("pk").values_list("telegram_id", flat=True))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    events: dict[int, list[_Event]] = {}
    for number in range(LISTS):
        at = today + timedelta(days=2 + number % DAYS, hours=chance.choice(HOURS))
        venue = chance.choice(PLACES)
        rows, times = [], {}
        for place in chance.sample(range(people), listed):
            own = at + timedelta(minutes=chance.choice((0, 20, 40)))
            times[place] = own
            enrollment = str(FIRST_NUMBER + place)
            rows.append({"name": f"Student {place}", "enrollment": enrollment, "time": f"{own:%I:%M %p}"})
        facts = {"company": f"Company {number}", "stage": "Interview", "roster_meaning": "selected", "venue": venue}
        notice = publish(draft(category="shortlisting", event_at=at, roster=tuple(rows), **facts)).notice
        for place, own in times.items():
            events.setdefault(ids[place] or 0, []).append((notice.pk, own, venue))
    return {
        (who, frozenset((one[0], other[0])))
        for who, mine in events.items()
        for one in mine
        for other in mine
        if one[0] < other[0] and at_once(one, other)
    }


def at_once(one: _Event, other: _Event) -> bool:
    first, second = sorted((one, other), key=lambda event: event[1])
    way = WAY if first[2] and second[2] and first[2] != second[2] else 0
    return (second[1] - first[1]).total_seconds() < 60 * (LENGTH + way)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
