"""Where one stands with a posting: the buttons under it, and what they note."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from accounts.personal import profiles
from accounts.telegram import replies
from accounts.telegram.registry import in_database
from notifications.models import Interest, Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.telegram_bot import stand_commands
from notifications.telegram_bot.stand_commands import OFF, ON
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import Message
from tests.bot import GROUP, STUDENT, Talk, bot_at_work, cast, labels
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = ["Applied", "Not interested", "Remind me"]
MUTE = "🔕 Mute this kind"
FORM = {"url": "https://example.org/form", "label": "Form"}


@pytest.fixture
async def talk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    monkeypatch.setattr(stand_commands, "_DOUBLE_TAP_SECONDS", -60)
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def fill(*drafts: Draft) -> list[Notice]:
    return [publish(draft, announce=False).notice for draft in drafts]


async def posting_shown(talk: Talk, draft: Draft) -> Message:
    (notice,) = await in_database(fill, draft)
    found = await talk.say("zenith")
    await talk.press(found, f"show:{notice.pk}")
    return talk.api.messages(STUDENT)[-1]


async def interests() -> list[tuple[str, list[bool]]]:
    def read() -> list[tuple[str, list[bool]]]:
        fields = ("key", "applied_at", "not_interested_at", "remind_at")
        return [(key, [at is not None for at in times]) for key, *times in Interest.objects.values_list(*fields)]

    return await in_database(read)


@pytest.mark.usefixtures("together")
def test_only_private_chats_get_the_buttons_and_an_edit_keeps_them(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    telegram.add_group(GROUP)
    person, group = subscribe(), subscribe(address=str(GROUP))
    posting = draft("a", category="job_posting", links=(FORM,))
    publish(posting)
    publish(draft("b"))
    run()
    mine, update = telegram.messages(int(person.address))
    assert mine.reply_markup
    rows = mine.reply_markup["inline_keyboard"]
    assert isinstance(rows, list)
    assert [[key["text"] for key in row] for row in rows] == [["Form"], ANSWERS, [MUTE]]
    assert labels(update) == [MUTE]
    assert [labels(message) for message in telegram.messages(int(group.address))] == [["Form"], []]
    publish(draft("a", category="job_posting", links=(FORM,), location="Noida"))
    run()
    assert "Noida" in mine.text
    assert labels(mine) == ["Form", *ANSWERS, MUTE]
    withdraw("a")
    run()
    assert "Not interested" not in labels(mine)


async def test_a_press_is_noted_and_the_next_one_takes_it_back(talk: Talk, draft: MakeDraft) -> None:
    await talk.say("/start")
    message = await posting_shown(talk, draft("a", category="job_posting", job_key="job-1"))
    assert labels(message) == [*ANSWERS, MUTE]
    assert (await talk.press(message, "Applied"))["text"] == ON["applied"]
    assert await interests() == [("job-1", [True, False, False])]
    assert (await talk.press(message, "Remind me", old=True))["text"] == ON["remind"]
    assert await interests() == [("job-1", [True, False, True])]
    assert (await talk.press(message, "Not interested"))["text"] == ON["no"]
    assert await interests() == [("job-1", [False, True, False])]
    assert (await talk.press(message, "Not interested"))["text"] == OFF["no"]
    assert await interests() == []
    assert len(talk.api.messages(STUDENT)) == 3, "no press sends a message"


async def test_a_posting_without_a_job_is_known_by_itself(talk: Talk, draft: MakeDraft) -> None:
    await talk.say("/start")
    message = await posting_shown(talk, draft("a", category="job_posting"))
    await talk.press(message, "Applied")
    assert await interests() == [("a", [True, False, False])]


async def test_a_double_tap_and_a_press_that_is_told_twice_are_one(
    talk: Talk, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_commands, "_DOUBLE_TAP_SECONDS", 600)
    await talk.say("/start")
    message = await posting_shown(talk, draft("a", category="job_posting"))
    for _ in range(3):
        assert (await talk.press(message, "Applied"))["text"] == ON["applied"]
    assert await interests() == [("a", [True, False, False])]
    monkeypatch.setattr(stand_commands, "_DOUBLE_TAP_SECONDS", -60)
    told = [await in_database(stand_commands._pressed, STUDENT, "remind", int(_id(message)), "77") for _ in range(2)]
    assert told == [ON["remind"]] * 2


def _id(message: Message) -> str:
    rows = (message.reply_markup or {})["inline_keyboard"]
    assert isinstance(rows, list)
    return str(rows[0][0]["callback_data"]).rsplit(":", 1)[1]


async def test_who_is_not_subscribed_is_told_so(talk: Talk, draft: MakeDraft) -> None:
    message = await posting_shown(talk, draft("a", category="job_posting"))
    assert (await talk.press(message, "Applied"))["text"] == replies.NOT_SUBSCRIBED
    await talk.say("/start")
    await talk.say("/stop")
    assert (await talk.press(message, "Applied"))["text"] == replies.NOT_SUBSCRIBED
    assert await interests() == []


async def test_what_is_gone_or_pressed_in_a_group_is_not_noted(talk: Talk, draft: MakeDraft) -> None:
    await talk.say("/start")
    gone, private = await in_database(
        fill, draft("a", category="job_posting"), draft("b", category="job_posting", private=True)
    )
    pages = [gone.pk, private.pk, "9" * 18]
    await in_database(gone.delete)
    page = talk.api.messages(STUDENT)[-1]
    for pk in pages:
        page.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": f"stand:applied:{pk}"}]]}
        assert (await talk.press(page, "forged"))["text"] == stand_commands.GONE
    page = await talk.say("/status", chat=GROUP)
    page.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": f"stand:applied:{private.pk}"}]]}
    assert (await talk.press(page, "forged"))["text"] == stand_commands.IN_PRIVATE
    assert await interests() == []


async def test_a_notice_that_is_shown_again_says_what_concerns_its_reader(
    talk: Talk, draft: MakeDraft, settings: Settings
) -> None:
    def tell() -> None:
        profiles.agree(STUDENT)
        profiles.tell_all(STUDENT, {"number": "22103001", "cgpa": "7.2"})

    await talk.say("/start")
    await in_database(tell)
    least = {"name": "cgpa", "value": 7.5, "quote": "7.5", "program": ""}
    shown = await posting_shown(talk, draft("a", category="job_posting", title="Zenith hires", eligibility=(least,)))
    assert shown.text.startswith("🚫 Not open to you, as I read it: CGPA ≥ 7.5, you have 7.2.\n\n")
    roster = ({"name": "Asha Verma", "enrollment": "22103001"},)
    listed = draft("b", category="shortlisting", title="Zenith list", company="Zenith", roster=roster)
    shown = await posting_shown(talk, listed)
    assert shown.text.startswith("🎯 You are on the list: Zenith. 1 student.\n\n")
    settings.MEMBERSHIP = "approve"
    assert "You are on the list" not in (await posting_shown(talk, listed)).text
