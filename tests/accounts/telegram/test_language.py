"""The language of a chat: as Telegram says at first, then as it was chosen."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from accounts.language import known
from accounts.models import Subscriber
from accounts.subscribing.subscriptions import choose_language, language_of
from accounts.telegram import replies
from accounts.telegram.registry import COMMANDS, in_database
from tests.bot import ADMIN, GROUP, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def menu(talk: Talk, who: int) -> dict[str, str]:
    """What the menu of a chat shows: each command and what it does."""
    return {str(each["command"]): str(each["description"]) for each in talk.api.methods.menu(talk.api.chats[who])}


@pytest.mark.parametrize(
    ("code", "language"), [("hi", "hi"), ("HI-in", "hi"), ("en_US", "en"), ("de", "en"), ("", "en"), (None, "en")]
)
def test_a_language_code_names_one_of_ours(code: str | None, language: str) -> None:
    assert known(code) == language


def test_what_telegram_says_counts_until_one_is_chosen() -> None:
    Subscriber.objects.create(telegram_id=7)
    assert language_of(7, "hi") == "hi"
    assert language_of(7, "en") == "hi"  # it was heard of
    Subscriber.objects.filter(telegram_id=7).update(language="en")
    assert language_of(7, "hi") == "en"
    assert language_of(8, "hi") == "hi"


async def test_a_chat_chooses_its_language(talk: Talk) -> None:
    await talk.say("/start")
    asked = await talk.say("/language")
    await talk.press(asked, "language:hi")
    await talk.idle()
    assert talk.api.messages(STUDENT)[-1].text == "अब यहाँ सब हिन्दी में मिलेगा।"
    assert await in_database(language_of, STUDENT, "en") == "hi"
    asked = await talk.say("/language")
    assert asked.text == "यहाँ किस भाषा में बात करें?"
    assert labels(asked) == ["English", "✅ हिन्दी"]


@pytest.mark.parametrize("word", ["hi", "Hindi", "हिन्दी"])
async def test_a_language_named_behind_the_command_is_chosen_at_once(talk: Talk, word: str) -> None:
    await talk.say("/start")
    assert (await talk.say(f"/language {word}")).text == "अब यहाँ सब हिन्दी में मिलेगा।"
    assert (await talk.say("/language english")).text == "I speak English here now."
    assert (await talk.say("/language klingon")).text == "Which language shall I use here?"
    assert await in_database(language_of, STUDENT, "hi") == "en"


async def test_only_admins_choose_the_language_of_a_group(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    asked = await talk.say("/language", chat=GROUP)
    assert (await talk.press(asked, "language:hi"))["text"] == replies.GROUP_ADMINS_ONLY
    assert (await talk.say("/language hi", chat=GROUP)).text == str(replies.GROUP_ADMINS_ONLY)
    assert await in_database(language_of, GROUP, "en") == "en"
    await talk.say("/language hi", chat=GROUP, by=ADMIN)
    assert await in_database(language_of, GROUP, "en") == "hi"


@pytest.mark.parametrize(("who", "admins_commands"), [(STUDENT, False), (ADMIN, True)])
async def test_the_menu_of_a_private_chat_follows_its_language(talk: Talk, who: int, *, admins_commands: bool) -> None:
    await talk.say("/start", by=who)
    await talk.idle()
    english = menu(talk, who)
    await talk.say("/language hi", by=who)
    await talk.idle()
    hindi = menu(talk, who)
    assert hindi.keys() == english.keys()
    assert (hindi["stop"], "users" in hindi) == ("नोटिस बंद करें", admins_commands)
    await talk.say("/language english", by=who)
    await talk.idle()
    assert menu(talk, who) == english


async def test_the_menu_of_a_chat_is_renewed_after_an_upgrade(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with cast() as api:
        async with bot_at_work(api, settings) as talk:
            await talk.say("/start")
            await talk.say("/language hi")
            await talk.idle()
        monkeypatch.setitem(COMMANDS, "newest", replace(COMMANDS["stop"], names=("newest",)))
        async with bot_at_work(api, settings) as talk:
            for _ in range(3):
                await talk.say("/status")
                await talk.idle()
        assert menu(talk, STUDENT)["newest"] == "नोटिस बंद करें"
        assert [name for name, said in api.requests if name == "setMyCommands" and "scope" in said] == 2 * [
            "setMyCommands"
        ]


async def test_a_language_chosen_on_the_account_page_reaches_the_menu_with_the_next_answer(talk: Talk) -> None:
    await talk.say("/start")
    await in_database(choose_language, STUDENT, "hi")
    await talk.say("/status")
    await talk.idle()
    assert menu(talk, STUDENT)["stop"] == "नोटिस बंद करें"


async def test_who_is_forgotten_is_shown_the_menu_of_everybody(talk: Talk) -> None:
    await talk.say("/start")
    await talk.say("/language hi")
    asked = await talk.say("/forget")
    await talk.press(asked, "forget:yes")
    await talk.idle()
    assert menu(talk, STUDENT)["stop"] == "No more notices"


async def test_a_menu_that_telegram_refuses_is_logged_and_tried_again(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await talk.say("/start")
    await talk.idle()
    talk.api.faults.plan("error", methods=["setMyCommands"])
    assert (await talk.say("/language hi")).text == "अब यहाँ सब हिन्दी में मिलेगा।"
    await talk.idle()
    assert "A chat's command menu was not changed" in caplog.text
    talk.api.faults.clear()
    await talk.say("/status")
    await talk.idle()
    assert menu(talk, STUDENT)["stop"] == "नोटिस बंद करें"
