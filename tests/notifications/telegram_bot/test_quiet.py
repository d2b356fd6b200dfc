"""/quiet, /digest, /mute and "Mute this kind": what they store, what they say, and what comes of it."""

from collections.abc import AsyncIterator
from datetime import time

import pytest
from pytest_django import Settings

from accounts.models import Filter, Subscriber, Timing
from accounts.subscribing.subscriptions import standing
from accounts.telegram.registry import in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.models import Delivery
from notifications.publishing.publish import publish
from notifications.tasks import deliver_channel
from tests.bot import GROUP, STUDENT, Talk, bot_at_work, cast, labels
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        settings.TELEGRAM_BOT_TOKEN = api.token
        await talk.say("/start")
        yield talk


async def times() -> Timing:
    return await in_database(Timing.objects.get)


async def test_quiet_hours_are_taken_in_words_and_by_button(talk: Talk) -> None:
    page = await talk.say("/quiet")
    assert page.text.startswith("You have no quiet hours.")
    await talk.press(page, "11:00 PM – 7:00 AM")
    assert page.text.startswith("Quiet hours: 11:00 PM to 7:00 AM.")
    assert ((await times()).quiet_from, (await times()).quiet_until) == (time(23), time(7))
    written = {"22:30 6": (time(22, 30), time(6)), "1-5": (time(1), time(5))}
    night = (time(23), time(7))
    for words, expected in (
        written | dict.fromkeys(("11pm 7am", "11 pm 7 am", "11 PM - 7 AM", "11 pm 7"), night)
    ).items():
        await talk.say(f"/quiet {words}")
        assert ((await times()).quiet_from, (await times()).quiet_until) == expected
    assert "Quiet hours: 11:00 PM to 7:00 AM." in (await talk.say("/status")).text
    await talk.press(await talk.say("/quiet"), "No quiet hours")
    assert (await times()).quiet_from is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/quiet 7 7", "Quiet hours that end when they begin would never be over."),
        ("/quiet 0:00 0", "Quiet hours that end when they begin would never be over."),
        ("/quiet 0 24", "“24” is no time of day."),
        ("/quiet 23:00", "Send when they begin and when they end"),
        ("/quiet बंद", "Send when they begin and when they end, such as /quiet 11 PM 7 AM"),
        ("/mute 3w", "Send how many hours (h) or days (d), such as /mute 3h"),
        ("/mute 2 दिन", "Send how many hours (h) or days (d), such as /mute 3h"),
        ("/quiet 25:00 07:00", "“25:00” is no time of day."),
        ("/quiet never please", "“never” is no time of day."),
        ("/digest 26:00", "“26:00” is no time of day."),
        ("/mute 0h", "Send how many hours (h) or days (d), such as /mute 3h or /mute 2d, 14 days at most."),
        ("/mute 15d", "Send how many hours (h) or days (d)"),
        ("/mute 9999d", "Send how many hours (h) or days (d)"),
        ("/mute webinar", "Send how many hours (h) or days (d)"),
    ],
)
async def test_what_can_not_be_is_refused_with_one_line(talk: Talk, words: str, answer: str) -> None:
    assert (await talk.say(words)).text.startswith(answer)
    assert await in_database(Timing.objects.count) == 0


async def test_a_digest_within_quiet_hours_says_when_it_comes(talk: Talk) -> None:
    assert (await talk.say("/digest 20")).text.startswith("One digest a day, at 8:00 PM.")
    await talk.say("/quiet 19:00 21:30")
    assert "8:00 PM lies within your quiet hours, it comes at their end, 9:30 PM." in (await talk.say("/digest")).text
    page = await talk.say("/digest")
    await talk.press(page, "As things come")
    assert page.text == "No daily digest any more. /digest 8 PM brings it back."


