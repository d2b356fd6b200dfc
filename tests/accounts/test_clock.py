"""Times that a wrong clock stored: each has a largest distance from now, and what lies beyond it is brought back."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import DateTimeField, Model
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_q.models import OrmQ

from accounts import clock
from accounts.clock import CLOCKS_DIFFER, LIMITS, LONGEST_PAUSE, Limit, bring_back, retry_after, seconds_until
from accounts.models import AccountSession, AccountToken, ApiKey, RequestCount, Subscription, Timing, User, WebSession
from notifications.models import ChannelState, Delivery, Heartbeat, Notice, Refusal, Service, Shard, WaitingReply
from scraping.cycle import runs
from scraping.models import (
    Attachment,
    Job,
    MirrorOutbox,
    MirrorState,
    Offer,
    OfficialSnapshot,
    RawItem,
    UpdateRun,
    WatchState,
)
from scraping.mongo import lease, mirror
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
measured = clock.seconds_ahead_of_database  # the tests' own conftest takes its place

# Columns that nothing waits for and nothing is sorted by: when something happened, or what a source or a person said.
FACTS = """
accounts.ApiKey.created_at accounts.ApiKey.expires_at accounts.ApiKey.revoked_at accounts.Subscriber.created_at
accounts.Forgotten.at accounts.Invitation.created_at accounts.Invitation.expires_at accounts.EmailCode.expires_at
accounts.Subscriber.membership_since accounts.AuditEntry.at accounts.Consent.agreed_at
notifications.CalendarLink.created_at
notifications.Interest.applied_at notifications.Interest.not_interested_at notifications.Interest.remind_at
accounts.Profile.asked_at accounts.Profile.updated_at
notifications.SearchEntry.notice_updated_at
scraping.Review.opened_at scraping.Review.closed_at scraping.Review.held_since
accounts.Subscription.active_since accounts.User.date_joined accounts.User.last_login admin.LogEntry.action_time
django_q.Task.started django_q.Task.stopped notifications.ChannelState.stopped_at notifications.Delivery.created_at
notifications.Delivery.sent_at notifications.Notice.deadline notifications.Notice.event_at
notifications.Notice.deadline_was notifications.Notice.event_was
notifications.Notice.deadline_moved_at notifications.Notice.event_moved_at
notifications.Notice.withdrawn_at scraping.Branch.updated_at scraping.EarlierBatch.loaded_at scraping.Job.created_at
scraping.Job.deadline scraping.Job.updated_at scraping.Offer.sent_at scraping.Offer.updated_at
accounts.AccountLink.expires_at accounts.AccountSession.begun_at
accounts.AccountToken.created_at accounts.AccountToken.expires_at
scraping.OfferedStudent.added_at scraping.Policy.created_at scraping.PortalAccount.last_login_at
scraping.PortalAccount.last_refused_at scraping.RawItem.first_seen_at
scraping.RawItem.processed_at scraping.UpdateRun.ended_at
scraping.UpdateRun.started_at scraping.WithdrawnOffer.sent_at supersetbot.Alert.since
notifications.StoredFile.created_at scraping.FileReading.read_at accounts.WebSession.begun_at
otp_totp.TOTPDevice.created_at otp_totp.TOTPDevice.last_used_at otp_static.StaticDevice.created_at
otp_static.StaticDevice.last_used_at
""".split()
LONG_AGO = timezone.now() - timedelta(days=9000)
BY_CRON = "django_q.Schedule.next_run"  # scraping/cycle/schedule.py


def notice(**fields: Any) -> Notice:
    now = timezone.now()
    return Notice.objects.create(**{"external_key": "test:1", "title": "Zenith Labs", "published_at": now, **fields})


def raw_item() -> RawItem:
    return RawItem.objects.create(source="superset", kind="job", key="1", season=202627, payload={}, fingerprint="x")


@pytest.fixture
def make(subscribe: Subscribe) -> Callable[[Limit], Model]:
    """A row of the limit's table, as the limit wants it."""
    now = timezone.now()
    makers: dict[type[Model], Callable[[], Model]] = {
        RequestCount: lambda: RequestCount.objects.create(key="a", count=9, ends_at=now),
        WatchState: WatchState.objects.create,
        Subscription: subscribe,
        apps.get_model("accounts.Subscriber"): lambda: subscribe().subscriber,
        Timing: lambda: Timing.objects.create(subscriber=subscribe().subscriber),
        ApiKey: lambda: ApiKey.objects.create(name="a", prefix="b"),
        ChannelState: lambda: ChannelState.objects.create(channel="telegram"),
        Service: lambda: Service.objects.create(channel="telegram"),
        Refusal: lambda: Refusal.objects.create(
            service=Service.objects.create(channel="telegram"),
            delivery=Delivery.objects.create(notice=notice(), subscription=subscribe(), channel="telegram"),
        ),
        Shard: lambda: Shard.objects.create(channel="telegram"),
        WaitingReply: lambda: WaitingReply.objects.create(chat_id=1, kind="/start", token=uuid4(), content={}),
        Heartbeat: lambda: Heartbeat.objects.create(process="scheduler", at=now),
        Notice: notice,
        Delivery: lambda: Delivery.objects.create(
            notice=notice(), subscription=subscribe(), channel="telegram", lease_until=now
        ),
        UpdateRun: lambda: UpdateRun.objects.create(trigger="test", lease_until=now),
        RawItem: raw_item,
        Attachment: lambda: Attachment.objects.create(item=raw_item(), reference="a", name="a"),
        Job: lambda: Job.objects.create(identifier="j-1", season=202627),
        Offer: lambda: Offer.objects.create(season=202627, company="Zenith Labs"),
        OfficialSnapshot: lambda: OfficialSnapshot.objects.create(content={}, content_hash="x", first_seen_at=LONG_AGO),
        MirrorOutbox: lambda: MirrorOutbox.objects.create(collection="Notices", row=1),
        MirrorState: MirrorState.objects.create,
        WebSession: lambda: WebSession.objects.create(session_key="a", session_data="", expire_date=now),
        AccountSession: lambda: AccountSession.objects.create(
            subscriber=subscribe().subscriber, digest="a", by="link", expires_at=now
        ),
        AccountToken: lambda: AccountToken.objects.create(
            subscriber=subscribe().subscriber, name="a", digest="a", expires_at=now
        ),
        TOTPDevice: lambda: TOTPDevice.objects.create(user=User.objects.create(username="a"), name="app"),
        StaticDevice: lambda: StaticDevice.objects.create(user=User.objects.create(username="a"), name="codes"),
        OrmQ: lambda: OrmQ.objects.create(key="supersetbot", payload="x", lock=now),
    }

    def made(limit: Limit) -> Model:
        row = makers[limit.model]()
        if limit.where:
            state = "retry" if limit.ahead > LONGEST_PAUSE else "pending" if "pending" in limit.where else "sending"
            limit.model._base_manager.filter(pk=row.pk).update(state=state)
        return row

    return made


