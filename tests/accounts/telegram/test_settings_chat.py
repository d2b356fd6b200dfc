"""The chat of the settings has a name that a person knows."""

import pytest
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.telegram.registry import in_database
from tests.bot import CHANNEL, STUDENT, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)


async def name_of(chat: int) -> str:
    return await in_database(lambda: Subscriber.objects.get(telegram_id=chat).shown_name)


async def test_a_channel_that_never_wrote_is_called_by_its_title(settings: Settings) -> None:
    settings.TELEGRAM_CHAT_ID = CHANNEL
    async with cast() as api, bot_at_work(api, settings):
        await api.until(lambda: api.calls["getChat"] > 0)
    assert await name_of(CHANNEL) == "Placements"


async def test_a_chat_that_telegram_does_not_know_keeps_its_kind(settings: Settings) -> None:
    settings.TELEGRAM_CHAT_ID = -1_009_999_999_999
    async with cast() as api, bot_at_work(api, settings):
        await api.until(lambda: api.calls["getChat"] > 0)
    assert (await name_of(-1_009_999_999_999)).startswith("Channel (chat:")


async def test_a_persons_name_is_not_asked_for(settings: Settings) -> None:
    settings.TELEGRAM_CHAT_ID = STUDENT
    async with cast() as api, bot_at_work(api, settings):
        await api.until(lambda: api.calls["getChat"] > 0)
    assert (await name_of(STUDENT)).startswith("Person (user:")
