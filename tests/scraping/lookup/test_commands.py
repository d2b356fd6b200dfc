"""/company and /deadlines in the bot."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.telegram.registry import in_database
from notifications.publishing.publish import Draft, publish
from scraping.lookup import commands
from scraping.models import Job
from tests.bot import STUDENT, Talk, bot_at_work, cast, labels
from tests.season import NAMES, fill_jobs, fill_notices, fill_placements

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.MEMBERSHIP = "approve"
    settings.WEBSITE_URL = "https://placements.example.org"
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def fill() -> None:
    fill_jobs()
    fill_notices()
    fill_placements()
    notice = publish(Draft(external_key="n", title="Nimbus Cloud hires", season=202627), announce=False).notice
    Job.objects.filter(identifier="job-3").update(notice=notice)


async def test_a_company_in_some_lines(talk: Talk) -> None:
    await in_database(fill)
    answer = await talk.say("/company nimbus")
    lines = answer.text.splitlines()
    assert lines[0] == "🏢 Nimbus Cloud"
    assert lines[2] == "Open now"
    assert lines[3].startswith("• Software Engineer · ₹15 LPA: until ")
    assert "2026-27" in lines
    assert "Rounds: Online test → Technical interview → HR" in lines
    assert lines[-1].endswith(" offers")
    assert not [name for name in NAMES if name in answer.text]
    assert labels(answer) == ["Show Software Engineer", "More on the web"]
    assert "https://placements.example.org/companies/Nimbus%20Cloud" in str(answer.reply_markup)
    await talk.press(answer, "Show Software Engineer")
    assert "Nimbus Cloud hires" in talk.api.messages(STUDENT)[-1].text


async def test_near_names_are_offered(talk: Talk) -> None:
    await in_database(fill)
    answer = await talk.say("/company marbel bank")
    assert answer.text == "I know no company “marbel bank”. Did you mean one of these?"
    assert labels(answer)[0] == "Marble Bank"
    await talk.press(answer, "Marble Bank")
    assert talk.api.messages(STUDENT)[-1].text.startswith("🏢 Marble Bank")
    answer.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": "company:0123456789ab"}]]}
    await talk.press(answer, "forged")
    assert talk.api.messages(STUDENT)[-1].text == str(commands.GONE)


async def test_a_word_that_is_almost_a_company_is_met_with_it(talk: Talk) -> None:
    await in_database(fill)
    answer = await talk.say("nimbas")
    assert answer.text == "Nothing about “nimbas”. Did you mean one of these companies?"
    assert labels(answer)[0] == "Nimbus Cloud"
    await talk.idle()
    assert (await talk.say("potions")).text.startswith("Nothing about “potions”. Try")


@pytest.mark.parametrize("text", ["qqqq", "'; --", "🎯", "x" * 4000, "{name} %s"])
async def test_an_unknown_company_is_said_kindly(talk: Talk, text: str) -> None:
    answer = await talk.say(f"/company {text}")
    assert answer.text.startswith("I know no company “")
    assert len(answer.text) < 200
    assert (await talk.say("/company")).text == str(commands.USAGE)


@pytest.mark.parametrize("text", ["What is due this week?", "deadlines", "any deadlines today", "अगली डेडलाइन कब है?"])
async def test_deadlines_are_asked_for_in_words(talk: Talk, text: str) -> None:
    assert (await talk.say(text)).text == str(commands.NOTHING_DUE)


async def test_a_question_that_names_a_company_is_told_of_it(talk: Talk) -> None:
    await in_database(fill)
    for text in ("nimbus kab aayegi bhai?", "Did Nimbus send mails yesterday"):
        lines = (await talk.say(text)).text.splitlines()
        assert lines[:3] == [str(commands.NOT_ALL_WORDS), "", "🏢 Nimbus Cloud"]
        await talk.idle()
    assert (await talk.say("nimbus marble kab tak hoga")).text.startswith("Nothing about “nimbus marble")


async def test_the_deadline_of_something_is_searched_for(talk: Talk) -> None:
    for text in ("Zenith deadline", "this week", "due diligence"):
        assert (await talk.say(text)).text.startswith(f"Nothing about “{text}”.")
        await talk.idle()


async def test_deadlines_have_links_and_buttons(talk: Talk) -> None:
    assert (await talk.say("/deadlines")).text == str(commands.NOTHING_DUE)
    await in_database(fill)
    answer = await talk.say("/deadlines")
    lines = answer.text.splitlines()
    assert lines[0] == "Open now, the nearest deadline first:"
    assert lines[2] == "1. Marble Bank · Analyst"
    assert lines[3].startswith("    until ")
    assert lines[3].endswith(" · ₹12 LPA")
    links = {str(entity["url"]): entity for entity in answer.entities}
    assert next(iter(links)) == "https://placements.example.org/jobs/job-2"
    assert len(links) == 5, "a job and its posting are one"
    entity = links["https://placements.example.org/jobs/job-3"]
    start, length = int(str(entity["offset"])), int(str(entity["length"]))
    assert answer.text[start : start + length] == "Nimbus Cloud · Software Engineer"
    told = labels(answer)
    assert "1" not in told, "no notice tells of that job"
    assert len(told) == 4


async def test_more_deadlines_than_are_shown_are_said_and_a_press_away(talk: Talk) -> None:
    def publish_jobs(count: int) -> None:
        for number in range(count):
            deadline = timezone.now() + timedelta(hours=30 + number)
            Job.objects.update_or_create(
                {"company": "A", "deadline": deadline, "season": 202627}, identifier=f"j{number}"
            )

    await in_database(publish_jobs, commands.SHOWN)
    assert "more is open" not in (await talk.say("/deadlines")).text
    await in_database(publish_jobs, commands.SHOWN + 1)
    answer = await talk.say("/deadlines")
    assert answer.text.endswith("\n\nThese are the next 10; more is open.")
    assert "\n11. " not in answer.text
    assert labels(answer) == ["More on the web"]


async def test_without_a_site_the_links_lead_to_the_portal(talk: Talk, settings: Settings) -> None:
    settings.WEBSITE_URL = ""
    await in_database(
        lambda: Job.objects.create(
            identifier="🎯", season=202627, company="🎯 A", deadline=timezone.now() + timedelta(hours=30)
        )
    )
    answer = await talk.say("/deadlines")
    (entity,) = answer.entities
    assert (entity["url"], entity["length"]) == (settings.STUDENT_PORTAL_URL, 4), "in UTF-16"
