"""The public status page: for everybody, and so without names, addresses and errors' texts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule

from accounts.times import moment
from notifications.delivery import freshness
from notifications.models import beat
from scraping.cycle import schedule
from scraping.cycle.runs import one_run
from scraping.models import UpdateRun
from scraping.watch import state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_kept", freshness.measure)


def watch(**standings: str) -> None:
    state.acquire("me")
    now = timezone.now().isoformat()
    sources = {
        name: {"state": kind, "text": "anna@example.edu: secret reason", "since": now, "at": now}
        for name, kind in standings.items()
    }
    state.beat("me", sources=sources)


def page(client: Client) -> str:
    response = client.get("/status")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_says_how_each_source_is_watched_and_no_reason(client: Client) -> None:
    watch(superset="off", email="idle")
    text = page(client)
    assert "<dt>Mailbox</dt><dd>Watched</dd>" in text
    assert "<strong>Asks to be left alone: read at set times only</strong>" in text
    assert "All is well" not in text
    assert "secret" not in text
    assert "@" not in text.replace("@media", "")


def test_a_watcher_that_is_silent_means_the_slots(client: Client) -> None:
    watch(superset="ok", email="idle")
    row = state.current()
    assert row is not None
    row.beat_at = timezone.now() - timedelta(minutes=10)
    row.save()
    assert page(client).count("Read at set times") == 2


def test_what_is_down_is_said(client: Client) -> None:
    text = page(client)
    assert "Something is down" in text
    assert "Background work</strong> does not work at the moment" in text


@pytest.fixture
def new() -> None:
    """A new installation: the scheduler lives, and its first slot is to come."""
    schedule.sync()
    beat("scheduler")


@pytest.mark.usefixtures("new")
def test_before_its_first_cycle_nothing_is_down(client: Client) -> None:
    upcoming = schedule.next_due()
    assert upcoming
    assert f"Just started: the first full look comes at {moment(upcoming)}</h2>" in page(client)
    with one_run("schedule"):
        assert "All is well" in page(client)
    assert "All is well" in page(client)


@pytest.mark.usefixtures("new")
def test_what_the_watcher_brings_before_the_first_cycle_is_well(client: Client) -> None:
    watch(superset="ok", email="idle")
    assert "Just started" in page(client)
    with one_run(UpdateRun.WATCHED):
        pass
    assert "All is well" in page(client)


@pytest.mark.usefixtures("new")
def test_a_source_that_does_not_answer_goes_before_that(client: Client) -> None:
    watch(superset="unreachable", email="idle")
    assert "Notices may be late" in page(client)


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize("watched", [True, False])
def test_a_first_cycle_that_failed_or_is_late_is_down(client: Client, *, watched: bool) -> None:
    with one_run(UpdateRun.WATCHED if watched else "schedule") as run:
        run.sources = {"superset": {"errors": ["it does not answer"], "failed_whole": True}}
    if watched:
        Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=5))
    text = page(client)
    assert "Something is down" in text
    assert "Looking at the sources</strong> does not work" in text


def test_the_figures_are_open_and_name_nobody(client: Client) -> None:
    body = client.get("/api/stats/freshness").json()
    assert [window["name"] for window in body] == ["24h", "30d"]
