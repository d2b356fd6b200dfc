"""Publishes NOTICES to COUNT people, QUIET of them in their quiet hours, then writes their digests; a line of JSON."""

import json
import sys
from time import monotonic

import django


def main(count: int, quiet: int, notices: int) -> None:
    django.setup()
    from datetime import time, timedelta

    from django.db import connection
    from django.utils import timezone

    from accounts.models import Subscriber, Timing
    from benchmarks.stage.rows import draft, subscribe
    from notifications.delivery import deferring
    from notifications.models import Delivery
    from notifications.publishing.publish import publish

    subscribe(count)
    until = (timezone.localtime() + timedelta(hours=6)).time().replace(microsecond=0)
    since = (timezone.localtime() - timedelta(hours=1)).time().replace(microsecond=0)
    people = Subscriber.objects.order_by("pk").values_list("pk", flat=True)[:quiet]
    Timing.objects.bulk_create(Timing(subscriber_id=pk, quiet_from=since, quiet_until=until) for pk in people)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    begun = monotonic()
    for number in range(notices):
        publish(draft(external_key=f"quiet:{number}"))
    fan_out = (monotonic() - begun) / notices
    waiting = deferring.waiting().count()
    begun = monotonic()
    assert deferring.tell_due() == 0
    at_rest = monotonic() - begun
    Timing.objects.update(quiet_from=time(3), quiet_until=time(3, 1))
    Delivery.objects.filter(state="deferred").update(next_attempt_at=timezone.now())
    begun = monotonic()
    digests = deferring.tell_due() if quiet else 0
    figures = {"fan_out": fan_out, "waiting": waiting, "sweep": at_rest}
    print(json.dumps({**figures, "digests": digests, "writing": monotonic() - begun}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
