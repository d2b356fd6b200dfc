"""Whoever is no member finds no name by asking: pages, API, feeds, files, commands, texts, buttons, and the log.

The long run is `python -m benchmarks.leaks`.
"""

import random
from collections.abc import AsyncIterator

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.subscribing import members
from accounts.telegram.registry import BUTTONS, find_button, in_database
from notifications.models import Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.rendering.public import PublicNotice
from notifications.telegram_bot import application, polling
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests import leaks, season
from tests.bot import ADMIN, STUDENT, Talk, bot_at_work, cast
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.django_db(transaction=True)
# Each seed is one thing that somebody asks or does; a failure is shrunk to the few that it takes.
SEEDS = st.lists(st.integers(0, 10**9), min_size=10, max_size=30)
in_one_world = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def filled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> leaks.Secrets:
    settings.MEMBERSHIP = "approve"
    settings.MEMBER_EMAIL_DOMAINS = ["example.edu"]
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    monkeypatch.setattr(polling, "KINDS", leaks.KINDS)
    leaks.fill()
    return leaks.secrets()


@pytest.fixture
async def talk(settings: Settings, filled: leaks.Secrets) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


@hypothesis_settings(in_one_world, max_examples=70)
@given(seeds=SEEDS)
def test_no_request_of_a_stranger_is_answered_with_a_name(
    filled: leaks.Secrets, client: Client, caplog: pytest.LogCaptureFixture, seeds: list[int]
) -> None:
    every = list(leaks.routes())
    client.raise_request_exception = False
    answers = [leaks.web(random.Random(seed), client, every, filled.keys) for seed in seeds]
    told = [(answer.asked, found) for answer in answers if (found := filled.found_in(answer.text))]
    assert told == []
    assert filled.found_in(caplog.text) == []
    assert len(every) > 60


@hypothesis_settings(in_one_world, max_examples=8)
@given(seeds=SEEDS)
def test_who_is_no_member_finds_no_name_on_a_page_or_by_a_key_of_their_own(
    filled: leaks.Secrets, settings: Settings, caplog: pytest.LogCaptureFixture, seeds: list[int]
) -> None:
    settings.HTTPS = False
    stranger, client = leaks.page_of_a_stranger()
    client.raise_request_exception = False
    own = [route for route in leaks.routes() if route[0].startswith(("me/", "api/me"))]
    answers = [leaks.web(random.Random(seed), client, own, filled.keys) for seed in seeds]
    answers += [leaks.form(random.Random(seed), client, stranger) for seed in seeds]
    assert [(answer.asked, found) for answer in answers if (found := filled.found_in(answer.text))] == []
    assert filled.found_in(caplog.text) == []
    assert len(own) >= 9


@hypothesis_settings(in_one_world, max_examples=12)
@given(seeds=SEEDS)
async def test_nothing_a_stranger_says_or_does_is_answered_with_a_name(
    talk: Talk, filled: leaks.Secrets, caplog: pytest.LogCaptureFixture, seeds: list[int]
) -> None:
    page = await talk.say("/start")
    for seed in seeds:
        leaks.act(random.Random(seed), talk.api, page, STUDENT)
    await talk.idle()
    assert filled.found_in("\n".join(message.text for message in talk.api.messages(STUDENT))) == []
    assert filled.found_in(str(talk.api.callback_answers)) == []
    assert filled.found_in(caplog.text) == []


async def test_edits_of_ones_own_messages_and_inline_queries_are_not_answered(talk: Talk) -> None:
    await talk.say("/start")
    chance, before = random.Random(1), len(talk.api.messages(STUDENT))
    for _ in range(40):
        talk.api.add_update("edited_message", leaks.edited(chance, talk.api, STUDENT))
        talk.api.add_update(*leaks.inline(chance, talk.api, STUDENT))
    await talk.idle()
    assert len(talk.api.messages(STUDENT)) == before
    assert talk.api.calls["answerInlineQuery"] == 0


def test_the_bot_asks_telegram_for_messages_buttons_and_its_own_place_alone() -> None:
    assert set(polling.KINDS) == {"message", "callback_query", "my_chat_member"}


