"""What is said without looking for anything is answered kindly, and not searched for."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from tests.bot import STUDENT, Talk, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


async def test_a_text_that_looks_for_nothing_is_answered_kindly(talk: Talk) -> None:
    for text in ("hi", "Hello!", "Good morning", "नमस्ते"):
        answer = (await talk.say(text)).text
        assert answer.startswith("Hello, Asha! Write a company or a word")
        assert "/deadlines" in answer
        assert "/help" in answer
        await talk.idle()
    assert (await talk.say("Thanks a lot 🙏")).text == "You are welcome. Good luck!"
    await talk.idle()
    assert (await talk.say("what is this?")).text.startswith("I tell you here what is new in placements")


async def test_emoji_and_signs_alone_are_not_searched_for(talk: Talk) -> None:
    for text in ("👍", "🙏🏽🙏🏽", "❤️", "👍!"):
        assert (await talk.say(text)).text == "You are welcome. Good luck!"
        await talk.idle()
    for text in ("😢", "?", "…", "🎯 🎯"):
        assert (await talk.say(text)).text.startswith("I look for words. Write a company or a word")
        await talk.idle()


async def test_any_other_text_is_searched_for(talk: Talk) -> None:
    for text in ("Hi-Tech Labs", "helpful", "thanksgiving drive", "what is the package of Zenith"):
        answer = (await talk.say(text)).text
        assert answer.startswith(f"Nothing about “{text}”. Try a company's name")
        await talk.idle()
    assert len(talk.api.messages(STUDENT)) == 4
