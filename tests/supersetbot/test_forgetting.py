"""/forget: a search of every table, and of every file of DATA_DIR, finds nothing of the person."""

import json
import logging
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import pseudonyms
from accounts.models import Forgotten, Subscriber, Subscription, User
from accounts.pseudonyms import pseudonym
from accounts.subscribing import forgetting, subscriptions
from accounts.subscribing.subscriptions import Chat
from notifications.models import Delivery, Notice, WaitingReply
from scraping.models import MongoDocument
from supersetbot.operations import retention
from supersetbot.operations.logs import Redactor
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.processes import Installation
from tests.traces import Traces

pytestmark = pytest.mark.django_db(transaction=True)

ID, FIRST, LAST, USERNAME = 1_987_654_321, "Quirinus", "Zuckermandl", "quirinus_z_42"
TRACES = Traces((str(ID), FIRST, LAST, USERNAME))


def tables_that_know_them() -> set[str]:
    return set(TRACES.in_tables())


def files_that_know_them(folder: Path) -> set[str]:
    return set(TRACES.in_files(folder))


@pytest.fixture
def person() -> Subscriber:
    """Somebody of whom as much is stored as can be."""
    subscriptions.start(Chat(ID, name=f"{FIRST} {LAST}", username=USERNAME))
    subscriptions.mute(ID, "webinar", on=True)
    person = Subscriber.objects.get(telegram_id=ID)
    Subscription.objects.create(subscriber=person, channel="web-push", address=f"https://push.example/{USERNAME}")
    notice = Notice.objects.create(external_key="test:1", title="Zenith Labs", published_at=timezone.now())
    for subscription in person.subscriptions.all():
        Delivery.objects.create(
            notice=notice, subscription=subscription, channel=subscription.channel, error_text=f"{ID} is not there"
        )
    WaitingReply.objects.create(chat_id=ID, kind="/start", token=uuid4(), content={"text": f"Welcome, {FIRST}!"})
    MongoDocument.objects.create(collection="Users", key=str(ID), row=person.pk, document=f"{FIRST} {LAST}".encode())
    return person


def test_no_table_knows_who_was_forgotten(person: Subscriber, subscribe: Subscribe) -> None:
    other = subscribe()
    assert tables_that_know_them() == {
        "accounts_subscriber",
        "accounts_subscription",
        "notifications_delivery",
        "notifications_waitingreply",
        "scraping_mongodocument",
    }
    assert forgetting.forget(ID)
    assert tables_that_know_them() == set()
    assert list(Subscription.objects.all()) == [other]
    assert not forgetting.forget(ID)


def test_the_admins_history_never_names_a_subscriber(person: Subscriber, admin_client: Client) -> None:
    page = f"/admin/accounts/subscriber/{person.pk}/change/"
    form = {
        "kind": "person",
        "telegram_id": ID,
        "username": USERNAME,
        "name": f"{FIRST} of {LAST}",
        "subscriptions-TOTAL_FORMS": 0,
        "subscriptions-INITIAL_FORMS": 0,
    }
    assert admin_client.post(page, form).status_code == 302
    subscription = person.subscriptions.get(channel="telegram")
    chosen = {"action": "delete_selected", "_selected_action": subscription.pk, "post": "yes"}
    assert admin_client.post("/admin/accounts/subscription/", chosen).status_code == 302
    changed, deleted = LogEntry.objects.order_by("pk")
    assert changed.object_repr == pseudonym(ID)
    assert deleted.object_repr == forgetting.GONE
    assert "django_admin_log" not in tables_that_know_them()
    forgetting.forget(ID)
    changed.refresh_from_db()
    assert (changed.object_repr, changed.change_message) == (forgetting.GONE, "")


def test_what_the_admins_history_said_before_goes_with_the_person(person: Subscriber, admin_client: Client) -> None:
    admin_client.post(f"/admin/accounts/subscriber/{person.pk}/change/", {})
    page = f"/admin/accounts/subscriber/{person.pk}/delete/"
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert tables_that_know_them() == set()


def test_no_file_knows_who_was_forgotten(installation: Installation) -> None:
    """The bot as a daemon, with a database and logs of its own, at its most talkative."""
    folder = installation.folder
    with BotApi().in_thread() as api:
        api.add_user(ID, FIRST, last_name=LAST, username=USERNAME)
        installation.set(
            DATABASE_URL=f"sqlite:///{folder}/superset.sqlite3",
            LOG_LEVEL="DEBUG",
            TELEGRAM_BOT_TOKEN=api.token,
            TELEGRAM_API_URL=api.url,
        )
        with installation.spawn("migrate", "--verbosity=0") as migrating:
            assert migrating.wait(60) == 0
        installation.daemon("start", "bot")
        api.faults.plan("error", times=1)
        for text in ("/start", "/kill", "/status", "what?", "/forget"):
            api.user_says(ID, text)
        api.wait_until(lambda: len(api.messages(ID)) == 5, 20)
        assert files_that_know_them(folder) & {"superset.sqlite3", "superset.sqlite3-wal"}
        log = installation.log("bot")
        assert f"{pseudonym(ID)} is no admin: 'kill' was refused in {pseudonym(ID)}." in log
        question = api.messages(ID)[-1]
        api.press(ID, question.message_id, "forget:yes")
        api.wait_until(lambda: question.text.startswith("All of it is deleted."), 20)
        assert files_that_know_them(folder) == set()
        installation.daemon("stop", "bot")
    assert files_that_know_them(folder) == set()