def test_every_button_is_pressed_with_what_fits_it() -> None:
    application.discover()
    chance = random.Random(1)
    pressed = {found[0].pattern for _ in range(3000) if (found := find_button(leaks.presses(chance)))}
    assert pressed == {button.pattern for button in BUTTONS}


@pytest.mark.usefixtures("together")
@hypothesis_settings(in_one_world, max_examples=6)
@given(seeds=SEEDS)
def test_nothing_that_changes_names_anybody_to_who_is_a_member_no_longer(
    settings: Settings, telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, seeds: list[int]
) -> None:
    settings.MEMBERSHIP = "approve"
    member = subscribe()
    person = Subscriber.objects.filter(pk=member.subscriber_id)
    members.admit(person, by="approval")
    keys = [f"list:{member.pk}:{number}" for number in range(5)]
    for key in keys:
        publish(_list(random.Random(key), draft, key))
    run()
    chat, known = int(member.address), leaks.secrets()
    assert known.found_in(_shown(telegram, chat))
    members.end(person)
    run()
    assert known.found_in(_shown(telegram, chat)) == []
    telegram.requests.clear()
    for seed in seeds:
        chance = random.Random(seed)
        key = chance.choice(keys)
        publish(_list(chance, draft, key)) if chance.random() < 0.9 else withdraw(key)
        if chance.random() < 0.2:
            run()
    run()
    assert known.found_in(_shown(telegram, chat)) == []
    assert known.found_in(str(list(telegram.requests))) == []


def test_a_change_that_was_told_names_nobody_who_left_the_list_since(
    settings: Settings, telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    settings.MEMBERSHIP = "approve"
    stranger = subscribe()
    asha, bilal = ({"name": name, "enrollment": number} for name, number in (("Asha Verma", "1"), ("Bilal Khan", "2")))
    facts = {"category": "shortlisting", "roster": (asha, bilal)}
    publish(draft(venue="LT-2", **facts))
    run()
    publish(draft(venue="LT-3, Asha Verma", **facts))
    publish(draft(venue="LT-4", **facts | {"roster": (bilal,)}))
    run()
    shown = _shown(telegram, int(stranger.address))
    assert "Asha" not in shown
    assert "to LT-4" in shown


def _list(chance: random.Random, draft: MakeDraft, key: str) -> Draft:
    """A list whose names stand in any of its texts."""
    roster = [{"name": name, "enrollment": str(22103001 + place)} for place, name in enumerate(season.NAMES)]
    listed = chance.sample(roster, chance.randint(2, 6))
    named = chance.choice(listed)
    texts = ("Zenith Labs", "LT-3", f"LT-3, {named['name']}", named["name"], named["enrollment"])
    rows = "".join(f"<tr><td>{row['enrollment']}</td><td>{row['name']}</td></tr>" for row in listed)
    return draft(
        key,
        title=f"Shortlist {chance.choice(texts)}",
        body=f"<p>Be there at {chance.randint(8, 12)}.</p><table>{rows}</table>",
        category="shortlisting",
        venue=chance.choice(texts),
        stage=chance.choice(texts),
        roster=tuple(listed),
        roster_meaning=chance.choice(("shortlisted", "selected", "absent")),
    )


def _shown(telegram: BotApi, chat: int) -> str:
    """What stands in a chat now."""
    return "\n".join(message.text for message in telegram.messages(chat) if not message.deleted)


def test_a_planted_leak_is_found(filled: leaks.Secrets, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicNotice, "text", property(lambda public: public.notice.body))
    chance = random.Random(20261129)
    every = [route for route in leaks.routes() if route[0].startswith("api/notices")]
    answers = [leaks.web(chance, client, every, filled.keys) for _ in range(300)]
    assert any(filled.found_in(answer.text) for answer in answers)


async def test_the_newest_titles_name_nobody(talk: Talk, filled: leaks.Secrets) -> None:
    await in_database(
        lambda: Notice.objects.update(title=f"{season.NAMES[0]} placed", roster=[{"name": season.NAMES[0]}])
    )
    answer = await talk.say("/start")
    await talk.press(answer, "Show me the newest five")
    assert filled.found_in(talk.api.messages(STUDENT)[-1].text) == []
