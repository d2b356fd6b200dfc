"""Whoever is no member finds no name by asking: pages, API, feeds, files, commands, buttons, and the log.

The long run is `python -m benchmarks.leaks`.
"""

import random
from collections.abc import AsyncIterator

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.telegram.registry import in_database
from notifications.models import Notice
from notifications.rendering.public import PublicNotice
from tests import leaks, season
from tests.bot import ADMIN, STUDENT, Talk, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS, UPDATES = 1500, 150


@pytest.fixture
def filled(settings: Settings) -> leaks.Secrets:
    settings.MEMBERSHIP = "approve"
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    season.fill()
    return leaks.secrets()


@pytest.fixture
async def talk(settings: Settings, filled: leaks.Secrets) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def test_no_request_of_a_stranger_is_answered_with_a_name(
    filled: leaks.Secrets, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    chance, every = random.Random(20261129), list(leaks.routes())
    client.raise_request_exception = False
    told = [
        answer
        for answer in (leaks.web(chance, client, every, filled.keys) for _ in range(REQUESTS))
        if filled.found_in(answer.text)
    ]
    assert [(answer.asked, filled.found_in(answer.text)) for answer in told] == []
    assert filled.found_in(caplog.text) == []
    assert len(every) > 60


async def test_no_command_and_no_button_tells_a_stranger_a_name(
    talk: Talk, filled: leaks.Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(20261129)
    page = await talk.say("/start")
    for _ in range(UPDATES):
        if chance.random() < 0.5:
            talk.api.user_says(STUDENT, leaks.commands(chance))
        else:
            page.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": leaks.presses(chance)}]]}
            talk.api.press(STUDENT, page.message_id, "x", chat_id=STUDENT)
    await talk.idle()
    assert filled.found_in("\n".join(message.text for message in talk.api.messages(STUDENT))) == []
    assert filled.found_in(str(talk.api.callback_answers)) == []
    assert filled.found_in(caplog.text) == []


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
