"""python-telegram-bot's requests over aiohttp, which stays fast where its stock transport does not.

It has the time-outs and errors of telegram.request.HTTPXRequest (spec: delivery, Measured on the libraries). Neither
the URL nor an error that quotes it is logged or passed on: both hold the bot's token.
"""

import os
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# Makes RetryAfter.retry_after a timedelta, as the library's next major version does: else each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_FORM = "application/x-www-form-urlencoded"
_MEDIA_WRITE_TIMEOUT = 20.0
_UNSENT = (aiohttp.ClientConnectionResetError, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)
_SUCCESS = b'{"ok":true'  # how each success begins
_LONGEST_WAIT = 10**9  # seconds; a number above it is rubbish, and more than a timedelta holds


class ConnectTimeoutError(TimedOut):
    """No connection within the time: nothing was sent."""


class NotSentError(NetworkError):
    """No connection, or it was closed before the request was written: nothing was sent."""


class ConnectionLostError(NetworkError):
    """The connection broke after the request was written: whether it was carried out is unknown."""


class ForeignAnswerError(NetworkError):
    """Something on the way answered in Telegram's place: a proxy, a firewall, a captive portal. Nothing was sent."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} from something that is not the Bot API: a proxy, a firewall?")
        self.status = status


class EncodedForm:
    """A form that is ready for the wire: the side of telegram.request.RequestData that AiohttpRequest reads.

    Encoding a message takes as long as sending it, and a notice is the same message many times.
    """

    contains_files = False

    def __init__(self, form: str) -> None:
        self._form = form

    def url_encoded_parameters(self) -> str:
        return self._form


class AiohttpRequest(BaseRequest):
    """One session with at most `connection_limit` connections, opened in the event loop that uses it.

    For a bot's own calls, and in a second instance for its long polling. Time-outs in seconds, None for none.
    """

    def __init__(
        self,
        connection_limit: int = 256,
        *,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
    ) -> None:
        self._connection_limit = connection_limit
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connection_limit),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def post_form(self, url: str, form: str) -> object:
        """POST an urlencoded form and return the answer's result; raises what `post` raises."""
        # RequestData is final and its constructor no public interface, so a look-alike goes in its place
        return await self.post(url, cast("RequestData", EncodedForm(form)))

    async def do_request(  # noqa: PLR0917 (the signature is BaseRequest's)
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Called by `post` and `retrieve` (a file, by GET). Raises TimedOut or NetworkError, see the classes above."""
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        uploads = request_data is not None and request_data.contains_files
        timeout = _timeout(
            _given(read_timeout, self._read_timeout),
            _given(write_timeout, _MEDIA_WRITE_TIMEOUT if uploads else self._write_timeout),
            _given(connect_timeout, self._connect_timeout),
            _given(pool_timeout, self._pool_timeout),
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except (aiohttp.ClientError, OSError) as error:
            raise _translated(error) from None  # the cause's text may hold the URL
        return (status if method == "GET" and status == HTTPStatus.OK else _verdict(status, payload)), payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict that BaseRequest can walk through whatever was in it. Raises TelegramError."""
        answer = _json(payload)
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        answer.setdefault("result", None)
        if not isinstance(answer.get("description"), str):
            answer["description"] = ""
        answer["parameters"] = _parameters(answer.get("parameters"))
        return answer


def _verdict(status: int, payload: bytes) -> int:
    """The status that the Bot API states in its own words: 200, or its `error_code` (Bot API, Making requests).

    The HTTP status alone says nothing: proxies have it too. An answer that was cut short stays a success that can't be
    read. Raises ForeignAnswerError.
    """
    answer = _json(payload)
    if isinstance(answer, dict):
        code = answer.get("error_code")
        if answer.get("ok") is False and isinstance(code, int) and 400 <= code <= 599:
            return code
        if answer.get("ok") is True and "result" in answer:
            return HTTPStatus.OK
    elif payload and payload[: len(_SUCCESS)] == _SUCCESS[: len(payload)]:
        return HTTPStatus.OK
    raise ForeignAnswerError(status)


def _json(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def _parameters(found: object) -> dict[str, int]:
    """The two known response parameters, where they are numbers (Bot API, ResponseParameters)."""
    if not isinstance(found, dict):
        return {}
    parameters = {}
    if isinstance(chat := found.get("migrate_to_chat_id"), int) and -(2**63) <= chat < 2**63:
        parameters["migrate_to_chat_id"] = chat
    if isinstance(wait := found.get("retry_after"), int | float) and 0 < wait < _LONGEST_WAIT:
        parameters["retry_after"] = int(wait) + (wait % 1 > 0)
    return parameters


def _body(data: RequestData | None) -> aiohttp.BytesPayload | aiohttp.FormData | None:
    if data is None:
        return None
    if not data.contains_files:
        return aiohttp.BytesPayload(data.url_encoded_parameters().encode(), content_type=_FORM)
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)  # Telegram shows a quoted name as it is: "a%20b"
    for name, (filename, content, mime_type) in data.multipart_data.items():
        on_one_line = " ".join((filename or "file").split())
        form.add_field(name, content, filename=on_one_line, content_type=mime_type)
    return form


def _given(value: object, default: float | None) -> float | None:
    return value if value is None or isinstance(value, int | float) else default


@lru_cache(maxsize=32)
def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """Return time-outs; a total takes the place of the limit for writing, which aiohttp does not have."""
    opening = None if connect is None or pool is None else connect + pool
    total = None if opening is None or read is None or write is None else opening + read + write
    return aiohttp.ClientTimeout(total=total, connect=opening, sock_connect=connect, sock_read=read)


def _translated(error: Exception) -> NetworkError:
    """The library's own error for one of aiohttp's, without its text."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return ConnectTimeoutError("Timed out while connecting, or waiting for a free connection")
    if isinstance(error, TimeoutError):
        return TimedOut()
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotSentError(f"{kind}: {error.strerror or type(error.os_error).__name__}")
    if isinstance(error, _UNSENT) or isinstance(error.__cause__, _UNSENT):
        return NotSentError(kind)
    return ConnectionLostError(kind)
