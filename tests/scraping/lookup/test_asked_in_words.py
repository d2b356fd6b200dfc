"""What a command answers may be asked in plain words."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from notifications.telegram_bot.applied import NOTHING
from scraping.lookup.asked_in_words import HOW_TO_STOP, command_meant
from tests.bot import STUDENT, Talk, bot_at_work, cast

ASKED = {
    "deadlines": "What's due this week?|any deadlines today|अगली डेडलाइन कब है?|kal kya hai?"
    "|आज क्या है|last date kya hai"
    "|koi nayi job aayi kya|नई नौकरी|nayi naukri|नौकरियाँ|मुझे कौन सी नौकरियाँ मिल सकती हैं?|नौकरियाँ कौन सी खुली हैं"
    "|main kis job ke liye eligible hu|main kaunsi job ke liye apply kar sakta hu|what am I eligible for"
    "|आखिरी तारीख कब है?|which companies are coming|kaun si company aa rahi hai?",
    "applied": "am I shortlisted?|is my name in the list|mera naam hai kya list me|क्या मेरा नाम है?|my applications"
    "|kya main shortlist hua|kya main shortlist hua hu?|kya main shortlisted hoon?|क्या मैं शॉर्टलिस्ट हुआ हूँ?"
    "|am I shortlisted at Zenith?|is my name in the Kestrel Systems list|kya main Zenith me select hua?"
    "|क्या मैं ज़ेनिथ में शॉर्टलिस्ट हुआ?|when is my interview?|मेरा इंटरव्यू कब है?|when are my tests"
    "|kal koi test hai?|कल कौन सी परीक्षा है|is there a test tomorrow|which tests are tomorrow|koi test hai kal?"
    "|meri interview kab hai",
    "me": "profile|how to change my number",
    "status": "settings",
    "stats": "highest package|kitne placed hue",
    "reminders": "mujhe reminder chahiye",
    "calendar": "calendar",
    "language": "hindi me batao|हिंदी",
    "quiet": "how do I stop messages at night?|no notifications while I sleep|raat ko message mat bhejo|quiet hours",
    "stop": "stop|unsubscribe|how do I stop this?|band karo",
    "": "Zenith deadline|who is shortlisted|average package CSE|stop motion|my interview with Zenith"
    "|is Zenith shortlist out|Night Owl Labs"
    "|Zenith Company|this week|Asha|🎯",
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, all_ in ASKED.items() for text in all_.split("|")])
def test_a_question_means_a_command_unless_it_looks_for_something(name: str, text: str) -> None:
    assert command_meant(text) == name


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


@pytest.mark.django_db(transaction=True)
async def test_the_command_answers_and_stop_only_says_how(talk: Talk) -> None:
    await talk.say("/start")
    await talk.idle()
    assert (await talk.say("am I shortlisted?")).text.startswith(str(NOTHING))
    await talk.idle()
    assert (await talk.say("stop")).text == str(HOW_TO_STOP)
    await talk.idle()
    assert (await talk.say("settings")).text.startswith("🔔 Notices come here.")
    assert len(talk.api.messages(STUDENT)) >= 4
