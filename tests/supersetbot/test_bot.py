"""Running the service from a chat: what admins can do, and nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.pseudonyms import pseudonym
from notifications.delivery.leases import process_name
from notifications.models import Delivery, Notice, beat
from notifications.publishing import orders
from scraping.models import UpdateRun
from supersetbot import bot
from supersetbot.operations import bot_replies, daemons, stopping
from supersetbot.sandbox.telegram.bot_chats import Message
from tests.bot import ADMIN, GROUP, STUDENT, Talk, bot_at_work, cast, labels
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db(transaction=True)
COMMANDS = [
    "/userstats",
    "/users",
    "/boo broadcast hello",
    "/boo 1001 hello",
    "/fu",
    "/s",
    "/scrapyyy",
    "/logs",
    "/kill",
]


@pytest.fixture
async def talk(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Talk]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    settings.LOG_FILES = {name: tmp_path / f"{name}.log" for name in daemons.SERVICES}
    monkeypatch.setattr(bot, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(bot, "WATCH_SECONDS", 0.02)
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


@sync_to_async
def queued() -> list[tuple[str, tuple[object, ...]]]:
    return [(entry.task["func"], entry.task["args"]) for entry in OrmQ.objects.order_by("pk")]


@pytest.mark.parametrize("command", COMMANDS)
async def test_others_are_refused_and_it_is_logged(talk: Talk, command: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = await talk.say(command, by=STUDENT)
    assert answer.text == "Only an admin of this bot can do that."
    assert f"{pseudonym(STUDENT)} is no admin" in caplog.text
    assert str(STUDENT) not in caplog.text
    assert await queued() == []
    assert not await Notice.objects.aexists()


async def test_a_button_in_a_group_is_for_the_admin_alone(talk: Talk) -> None:
    question = await talk.say("/kill", by=ADMIN, chat=GROUP)
    before = await sync_to_async(stopping.last_request)()
    shown = await talk.press(question, "Stop the scheduler", by=STUDENT)
    assert shown["text"] == "Only an admin of this bot can do that."
    assert await sync_to_async(stopping.last_request)() == before


async def test_subscribers_in_figures(talk: Talk) -> None:
    await talk.say("/start")
    answer = await talk.say("/userstats", by=ADMIN)
    assert answer.text == (
        "1 subscribers, 1 of them told things\nNew people in the last 7 days: 1\n"
        "Kinds: person 1\nTelegram: 1 on, 0 off\n"
        "Seasons: 2026-27 1"
    )


async def test_subscribers_are_paged(talk: Talk) -> None:
    people = [Subscriber(telegram_id=9000 + number, name=f"<b>{number}</b>") for number in range(45)]
    await Subscriber.objects.abulk_create(people)
    first = await talk.say("/users", by=ADMIN)
    assert first.text.startswith("Subscribers, page 1 of 3\n\n9044 <b>44</b>: off, since ")
    assert labels(first) == ["Older ›"]
    await talk.press(first, "Older ›", by=ADMIN)
    second = talk.api.messages(ADMIN)[-1]
    assert second.text.startswith("Subscribers, page 2 of 3\n\n9024 ")
    assert labels(second) == ["‹ Newer", "Older ›"]


async def test_what_is_about_people_is_not_for_groups(talk: Talk) -> None:
    for command in ("/users", "/logs"):
        answer = await talk.say(command, by=ADMIN, chat=GROUP)
        assert answer.text == "That is not for a group to read. Ask me in a private chat."


async def test_a_message_to_everybody_goes_through_the_ledger_as_written(talk: Talk, subscribe: Subscribe) -> None:
    await sync_to_async(subscribe)()
    await sync_to_async(subscribe)(seasons=(202526,))
    offer = await talk.say("/boo broadcast Drive moved\nto <LT-3>, *not* LT-1", by=ADMIN)
    assert offer.text.startswith("📣 Drive moved\n\nto <LT-3>, *not* LT-1\n\n")
    assert offer.text.endswith(
        "\n\n"
        "It goes to 2: 2 on Telegram. All are told who are subscribed. Nobody can have muted it.\n"
        "It also appears on the site, in its feed and in the API, for everybody to read."
    )
    assert labels(offer) == ["Send it to 2", "Don't"]
    assert not await Notice.objects.aexists()
    await talk.press(offer, "Send it to 2", by=ADMIN)
    assert talk.api.messages(ADMIN)[-1].text == "On its way to 2 subscribers."
    notice = await Notice.objects.aget()
    assert (notice.title, notice.body) == ("Drive moved", "<p>to &lt;LT-3&gt;, *not* LT-1</p>")
    assert await Delivery.objects.acount() == 2


def token_of(offer: Message) -> str:
    """What names the offered message in its keys."""
    keyboard: Any = offer.reply_markup
    return str(keyboard["inline_keyboard"][0][0]["callback_data"].split(":")[2])


async def test_an_offered_message_is_sent_once_or_not_at_all(talk: Talk, subscribe: Subscribe) -> None:
    await sync_to_async(subscribe)(seasons=(202627,))
    await sync_to_async(subscribe)(seasons=(202526,))
    offer = await talk.say("/boo broadcast —to 2025-26 --not-on-site Last year's drive", by=ADMIN)
    assert "It goes to 1: 1 on Telegram. All are told who follow 2025-26. Nobody can have muted it." in offer.text
    assert "It does not appear on the site" in offer.text
    token = token_of(offer)
    await talk.press(offer, "Don't", by=ADMIN)
    assert talk.api.messages(ADMIN)[-1].text == "Nothing was sent."
    assert (await sync_to_async(bot_replies.broadcast)(token)).startswith("Nothing was sent: that was answered before")
    offer = await talk.say("/boo broadcast --to 2025-26 --not-on-site Last year's drive", by=ADMIN)
    token = token_of(offer)
    await talk.press(offer, "Send it to 1", by=ADMIN)
    assert (await sync_to_async(bot_replies.broadcast)(token)).startswith("Nothing was sent: that was answered before")
    notice = await Notice.objects.aget()
    assert (notice.private, notice.season) == (True, 202526)
    assert await Delivery.objects.acount() == 1


async def test_a_message_may_be_planned_from_the_chat(talk: Talk) -> None:
    offer = await talk.say("/boo broadcast --at 11:59 PM Good night", by=ADMIN)
    assert ", 11:59 PM, to whoever is subscribed then." in offer.text
    await talk.press(offer, "Plan it", by=ADMIN)
    assert talk.api.messages(ADMIN)[-1].text.startswith("Planned for ")
    assert not await Notice.objects.aexists()
    assert [waits.name for waits in await sync_to_async(orders.planned)()] == ["broadcast: Good night"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--to nowhere Hello", "nowhere is neither a season (2026-27) nor a category"),
        ("--at 2020-01-01T10:00 Hello", "2020-01-01T10:00 has passed."),
        ("--on-site Hello", "--on-site is none of --to, --at TIME, --not-on-site."),
        ("--at yesterday Hello", "yesterday is no time. Write --at 6PM or --at 2026-11-30 6PM."),
        ("--at", "--at is no time. Write --at 6PM"),
        ("--to", "--to names nobody. Write --to 2026-27, --to shortlisting or --to CSE."),
        ("--not-on-site --to 2026-27", "There is nothing to say: the text is empty."),
    ],
)
async def test_an_order_that_makes_no_sense_is_told(talk: Talk, words: str, told: str) -> None:
    assert (await talk.say(f"/boo broadcast {words}", by=ADMIN)).text.startswith(told)
    assert not await Notice.objects.aexists()


async def test_a_message_to_one_chat_arrives_or_why_not_is_said(talk: Talk) -> None:
    await talk.say("/start")
    assert (await talk.say(f"/boo {STUDENT} Come <now>\nplease", by=ADMIN)).text == f"Sent to {STUDENT}."
    assert talk.api.messages(STUDENT)[-1].text == "Come <now>\nplease"
    assert (await talk.say("/boo 404404 hello", by=ADMIN)).text == "It did not reach 404404: Chat not found"


@pytest.mark.parametrize("text", ["/boo", "/boo broadcast", "/boo everybody hello", "/boo broadcast   \n "])
async def test_half_an_order_is_answered_with_how_it_goes(talk: Talk, text: str) -> None:
    assert (await talk.say(text, by=ADMIN)).text == bot.BOO_HELP


def at_work(**fields: object) -> UpdateRun:
    """A run of this process."""
    lease = timezone.now() + timedelta(minutes=5)
    return UpdateRun.objects.create(trigger="bot", process=process_name(), lease_until=lease, **fields)


async def test_a_cycle_is_queued_and_followed_in_its_message(talk: Talk, subscribe: Subscribe) -> None:
    await sync_to_async(beat)("scheduler")
    message = await talk.say("/fu", by=ADMIN)
    assert message.text == "A cycle is queued …"
    run = await UpdateRun.objects.aget()
    assert await queued() == [("scraping.tasks.queued_cycle", (run.pk,))]

    await UpdateRun.objects.aupdate(state="running", step="superset 120")
    await talk.api.until(lambda: message.text == f"Update {run.pk} is at work: superset 120")
    report = {"fetched": 121, "new": 1, "changed": 0, "unchanged": 120, "failed": 0, "seconds": 3.1, "errors": []}
    notice = await Notice.objects.acreate(external_key="superset:1", title="A drive", published_at=timezone.now())
    person = await sync_to_async(subscribe)()
    delivery = await Delivery.objects.acreate(notice=notice, subscription=person, channel="telegram")
    sources = {"superset": report, "read": {"notices_new": 1, "told": [notice.pk]}}
    await UpdateRun.objects.aupdate(state="ok", ended_at=timezone.now(), sources=sources, notices=1, queued=1)
    await talk.api.until(lambda: message.text.startswith(f"Update {run.pk} (bot, OK): 1 found: 1 waiting …"))
    assert "Portal: 121 fetched, 1 new, 120 unchanged (3.1 s)" in message.text
    await Delivery.objects.filter(pk=delivery.pk).aupdate(state="sent")
    await talk.api.until(lambda: message.text.startswith(f"Update {run.pk} (bot, OK): 1 found: 1 told\n"))
    assert len(talk.api.messages(ADMIN)) == 1


async def test_while_a_cycle_runs_none_is_queued_and_that_one_is_followed(talk: Talk) -> None:
    run = await sync_to_async(at_work)(step="email 3")
    message = await talk.say("/s", by=ADMIN)
    assert message.text.startswith("Another update is running since")
    assert await queued() == []
    await talk.api.until(lambda: message.text == f"Update {run.pk} is at work: email 3")
    await UpdateRun.objects.aupdate(state="failed", ended_at=timezone.now(), error="RunLostError: too slow")
    await talk.api.until(lambda: message.text.endswith("RunLostError: too slow"))


async def test_a_cycle_that_steps_aside_is_said(talk: Talk) -> None:
    message = await talk.say("/fu", by=ADMIN)
    await UpdateRun.objects.aupdate(state="skipped", error="Another update is running since 10:00 AM; skipped.")
    await talk.api.until(lambda: message.text == "Another update is running since 10:00 AM; skipped.")
    assert len(talk.api.messages(ADMIN)) == 1


async def test_a_cycle_nobody_begins_is_said(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_replies, "BEGINS_WITHIN", timedelta(0))
    await sync_to_async(beat)("scheduler")
    message = await talk.say("/scrapyyy", by=ADMIN)
    assert message.text == "The cycle waits to be begun: the scheduler has much to do."


async def test_a_cycle_without_a_scheduler_says_what_it_waits_for_at_once(talk: Talk) -> None:
    await sync_to_async(beat)("scheduler", "stopped")
    message = await talk.say("/fu", by=ADMIN)
    assert message.text.startswith("A cycle is queued, and waits: the scheduler does not work (stopped at ")
    assert message.text.endswith("Start it: systemctl start supersetbot-scheduler, or ./manage daemon start scheduler.")


async def test_the_last_lines_of_a_log(talk: Talk, settings: Settings) -> None:
    settings.LOG_FILES["scheduler"].write_text("".join(f"line {number} <&>\n" for number in range(500)))
    message = await talk.say("/logs scheduler 3", by=ADMIN)
    assert message.text == "scheduler.log, the last 3 lines\n\nline 497 <&>\nline 498 <&>\nline 499 <&>"
    assert [(entity["type"], entity["length"]) for entity in message.entities] == [("pre", 38)]
    assert len((await talk.say("/logs scheduler 9999", by=ADMIN)).text) < 4096
    assert (await talk.say("/logs scheduler 1", by=ADMIN)).text.startswith("scheduler.log, the last line\n")
    assert (await talk.say("/logs", by=ADMIN)).text.startswith("There is no bot.log where the bot runs")
    assert (await talk.say("/logs nope", by=ADMIN)).text.startswith("There is no log “nope”. There are ")


async def test_while_the_scheduler_is_dead_the_bot_tells_its_admins_itself(talk: Talk) -> None:
    await talk.say("/start", by=ADMIN)
    with time_machine.travel(timezone.now() - timedelta(minutes=3)):
        await sync_to_async(beat)("scheduler", "stopped")
    await talk.api.until(lambda: len(talk.api.messages(ADMIN)) == 2)
    assert talk.api.messages(ADMIN)[-1].text.startswith("📣 The scheduler does not work: stopped")


async def test_the_scheduler_is_stopped_after_a_confirmation(talk: Talk) -> None:
    before = await sync_to_async(stopping.last_request)()
    question = await talk.say("/kill", by=ADMIN)
    await talk.press(question, "Leave it", by=ADMIN)
    assert talk.api.messages(ADMIN)[-1].text == "The scheduler was left running."
    assert await sync_to_async(stopping.last_request)() == before

    question = await talk.say("/kill", by=ADMIN)
    await talk.press(question, "Stop the scheduler", by=ADMIN)
    assert await sync_to_async(stopping.last_request)() != before
    await talk.api.until(lambda: talk.api.messages(ADMIN)[-1].text.startswith("The scheduler has stopped."))
