"""What the bot tells of notices: the newest, how many, where to read them; and its help."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.categories import Category
from accounts.telegram.registry import Topic, in_database
from notifications import bot
from notifications.models import Notice
from notifications.telegram_bot import application
from notifications.telegram_bot.newest_notices import CategoryCount
from tests.bot import STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)
Published = Callable[..., Notice]


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.WEB_LINKS = settings.WEB_LINKS | {"Notices on the web": "https://placements.example.org"}
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def publish(*titles: str, **fields: object) -> list[Notice]:
    """Notices an hour apart, the last one the newest."""
    start = timezone.now() - timedelta(hours=len(titles))
    return [
        Notice.objects.create(
            **{
                "external_key": title[:100],
                "title": title,
                "season": 202627,
                "category": Category.UPDATE,
                "published_at": start + timedelta(hours=n),
                **fields,
            }
        )
        for n, title in enumerate(titles)
    ]


async def newest(talk: Talk) -> list[str]:
    """The titles shown by the button under the welcome."""
    before = len(talk.api.messages(STUDENT))
    await talk.press(talk.api.messages(STUDENT)[0], "Show me the newest five")
    (message,) = talk.api.messages(STUDENT)[before:]
    return [text.splitlines()[0] for text in message.text.split("\n\n")]


async def test_who_joins_may_see_the_newest_five_in_one_message(talk: Talk) -> None:
    await in_database(publish, *(f"Notice {n}" for n in range(7)))
    assert "Show me the newest five" in labels(await talk.say("/start"))
    assert await newest(talk) == [f"Notice {n}" for n in (6, 5, 4, 3, 2)]


async def test_the_newest_are_those_one_wants(talk: Talk) -> None:
    await in_database(publish, "wanted")
    await in_database(publish, "for all", season=None)
    await in_database(publish, "muted", category=Category.WEBINAR)
    await in_database(publish, "of another season", season=202526)
    await in_database(publish, "withdrawn", withdrawn_at=timezone.now())
    welcome = await talk.say("/start")
    await talk.press(welcome, "Choose what you want")
    await talk.press(talk.api.messages(STUDENT)[-1], "✅ Webinar")
    assert set(await newest(talk)) == {"wanted", "for all"}


async def test_without_notices_the_newest_promise_the_first(talk: Talk) -> None:
    await talk.say("/start")
    assert await newest(talk) == [str(bot.NO_NOTICES)]


async def test_strange_titles_and_links_arrive(talk: Talk) -> None:
    title = "<b>Ä 🎯🎯 & _x_*</b>" + "🎯" * 300
    await in_database(publish, *(f"{n}{title}" for n in range(5)), url="http://localhost/no-host-for-telegram")
    await talk.say("/start")
    found = await newest(talk)
    assert found[0].startswith("4<b>Ä 🎯🎯 & _x_*</b>🎯")
    assert found[0].endswith("🎯…")
    assert len(found) == 5


async def test_noticestats_counts_what_the_seasons_have(talk: Talk) -> None:
    await in_database(publish, "a", "b")
    await in_database(publish, "c", category="", published_at=timezone.now() - timedelta(days=30))
    await in_database(publish, "of another season", season=202526)
    await talk.say("/start")
    assert (await talk.say("/noticestats")).text.splitlines() == [
        "3 notices, 2 in the last 7 days",
        "",
        "Update: 2 (2 new)",
        "Announcement: 1",
    ]


async def test_who_never_started_is_led_to_start(talk: Talk) -> None:
    assert "/start" in (await talk.say("/noticestats")).text


async def test_web_shows_the_links_of_the_settings(talk: Talk) -> None:
    answer = await talk.say("/web")
    assert labels(answer) == ["Notices on the web", "SuperSet"]
    await talk.say("/start")
    await talk.say("/language hi")
    assert labels(await talk.say("/web")) == ["वेब पर नोटिस", "SuperSet"]


async def test_links_no_button_may_have_are_a_list(talk: Talk, settings: Settings) -> None:
    settings.WEB_LINKS = settings.WEB_LINKS | {"Notices on the web": "http://localhost:8000"}
    assert "Notices on the web: http://localhost:8000" in (await talk.say("/web")).text


def test_help_is_grouped_and_what_is_for_admins_comes_last() -> None:
    application.discover()
    topics = [block.splitlines() for block in bot.help_text(admin=True).split("\n\n")[1:]]
    assert [lines[0] for lines in topics] == [topic.value for topic in Topic if topic is not Topic.MORE], (
        "nothing but /help itself is of none"
    )
    commands = {lines[0]: [line.split(" ")[0] for line in lines[1:]] for lines in topics}
    assert commands[Topic.NOTICES][:2] == ["/start", "/status"]
    assert set(commands[Topic.PLACEMENTS]) == {"/applied", "/company", "/deadlines", "/stats"}
    assert "/me" in commands[Topic.YOU]
    assert "/kill" in commands[Topic.ADMINS]
    assert Topic.ADMINS not in bot.help_text(admin=False)
    assert "/kill" not in bot.help_text(admin=False)


async def test_help_lists_every_command(talk: Talk) -> None:
    text = (await talk.say("/help")).text
    for name in ("start", "stop", "status", "placement_year", "noticestats", "web", "forget"):
        assert f"\n/{name} – " in text


@time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC))
def test_a_listed_notice_says_until_when_else_since_when() -> None:
    due = datetime(2026, 11, 29, 18, 29, tzinfo=UTC)
    text, entities = bot.listing(
        [
            Notice(title="🎯 Zenith  Labs", url="https://example.org/1", deadline=due, category="job_posting"),
            Notice(title="Talk", published_at=due, category="unheard of"),
        ]
    )
    assert text == (
        "🎯 Zenith Labs\nJob posting · until Sun 29 Nov, 11:59 PM\n\n"
        "Talk\nAnnouncement · published Sun 29 Nov, 11:59 PM"
    )
    assert [(e.type, e.offset, e.length, e.url) for e in entities] == [
        ("text_link", 0, 14, "https://example.org/1"),
        ("bold", 57, 4, None),
    ]


def test_one_notice_is_no_plural() -> None:
    assert bot.count_list([CategoryCount("update", 1, 0)]) == "1 notice, 0 in the last 7 days\n\nUpdate: 1"
