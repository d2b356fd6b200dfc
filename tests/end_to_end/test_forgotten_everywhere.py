"""/mydata and /forget of somebody about whom everything is stored: by the bot, in a world of real processes.

The bot, the scheduler and the web server run at their most talkative over one database, with a mail server, a push
service and MongoDB's protocol on sockets. Afterwards tests/traces.py looks through every table, file, log and the
mirror.
"""

import json
import os
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import quote

import bson
import httpx
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task
from pymongo import MongoClient
from pytest_django import Settings

from accounts.models import Forgotten, Subscriber, Subscription
from accounts.subscribing import email_codes, forgetting, members
from accounts.subscribing.my_data import stored_about
from accounts.telegram.call import Reply
from accounts.telegram.registry import in_database
from accounts.telegram.replies import FORGET_QUESTION
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.models import Delivery, Notice
from notifications.publishing.publish import publish
from notifications.tasks import wake
from notifications.telegram_bot import waiting_replies
from scraping import tasks
from scraping.models import MongoDocument
from supersetbot.operations import backups, retention
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import Message
from tests.bot import ADMIN, GROUP, bot_at_work, cast
from tests.mail_server import Inbox, mail_server
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft
from tests.notifications.push_services import PushService, push_service
from tests.processes import Installation, wait_until
from tests.scraping.mongo.wire import WireServer
from tests.traces import Traces

pytestmark = pytest.mark.django_db(transaction=True)

ID, FIRST, LAST, USERNAME = 7_418_529_631, "Quirín", "Zuckermandl", "quirin_z_42"
NUMBER, CGPA, TENTH, TWELFTH = "77419077", "7.8391", "91.3742", "88.4673"  # the number stands on no list
ADDRESS, ENDPOINT = "q.zuckermandl.x@example.edu", "endpoint-of-qz-5Zk3"
KEYS = Browser().keys
TOLD = (str(ID), FIRST, LAST, USERNAME, NUMBER, CGPA, TENTH, TWELFTH, ENDPOINT)
TRACES = Traces((*TOLD, ADDRESS, KEYS["p256dh"], KEYS["auth"]))
PATIENCE = 40.0


class World:
    """A person, the bot they write to, and everything around them."""

    def __init__(self, installation: Installation, stack: ExitStack) -> None:
        self.installation = installation
        self.api: BotApi = stack.enter_context(BotApi(any_chat=True).in_thread())
        self.push: PushService = stack.enter_context(push_service())
        self.inbox: Inbox = stack.enter_context(mail_server())
        self.wire = stack.enter_context(WireServer())
        stack.callback(self.wire.shutdown)
        self.mongo: MongoClient[Any] = stack.enter_context(MongoClient(self.wire.address))
        self.api.add_user(ID, FIRST, last_name=LAST, username=USERNAME)
        self.api.add_user(ADMIN, "Meera")

    def says(self, text: str, *, by: int = ID) -> Message:
        """Write to the bot; its answer."""
        before = len(self.api.messages(by))
        self.api.user_says(by, text)
        self.api.wait_until(lambda: len(self.api.messages(by)) > before, PATIENCE)
        return self.api.messages(by)[-1]

    def asked(self, text: str) -> Message:
        """The message in which the bot says this, as soon as it is there."""
        self.api.wait_until(lambda: text in [message.text for message in self.api.messages(ID)], PATIENCE)
        return next(message for message in self.api.messages(ID) if message.text == text)

    @property
    def files(self) -> tuple[Path, ...]:
        """The folders of data: that of the installation, and that of the database."""
        is_file = connection.vendor == "sqlite"
        return (self.installation.folder, *([Path(connection.settings_dict["NAME"]).parent] if is_file else []))

    def everywhere(self) -> dict[str, set[str]]:
        """Where anything of the person is, and what."""
        mirror = TRACES.in_mongo(self.mongo["SupersetPlacement"])
        return TRACES.in_tables() | TRACES.in_files(*self.files) | mirror


