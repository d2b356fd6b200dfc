"""/filter: what it would have changed, saved by a button, and what comes afterwards."""

from collections.abc import AsyncIterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.personal import filters, profiles
from accounts.telegram.registry import in_database
from accounts.telegram.replies import LISTS_FOR_MEMBERS, NOT_SUBSCRIBED, SAVED
from notifications.models import Delivery
from notifications.publishing.publish import publish
from notifications.telegram_bot import filter_commands
from tests.bot import GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        await talk.say("/start")
        yield talk


def posting(draft: MakeDraft, key: str, **fields: object) -> int:
    """Publish a posting; how many are told."""
    return publish(draft(key, category="job_posting", **fields)).queued


async def test_the_effect_is_said_before_it_is_saved(talk: Talk, draft: MakeDraft) -> None:
    for number, pay in enumerate((5, 8, 12)):
        await in_database(posting, draft, f"job:{number}", company="Zenith", package=f"₹{pay} LPA")
    preview = await talk.say("/filter package 8")
    assert "I would have told you 2 of 3 notices." in preview.text
    assert await in_database(filters.of, STUDENT) == []
    await talk.press(preview, "Save")
    assert "Postings from 8 LPA" in preview.text
    assert await in_database(posting, draft, "job:9", company="Zenith", package="₹3–7 LPA") == 0
    assert await in_database(posting, draft, "job:10", company="Zenith", package="₹3–8 LPA") == 1
    assert await in_database(posting, draft, "job:11", company="Zenith") == 1, (
        "what is not stated counts against nobody"
    )
    await talk.press(preview, "✕ 1")
    assert preview.text.startswith("You have no filters")


async def test_a_filter_that_lets_nothing_through_says_so(talk: Talk, draft: MakeDraft) -> None:
    await in_database(posting, draft, "job:1", company="Zenith")
    preview = await talk.say("/filter not-word zenith")
    assert "0 of 1 notices.\nNothing would come but your own name" in preview.text


async def test_ones_own_name_comes_through_every_filter(talk: Talk, draft: MakeDraft) -> None:
    await talk.press(await talk.say("/filter not-company zenith"), "Save")
    await in_database(profiles.agree, STUDENT)
    await in_database(profiles.tell, STUDENT, "number", "22103001")
    roster = ({"name": "Asha", "enrollment": "22103001"},)
    listed = draft("list:1", category="shortlisting", company="Zenith", roster=roster)
    assert (await in_database(publish, listed)).queued == 1
    assert await in_database(lambda: Delivery.objects.get().named) == "number"


async def test_only_what_is_open_to_me(talk: Talk, draft: MakeDraft) -> None:
    await in_database(profiles.agree, STUDENT)
    await in_database(profiles.tell, STUDENT, "cgpa", "7.2")
    await talk.press(await talk.say("/filter eligible"), "Save")
    for key, least, told in (("job:1", 7.5, 0), ("job:2", 7, 1)):
        rules = ({"name": "cgpa", "value": least, "quote": "", "program": ""},)
        assert await in_database(posting, draft, key, eligibility=rules) == told
    unsure = ({"name": "x", "value": 60, "quote": "", "program": ""},)
    assert await in_database(posting, draft, "job:3", eligibility=unsure) == 1


async def test_a_digest_is_suggested_until_there_is_one(talk: Talk) -> None:
    page = await talk.say("/filter")
    assert labels(page) == ["Only what I may apply to", "All that is not urgent once a day (8:00 PM)"]
    await talk.press(page, "All that is not urgent once a day (8:00 PM)")
    assert "One digest a day, at 8:00 PM." in page.text
    assert labels(await talk.say("/filter")) == ["Only what I may apply to"]


async def test_what_can_not_be_taken(talk: Talk) -> None:
    assert str(filter_commands.HOW) in (await talk.say("/filter")).text
    assert "The kinds are" in (await talk.say("/filter shoes 43")).text
    assert "least package" in (await talk.say("/filter package much")).text
    assert "one to 60 signs" in (await talk.say(f"/filter word {'x' * 61}")).text
    assert (await talk.say("/filter word x", by=OTHER)).text == str(NOT_SUBSCRIBED)
    assert (await talk.say("/filter", by=OTHER)).text == str(NOT_SUBSCRIBED)
    assert (await talk.say("/filter", chat=GROUP)).text == str(filter_commands.IN_PRIVATE)


async def test_long_words_of_any_script_are_saved_by_a_short_button(talk: Talk) -> None:
    words = "क्षेत्रीय प्रबंधन प्रशिक्षु कार्यक्रम सूचना"
    preview = await talk.say(f"/filter not-company {words}")
    assert (await talk.press(preview, "Save"))["text"] == SAVED
    (saved,) = await in_database(filters.of, STUDENT)
    assert (saved.kind, saved.value) == ("not-company", words)
    assert (await talk.press(preview, "✕ 1"))["text"] == filter_commands.TAKEN_AWAY


async def test_a_short_button_saves_for_an_hour_and_for_its_owner(talk: Talk) -> None:
    preview = await talk.say(f"/filter word {'x' * 60}")
    await talk.say("/start", by=OTHER)
    theirs = await talk.say("/status", by=OTHER)
    theirs.reply_markup = preview.reply_markup
    assert (await talk.press(theirs, "Save", by=OTHER))["text"] == filter_commands.EXPIRED
    await in_database(cache.clear)
    assert (await talk.press(preview, "Save"))["text"] == filter_commands.EXPIRED
    assert await in_database(filters.of, STUDENT) == await in_database(filters.of, OTHER) == []


async def test_leave_it_saves_nothing(talk: Talk) -> None:
    preview = await talk.say("/filter word python")
    assert "Leave it" in labels(preview)
    await talk.press(preview, "Leave it")
    assert preview.text.startswith("You have no filters")


async def test_a_number_told_late_hears_of_the_lists_it_stands_on(talk: Talk, draft: MakeDraft) -> None:
    roster = ({"name": "Asha", "enrollment": "2210-3001"}, {"name": "Bela", "enrollment": "22103002"})
    for key, company in (("list:1", "Zenith"), ("list:2", "Orbit")):
        await in_database(publish, draft(key, category="shortlisting", company=company, roster=roster))
    await in_database(publish, draft("list:3", category="shortlisting", company="Nykaa", roster=roster[1:]))
    await in_database(profiles.agree, STUDENT)
    answer = await talk.say("/me number 22103001")
    assert "🎯 You are on the list: Orbit. 2 students.\n\n🎯 You are on the list: Zenith. 2 students." in answer.text
    assert "Nykaa" not in answer.text


async def test_who_is_no_member_hears_of_no_list(talk: Talk, draft: MakeDraft, settings: Settings) -> None:
    settings.MEMBERSHIP = "approve"
    roster = ({"name": "Asha", "enrollment": "22103001"},)
    await in_database(publish, draft("list:1", category="shortlisting", company="Zenith", roster=roster))
    await in_database(profiles.agree, STUDENT)
    answer = await talk.say("/me number 22103001")
    assert "Zenith" not in answer.text
    assert f"Noted.\n\n{LISTS_FOR_MEMBERS}" in answer.text


async def test_all_filters_are_taken_away_in_a_word(talk: Talk) -> None:
    for line in ("company Zenith", "package 8"):
        await talk.press(await talk.say(f"/filter {line}"), "Save")
    assert (await talk.say("/filter off")).text.startswith("You have no filters")
    assert await in_database(filters.of, STUDENT) == []
