"""How fast an older installation comes over, and with how much memory: `python -m benchmarks.mongo`.

100,000 notices and 20,000 users, decoded from BSON as the driver does it, without a server: none can be installed.
In a database of its own; DATABASE_URL names a PostgreSQL server to measure on instead of SQLite.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NOTICES, USERS, SEASON = 100_000, 20_000, 202627
Doc = dict[str, Any]


def main() -> int:
    """Import into an empty database, import again, make all documents anew; print a table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "supersetbot.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "bench-" * 8,
            "DATA_DIR": folder,
            "LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        from django.db import connection
        from django.test.utils import setup_databases, teardown_databases

        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"  # in memory it would count as ours
        kept = setup_databases(verbosity=0, interactive=False)
        try:
            print(f"{NOTICES:,} notices and {USERS:,} users, {connection.vendor}")
            _measure()
        finally:
            teardown_databases(kept, verbosity=0)
    return 0


def _measure() -> None:
    from notifications.models import Delivery
    from scraping.mongo.documents import NOTICES as NOTICE_KIND
    from scraping.mongo.documents import USERS as USER_KIND

    _import("users", USER_KIND, USERS, _user)
    _import("notices", NOTICE_KIND, NOTICES, _notice)
    _import("notices again", NOTICE_KIND, NOTICES, _notice)
    _mirror("notices, as documents", NOTICE_KIND, NOTICES)
    print(f"deliveries queued: {Delivery.objects.count()}")


def _import(name: str, kind: Any, count: int, make: Any) -> None:
    from scraping.mongo.importer import Run

    start = time.perf_counter()
    counts = Run(kind, SEASON, lambda *_: None).take_all(_decoded(count, make), count, lambda *_: None)
    _line(name, count, time.perf_counter() - start, ", ".join(f"{n} {what}" for what, n in counts.items() if n))


def _mirror(name: str, kind: Any, count: int) -> None:
    from scraping.mongo.mirror import BATCH
    from scraping.mongo.shapes import SHAPES
    from scraping.mongo.wanted import wanted

    start = time.perf_counter()
    pks = list(SHAPES[kind].query.order_by("pk").values_list("pk", flat=True))
    made = sum(1 for first in range(0, len(pks), BATCH) for _ in wanted(kind, pks[first : first + BATCH]))
    _line(name, count, time.perf_counter() - start, f"{made} made")


def _decoded(count: int, make: Any) -> Iterator[Doc]:
    import bson

    for number in range(count):
        yield bson.decode(bson.encode(make(number)))


def _notice(number: int) -> Doc:
    made = datetime(2025, 8, 1) + timedelta(minutes=number)  # noqa: DTZ001 (as BSON holds it)
    students = [{"name": f"Student {n}", "enrollment_number": str(22103000 + n)} for n in range(number % 20)]
    return {
        "_id": number,
        "id": f"notice-{number}",
        "title": f"Shortlist {number}",
        "content": "<p>The students below are shortlisted for the next round.</p>" * 10,
        "author": "Placement Cell",
        "createdAt": 1_754_000_000_000 + 60_000 * number,
        "source": "Superset",
        "category": "shortlisting",
        "type": "shortlisting",
        "formatted_message": "**Shortlist**\n" * 20,
        "job_company": f"Company {number % 300}",
        "job_role": "Engineer",
        "links": ["https://example.com/form"],
        "shortlisted_students": students,
        "sent_to_telegram": True,
        "saved_at": made,
    }


def _user(number: int) -> Doc:
    made = datetime(2025, 8, 1) + timedelta(minutes=number)  # noqa: DTZ001 (as BSON holds it)
    names = {"username": f"student{number}", "first_name": "Student", "last_name": str(number)}
    telegram_id = 700_000_000 + number
    return {
        "_id": number,
        "user_id": telegram_id,
        "chat_id": telegram_id,
        "is_active": True,
        "created_at": made,
    } | names


def _line(name: str, count: int, seconds: float, what: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:24} {seconds:7.1f} s, {count / seconds:9,.0f} a second, peak {peak} MiB; {what}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main())
