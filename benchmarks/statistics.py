"""How long the statistics of 5,000 offers with 10 students each take: `python -m benchmarks.statistics`.

In a database of its own; DATABASE_URL names a PostgreSQL server to measure on instead of SQLite.
"""

import os
import random
import statistics as figures
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

OFFERS, STUDENTS, SEASON = 5_000, 10, 202526
STARTS = (22102000, 22103000, 22104000, 9922103000)


def main() -> int:
    """Fill an empty database, print a table of times."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "supersetbot.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "bench-" * 8,
            "DATA_DIR": folder,
            "LOG_LEVEL": "WARNING",
            "ALLOWED_HOSTS": "testserver",
            "HTTPS": "false",
        }
        import django

        django.setup()
        _with_database(_measure)
    return 0


def _with_database(work: Callable[[], None]) -> None:
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"statistics of {OFFERS:,} offers with {STUDENTS} students each, {connection.vendor}")
        work()
    finally:
        teardown_databases(kept, verbosity=0)


def _measure() -> None:
    from django.core.cache import cache
    from django.test import Client

    from scraping.statistics import Wanted, statistics

    _fill()
    client, address = Client(), f"/api/stats/placements?season={SEASON}"
    print(_line("computed", lambda: statistics(Wanted(season=SEASON))))
    print(_line("computed, one branch", lambda: statistics(Wanted(season=SEASON, branch="CSE"))))
    print(_line("computed, free text", lambda: statistics(Wanted(season=SEASON, text="works 12"))))
    client.get(address)  # loads the web's modules
    cache.clear()
    start = time.perf_counter()
    size = len(client.get(address).content)
    print(f"GET, cold{'':20} {1000 * (time.perf_counter() - start):7.1f} ms, {size // 1024} KiB")
    print(_line("GET, warm", lambda: client.get(address)))


def _fill() -> None:
    from scraping.models import Offer, OfferedStudent
    from scraping.placed import settle_student

    chance = random.Random(1)  # the same world each time
    companies = [f"Company {number} Works" for number in range(OFFERS)]
    offers = Offer.objects.bulk_create(
        [
            Offer(season=SEASON, company=name, company_key=name, company_fold=name.lower(), roles=_roles(chance))
            for name in companies
        ],
        batch_size=1000,
    )
    students = []
    for offer in offers:
        for number in chance.sample(range(1000), STUDENTS):
            enrollment = str(chance.choice(STARTS) + number)
            student = OfferedStudent(offer=offer, name=f"Student {number}", enrollment=enrollment)
            settle_student(student, offer)
            students.append(student)
    OfferedStudent.objects.bulk_create(students, batch_size=1000, ignore_conflicts=True)


def _roles(chance: random.Random) -> list[dict[str, object]]:
    return [{"role": "Engineer", "package": round(chance.uniform(3, 40), 2), "details": ""}]


def _line(name: str, call: Callable[[], object], times: int = 15) -> str:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    return f"{name:28} {figures.median(taken):7.1f} ms in the median, {max(taken):.1f} at most"


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main())
