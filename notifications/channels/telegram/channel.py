"""Telegram: a part becomes a message of the Bot API (spec: delivery)."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, TelegramError

from notifications.channels.base import ChannelStoppedError, PermanentError, Receipt
from notifications.channels.telegram.aiohttp_request import AiohttpRequest
from notifications.channels.telegram.documents import Documents
from notifications.channels.telegram.errors import channel_error, message_id_of, topic_refusal
from notifications.rendering.messages import DocumentPart, Part, Recipient, RichText, TelegramPart
from notifications.rendering.richtext import split

logger = logging.getLogger(__name__)

LIMIT = 4096  # UTF-16 units a message (Bot API, sendMessage)
CAPTION_LIMIT = 1024  # of a file's caption (Bot API, sendDocument)

# Refusals that are no error yet, as the Bot API words them
_NOT_MODIFIED = re.compile(r"message is not modified", re.IGNORECASE)
_IS_FILE = re.compile(r"there is no text in the message to edit", re.IGNORECASE)
_TOO_LONG = re.compile(r"message(_| is |_is_)too[_ ]long", re.IGNORECASE)
_ENTITY_DEFECT = re.compile(r"\bentit(y|ies)", re.IGNORECASE)
_BUTTON_DEFECT = re.compile(r"button|reply markup|http url", re.IGNORECASE)


class TelegramChannel:
    """Sends by `token` to the Bot API at `api_url`, over at most `concurrency` connections. Times in seconds.

    It goes through python-telegram-bot's request and errors, but not through Bot.send_message, which builds
    and parses a tree of objects for each recipient and takes four times as long.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        api_url: str,
        concurrency: int,
        *,
        paid_broadcast: bool = False,
        read_timeout: float = 10.0,
        connect_timeout: float = 5.0,
    ) -> None:
        self._token = token
        self._base_url = f"{api_url.rstrip('/')}/bot{token}"
        self._extra = {"allow_paid_broadcast": "true"} if paid_broadcast else {}
        self._request = AiohttpRequest(concurrency, read_timeout=read_timeout, connect_timeout=connect_timeout)
        self._documents = Documents(self._request, self._base_url)
        self._readable: dict[TelegramPart, TelegramPart] = {}

    async def open(self) -> None:
        """Raises ChannelStoppedError where there is no token. Asks Telegram nothing yet."""
        if not self._token:
            raise ChannelStoppedError("no_token", "TELEGRAM_BOT_TOKEN is not set")
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    async def send(self, recipient: Recipient, part: Part) -> Receipt:
        """Send one part: in several messages where Telegram finds it too long, and after a group that moved.

        Where a later one of several messages fails, the error stands for the part: a retry sends all of them.
        """
        try:
            try:
                return await self._send_to_topic(recipient, part)
            except ChatMigrated as moved:
                address = str(moved.new_chat_id)
                return replace(await self._sent(address, part), moved_to=address)
        except TelegramError as error:
            raise channel_error(error) from error

    async def edit(self, recipient: Recipient, message_id: int, part: Part) -> None:
        """Replace the text and the buttons of a message. One that says the same already is a success.

        A file stays as it was sent. Where the message is one, and no longer should be, the text becomes its caption.
        """
        if isinstance(part, DocumentPart):
            return
        target = {"chat_id": recipient.address, "message_id": str(message_id)}
        try:
            await self._call("editMessageText", target, _telegram(part))
        except TelegramError as error:
            if _IS_FILE.search(error.message):
                await self._edit_caption(target, _telegram(part))
            elif not _NOT_MODIFIED.search(error.message):
                raise channel_error(error) from error

    async def _edit_caption(self, target: Mapping[str, str], part: TelegramPart) -> None:
        caption = split(part.body, CAPTION_LIMIT)[0].text
        form = urlencode({**target, "caption": caption}, errors="replace")
        try:
            await self._request.post_form(f"{self._base_url}/editMessageCaption", form)
        except TelegramError as error:
            if not _NOT_MODIFIED.search(error.message):
                raise channel_error(error) from error

    async def _send_to_topic(self, recipient: Recipient, part: Part) -> Receipt:
        """Send to the topic of a forum; to General where the topic does not take it."""
        refused = ""
        if recipient.topic:
            try:
                return await self._sent(recipient.address, part, topic=recipient.topic)
            except TelegramError as error:
                refused = topic_refusal(error)
                if not refused:
                    raise
        return replace(await self._sent(recipient.address, part), topic_refused=refused)

    async def _sent(self, address: str, part: Part, *, topic: int | None = None) -> Receipt:
        target = {"chat_id": address, **self._extra}
        if topic:
            target["message_thread_id"] = str(topic)
        if isinstance(part, DocumentPart):
            return await self._documents.send(target, part)
        return Receipt(await self._send(target, _telegram(part)))

    async def _send(self, target: Mapping[str, str], part: TelegramPart) -> tuple[int, ...]:
        try:
            return (message_id_of(await self._call("sendMessage", target, part)),)
        except BadRequest as error:
            if not _TOO_LONG.search(error.message):
                raise
        return tuple([message_id_of(await self._call("sendMessage", target, piece)) for piece in _pieces(part)])

    async def _call(self, method: str, target: Mapping[str, str], part: TelegramPart) -> object:
        """Call a method of the Bot API, and again without what it can't read in the part."""
        url, chat = f"{self._base_url}/{method}", urlencode(target)
        while True:
            readable = self._readable.get(part, part)
            try:
                return await self._request.post_form(url, f"{chat}&{_form(readable)}")
            except BadRequest as error:
                plainer = _without_defect(readable, error.message)
                if plainer is None:
                    raise
                logger.error("Telegram can't read a part, a defect of the renderer: %s", error.message[:200])
            self._readable[part] = plainer  # for the other recipients too