async def test_what_is_switched_off_is_said_in_a_line(talk: Talk) -> None:
    await talk.say("/mute 3h")
    assert (await talk.say("/mute off")).text == "Nothing is muted any more. /mute 3h mutes again."
    await talk.say("/quiet 23-7")
    over = await talk.say("/quiet off")
    assert over.text == "No quiet hours any more. /quiet 11 PM 7 AM brings them back."
    assert labels(over) == ["11:00 PM – 7:00 AM"]


async def test_with_a_digest_each_page_says_that_it_comes_then(talk: Talk) -> None:
    assert "comes as one message at their end" in (await talk.say("/quiet")).text
    assert "comes as one message at the end of the mute" in (await talk.say("/mute")).text
    assert "as soon as they are out" in (await talk.say("/start")).text
    await talk.say("/digest 20")
    for page in (await talk.say("/quiet"), await talk.say("/mute")):
        assert "comes with your digest at 8:00 PM" in page.text
        assert "or up to two hours later" in page.text
        assert "as one message" not in page.text
    again = await talk.say("/start")
    assert again.text.endswith("come here, at the times you chose: /status")


async def test_where_notices_are_off_nothing_is_said_of_when_they_come(talk: Talk, draft: MakeDraft) -> None:
    await talk.say("/digest 20")
    await in_database(publish, draft("n:1"))
    assert "One digest a day" in (await talk.say("/status")).text
    await talk.say("/stop")
    status = (await talk.say("/status")).text
    assert "digest" not in status
    assert "come as they are out" not in (await talk.say("/digest off")).text


async def test_what_a_mute_kept_comes_when_it_is_taken_back(talk: Talk, draft: MakeDraft) -> None:
    muted = await talk.say("/mute 3h")
    assert muted.text.startswith("Muted until ")
    await in_database(publish, draft("n:1", title="One"))
    await in_database(publish, draft("n:2", title="Two"))
    assert "2 notices wait for your digest." in (await talk.say("/status")).text
    await talk.press(muted, "No longer muted")
    assert muted.text.startswith("Nothing is muted any more.")
    await in_database(deliver_channel, "telegram")
    digest = talk.api.messages(STUDENT)[-1]
    assert "Your digest: 2 notices" in digest.text
    assert labels(digest) == ["1", "2"]
    await talk.press(digest, "2")
    assert "Two" in talk.api.messages(STUDENT)[-1].text
    assert "wait" not in (await talk.say("/status")).text


async def test_a_kind_is_muted_by_the_button_below(talk: Talk, draft: MakeDraft) -> None:
    await in_database(publish, draft("n:1", category="webinar"))
    await in_database(deliver_channel, "telegram")
    message = talk.api.messages(STUDENT)[-1]
    for _ in range(2):
        assert "“Webinar” is muted" in str(await talk.press(message, "🔕 Mute this kind"))
    mine = await in_database(standing, STUDENT)
    assert mine
    assert mine.muted == {"webinar"}
    assert (await in_database(publish, draft("n:2", category="webinar"))).queued == 0


async def test_what_filters_keep_back_comes_quietly_where_chosen(talk: Talk, draft: MakeDraft) -> None:
    assert "does not come" in (await talk.say("/filter quietly")).text
    assert "in a digest at 8:00 PM" in (await talk.say("/filter quietly on")).text
    person = await in_database(Subscriber.objects.get, telegram_id=STUDENT)
    await in_database(Filter.objects.create, subscriber=person, kind="not-word", value="zenith")
    await in_database(publish, draft("n:1"))
    assert await in_database(lambda: Delivery.objects.get().state) == "deferred"
    assert "does not come" in (await talk.say("/filter quietly off")).text


async def test_groups_and_strangers_have_no_times(talk: Talk) -> None:
    assert (await talk.say("/quiet 23 7", chat=GROUP)).text == "Please send me that in a private chat."
    assert (await talk.say("/mute 3h", by=1002)).text == str(NOT_SUBSCRIBED)
    assert await in_database(Timing.objects.count) == 0
