"""Moves a deadline that MEMBERS were told of, then plans its reminder; one line of JSON: seconds, and rows."""

import json
import sys
from datetime import datetime, timedelta
from time import monotonic

import django


def main(members: int) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from benchmarks.stage.rows import SEASON, subscribe
    from notifications.models import Delivery, Notice
    from notifications.my_time.reminders import remind
    from notifications.publishing.publish import Draft, publish

    def posting(deadline: datetime) -> Draft:
        return Draft(
            external_key="job:1",
            title="Zenith",
            category="job_posting",
            season=SEASON,
            job_key="j1",
            deadline=deadline,
        )

    subscribe(members)
    now = timezone.now()
    told = publish(posting(now + timedelta(days=9))).notice
    Delivery.objects.filter(notice=told).update(
        state="sent", sent_at=now, version_sent=1, message_ids=[1], parts_sent=1
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    begun = monotonic()
    publish(posting(now + timedelta(hours=3)))
    moved = monotonic() - begun
    Notice.objects.filter(pk=told.pk).update(deadline_moved_at=now - timedelta(hours=1))  # and an hour passes
    begun = monotonic()
    rows = remind()
    planned = monotonic() - begun
    begun = monotonic()
    again = remind()
    idle = monotonic() - begun
    assert (rows, again) == (members, 0)
    print(json.dumps({"moved": moved, "planned": planned, "idle": idle, "rows": rows}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
