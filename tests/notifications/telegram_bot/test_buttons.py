"""Every button there is: pressed under a message the bot no longer sees, and what its answer is on the wire."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.subscribing.subscriptions import Standing, standing
from accounts.telegram import member_commands, profile_commands, registry, replies
from accounts.telegram.registry import in_database
from notifications.telegram_bot import application, filter_commands, find_commands
from scraping.lookup import commands as lookup_commands
from supersetbot import bot
from supersetbot.operations import stopping
from supersetbot.sandbox.telegram.bot_chats import Message
from tests.bot import ADMIN, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)

# data, and how the text begins that is then to be seen
PAGES = {
    "choose": "What do you want to hear of?",
    "categories": "What do you want to hear of?",
    "seasons": "Which placement seasons do you follow?",
    "category:webinar:off": "What do you want to hear of?",
    "season:202526:on": "Which placement seasons do you follow?",
    "newest": "Nothing has been published yet.",
    "users:1": "Subscribers, page 1 of 1",
    "agree": profile_commands.AGREED,
    "agree:cgpa:7.8": "CGPA: 7.8. Noted.",
    "me:ask:cgpa": "Before I store anything",
    "me:set:cgpa:7.8": "Before I store anything",
    "me:drop:cgpa": "Before I store anything",
    "me:skip:cgpa": "How many per cent did you have in Class 10?",
    "me:enough": profile_commands.NOTHING_TOLD,
    "show:1": find_commands.GONE,
    "company:0123456789ab": lookup_commands.GONE,
    "quiet:2300-0700": "Quiet hours: 11:00 PM to 7:00 AM.",
    "digest:2000": "One digest a day, at 8:00 PM.",
    "mute:3h": "Muted until ",
    "filters": "You have no filters",
    "filter:try:eligible": "No posting that is not open to me",
    "reminders:1h:on": "I remind you of the deadlines",
    "filter:save:word:python": "Your filters:",
    "filter:remove:1": "You have no filters",
    "me:delete:ask": profile_commands.DELETE_QUESTION,
    "member:yes:1": member_commands.NOBODY_WAITS,
    "member:all:1": member_commands.NOBODY_WAITS,
    "language:hi": "अब यहाँ सब हिन्दी में",
    "kill:no": "The scheduler was left running.",
    "boo:no:1": "Nothing was sent.",
    "kill:yes": "The scheduler",
    "forget:no": replies.KEPT,
    "forget:yes": replies.forgotten(),
}
# what is said over the chat, where a press changes something
SAID = {
    "member:yes:1": member_commands.DECIDED,
    "category:webinar:off": "Webinar: off",
    "season:202526:on": "2025-26: on",
    "filter:save:word:python": replies.SAVED,
    "filter:remove:1": filter_commands.TAKEN_AWAY,
    **dict.fromkeys(("quiet:2300-0700", "digest:2000", "mute:3h", "reminders:1h:on"), replies.SAVED),
}
# data, and what is to be seen over the chat, below which nothing changes
TOASTS = {
    "stand:applied:1": replies.NOT_SUBSCRIBED,
    "mutekind:1": "That notice is not there any more.",
    "filter:kept:0123456789abcdef": filter_commands.EXPIRED,
}


@pytest.fixture
async def talk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    settings.PLACEMENT_YEARS = [202627, 202526]
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    monkeypatch.setattr(bot, "LOOK_SECONDS", 0.02)
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


async def page_with(talk: Talk, data: str, *, by: int = ADMIN) -> Message:
    """A message that has this button."""
    page = await talk.say("/start", by=by)
    page.reply_markup = {"inline_keyboard": [[{"text": "pressed", "callback_data": data}]]}
    return page


async def stands(chat: int) -> Standing | None:
    return await in_database(standing, chat)


def test_every_button_is_tried() -> None:
    application.discover()
    untried = [b.pattern.pattern for b in registry.BUTTONS if not any(map(b.pattern.fullmatch, [*PAGES, *TOASTS]))]
    assert untried == []


@pytest.mark.parametrize(("data", "text"), PAGES.items())
async def test_an_old_button_is_answered_once_and_its_page_is_a_new_message(
    talk: Talk, data: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = await page_with(talk, data)
    shown = page.text
    answer = await talk.press(page, "pressed", by=ADMIN, old=True)
    assert answer == {"text": SAID.get(data, ""), "show_alert": False, "url": ""}
    assert talk.api.calls["answerCallbackQuery"] == 1
    _, new = talk.api.messages(ADMIN)
    assert new.text.startswith(str(text))
    assert page.text == shown
    assert caplog.text == "" or data == "kill:yes"


@pytest.mark.parametrize(("data", "text"), TOASTS.items())
async def test_an_old_button_that_has_no_page_is_answered_once(talk: Talk, data: str, text: str) -> None:
    page = await page_with(talk, data)
    await in_database(Subscriber.objects.all().delete)
    answer = await talk.press(page, "pressed", by=ADMIN, old=True)
    assert answer["text"] == text
    assert talk.api.calls["answerCallbackQuery"] == 1
    assert len(talk.api.messages(ADMIN)) == 1


async def test_an_old_button_does_what_it_says(talk: Talk) -> None:
    page = await page_with(talk, "category:webinar:off")
    await talk.press(page, "pressed", by=ADMIN, old=True)
    page.reply_markup = {"inline_keyboard": [[{"text": "pressed", "callback_data": "season:202526:on"}]]}
    await talk.press(page, "pressed", by=ADMIN, old=True)
    assert await stands(ADMIN) == Standing(True, "", False, (202627, 202526), frozenset({"webinar"}))
    assert "▫️ Webinar" in labels(talk.api.messages(ADMIN)[1])
    page.reply_markup = {"inline_keyboard": [[{"text": "pressed", "callback_data": "forget:yes"}]]}
    await talk.press(page, "pressed", by=ADMIN, old=True)
    assert await in_database(Subscriber.objects.count) == 0


async def test_an_old_button_stops_the_scheduler_once_and_the_new_message_follows_it(talk: Talk) -> None:
    before = await in_database(stopping.last_request)
    await talk.press(await page_with(talk, "kill:yes"), "pressed", by=ADMIN, old=True)
    assert await in_database(stopping.last_request) != before
    await talk.api.until(lambda: talk.api.messages(ADMIN)[-1].text.startswith("The scheduler has stopped."))
    assert len(talk.api.messages(ADMIN)) == 2


async def test_a_page_whose_message_was_deleted_is_a_new_message(talk: Talk) -> None:
    page = await page_with(talk, "category:webinar:off", by=STUDENT)
    page.deleted = True
    answer = await talk.press(page, "pressed")
    assert answer["text"] == "Webinar: off"
    assert "▫️ Webinar" in labels(talk.api.messages(STUDENT)[1])


async def test_a_failure_after_the_answer_is_told_as_a_message(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("out of order")

    page = await page_with(talk, "forget:yes", by=STUDENT)
    monkeypatch.setattr("accounts.subscribing.forgetting.forget", fail)
    assert (await talk.press(page, "pressed"))["text"] == ""
    assert talk.api.calls["answerCallbackQuery"] == 1
    assert talk.api.messages(STUDENT)[-1].text.startswith("That didn't work.")


async def test_a_refusal_to_a_query_that_is_too_old_is_told_as_a_message(talk: Talk) -> None:
    page = await page_with(talk, "season:202627:off", by=STUDENT)
    query = talk.api.press(STUDENT, page.message_id, "pressed")
    del talk.api.callback_answers[query]
    await talk.api.until(lambda: len(talk.api.messages(STUDENT)) == 2)
    assert talk.api.messages(STUDENT)[-1].text == str(replies.LAST_SEASON)


@pytest.mark.parametrize("old", [False, True])
async def test_nothing_empty_is_put_on_the_wire(talk: Talk, *, old: bool) -> None:
    for command in registry.COMMANDS:
        await talk.say(f"/{command}", by=ADMIN)
    for data in [*PAGES, *TOASTS]:
        await talk.press(await page_with(talk, data), "pressed", by=ADMIN, old=old)
    assert {"answerCallbackQuery", "sendMessage"} <= {name for name, _ in talk.api.requests}
    sent = [(name, key, value) for name, parameters in talk.api.requests for key, value in parameters.items()]
    assert [entry for entry in sent if entry[2] in ("", "[]")] == []