@pytest.fixture
def world(installation: Installation, settings: Settings) -> Iterator[World]:
    with ExitStack() as stack:
        made = World(installation, stack)
        private, public = make_vapid_keys()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        installation.set(
            LOG_LEVEL="DEBUG",
            TELEGRAM_BOT_TOKEN=made.api.token,
            TELEGRAM_API_URL=made.api.url,
            VAPID_PRIVATE_KEY=private,
            VAPID_PUBLIC_KEY=public,
            VAPID_EMAIL="mailto:cell@example.edu",
            MONGO_CONNECTION_STR=made.wire.address,
            MEMBERSHIP="email",
            EMAIL_URL=f"smtp://127.0.0.1:{made.inbox.port}",
            WEB_WORKERS="1",
            HTTPS="false",
        )
        installation.set(
            PUSH_ALLOW_HOSTS='["127.0.0.1"]',
            MEMBER_EMAIL_DOMAINS='["example.edu"]',
            ADMIN_TELEGRAM_USER_IDS=f"[{ADMIN}]",
            WEBHOOK_PORT=str(port),
        )
        settings.MEMBER_EMAIL_DOMAINS, settings.WEBHOOK_PORT = ["example.edu"], port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.inbox.port
        settings.BACKUP_DIR = installation.folder / "backups"
        yield made


def live(world: World, draft: MakeDraft, admin_client: Client) -> None:
    """Leave as much behind as anybody can."""
    join(world)
    fill_profile(world)
    use_browsers(world)
    be_told(world, draft)
    be_looked_after(world, admin_client)


def join(world: World) -> None:
    world.says("/start")
    world.says(f"/join {ADDRESS.replace('@', '+bot@')}")
    world.says(f"/join {world.inbox.code()}")
    assert members.sees_names(ID)
    token = members.invite(uses=2, valid=timedelta(days=1))
    world.says(f"/start {token}")
    email_codes.send(ID, ADDRESS)


def fill_profile(world: World) -> None:
    world.says(f"/me number {NUMBER}")  # before they agreed: it stands in the button alone
    world.says("/agree")
    world.says(NUMBER)
    for line in (f"cgpa {CGPA}", f"x {TENTH}", f"xii {TWELFTH}", f"cgpa {LAST}", "branch CSE"):
        world.says(f"/me {line}")
    for text in ("/me", f"/stats {LAST}", f"I am {FIRST} {LAST}, {ADDRESS}", "/kill", "/join"):
        world.says(text)


def use_browsers(world: World) -> None:
    """A browser that gets its pushes, one that is refused, and somebody who tries the address at the open API."""
    person = Subscriber.objects.get(telegram_id=ID)
    for status in (201, 400):
        address = f"{world.push.url}/{status}/{ENDPOINT}"
        Subscription.objects.create(
            subscriber=person, channel="web-push", address=address, keys=KEYS, every_season=True
        )
    world.push.refuses = lambda path: (400, f"no {path}") if "/400/" in path else None
    keys = {"p256dh": "wrong", "auth": KEYS["auth"]}
    body = {"endpoint": f"https://push.example/{ENDPOINT}", "keys": keys}
    port = os.environ["WEBHOOK_PORT"]
    for path in ("subscribe", "unsubscribe"):
        answer = httpx.post(f"http://127.0.0.1:{port}/api/push/{path}", json=body)
        assert answer.status_code == 422
    httpx.get(f"http://127.0.0.1:{port}/admin/accounts/subscriber/?q={LAST}")


