"""Files by the Bot API: uploaded once, then sent by the file_id that Telegram gave (Bot API, sendDocument)."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from django.core.files.storage import storages
from telegram.error import BadRequest, TelegramError
from telegram.request import RequestData

from notifications.channels.base import Receipt
from notifications.channels.telegram.aiohttp_request import AiohttpRequest, ForeignAnswerError
from notifications.channels.telegram.errors import message_id_of
from notifications.rendering.messages import DocumentPart

logger = logging.getLogger(__name__)

_OF_THE_FILE = ("file", "document", "too large", "too big")  # refusals that are no fault of the chat


class Upload:
    """A form with a file: the side of telegram.request.RequestData that AiohttpRequest reads."""

    contains_files = True

    def __init__(self, fields: Mapping[str, str], name: str, data: bytes) -> None:
        self.json_parameters = dict(fields)
        self.multipart_data = {"document": (name, data, "application/octet-stream")}


class Documents:
    """Sends files. The first message with a file uploads it while the others of the same file wait for its file_id."""

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        self._request = request
        self._url = f"{base_url}/sendDocument"
        self._ids: dict[str, str] = {}
        self._uploading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(self, target: Mapping[str, str], part: DocumentPart) -> Receipt:
        """Raises TelegramError; a file that can't be sent at all is left out, as the text names it anyway."""
        self._ids.setdefault(part.digest, part.telegram_id)
        if not self._ids[part.digest]:
            async with self._uploading[part.digest]:
                if not self._ids[part.digest]:
                    return await self._upload(target, part)
        form = urlencode({**target, "document": self._ids[part.digest]})
        try:
            return Receipt((message_id_of(await self._request.post_form(self._url, form)),))
        except BadRequest as error:
            if not _is_of_the_file(error):
                raise
        self._ids[part.digest] = ""  # Telegram forgot it, or it is another bot's
        return await self._upload(target, part)

    async def _upload(self, target: Mapping[str, str], part: DocumentPart) -> Receipt:
        try:
            data = await asyncio.to_thread(_bytes_of, part.path)
        except OSError as error:
            logger.error("File %s can't be sent: %s", part.digest[:12], type(error).__name__)
            return Receipt()
        upload = cast("RequestData", Upload(target, part.name, data))
        try:
            message = await self._request.post(self._url, upload)
        except BadRequest as error:
            if not _is_of_the_file(error):
                raise
            logger.error("Telegram does not take file %s: %s", part.digest[:12], error.message[:200])
            return Receipt()
        except ForeignAnswerError as error:
            if error.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise
            logger.error("A proxy before Telegram takes no file as large as %s", part.digest[:12])
            return Receipt()
        self._ids[part.digest] = file_id = _file_id(message)
        return Receipt((message_id_of(message),), file_ids={part.digest: file_id} if file_id else {})


def _bytes_of(path: str) -> bytes:
    with storages["attachments"].open(path) as file:
        data: bytes = file.read()
        return data


def _is_of_the_file(error: TelegramError) -> bool:
    return any(word in error.message.lower() for word in _OF_THE_FILE)


def _file_id(message: Any) -> str:
    """Telegram makes an animation, an audio or a video of some files."""
    kinds = ("document", "animation", "audio", "video") if isinstance(message, dict) else ()
    found = (message[kind].get("file_id", "") for kind in kinds if isinstance(message.get(kind), dict))
    return str(next(found, ""))
