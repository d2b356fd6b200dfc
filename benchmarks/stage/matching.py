"""Matches a list of LISTED numbers with MEMBERS members, and queues its deliveries; one line of JSON."""

import json
import sys
from time import monotonic

import django


def main(members: int, listed: int) -> None:
    django.setup()
    from django.db import connection

    from benchmarks.stage.members import enrol, shortlist
    from notifications.models import Delivery
    from notifications.publishing.fan_out import fan_out
    from notifications.publishing.named import fan_out_named

    enrol(members)
    notice = shortlist(members, listed)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    begun = monotonic()
    fan_out_named(notice)
    named = monotonic() - begun
    fan_out(notice)
    everybody = monotonic() - begun - named
    count = Delivery.objects.exclude(named="").count()
    print(json.dumps({"named": count, "named_seconds": named, "all_seconds": everybody}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