def be_told(world: World, draft: MakeDraft) -> None:
    """Deliveries in every state, replies that wait, a task that failed, a document of an older installation."""
    mine = Delivery.objects.filter(subscription__subscriber__telegram_id=ID)
    for number in range(3):
        publish(draft(f"told:{number}", title=f"Kestrel visits, {number}"))
    for channel in ("telegram", "web-push"):
        wake(channel)
    wait_until(lambda: mine.filter(state="sent").count() >= 6, PATIENCE)
    wait_until(lambda: mine.exclude(state="sent").exclude(error_text="").exists(), PATIENCE)
    mine.filter(notice__external_key="told:2", channel="telegram").update(
        state="retry", next_attempt_at=timezone.now() + timedelta(days=1), error_text=f"{ID} is away"
    )
    waiting_replies.keep(Reply(chat_id=ID, kind="/status", text=f"Welcome, {FIRST}!"))
    async_task("notifications.tasks.no_such_task", "telegram")
    wait_until(lambda: Task.objects.filter(success=False).exists(), PATIENCE)
    tasks.mirror()
    document = {**(world.mongo["SupersetPlacement"]["Users"].find_one({"user_id": ID}) or {}), "first_name": FIRST}
    MongoDocument.objects.filter(key=str(ID)).update(document=bson.encode(document))


def be_looked_after(world: World, admin_client: Client) -> None:
    """Staff change the person's rows, admins of the bot look at them, and a copy of the database is made."""
    person = Subscriber.objects.get(telegram_id=ID)
    form = {"kind": "person", "telegram_id": ID, "username": USERNAME, "name": f"{FIRST} {LAST}"}
    inline = {"subscriptions-TOTAL_FORMS": 0, "subscriptions-INITIAL_FORMS": 0}
    page = f"/admin/accounts/subscriber/{person.pk}/change/?_changelist_filters=q%3D{LAST}"
    assert admin_client.post(page, form | inline).status_code == 302
    world.says("/start", by=ADMIN)
    for text in ("/users", f"/boo {ID} Come to the office", "/logs bot 200"):
        world.says(text, by=ADMIN)
    world.api.wait_until(lambda: "Come to the office" in [message.text for message in world.api.messages(ID)], PATIENCE)
    files = world.installation.folder / "files" / "ab"
    files.mkdir(parents=True)
    (files / "abcd").write_bytes(b"%PDF of somebody else")
    if connection.vendor == "sqlite":
        backups.make()


def what_is_told(world: World) -> dict[str, list[dict[str, Any]]]:
    """What /mydata sends. The bot's own file has the size of it, but for a reply on its way and a counter."""
    world.says("/mydata")
    world.api.wait_until(lambda: any(name == "sendDocument" for name, _ in world.api.requests), PATIENCE)
    sent: Any = next(params["document"] for name, params in world.api.requests if name == "sendDocument")
    found = stored_about(ID)
    assert sent["file_size"] == pytest.approx(len(json.dumps(found, indent=2, default=str)), rel=0.1)
    return found


@pytest.mark.parametrize("style", ["text", "json"])
def test_everything_is_told_and_then_nothing_is_left(
    world: World, draft: MakeDraft, admin_client: Client, style: str
) -> None:
    world.installation.set(LOG_FORMAT=style)
    for name in ("bot", "scheduler", "web"):
        world.installation.daemon("start", name)
    live(world, draft, admin_client)
    before = world.everywhere()
    tables = {"accounts_subscriber", "accounts_subscription", "notifications_delivery", "notifications_waitingreply"}
    assert before.keys() >= {*tables, "scraping_mongodocument", "Users"}

    told = what_is_told(world)
    assert TRACES.in_bytes(json.dumps(told, default=str).encode()) == set(TOLD)
    known = {"subscribers", "subscriptions", "followed seasons", "deliveries", "refusals", "consents", "email codes"}
    assert told.keys() >= {*known, "what you told of yourself", "waiting replies", "documents in MongoDB"}
    assert told.keys() >= {"changes by staff", "counters"}

    world.says("/forget")
    question = world.asked(str(FORGET_QUESTION))
    world.api.press(ID, question.message_id, "forget:yes")
    world.api.wait_until(lambda: question.text.startswith("All of it is deleted."), PATIENCE)
    wait_until(lambda: "Users" not in TRACES.in_mongo(world.mongo["SupersetPlacement"]) or not tasks.mirror(), PATIENCE)
    assert TRACES.in_tables() == {}
    for name in ("web", "scheduler", "bot"):
        world.installation.daemon("stop", name)
    age_backups(world)
    assert world.everywhere() == {}
    assert Forgotten.objects.count() == 1


