"""Claims and settles COUNT deliveries in as many processes as asked for; one line of JSON: seconds."""

import json
import os
import sys
from datetime import timedelta
from time import monotonic

import django

BATCH = 1000
LEASE = timedelta(minutes=5)


def main(count: int, workers: int) -> None:
    django.setup()
    from django.db import connection

    from benchmarks.stage.rows import draft, subscribe
    from notifications.models import Delivery
    from notifications.publishing.publish import publish

    subscribe(count)
    publish(draft())
    connection.close()
    getattr(connection, "close_pool", bool)()
    start = monotonic()
    for pid in [_start(f"worker {number}") for number in range(workers)]:
        os.waitpid(pid, 0)
    seconds = monotonic() - start
    assert Delivery.objects.filter(state="sent").count() == count
    print(json.dumps({"seconds": seconds}))


def _start(owner: str) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            claim_and_settle(owner)
        finally:
            os._exit(0)
    return pid


def claim_and_settle(owner: str) -> None:
    """Until nothing is left."""
    from django.utils import timezone

    from notifications.delivery import ledger
    from notifications.delivery.ledger import Settlement

    while claimed := ledger.claim("telegram", owner, limit=BATCH, lease=LEASE):
        now = timezone.now()
        settled = [
            Settlement(
                id=item.id, state="sent", attempts=0, parts_sent=1, message_ids=(item.id,), sent_at=now, version_sent=1
            )
            for item in claimed
        ]
        assert ledger.settle(owner, settled, lease=LEASE) == len(claimed)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
