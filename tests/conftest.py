"""The cast: a subscriber, another season's, an admin; and helpers every folder uses."""

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import hypothesis
import pytest
from django.core.cache import caches
from django.test import TransactionTestCase
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.web.keys import make_key
from tests.emptied import emptying

# How long an example takes says how busy the machine is, and whether it is the first there: no test fails of it.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

SEASON = 202627
Subscribe = Callable[..., Subscription]
MakeKey = Callable[..., dict[str, str]]
_ids = count(5001)


def pytest_collectstart() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: garbage is looked for in what comes after it, and less often.

    Looking after each 700 new objects takes a tenth of the time of all tests.
    """
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tests' database; what a test commits is gone after it."""
    with django_db_blocker.unblock():
        empty_again = emptying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_again)
        yield


@pytest.fixture
def subscribe(db: None) -> Subscribe:
    """Makes an active Telegram subscription; every call is another person."""

    def make(*, seasons: tuple[int, ...] = (SEASON,), **fields: object) -> Subscription:
        telegram_id = next(_ids)
        subscriber = Subscriber.objects.create(telegram_id=telegram_id, name=f"Student {telegram_id}")
        subscription = Subscription.objects.create(
            **{
                "subscriber": subscriber,
                "channel": "telegram",
                "address": str(telegram_id),
                "active_since": timezone.now() - timedelta(days=1),
                **fields,
            }
        )
        FollowedSeason.objects.bulk_create(
            FollowedSeason(subscription=subscription, season=season) for season in seasons
        )
        return subscription

    return make


@pytest.fixture(autouse=True)
def database_travels_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test changes the time, a PostgreSQL server keeps its own."""
    monkeypatch.setattr("accounts.clock.seconds_ahead_of_database", lambda: 0.0)


@pytest.fixture
def page_memory(settings: Settings) -> Iterator[None]:
    """A worker's memory for answers, which the other tests do without."""
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    yield
    caches["pages"].clear()


@pytest.fixture
def api_key(db: None) -> MakeKey:
    """Makes a key of the API with these scopes, and answers the header to send it in."""

    def make(*scopes: str, **fields: object) -> dict[str, str]:
        key, text = make_key(f"program {next(_ids)}", scopes)
        for name, value in fields.items():
            setattr(key, name, value)
        key.save()
        return {"X-API-Key": text}

    return make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests that lack something of this machine (their reason stands between stars) must not go unseen."""
    reasons = Counter(
        found[0]
        for report in terminalreporter.stats.get("skipped", ())
        if (found := re.search(r"\*\*\* .+ \*\*\*", str(report.longrepr)))
    )
    for reason, number in reasons.items():
        terminalreporter.write_line(f"{number} SKIPPED: {reason}", red=True, bold=True)