def stored(limit: Limit, row: Model) -> datetime:
    at = limit.model._base_manager.values_list(limit.name, flat=True).get(pk=row.pk)
    assert isinstance(at, datetime)
    return at


def store(limit: Limit, row: Model, at: datetime) -> None:
    both = {"last_seen_at": at} if limit.model is OfficialSnapshot else {}
    limit.model._base_manager.filter(pk=row.pk).update(**{**both, limit.name: at})


def test_every_stored_time_has_a_limit_or_nothing_waits_for_it() -> None:
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.get_fields()
        if isinstance(field, DateTimeField)
    }
    limited = {limit.column for limit in LIMITS}
    assert columns == limited | {*FACTS, BY_CRON}
    assert not limited & {*FACTS, BY_CRON}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.column} {limit.ahead}")
@pytest.mark.parametrize("away", [timedelta(seconds=30), timedelta(days=16), timedelta(days=3653)], ids=str)
def test_a_time_beyond_its_limit_is_set_to_now(make: Callable[[Limit], Model], limit: Limit, away: timedelta) -> None:
    row = make(limit)
    store(limit, row, timezone.now() + limit.ahead + away)
    assert bring_back()[limit.model] == {row.pk}
    assert abs(timezone.now() - stored(limit, row)) < timedelta(seconds=20)
    assert bring_back() == {}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.column} {limit.ahead}")
def test_a_time_within_its_limit_stays(make: Callable[[Limit], Model], limit: Limit) -> None:
    row = make(limit)
    for away in (limit.ahead - timedelta(seconds=30), -timedelta(days=3653)):
        at = timezone.now() + away
        store(limit, row, at)
        assert bring_back() == {}
        assert stored(limit, row) == at


def test_no_limit_is_shorter_than_what_is_stored_by_a_right_clock() -> None:
    ahead = {limit.column: limit.ahead for limit in LIMITS}
    assert ahead["scraping.UpdateRun.lease_until"] > runs.LEASE + CLOCKS_DIFFER
    assert ahead["scraping.MirrorState.leased_until"] > lease.LEASE + CLOCKS_DIFFER
    assert ahead["scraping.MirrorState.next_attempt_at"] >= lease._LONGEST_WAIT + CLOCKS_DIFFER
    assert ahead["scraping.MirrorOutbox.next_attempt_at"] >= mirror._LONGEST_WAIT + CLOCKS_DIFFER


def test_only_the_tables_named_are_looked_at(make: Callable[[Limit], Model]) -> None:
    for limit in (LIMITS[0], LIMITS[4]):
        store(limit, make(limit), timezone.now() + timedelta(days=3653))
    assert set(bring_back(ChannelState, Shard)) == {ChannelState}


def test_a_machine_that_differs_from_the_database_judges_nobody(
    make: Callable[[Limit], Model], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store(LIMITS[0], make(LIMITS[0]), timezone.now() + timedelta(days=3653))
    monkeypatch.setattr(clock, "seconds_ahead_of_database", lambda: -86_400.0)
    with caplog.at_level(logging.ERROR):
        assert bring_back() == {}
    assert "clock is -86400 s off the database's" in caplog.text


def test_a_database_server_tells_the_time_itself() -> None:
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        off = measured()
    assert off == pytest.approx(86_400 if connection.vendor == "postgresql" else 0, abs=60)


def test_seconds_until_a_stored_time_end_at_the_longest_pause() -> None:
    now = timezone.now()
    assert seconds_until(None, now) == seconds_until(now - timedelta(days=1), now) == 0.0
    assert seconds_until(now + LONGEST_PAUSE, now) == LONGEST_PAUSE.total_seconds()
    assert seconds_until(now + timedelta(days=1), now) == 0.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("²", None),
        ("9" * 400, 999_999_999_999),
    ],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert retry_after(format_datetime(later, usegmt=True)) == pytest.approx(90, abs=3)


def test_retry_after_of_a_date_gone_by() -> None:
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
