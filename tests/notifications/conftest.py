"""Notices to publish, and a Bot API to deliver them to."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.delivery.run import deliver
from notifications.delivery.tally import Tally
from notifications.publishing.publish import Draft
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import SEASON

TOKEN = "123456:sandbox-token-sandbox-token-sandbox"
MakeDraft = Callable[..., Draft]


@pytest.fixture
def draft() -> MakeDraft:
    def make(key: str = "test:1", **fields: Any) -> Draft:
        defaults: dict[str, Any] = {
            "external_key": key,
            "title": "Zenith Labs visits",
            "category": "update",
            "season": SEASON,
            "body": "<p>Be there.</p>",
            "published_at": timezone.now() - timedelta(minutes=5),
        }
        return Draft(**defaults | fields)

    return make


@pytest.fixture
def telegram(settings: Settings, transactional_db: None) -> Iterator[BotApi]:
    """A Bot API on a real socket, at the end of the settings."""
    with BotApi(token=TOKEN, any_chat=True).in_thread() as api:
        settings.TELEGRAM_BOT_TOKEN = TOKEN
        settings.TELEGRAM_API_URL = api.url
        settings.TELEGRAM_RATE = 1000.0
        yield api


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, together: None) -> None:
    """Rests and backoffs of milliseconds."""
    monkeypatch.setattr("notifications.delivery.outcomes._FIRST_BACKOFF", timedelta(milliseconds=20))
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 0.02)
    monkeypatch.setattr("notifications.delivery.pacing.breaker.LONGEST_REST_SECONDS", 0.1)


def run(**options: Any) -> Tally:
    """Deliver on Telegram."""
    return deliver(["telegram"], **options)["telegram"]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat may have its next message at once."""
    monkeypatch.setattr("notifications.delivery.pacing.pace.telegram_spacing", lambda _: 0.0)


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than two deliveries are claimed ahead."""
    monkeypatch.setattr("notifications.delivery.dispatcher.MOST_CHATS", 2)
