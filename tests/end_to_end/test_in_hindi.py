"""Who chose Hindi reads no English: in a chat, in messages, in a browser (spec: messages, Languages)."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Filter, Subscriber
from accounts.personal.facts import FACTS
from accounts.telegram import registry
from accounts.telegram.registry import in_database
from notifications.models import Notice
from notifications.rendering.answers import ANSWERS
from notifications.telegram_bot import application
from tests import season
from tests.bot import STUDENT, Talk, bot_at_work, cast, labels
from tests.hindi import english_in, english_on, written_by_others
from tests.notifications.telegram_bot.test_buttons import PAGES, TOASTS

pytestmark = pytest.mark.django_db(transaction=True)

# With words, where a command takes some; what can't be taken is answered in Hindi, too.
SAID = (
    *("/start", "/start", "/status", "/help", "/privacy", "/web", "/noticestats", "/placement_year", "/join"),
    *("/find", "/find Zenith", "/find Nimbus", "/find qwzx", "qwzx", "/qwzx", "/company", "/company Zenith Labs"),
    *("/company qwzx", "/company marbel bank", "/deadlines", "/stats", "/stats Zenith Labs", "/stats qwzx", "/applied"),
    *("/me", "/me cgpa 7.8", "/me qwzx", "/agree", "/me", "/me number 22103001", "/me number 1", "/me cgpa 7.8"),
    *("/me cgpa 78", "/me cgpa q", "/me x 91", "/me xii 8", "/me x 101", "/me branch qwzx", "/me program qwzx"),
    *("/me batch 1", "/me backlogs q", "/me gender q", "/me gender महिला", "/me branch CSE", "/me", "/applied"),
    *("/filter", "/filter shoes 1", "/filter package q", "/filter type q", "/filter word", "/filter word python"),
    *("/filter company Zenith", "/filter place Noida", "/filter package 6", "/filter type internship"),
    *("/filter eligible", "/filter not-word webinar", "/filter not-company Zenith", f"/filter word {'x' * 61}"),
    *("/mydata", "/language", "/account", "/account off", "/calendar", "/calendar off", "/calendar x", "/me delete"),
    *(
        "/reminders",
        "/reminders x",
        "/reminders off",
        "/quiet",
        "/quiet x",
        "/quiet 23:00 07:00",
        "/digest",
        "/digest x",
    ),
    *("/digest 20:00", "/digest 23:30", "/status", "/filter quietly on", "/mute", "/mute x", "/mute 3h", "/status"),
    *("/mute off", "/filter quietly off", "/digest off", "/quiet off"),
    *("/join x@y", "/join x@example.edu", "/join 123456", "/users", "/stop", "/stop", "/status", "/start", "/forget"),
)
TYPED = frozenset(("Asha", "Zenith", "marbel bank", *FACTS, *Filter.Kind.values))
NOT_A_STUDENTS = frozenset(("users:1", "kill:no", "kill:yes", "boo:no:1", "member:yes:1", "member:all:1"))
WEB = (
    *("/", "/?q=qwzx", "/?page=2", "/jobs", "/jobs?q=qwzx", "/jobs/job-3", "/jobs/job-0", "/companies/Nimbus Cloud"),
    *("/companies/marbel bank", "/companies/qwzx", "/statistics", "/statistics?season=202526", "/policy", "/subscribe"),
    *("/status", "/privacy", "/qwzx", "/me/in"),
)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    settings.WEBSITE_URL = "https://placements.example.edu"
    settings.PLACEMENT_YEARS = [202627, 202526]
    await in_database(season.fill)
    async with cast() as api, bot_at_work(api, settings) as talk:
        await talk.say("/start")
        await in_database(Subscriber.objects.update, language="hi")
        yield talk


def said_in(talk: Talk, since: int = 0) -> str:
    """All that the bot said and what stands on its buttons."""
    messages = talk.api.messages(STUDENT)[since:]
    shown = [text for message in messages for text in (message.text, *labels(message))]
    toasts = [str(answer["text"]) for answer in talk.api.callback_answers.values() if answer]
    return "\n".join([*filter(None, shown), *toasts])


def test_every_command_of_students_is_said() -> None:
    application.discover()
    of_students = {name for name, command in registry.COMMANDS.items() if not command.admin}
    assert of_students - {said[1:].split()[0] for said in SAID if said.startswith("/")} == set()


async def test_no_answer_to_a_student_is_english(talk: Talk) -> None:
    others = await in_database(written_by_others)
    found = {}
    for said in SAID:
        before = len(talk.api.messages(STUDENT))
        await talk.say(said)
        await talk.idle()
        found[said] = english_in(said_in(talk, before), {*others, *said.split(), *said.lower().split(), *TYPED})
    assert {said: lines for said, lines in found.items() if lines} == {}


async def test_no_button_leads_to_english(talk: Talk) -> None:
    others = await in_database(written_by_others)
    notice = (await in_database(Notice.objects.filter(category="job_posting").earliest, "pk")).pk
    stands = [f"stand:{what}:{notice}" for what in ANSWERS]
    found = {}
    for data in [*PAGES, *TOASTS, f"show:{notice}", *stands, *stands]:
        if data in NOT_A_STUDENTS or data.startswith(("forget:yes", "language:")):
            continue
        before, page = len(talk.api.messages(STUDENT)), await talk.say("/start")
        page.reply_markup = {"inline_keyboard": [[{"text": "दबाएँ", "callback_data": data}]]}
        await talk.press(page, "दबाएँ")
        found[data] = english_in(said_in(talk, before), {*others, *TYPED, "python"})
    assert {data: lines for data, lines in found.items() if lines} == {}


async def test_the_menu_is_in_both_languages(talk: Talk) -> None:
    menus = {
        parameters.get("language_code", ""): parameters["commands"]
        for name, parameters in talk.api.requests
        if name == "setMyCommands" and "scope" not in parameters
    }
    assert menus.keys() == {"", "hi"}
    hindi = {entry["command"]: entry["description"] for entry in json.loads(str(menus["hi"]))}
    assert {name: does for name, does in hindi.items() if english_in(does) and name != "language"} == {}
    assert "Your profile" in str(menus[""])


def test_no_public_page_is_english(client: Client, settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [202627, 202526]
    season.fill()
    others = {*written_by_others(), "qwzx", "marbel bank", *(name for name in ("Nimbus Cloud", "Zenith Labs"))}
    notices = [f"/notices/{pk}" for pk in Notice.objects.values_list("pk", flat=True)]
    found = {}
    for address in (*WEB, *notices):
        answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": "hi"})
        page = answer.content.decode()
        found[address] = english_on(page, others)
        assert '<html lang="hi">' in page
        assert answer.headers["Content-Language"] == "hi"
        assert re.search(r'href="\?[^"]*lang=en"[^>]*>English</a>', page)
    assert {address: lines for address, lines in found.items() if lines} == {}


@pytest.mark.parametrize("address", ["/", "/jobs", "/policy", "/privacy", "/qwzx"])
def test_a_link_on_each_page_leads_to_the_other_language(client: Client, address: str) -> None:
    season.fill()
    english = client.get(address, headers={"Accept": "text/html"}).content.decode()
    assert '<html lang="en">' in english
    link = re.search(r'href="(\?[^"]*lang=hi)"[^>]*>हिन्दी</a>', english)
    assert link
    assert '<html lang="hi">' in client.get(address + link[1], headers={"Accept": "text/html"}).content.decode()
    kept = client.get(address, headers={"Accept": "text/html"}).content.decode()
    assert '<html lang="hi">' in kept