def _telegram(part: Part) -> TelegramPart:
    if not isinstance(part, TelegramPart):
        raise PermanentError("wrong_part", f"Telegram can't send a {type(part).__name__}")
    return part


@lru_cache(maxsize=256)
def _form(part: TelegramPart) -> str:
    """The part as it goes over the wire, but for the chat: encoded once a notice, not once a recipient."""
    fields = {"text": part.body.text, "link_preview_options": LinkPreviewOptions(is_disabled=True).to_json()}
    if part.body.entities:
        entities = (
            MessageEntity(e.type, e.offset, e.length, url=e.url, language=e.language) for e in part.body.entities
        )
        fields["entities"] = json.dumps([entity.to_dict() for entity in entities])
    if part.buttons:
        rows = [
            [InlineKeyboardButton(key.text, url=key.url or None, callback_data=key.data or None) for key in row]
            for row in part.rows
        ]
        fields["reply_markup"] = InlineKeyboardMarkup(rows).to_json()
    if part.reply_to:
        fields["reply_parameters"] = ReplyParameters(part.reply_to, allow_sending_without_reply=True).to_json()
    return urlencode(fields, errors="replace")  # half a surrogate pair has no encoding


def _without_defect(part: TelegramPart, complaint: str) -> TelegramPart | None:
    """The part without the formatting or the buttons Telegram complains of, None if it is about neither."""
    if _NOT_MODIFIED.search(complaint):  # its words name the markup, too
        return None
    if part.body.entities and _ENTITY_DEFECT.search(complaint):
        return replace(part, body=RichText(part.body.text))
    if part.buttons and _BUTTON_DEFECT.search(complaint):
        return replace(part, buttons=())
    return None


def _pieces(part: TelegramPart) -> list[TelegramPart]:
    """A part in smaller ones, the buttons below the last. What is short enough by our count is halved."""
    bodies = split(part.body, LIMIT)
    if len(bodies) == 1:
        bodies = split(part.body, LIMIT // 2)
    last = len(bodies) - 1
    return [TelegramPart(body, part.buttons if n == last else ()) for n, body in enumerate(bodies)]