def age_backups(world: World) -> None:
    """Another copy is made, and the older one is as old as copies may be."""
    if connection.vendor != "sqlite":
        return
    retention.vacuum()
    copies = backups.kept()
    long_ago = time() - timedelta(days=31).total_seconds()
    for path in copies:
        os.utime(path, (long_ago, long_ago))
    backups.make()
    assert set(backups.thin_out()) == set(copies)


def test_what_is_left_behind_is_found(installation: Installation, caplog: pytest.LogCaptureFixture) -> None:
    """A cell, a line of a log, a file, a name of a file and a document: each in a form that programs write."""
    assert TRACES.in_tables() == {}
    assert TRACES.in_files(installation.folder) == {}
    Notice.objects.create(external_key="x", title=f"for {LAST}", details={"a": FIRST}, published_at=timezone.now())
    OrmQ.objects.create(key="q", payload=b64encode(f"to {ID} and others".encode()).decode(), lock=timezone.now())
    assert TRACES.in_tables() == {"notifications_notice": {FIRST, LAST}, "django_q_ormq": {str(ID)}}
    folder = installation.folder
    (folder / "a.log").write_text(json.dumps({"message": f"Hello {FIRST}"}))
    (folder / "b.log").write_text(f"GET /x?q={quote(FIRST)}")
    (folder / "c.sqlite3").write_bytes(b"..." + ID.to_bytes(6, "big") + b"...")
    (folder / f"{NUMBER}.pdf").write_bytes(b"")
    (folder / "d.txt").write_text(f"CGPA {CGPA}, but not 1{CGPA}2")
    found = {"a.log": {FIRST}, "b.log": {FIRST}, "c.sqlite3": {str(ID)}, f"{NUMBER}.pdf": {NUMBER}, "d.txt": {CGPA}}
    assert TRACES.in_files(folder) == found
    with WireServer() as wire, MongoClient[Any](wire.address) as mongo:
        wire.store["SupersetPlacement"]["Users"].insert_one({"user_id": bson.Int64(ID)})
        assert TRACES.in_mongo(mongo["SupersetPlacement"]) == {"Users": {str(ID)}}
        wire.shutdown()


@pytest.mark.parametrize("text", ["15:27:07.839112", "77.8391", "7.83914", "177419077", "7.7419077"])
def test_longer_numbers_are_no_traces(text: str) -> None:
    assert TRACES.in_bytes(text.encode()) == set()


@pytest.mark.parametrize("before", range(4))
def test_base64_is_read_at_each_place(before: int) -> None:
    assert TRACES.in_bytes(b64encode(b"x" * before + LAST.encode() + b"y" * 5)) == {LAST}


async def test_what_waits_for_others_names_nobody(settings: Settings) -> None:
    """Telegram is away: the lists that admins asked for, and the welcome of a group, are not stored while they wait."""
    settings.ADMIN_TELEGRAM_USER_IDS, settings.MEMBERSHIP = [ADMIN], "approve"
    async with cast() as api:
        api.add_user(ID, FIRST, last_name=LAST, username=USERNAME)
        async with bot_at_work(api, settings) as talk:
            await talk.say("/start", by=ADMIN)
            await talk.say("/start", by=ID)
            await talk.idle()
            api.faults.plan("error")
            for text, by, chat in (
                ("/join", ID, ID),
                ("/waiting", ADMIN, ADMIN),
                ("/users", ADMIN, ADMIN),
                ("/start", ID, GROUP),
                (f"/boo {ID} Hello", ADMIN, ADMIN),
            ):
                api.user_says(by, text, chat_id=chat)
            await talk.read()
            await api.until(lambda: api.calls["sendMessage"] > 5)
            await in_database(forgetting.forget, ID)
            assert await in_database(TRACES.in_tables) == {}