def test_a_copy_put_back_forgets_again_unless_they_came_back(person: Subscriber, subscribe: Subscribe) -> None:
    forgetting.forget(ID)
    forgetting.forget(subscribe().subscriber.telegram_id or 0)
    Subscriber.objects.create(telegram_id=ID, name=FIRST)
    subscribe()
    assert forgetting.forget_again() == 1
    assert tables_that_know_them() == set()
    subscriptions.start(Chat(ID))
    assert forgetting.forget_again() == 0
    assert Forgotten.objects.count() == 1


def test_a_pseudonym_is_stable_and_keyed(settings: Settings) -> None:
    assert pseudonym(ID) == pseudonym(ID) != pseudonym(ID + 1)
    assert pseudonym(-ID).startswith("chat:")
    before = pseudonyms.digest(ID)
    settings.SECRET_KEY = "another" * 10
    assert pseudonyms.digest(ID) != before


def test_an_operator_finds_whom_a_line_of_the_log_means(person: Subscriber, admin_client: Client) -> None:
    page = admin_client.get("/admin/accounts/subscriber/", {"q": pseudonym(ID)}).content.decode()
    assert f"{FIRST} {LAST}" in page
    assert "1 subscriber" in page
    nobody = admin_client.get("/admin/accounts/subscriber/", {"q": "user:00000000"}).content.decode()
    assert FIRST not in nobody


def test_what_postgresql_quotes_below_an_error_is_hidden() -> None:
    text = f"duplicate key value\nDETAIL:  Key (telegram_id, name)=({ID}, {FIRST}) already exists.\nCONTEXT: none"
    assert Redactor([])(text) == "duplicate key value\nDETAIL:[hidden]\nCONTEXT: none"
    assert Redactor([])(f"Group migrated. New chat id: -100{ID}") == "Group migrated. New chat id: [hidden]"


def test_the_write_ahead_log_is_emptied_or_left_to_the_night(caplog: pytest.LogCaptureFixture) -> None:
    Subscriber.objects.create(telegram_id=ID, updated_at=timezone.now() - timedelta(days=1))
    with caplog.at_level(logging.WARNING):
        assert forgetting.empty_write_ahead_log() is (connection.vendor == "sqlite")
    assert caplog.records == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cleans its files by itself")
def test_the_file_is_written_anew_at_once_or_where_it_is_large_by_night(
    person: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite overwrites what is deleted, but not the copies it made while it moved rows from page to page."""
    leave_free_pages()
    forgetting.forget(ID)
    assert free_pages() == 0
    monkeypatch.setattr(forgetting, "_SMALL", 0)
    subscriptions.start(Chat(ID, name=FIRST))
    leave_free_pages()
    forgetting.forget(ID)
    assert free_pages() > 0
    assert retention.vacuum()
    assert free_pages() == 0


def leave_free_pages() -> None:
    MongoDocument.objects.bulk_create(MongoDocument(collection="x", key=str(number), row=0) for number in range(3000))
    MongoDocument.objects.filter(collection="x").delete()
    assert free_pages() > 0


def free_pages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA freelist_count")
        return int(cursor.fetchone()[0])


def test_what_the_history_said_before_this_version_is_made_pseudonymous(person: Subscriber) -> None:
    staff = User.objects.create(username="staff")
    subscription = person.subscriptions.get(channel="telegram")
    name = f"{FIRST} {LAST}"
    inline = json.dumps([{"added": {"name": "subscription", "object": f"{name} on Telegram"}}])
    for pk, model, says in (
        (person.pk, Subscriber, name),
        (subscription.pk, Subscription, name),
        (999, Subscriber, name),
    ):
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.create(
            user=staff, content_type=kind, object_id=str(pk), object_repr=says, action_flag=2, change_message=inline
        )
    import_module("accounts.migrations.0004_pseudonymous_history").take_out_names(apps, None)
    assert [entry.object_repr for entry in LogEntry.objects.order_by("pk")] == [
        pseudonym(ID),
        pseudonym(ID),
        "forgotten",
    ]
    assert "django_admin_log" not in tables_that_know_them()
