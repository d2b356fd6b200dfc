"""The dashboard: what it shows, what its buttons do, and who may press them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from accounts.models import Subscriber, User
from accounts.times import moment
from notifications.models import Delivery, Notice
from notifications.rendering.public import visible_notices
from scraping.cycle import schedule
from scraping.cycle.runs import one_run
from scraping.models import RawItem, Review, UpdateRun
from scraping.web.charts import columns
from supersetbot import heartbeats
from supersetbot.dashboard.figures import joined_by_day, sent
from supersetbot.spelled import spell
from tests.conftest import Subscribe
from tests.supersetbot.dashboard.conftest import Outbox

pytestmark = pytest.mark.django_db
URL = "/admin/dashboard/"


def shown(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(URL).text).split())


def pressed(client: Client, path: str, **form: object) -> str:
    """What the dashboard says after a button was pressed."""
    page = client.post(f"{URL}{path}", form, follow=True).text
    said = re.search(r'<li class="success">(.*?)</li>', page, re.DOTALL)
    assert said, page
    return said[1]


def test_an_empty_service_has_a_dashboard(admin_client: Client) -> None:
    text = shown(admin_client)
    assert "No source is set up: nothing is read" in text
    for part in ("Today: none yet", "Nothing was read yet", "Everything is delivered", "Dead letters None."):
        assert part in text


def test_it_shows_cycles_and_what_each_source_brought(admin_client: Client) -> None:
    schedule.sync()
    good = {"fetched": 40, "new": 2, "changed": 1, "unchanged": 37, "failed": 0, "errors": []}
    bad = {"fetched": 0, "failed": 1, "failed_whole": True, "errors": ["login: refused"]}
    with one_run("schedule") as run:
        run.sources = {"superset": good, "email": good, "read": {"done": 3}}
    with one_run("webhook") as run:
        run.sources = {"superset": {**good, "new": 9}, "email": bad}
    before = timezone.now() - timedelta(days=2)
    UpdateRun.objects.filter(pk=run.pk - 1).update(started_at=before)
    text = shown(admin_client)
    assert "Today: 1 partly failed." in text
    assert re.search(f"Mailbox {moment(before)} 2 1 37 0 login: refused", text), "what its last success brought"
    assert "login: refused" in text
    assert re.search(r"Portal \w+ \d+ \w+, \d+:\d\d [AP]M 9 1 37 0", text)
    assert re.search(r"The next at \d+:00 [AP]M", text)


def test_the_last_cycle_is_told_first_with_what_went_wrong(admin_client: Client) -> None:
    with one_run("schedule") as run:
        run.sources, run.notices, run.queued = (
            {"superset": {"fetched": 0, "failed_whole": True, "errors": ["x"]}},
            1,
            40,
        )
    with one_run("schedule"):
        text = shown(admin_client)
    began = moment(run.started_at)
    assert f"The last, {began} : Failed , 1 found, nobody to tell; the portal could not be read." in text


def test_a_look_of_the_watcher_and_the_official_page_are_no_cycles(admin_client: Client) -> None:
    with one_run(UpdateRun.WATCHED):
        pass
    with one_run("schedule", lane=UpdateRun.Lane.OWN_SCHEDULE):
        pass
    text = shown(admin_client)
    assert "Today: none yet." in text
    assert "The last," not in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.4, "9.4 s"), (45, "45 s"), (119, "119 s"), (600, "10 min"), (47_490, "13 h"), (4e5, "5 days")],
)
def test_ages_are_as_exact_as_one_wants_to_know(seconds: float, words: str) -> None:
    assert spell(seconds) == words


def test_days_and_hours_of_the_charts_are_indias(outbox: Outbox) -> None:
    now = datetime(2026, 11, 26, 18, 45, tzinfo=UTC)  # 00:15 of the 27th
    outbox("sent", "sent", "sent", "sent")
    for pk, minutes in zip(Delivery.objects.values_list("pk", flat=True), (0.5, 10, 20, 24 * 60), strict=True):
        Delivery.objects.filter(pk=pk).update(sent_at=now - timedelta(minutes=minutes))
    Notice.objects.update(first_seen_at=now)
    for pk, minutes in zip(Subscriber.objects.values_list("pk", flat=True), (5, 20, 20, 60 * 24 * 40), strict=True):
        Subscriber.objects.filter(pk=pk).update(created_at=now - timedelta(minutes=minutes))
    rate, hours = sent(now)
    assert rate == pytest.approx(1 / 60)
    assert [column.title for column in hours[-3:]] == ["10:00 PM: 0", "11:00 PM: 1", "12:00 AM: 2"]
    assert hours[0].title == "1:00 AM: 0", "a day ago is out of sight"
    assert [column.title for column in joined_by_day(now)[-3:]] == ["25 Nov: 0", "26 Nov: 2", "27 Nov: 1"]


def test_programs_and_groups_are_no_people(admin_client: Client, subscribe: Subscribe) -> None:
    subscribe()
    for kind in ("program", "group", "channel", "browser"):
        Subscriber.objects.filter(pk=subscribe().subscriber_id).update(kind=kind)
    text = shown(admin_client)
    assert "1 person joined" in text
    assert "1 of 1 person is told of notices" in text
    assert joined_by_day(timezone.now())[-1].title.endswith(": 1")


def test_of_many_columns_the_highest_alone_has_its_number_above(admin_client: Client) -> None:
    assert [column.shown for column in columns([("", "")] * 3, [1, 0, 3])] == ["1", "", "3"]
    many = columns([("a day", "")] * 30, [2] * 10 + [5] * 20)
    assert [column.shown for column in many if column.shown] == ["5"]
    assert many[0].title == "a day: 2"


def test_it_shows_deliveries_dead_letters_and_subscribers(admin_client: Client, outbox: Outbox) -> None:
    outbox("sent", "sent", "pending", "failed")
    outbox("sent", channel="web-push")
    text = shown(admin_client)
    assert "Telegram 1 0 2 0 0 0 1 0" in text
    assert "Web Push 0 0 1 0 0 0 0 0" in text
    assert "1 could not be delivered" in text
    assert "Notice 0 : 1 left" in text
    assert "5 of 5 people are told of notices; 0 blocked the bot" in text
    assert admin_client.get(URL).text.count('<svg class="chart"') == 2


def test_its_cost_does_not_grow_with_what_there_is(admin_client: Client, outbox: Outbox) -> None:
    schedule.sync()
    outbox("sent", "failed", "pending")
    admin_client.get(URL)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(URL)
    for _ in range(5):
        outbox("sent", "failed", "failed", "pending")
    with CaptureQueriesContext(connection) as many:
        admin_client.get(URL)
    assert len(many) == len(few) < 72


def test_a_cycle_is_started_and_not_twice(admin_client: Client) -> None:
    assert "A cycle is queued" in pressed(admin_client, "cycle")
    assert UpdateRun.objects.get().trigger == "admin"
    with one_run("schedule"):
        assert "Another update is running" in pressed(admin_client, "cycle")
    assert OrmQ.objects.count() == 1


def test_dead_letters_are_tried_again_one_or_all(admin_client: Client, outbox: Outbox) -> None:
    outbox("failed", "failed", "failed", "sent")
    one = Delivery.objects.filter(state="failed").latest("pk")
    assert pressed(admin_client, f"retry/{one.pk}") == "1 will be tried again."
    assert pressed(admin_client, "retry") == "2 will be tried again."
    assert pressed(admin_client, "retry") == "There was nothing to try again."
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["retry", "retry", "retry", "sent"]


def test_a_slot_is_switched_off_and_on_and_a_sync_does_not_undo_it(admin_client: Client) -> None:
    schedule.sync()
    slot = Schedule.objects.get(name="update 14:00")
    assert pressed(admin_client, f"slots/{slot.pk}") == "Update 2:00 PM is off."
    schedule.sync()
    assert Schedule.objects.get(pk=slot.pk).repeats == 0
    assert 'aria-pressed="false"' in admin_client.get(URL).text
    assert pressed(admin_client, f"slots/{slot.pk}") == "Update 2:00 PM is on."
    sweep = Schedule.objects.get(name="sweep")
    assert admin_client.post(f"{URL}slots/{sweep.pk}").status_code == 404


def test_a_test_goes_to_one_admin_of_the_bot_and_to_nobody_else(
    admin_client: Client, subscribe: Subscribe, settings: Settings
) -> None:
    me, _other = subscribe(), subscribe()
    settings.ADMIN_TELEGRAM_USER_IDS = [me.subscriber.telegram_id]
    assert f'value="{me.pk}"' in admin_client.get(URL).text
    assert "A test is on its way" in pressed(admin_client, "test", subscription=me.pk)
    assert Delivery.objects.get().subscription == me
    assert not visible_notices().exists()
    for wrong in (_other.pk, "", "x"):
        assert "Nobody to send it to" in pressed(admin_client, "test", subscription=wrong)
    assert Notice.objects.count() == 1


BUTTONS = {
    "cycle": "scraping.add_updaterun",
    "retry": "notifications.change_delivery",
    "retry/1": "notifications.change_delivery",
    "slots/1": "django_q.change_schedule",
    "test": "notifications.add_notice",
    "broadcast": "notifications.add_notice",
    "broadcast/1": "notifications.add_notice",
    "broadcast/1/cancel": "notifications.add_notice",
    "search": "scraping.view_offeredstudent",
}


@pytest.mark.parametrize("path", BUTTONS)
def test_a_button_needs_its_permission(client: Client, path: str) -> None:
    user = User.objects.create_user("clerk", password="x", is_staff=True)
    call = client.get if path in ("search", "broadcast", "broadcast/1") else client.post
    assert call(URL + path).status_code == 302, "a stranger is asked to log in"
    client.force_login(user)
    assert client.get(URL).status_code == 200
    assert call(URL + path).status_code == 403
    app, _, codename = BUTTONS[path].partition(".")
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    assert call(URL + path).status_code in (200, 302, 404)


def test_who_may_press_nothing_sees_no_button_and_no_name(client: Client, outbox: Outbox) -> None:
    outbox("failed")
    schedule.sync()
    client.force_login(User.objects.create_user("clerk", password="x", is_staff=True))
    page = client.get(URL).text
    for word in ("Run a cycle", "Tell everybody", "Send a test", "Try again", "Try all", "students", "Press a slot"):
        assert word not in page
    assert page.count(" disabled") == Schedule.objects.filter(func__startswith="scraping.tasks.scheduled_").count()
    assert "1 could not be delivered" in page
    assert str(Delivery.objects.get().subscription) not in page


@pytest.mark.parametrize("path", ["cycle", "retry", "retry/1", "slots/1", "test", "broadcast/1/pause"])
def test_a_button_is_no_link_and_needs_a_token(admin_user: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.get(URL + path).status_code == 405
    assert client.post(URL + path).status_code == 403


def test_it_says_how_many_readings_wait_for_a_look_and_for_how_long(admin_client: Client) -> None:
    assert "Readings to look at None." in shown(admin_client)
    item = RawItem.objects.create(source="superset", kind="notice", key="n1", season=202627, payload={})
    now = timezone.now()
    for number, held in ((1, None), (2, now - timedelta(hours=3))):
        opened = now - timedelta(hours=5)
        Review.objects.create(key=f"superset:notice:{number}", item=item, opened_at=opened, held_since=held)
    text = shown(admin_client)
    assert "2 open , the oldest for 5 hours." in text
    assert "1 held back from students until somebody looks, the oldest for 3 hours." in text


@pytest.mark.parametrize(
    ("error", "said"), [("server_error", "and 1 message not taken so far is tried again"), ("", "messages go out")]
)
def test_it_says_that_messages_go_out_only_where_they_do(
    admin_client: Client, outbox: Outbox, settings: Settings, error: str, said: str
) -> None:
    settings.SUPERSET_CREDENTIALS = [{"email": "tpo@example.edu", "password": "x"}]
    heartbeats.scheduler_lives("another machine:1:1")
    outbox("retry")
    Delivery.objects.update(error_code=error)
    assert f"The sources are read, {said}" in shown(admin_client)
