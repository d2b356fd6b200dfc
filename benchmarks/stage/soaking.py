"""Months of deliveries in one database, each queued, claimed and settled; a line of JSON a month with what it took."""

import json
import sys
from datetime import timedelta
from time import monotonic
from typing import Any

import django

NOTICES = 360  # a month
BATCH = 100
LEASE = timedelta(minutes=1)
TABLE = "notifications_delivery"
DUE = "delivery_due"


def main(months: int, people: int, held_from: int) -> None:
    """Live through so many months, and one more. Beside all but the first and the last a transaction is held open."""
    django.setup()
    from benchmarks.stage.rows import subscribe
    from notifications.models import Delivery

    subscribe(people)
    _sql("ALTER SYSTEM SET autovacuum_naptime = '1s'", "SELECT pg_reload_conf()")  # months pass in minutes
    held: Any = None
    for month in range(1, months + 2):
        if month == held_from:
            held = _hold()
        if month > months and held:
            held.close()
            held = None
            _sql(f"VACUUM {TABLE}")  # as autovacuum does within minutes
        figures = _live()
        assert not Delivery.objects.exclude(state="sent").exists()
        print(json.dumps({"month": month, "held": held is not None, **figures, **_sizes()}), flush=True)


def _hold() -> Any:
    """Return a connection whose transaction sees the rows as they are now: a forgotten session, a long dump."""
    import psycopg

    other = psycopg.connect(_url())
    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    other.execute(f"SELECT count(*) FROM {TABLE}")
    return other


def _url() -> str:
    import os

    return os.environ["DATABASE_URL"]


def _sql(*statements: str) -> list[tuple[Any, ...]]:
    """Run statements outside any transaction; what the last one returned."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _live() -> dict[str, float]:
    """A month: each notice is told before the next one comes."""
    from benchmarks.stage.rows import draft
    from notifications.delivery import due, ledger
    from notifications.delivery.tidy import tidy
    from notifications.publishing.publish import publish

    claims: list[float] = []
    sweeps: list[float] = []
    rows, settling = 0, 0.0
    for _ in range(NOTICES):
        publish(draft())
        first = due.first("telegram")  # as a dispatcher looks before it claims
        while True:
            begun = monotonic()
            claimed = ledger.claim("telegram", "soak", limit=BATCH, lease=LEASE, since=first)
            claims.append(monotonic() - begun)
            if not claimed:
                break
            rows += len(claimed)
            begun = monotonic()
            ledger.settle("soak", [_sent(item.id) for item in claimed], lease=LEASE)
            settling += monotonic() - begun
        begun = monotonic()
        tidy()
        due.seconds_to_next("telegram")
        sweeps.append(monotonic() - begun)
    return {
        "told": rows,
        "claimed_a_second": rows / sum(claims),
        "claim_p95": sorted(claims)[len(claims) * 95 // 100],
        "settled_a_second": rows / settling,
        "sweep": sorted(sweeps)[len(sweeps) // 2],
    }


def _sent(delivery: int) -> Any:
    from django.utils import timezone

    from notifications.delivery.ledger import Settlement

    now = timezone.now()
    return Settlement(
        id=delivery, state="sent", attempts=0, parts_sent=1, message_ids=(delivery,), sent_at=now, version_sent=1
    )


def _sizes() -> dict[str, Any]:
    """What the table and its indexes take, in bytes, and what waits to be vacuumed."""
    _sql("SELECT pg_stat_force_next_flush()")
    ((table, indexes, due, dead, vacuums),) = _sql(
        f"SELECT pg_table_size('{TABLE}'), pg_indexes_size('{TABLE}'), pg_relation_size('{DUE}'), n_dead_tup, "
        f"autovacuum_count FROM pg_stat_user_tables WHERE relname = '{TABLE}'"
    )
    return {"table": table, "indexes": indexes, "due": due, "dead": dead, "vacuums": vacuums}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
