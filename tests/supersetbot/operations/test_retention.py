"""What is deleted when it is old, and what never is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AccountLink, AccountSession, AccountToken, Subscriber
from notifications.models import Delivery, Notice, Refusal, Service
from notifications.publishing.publish import Draft, publish
from scraping.models import RawItem, UpdateRun
from supersetbot import tasks
from supersetbot.operations import retention
from supersetbot.operations.retention import prune
from tests.conftest import SEASON, Subscribe

OLD = timezone.now() - timedelta(days=500)


@pytest.fixture
def everything(subscribe: Subscribe, settings: Settings) -> None:
    """An old and a new one of each."""
    settings.ACTIVE_PLACEMENT_YEAR, settings.PLACEMENT_YEARS = SEASON, [SEASON]
    for number, state in enumerate(("sent", "failed", "pending")):
        subscribe()
        published = publish(Draft(external_key=f"test:{number}", title="Zenith Labs", published_at=timezone.now()))
        Delivery.objects.filter(notice=published.notice).update(state=state)
    Delivery.objects.update(created_at=OLD)
    telegram = Service.objects.create(channel="telegram", held_since=timezone.now())
    calm, _ = Service.objects.create(channel="web-push"), Service.objects.create(channel="web-push", name="https://x")
    for number, (service, at) in enumerate([(telegram, OLD), (calm, OLD), (calm, timezone.now())]):
        delivery = Delivery.objects.filter(state="pending").order_by("pk")[number]
        Refusal.objects.create(service=service, delivery=delivery, code="blocked", at=at)
    for number, (season, state) in enumerate([(202425, "done"), (202425, "pending"), (SEASON, "done")]):
        RawItem.objects.create(
            source="superset", kind="job", key=str(number), season=season, payload={}, state=state, changed_at=OLD
        )
    people = list(Subscriber.objects.order_by("pk")[:2])
    for person, ends in zip(people, (OLD, timezone.now() + timedelta(days=1)), strict=True):
        AccountSession.objects.create(subscriber=person, digest=f"{person.pk}", by="link", expires_at=ends)
        AccountLink.objects.create(subscriber=person, digest=f"{person.pk}", expires_at=ends)
        AccountToken.objects.create(subscriber=person, name="a", digest=f"{person.pk}", expires_at=ends)
    for started_at, state in ((OLD, "ok"), (OLD, "running"), (timezone.now(), "ok")):
        UpdateRun.objects.create(trigger="x", started_at=started_at, state=state, lease_until=timezone.now())


EXPECTED = {
    "items of sources": 1,
    "deliveries": 3,
    "messages not for the site": 0,
    "update runs": 1,
    "tasks that failed": 0,
    "audit log": 0,
    "sessions": 0,
    "sessions of the account page": 1,
    "links to the account page": 1,
    "keys of persons": 1,
    "refusals": 1,
    "services that refuse nobody": 1,
    "attached files": 0,
}


@pytest.mark.django_db
def test_what_is_old_and_over_goes_and_the_rest_stays(everything: None) -> None:
    assert prune() == EXPECTED
    assert set(RawItem.objects.values_list("key", flat=True)) == {"1", "2"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"pending"}
    assert Notice.objects.count() == 3
    assert set(UpdateRun.objects.values_list("state", flat=True)) == {"running", "ok"}
    assert not any(prune().values())


@pytest.mark.django_db
def test_a_dry_run_counts_the_same_and_deletes_nothing(everything: None) -> None:
    said = StringIO()
    call_command("prune", "--dry-run", stdout=said)
    assert "deliveries: 3 would be deleted\n" in said.getvalue()
    assert prune(dry_run=True) == prune(dry_run=True) == EXPECTED


@pytest.mark.django_db
def test_nought_days_keeps_for_ever(everything: None, settings: Settings) -> None:
    settings.KEEP_RAW_DAYS = settings.KEEP_DELIVERIES_DAYS = settings.KEEP_RUNS_DAYS = 0
    ends = {"sessions", "sessions of the account page", "links to the account page", "keys of persons"}
    assert prune().keys() == ends | {"audit log", "refusals", "services that refuse nobody", "attached files"}


@pytest.mark.django_db
def test_many_go_a_few_at_a_time(everything: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    assert prune() == EXPECTED


@pytest.mark.django_db(transaction=True)
def test_the_room_is_given_back() -> None:
    if connection.vendor != "sqlite":
        assert retention.vacuum() is False
        return
    rows = [
        RawItem(source="superset", kind="job", key=str(n), season=202425, payload="x" * 5000, state="done")
        for n in range(1000)
    ]
    RawItem.objects.bulk_create(rows)
    RawItem.objects.update(changed_at=OLD)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        before = cursor.fetchone()[0]
        assert tasks.prune() == str({"items of sources": 1000})
        cursor.execute("PRAGMA page_count")
        assert cursor.fetchone()[0] < before / 2
