"""What the admins are told of, when, and that it is once."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscriber, Subscription
from accounts.subscribing import email_codes
from accounts.web import login
from accounts.web.throttling import count
from notifications.delivery.pacing.rate_limits import stop
from notifications.delivery.run import deliver
from notifications.models import ChannelState, Delivery, Heartbeat, Notice, Service, beat
from notifications.publishing.publish import Draft, publish
from notifications.telegram_bot import bot_status
from scraping.cycle.reasons import reasons
from scraping.models import RawItem, Review, UpdateRun
from supersetbot import spelled
from supersetbot.models import Alert
from supersetbot.operations import alerts, backups, problems
from supersetbot.operations.room import write_to_data_dir
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db(transaction=True)
FAILED = {"failed_whole": True, "errors": ["http_503: GET /notices answered 503"]}
FINE = {"failed_whole": False, "errors": []}


@pytest.fixture(autouse=True)
def admin(subscribe: Subscribe, settings: Settings) -> Subscription:
    """An admin who has started the bot, a student, and an admin who never did."""
    subscribe()
    admin = subscribe()
    settings.ADMIN_TELEGRAM_USER_IDS = [int(admin.address), 404]
    return admin


def told() -> list[tuple[str, str]]:
    """What is on its way, and to whom."""
    queued = Delivery.objects.order_by("pk").values_list("subscription__address", "notice__title")
    return [(str(address), str(title)) for address, title in queued]


def ran(report: dict[str, object], source: str = "superset") -> None:
    state = UpdateRun.State.FAILED if report["failed_whole"] else UpdateRun.State.OK
    UpdateRun.objects.create(trigger="schedule", state=state, lease_until=timezone.now(), sources={source: report})


def test_a_source_that_fails_three_times_running_is_told_once_and_so_is_its_end(admin: Subscription) -> None:
    for expected in (0, 0, 1, 0, 0):
        ran(FAILED)
        assert alerts.look() == expected
    assert alerts.look() == 0
    since = spelled.clock(UpdateRun.objects.earliest("started_at").started_at)
    assert told() == [(admin.address, f"The portal has not answered since {since} (3 tries)")]
    assert Notice.objects.get().body == "<p>Notices may be late. Its server says 503 (Service Unavailable).</p>"
    ran(FINE)
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told()[1:] == [(admin.address, "The portal answers again.")]
    assert Notice.objects.latest("pk").body == ""


def test_when_a_source_answers_again_it_is_said_what_came_late(admin: Subscription) -> None:
    for _ in range(3):
        ran(FAILED)
    assert alerts.look() == 1
    began = Alert.objects.get().since
    for key, before in (("superset:1", timedelta(minutes=50)), ("superset:2", timedelta(minutes=40))):
        publish(Draft(external_key=key, title="A drive", published_at=began - before), announce=False)
    publish(Draft(external_key="superset:3", title="In time", published_at=began), announce=False)
    publish(Draft(external_key="superset:4", title="Old", published_at=began - timedelta(days=9)), announce=False)
    publish(Draft(external_key="email:1", title="Another's", published_at=began - timedelta(hours=1)), announce=False)
    ran(FINE)
    assert alerts.look() == 1
    assert told()[-1] == (admin.address, "The portal answers again; 2 notices were late by up to 50 min.")


def test_one_fault_of_many_requests_is_one_reason() -> None:
    uuid = "a8554e0d-7afe-5f2c-af77-e6ea550bc5e9"
    parts = [f"cse@example.edu: http_503: GET /students/{uuid}/{what} answered 503" for what in ("notices", "jobs")]
    whole = "http_503: cse@example.edu: GET x answered 503; cse@example.edu: GET y answered 503"
    assert reasons([*parts, whole]) == ["cse@example.edu: http_503: GET /students/…/notices answered 503 (and 1 more)"]
    assert reasons([]) == []
    assert reasons(["stalled: it brought nothing", "Traceback"]) == ["stalled: it brought nothing", "Traceback"]


def test_three_failures_with_a_good_one_between_are_nothing(admin: Subscription) -> None:
    for report in (FAILED, FAILED, FINE, FAILED):
        ran(report)
    ran(FAILED, source="email")
    assert alerts.look() == 0


def test_a_refused_login_is_told_at_once(admin: Subscription) -> None:
    ran({"failed_whole": False, "errors": ["cse@example.edu: login_refused: the password is wrong"]})
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told() == [(admin.address, "The portal refuses a login")]
    assert Alert.objects.get().detail == (
        "It does not let cse@example.edu in: the password is wrong. Log in with a browser, put the right password into "
        "SUPERSET_CREDENTIALS, and restart the service. A refused password is tried three times at most. "
        "If it is the right one: /admin/, “Portal accounts”, its box, the action “Sign in anew”."
    )


def test_a_refused_mailbox_is_told_with_its_setting(admin: Subscription) -> None:
    refused = {"failed_whole": True, "errors": ["login_refused: imap.example.edu refused the user or password"]}
    ran(refused, source="email")
    assert alerts.look() == 1
    detail = Alert.objects.get().detail
    assert detail.startswith("It does not let us in: imap.example.edu refused the user or password. Log in")
    assert "PLACEMENT_APP_PASSWORD" in detail


def test_deliveries_that_pile_up_are_told(admin: Subscription) -> None:
    publish(Draft(external_key="test:1", title="Zenith Labs visits", published_at=timezone.now()))
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=31))
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told()[2:] == [(admin.address, "Messages have waited for 31 min")]
    assert Alert.objects.get().detail == "2 due."


def test_a_second_bot_is_told(admin: Subscription) -> None:
    bot_status.report(bot_status.State.CONFLICT, "Another bot polls with the same token (409).")
    assert alerts.look() == 1
    bot_status.report(bot_status.State.POLLING)
    assert alerts.look() == 1
    assert [title for _, title in told()] == ["The bot is not alone", "The bot answers again."]


def test_that_the_token_is_refused_arrives_when_it_is_accepted_again(
    admin: Subscription, settings: Settings, telegram_api: BotApi
) -> None:
    stop("telegram", "Telegram refuses the token")
    assert alerts.look() == 1
    ChannelState.objects.update(stopped_reason="")
    assert alerts.look() == 1
    deliver(["telegram"])
    texts = [message.text for message in telegram_api.messages(int(admin.address))]
    assert len(texts) == 2
    assert texts[0].startswith("📣 Nothing is sent by Telegram\n\nTelegram refuses the token")
    assert texts[1].startswith("📣 Messages go out by Telegram again.")
    assert len(telegram_api.messages()) == 2


def test_a_proxy_in_telegram_s_place_is_told_once_whoever_finds_out(admin: Subscription, telegram_api: BotApi) -> None:
    publish(Draft(external_key="test:1", title="Zenith Labs visits", published_at=timezone.now()))
    telegram_api.faults.plan("proxy_page", status=403)
    deliver(["telegram"], seconds=0.2)
    assert (alerts.look(), alerts.look()) == (1, 0)
    offline_for(timedelta(minutes=1))
    assert alerts.look() == 0
    assert "HTTP 403" in Alert.objects.get().detail

    telegram_api.faults.clear()
    bot_status.report(bot_status.State.POLLING)
    ChannelState.objects.update(paused_until=None)
    deliver(["telegram"])
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert [title for _, title in told()][2:] == ["Nothing is sent by Telegram", "Messages go out by Telegram again."]


def test_a_storm_of_refusals_is_told_once_a_channel(admin: Subscription) -> None:
    for number in range(3):
        name = f"https://push{number}.example"
        reason = f"{name} refuses most addresses (gone 9)"
        Service.objects.create(channel="web-push", name=name, held_since=timezone.now(), held_reason=reason)
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told() == [(admin.address, "Web Push: most addresses are refused")]
    assert "https://push0.example refuses most addresses (gone 9); " in Alert.objects.get().detail
    Service.objects.update(held_since=None)
    assert alerts.look() == 1


def test_what_waits_for_a_channel_that_is_held_is_no_second_problem(admin: Subscription) -> None:
    publish(Draft(external_key="test:1", title="Zenith Labs visits", published_at=timezone.now()))
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=31))
    Service.objects.create(channel="telegram", held_since=timezone.now(), held_reason="Telegram refuses most addresses")
    assert alerts.look() == 1
    assert told()[2:] == [(admin.address, "Telegram: most addresses are refused")]


def test_codes_that_can_not_be_mailed_three_times_running_are_told_and_so_is_their_end(
    admin: Subscription, settings: Settings, subscribe: Subscribe
) -> None:
    settings.MEMBER_EMAIL_DOMAINS = ["example.edu"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Subscriber.objects.create(telegram_id=1)
    for expected in (0, 0, 1, 0):
        with pytest.raises(ConnectionRefusedError):
            email_codes.send(1, "asha@example.edu")
        assert alerts.look() == expected
    assert told() == [(admin.address, "The last 3 codes for /join could not be mailed")]
    with mail_server() as inbox:
        settings.EMAIL_PORT = inbox.port
        email_codes.send(1, "asha@example.edu")
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told()[1:] == [(admin.address, "Codes are mailed again.")]


def test_a_group_that_takes_no_message_at_all_is_told(admin: Subscription, subscribe: Subscribe) -> None:
    subscribe(topic=7, topic_refused="topic_closed")
    assert alerts.look() == 0
    subscribe(topic=7, topic_refused="all_closed")
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told() == [(admin.address, "A forum group takes no messages")]


def test_a_bot_that_is_offline_for_long_is_told(admin: Subscription) -> None:
    offline_for(timedelta(seconds=5))
    assert alerts.look() == 0
    offline_for(timedelta(minutes=1))
    assert alerts.look() == 1
    assert told() == [(admin.address, "The bot does not reach Telegram")]


def offline_for(time: timedelta) -> None:
    bot_status.report(bot_status.State.POLLING)
    with time_machine.travel(timezone.now() - time, tick=False):
        bot_status.report(bot_status.State.OFFLINE, "Telegram can't be reached.")
    bot_status.report(bot_status.State.OFFLINE, "Telegram can't be reached.")


@pytest.fixture
def telegram_api(settings: Settings) -> Iterator[BotApi]:
    with BotApi(any_chat=True).in_thread() as api:
        settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL = api.token, api.url
        yield api


def test_with_no_admin_it_is_still_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = []
    stop("telegram", "Telegram refuses the token")
    caplog.clear()
    assert alerts.look() == 1
    assert told() == []
    assert "Nothing is sent by Telegram: Telegram refuses the token" in caplog.text


def test_who_is_locked_out_of_the_admin_is_told_and_when_that_is_over(admin: Subscription) -> None:
    for _ in range(login.RATES["account"].limit):
        count(login.account_key("nobody"), limit=login.RATES["account"].limit, seconds=60)
    assert alerts.look() == 0
    count(login.account_key("nobody"), limit=login.RATES["account"].limit, seconds=60)
    assert alerts.look() == 1
    assert Alert.objects.get().detail == "Too many attempts by: an account that does not exist."
    login.attempts().delete()
    assert alerts.look() == 1


def ago(**time: float) -> None:
    """Every heartbeat was written so long ago."""
    Heartbeat.objects.update(at=timezone.now() - timedelta(**time))


def test_a_scheduler_that_stopped_is_told_by_the_bot_once_and_not_a_restart(admin: Subscription) -> None:
    deputy = alerts.Deputy()
    assert deputy.look() == []  # no scheduler ever ran
    beat("scheduler")
    assert deputy.look() == []
    beat("scheduler", "stopped")
    assert deputy.look() == []
    ago(minutes=3)
    ((chat, text),) = deputy.look()
    assert chat == int(admin.address)
    assert text.startswith("📣 The scheduler does not work: stopped at ")
    assert "\n\nNothing is read or sent until it is back. Start it: systemctl start supersetbot-scheduler, or" in text
    assert deputy.look() == []
    assert told() == []
    beat("scheduler", "stopped")
    assert deputy.look() == [], "stopped again only just now: not at work, and told already"
    beat("scheduler")
    assert alerts.look() == 1
    assert told() == [(admin.address, "The scheduler is at work again.")]


def test_the_scheduler_does_not_call_itself_dead(admin: Subscription) -> None:
    beat("scheduler")
    ago(hours=1)
    assert alerts.look() == 0, "a full disk kept its heartbeat from being written"
    assert alerts.Deputy().look()


def test_a_full_disk_is_told_by_the_bot_though_nothing_can_be_stored(
    admin: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    def no_room() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    beat("scheduler", "stopped")
    ago(minutes=3)
    deputy = alerts.Deputy()
    monkeypatch.setattr(alerts, "_begin", full)
    monkeypatch.setattr("supersetbot.operations.health.write_to_data_dir", no_room)
    ((chat, text),) = deputy.look()
    assert (chat, text.partition("\n")[0]) == (
        int(admin.address),
        "📣 DATA_DIR can't be written: No space left on device",
    )
    assert deputy.look() == []
    monkeypatch.setattr("supersetbot.operations.health.write_to_data_dir", write_to_data_dir)
    beat("scheduler")
    assert deputy.look() == [(int(admin.address), "📣 There is room on the disk again.")]
    assert deputy.look() == []


@contextmanager
def away(table: str) -> Iterator[None]:
    """The database refuses what needs a table."""
    with connection.schema_editor() as editor:
        editor.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.execute(f"ALTER TABLE away RENAME TO {table}")


def test_a_database_that_can_not_be_used_is_told_once_and_so_is_that_it_can_again(admin: Subscription) -> None:
    beat("scheduler")
    deputy = alerts.Deputy()
    with away(Heartbeat._meta.db_table):
        assert deputy.look() == [
            (
                int(admin.address),
                "📣 The database can't be used\n\n"
                "Nothing is read or sent until it can be. ./manage doctor says what is wrong with it.",
            )
        ]
        assert deputy.look() == []
    ago(minutes=3)
    assert deputy.look() == [(int(admin.address), "📣 The database can be used again.")]
    beat("scheduler")
    assert (deputy.look(), told()) == ([], []), "the scheduler had a minute to begin again"
    with away(Heartbeat._meta.db_table):
        assert len(deputy.look()) == 1, "the next time it is told again"


def test_a_bot_that_died_is_told_by_the_scheduler(admin: Subscription) -> None:
    bot_status.report(bot_status.State.POLLING)
    assert alerts.look() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert (alerts.look(), alerts.look()) == (1, 0)
    assert told()[0][1].startswith("The bot does not work: says nothing any more")


@pytest.mark.usefixtures("copies_can_be_made")
def test_a_copy_that_fails_is_told_with_its_reason_and_that_one_is_made_again(
    admin: Subscription, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path / "file" / "backups"
    (tmp_path / "file").write_text("")
    with pytest.raises(backups.BackupError):
        backups.make_noted()
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told() == [(admin.address, "The database is not copied")]
    detail = Alert.objects.get().detail
    assert detail.startswith("failed at ")
    assert "can't be written" in detail
    assert detail.endswith("; there is no copy yet. ./manage backup tries again.")
    settings.BACKUP_DIR = tmp_path / "backups"
    backups.make_noted()
    assert alerts.look() == 1
    assert told()[-1] == (admin.address, "The database is copied again.")


def test_a_disk_that_is_nearly_full_is_told_before_it_is(admin: Subscription, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "free_bytes", lambda: 300_000_000)
    assert (alerts.look(), alerts.look()) == (1, 0)
    assert told() == [(admin.address, "The disk is nearly full: 0.3 GB are free")]


def test_a_problem_of_an_older_version_ends_with_its_title(admin: Subscription) -> None:
    Alert.objects.create(key="login", title="Somebody is locked out of the admin")
    assert alerts.look() == 1
    assert told() == [(admin.address, "That is over: Somebody is locked out of the admin.")]


def held_back(number: int) -> Review:
    """A text that nobody is told of before somebody looks."""
    item = RawItem.objects.create(source="superset", kind="notice", key=f"n{number}", season=202627, payload={})
    return Review.objects.create(key=f"superset:notice:n{number}", item=item, held_since=timezone.now())


def test_what_is_held_back_is_told_by_one_message_each_so_many_minutes(settings: Settings, admin: Subscription) -> None:
    settings.REVIEW_ALERT_MINUTES = 30
    settings.WEBSITE_URL = "https://placements.example.edu"
    begun = timezone.now()
    assert alerts.look() == 0
    for minute, expected in ((0, 1), (1, 0), (20, 0), (31, 1), (40, 0)):
        with time_machine.travel(begun + timedelta(minutes=minute), tick=False):
            held_back(minute)
            assert (alerts.look(), alerts.look()) == (expected, 0), minute
            Delivery.objects.update(state="sent")
    assert told() == [
        (admin.address, "1 held back until somebody looks"),
        (admin.address, "4 held back until somebody looks"),
    ]
    body = Notice.objects.order_by("pk").last()
    assert body is not None
    assert "for 31\xa0minutes: https://placements.example.edu/admin/scraping/review/" in body.body


def test_what_nobody_looks_at_is_told_once_a_day_and_its_end_not_at_all(admin: Subscription) -> None:
    review = held_back(1)
    begun = timezone.now()
    told_at = []
    for hours in (0, 2, 12, 23, 25, 30, 50):
        with time_machine.travel(begun + timedelta(hours=hours), tick=False):
            told_at += [hours] if alerts.look() else []
            Delivery.objects.update(state="sent")
    assert told_at == [0, 25, 50]
    review.delete()
    with time_machine.travel(begun + timedelta(hours=60), tick=False):
        assert alerts.look() == 0
    assert not Alert.objects.exists()


def test_an_account_is_named_once() -> None:
    said = "cse@example.edu: login_refused: cse@example.edu: the portal refused the login (401)"
    assert reasons([said]) == ["cse@example.edu: login_refused: the portal refused the login (401)"]
