"""Times the statistics of the season that is in the database; one line of JSON: rows of name, ms, ms, queries."""

import json
import time
from collections.abc import Callable
from statistics import median

import django

TIMES = 15


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client

    from scraping.placements.statistics import Wanted, statistics

    season = settings.ACTIVE_PLACEMENT_YEAR
    client, address = Client(), f"/api/stats/placements?season={season}"
    client.get(address)  # loads the web's modules

    def get() -> object:
        return client.get(address)

    rows = [
        _row("computed", lambda: statistics(Wanted(season=season))),
        _row("computed, one branch", lambda: statistics(Wanted(season=season, branch="CSE"))),
        _row("computed, free text", lambda: statistics(Wanted(season=season, text="works 12"))),
        _row("GET, cold", get, before=cache.clear),
        _row("GET, warm", get),
    ]
    print(json.dumps(rows))


def _row(
    name: str, call: Callable[[], object], *, before: Callable[[], object] = lambda: None
) -> tuple[str, float, float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _ in range(TIMES):
        before()
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    with CaptureQueriesContext(connection) as queries:
        before()
        call()
    return name, median(taken), max(taken), len(queries)


if __name__ == "__main__":
    main()
