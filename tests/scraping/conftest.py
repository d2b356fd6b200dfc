"""The sandbox's portal and Bot API, and the service set up to use them."""

from collections.abc import Iterator
from random import Random

import pytest
from pytest_django import Settings

from supersetbot.sandbox.portal.portal_world import ACCOUNTS, World
from supersetbot.sandbox.portal.server import TENANT_ID, Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.scraping.reading.model_endpoint import model

__all__ = ["model", "portal", "telegram"]


def use_portal(settings: Settings, portal: Portal) -> None:
    settings.SUPERSET_BASE_URL = portal.url
    settings.SUPERSET_PUBLIC_KEY = portal.public_key
    settings.SUPERSET_TENANT_ID = TENANT_ID
    settings.SUPERSET_CREDENTIALS = [
        {"email": account.email, "password": account.password} for account in portal.world.accounts
    ]


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    """A portal with both accounts and nothing in it yet. What it invents is the same in each run."""
    with Portal(World(list(ACCOUNTS)), random=Random(4)).in_thread() as running:
        use_portal(settings, running)
        yield running


@pytest.fixture
def telegram(settings: Settings) -> Iterator[BotApi]:
    """A Telegram where every user id is a chat."""
    with BotApi(any_chat=True).in_thread() as api:
        settings.TELEGRAM_BOT_TOKEN = api.token
        settings.TELEGRAM_API_URL = api.url
        settings.TELEGRAM_RATE = 1000.0
        yield api
