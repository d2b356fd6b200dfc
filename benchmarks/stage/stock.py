"""The same channel over python-telegram-bot's own Bot and its transport (httpx), for comparison."""

from django.conf import settings
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from notifications.channels import registry
from notifications.channels.base import Receipt
from notifications.channels.telegram.errors import channel_error
from notifications.rendering.messages import Part, Recipient, TelegramPart


class StockChannel:
    name = "telegram"

    def __init__(self) -> None:
        request = HTTPXRequest(connection_pool_size=settings.TELEGRAM_CONCURRENCY)
        self._bot = Bot(settings.TELEGRAM_BOT_TOKEN, f"{settings.TELEGRAM_API_URL}/bot", request=request)

    async def open(self) -> None:
        await self._bot.initialize()

    async def close(self) -> None:
        await self._bot.shutdown()

    async def send(self, recipient: Recipient, part: Part) -> Receipt:
        assert isinstance(part, TelegramPart)
        entities = [
            MessageEntity(e.type, e.offset, e.length, url=e.url, language=e.language) for e in part.body.entities
        ]
        rows = [[InlineKeyboardButton(button.text, url=button.url)] for button in part.buttons]
        markup = InlineKeyboardMarkup(rows) if rows else None
        try:
            message = await self._bot.send_message(
                recipient.address, part.body.text, entities=entities, reply_markup=markup
            )
        except TelegramError as error:
            raise channel_error(error) from error
        return Receipt((message.message_id,))

    async def edit(self, recipient: Recipient, message_id: int, part: Part) -> None:
        raise NotImplementedError


def use_stock_transport() -> None:
    registry.CHANNELS["telegram"] = StockChannel
