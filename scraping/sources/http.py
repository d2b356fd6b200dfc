"""The one outbound HTTP client: time-outs, a cap on connections and sizes, retries, and errors one can read.

Errors name method, host and path only: queries, headers and bodies sent may hold secrets.
"""

import asyncio
import random
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx
import orjson

from accounts.clock import retry_after
from scraping.sources.base import SourceError
from scraping.sources.lenient_json import decode_json, excerpt

MIB = 1024 * 1024
RETRY_BUDGET = 50


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much the client asks of others, and how long it puts up with them. Times in seconds."""

    concurrency: int = 16
    attempts: int = 3
    backoff: float = 0.5  # before the second attempt; doubled for each further one
    longest_wait: float = 30.0  # a Retry-After beyond it ends the request instead
    connect_timeout: float = 10.0
    timeout: float = 30.0  # between two bytes
    deadline: float = 120.0  # for one attempt as a whole
    max_bytes: int = 64 * MIB


class HttpError(SourceError):
    """A request came to nothing. `status` is None where no status was received.

    Codes: timeout, connection, http_<status>, redirect, too_large, broken_body, not_json, bad_url.
    """

    def __init__(
        self, code: str, text: str, *, status: int | None = None, transient: bool = False, after: float = 0.0
    ) -> None:
        super().__init__(code, text)
        self.status = status
        self.transient = transient
        self.after = after  # seconds the other side asks to wait


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer with a 2xx or 304 status; `body` is decompressed."""

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)


class HttpClient:
    """An `async with` HTTP client for one other side. Keeps no cookies, so that accounts can share it.

    Retries answers 408, 429 and 5xx, time-outs and lost connections, with exponential backoff and jitter. A
    budget, spent by retries and refilled by successes, keeps an outage from multiplying the requests. A
    Retry-After holds back every request of this client, not only the one that was told.

    Every connection is an httpx client of its own: one pool of 16 spends half its time on looking for a free one.
    """

    def __init__(
        self,
        limits: HttpLimits | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        redirects: bool = False,
        on_request: Callable[[], object] | None = None,
    ) -> None:
        self._on_request = on_request
        self._limits = limits = limits or HttpLimits()
        self._connections = [
            httpx.AsyncClient(
                headers=headers,
                timeout=httpx.Timeout(limits.timeout, connect=limits.connect_timeout),
                limits=httpx.Limits(max_connections=1),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=redirects,
                verify=_trust(),
            )
            for _ in range(limits.concurrency)
        ]
        self._free: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()
        for connection in self._connections:
            self._free.put_nowait(connection)
        self._budget = RETRY_BUDGET
        self._quiet_until = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(connection.aclose() for connection in self._connections))

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, payload: object = None
    ) -> Response:
        """Send a request, with `payload` as JSON if given, until it is answered or the attempts are used up.

        Raises:
            HttpError: the last attempt failed, or trying again can't help.
        """
        request = self._build(method, url, headers, payload)
        attempt = 1
        while True:
            try:
                answer = await self._attempt(request)
            except HttpError as error:
                if not self._may_retry(error, attempt):
                    raise
            else:
                self._budget = min(self._budget + 1, RETRY_BUDGET)
                return answer
            await asyncio.sleep(self._limits.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0))
            attempt += 1

    async def json(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        payload: object = None,
        confidential: bool = False,
    ) -> object:
        """Like `request`, and read the answer as JSON; see `decode_json` for what is mended in it.

        Raises:
            HttpError: as above; or the answer is no JSON: the text then quotes its first bytes, unless the
                answer is `confidential`.
        """
        answer = await self.request(method, url, headers=headers, payload=payload)
        try:
            return decode_json(answer.body)
        except ValueError as error:
            kind = answer.headers.get("content-type", "no content type")
            start = "" if confidential else f" that begins {excerpt(answer.body)!r}"
            text = f"{_name(method, url)} gave no JSON: {len(answer.body)} bytes of {kind}{start}"
            raise HttpError("not_json", text, status=answer.status) from error

    def _build(self, method: str, url: str, headers: Mapping[str, str] | None, payload: object) -> httpx.Request:
        content = None if payload is None else orjson.dumps(payload)
        all_headers = dict(headers or {})
        if content is not None:
            all_headers["Content-Type"] = "application/json"
        try:
            request = self._connections[0].build_request(method, url, headers=all_headers, content=content)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise HttpError("bad_url", f"{method} can't be sent: {type(error).__name__}") from None
        if (request.url.port or 0) > 65535:
            raise HttpError("bad_url", f"{_name(method, url)} has a port that is none")
        return request

    async def _attempt(self, request: httpx.Request) -> Response:
        connection = await self._free.get()
        try:
            await self._stay_quiet()
            async with asyncio.timeout(self._limits.deadline):
                return await self._exchange(connection, request)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise _failed(request, "timeout", "timed out", transient=True) from error
        except httpx.DecodingError as error:
            raise _failed(request, "broken_body", "answered with a body that can't be decompressed") from error
        except (httpx.UnsupportedProtocol, httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise _failed(request, "bad_url", f"failed: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            text = f"lost its connection ({type(error).__name__})"
            raise _failed(request, "connection", text, transient=True) from error
        finally:
            self._free.put_nowait(connection)

    async def _exchange(self, connection: httpx.AsyncClient, request: httpx.Request) -> Response:
        if self._on_request:
            self._on_request()
        response = await connection.send(request, stream=True)
        try:
            self._check_status(request, response)
            return Response(response.status_code, response.headers, await self._body(request, response))
        finally:
            await response.aclose()

    def _check_status(self, request: httpx.Request, response: httpx.Response) -> None:
        status = response.status_code
        if response.is_success or status == httpx.codes.NOT_MODIFIED:
            return
        if response.has_redirect_location:
            raise _failed(request, "redirect", f"was redirected ({status})", status=status)
        transient = status in {408, 429} or status >= 500
        after = (retry_after(response.headers.get("retry-after", "")) or 0.0) if transient else 0.0
        if 0 < after <= self._limits.longest_wait:
            self._quiet_until = max(self._quiet_until, asyncio.get_running_loop().time() + after)
        asked = f", and asked to wait {after:.0f} s" if after else ""
        text = f"answered {status}{asked}"
        raise _failed(request, f"http_{status}", text, status=status, transient=transient, after=after)

    async def _body(self, request: httpx.Request, response: httpx.Response) -> bytes:
        most = self._limits.max_bytes
        announced = response.headers.get("content-length", "")
        size = int(announced) if announced.isdecimal() else 0
        parts: list[bytes] = []
        if size <= most:
            size = 0
            async for part in response.aiter_bytes():
                parts.append(part)
                size += len(part)
                if size > most:
                    break
        if size > most:
            raise _failed(request, "too_large", f"answered with more than {most / MIB:g} MiB")
        return b"".join(parts)

    async def _stay_quiet(self) -> None:
        wait = self._quiet_until - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    def _may_retry(self, error: HttpError, attempt: int) -> bool:
        """Whether one more attempt is due; takes it out of the budget."""
        due = error.transient and attempt < self._limits.attempts and error.after <= self._limits.longest_wait
        if not due or self._budget <= 0:
            return False
        self._budget -= 1
        return True


@cache
def _trust() -> ssl.SSLContext:
    """Loading the trusted certificates takes 70 ms: once a process is enough."""
    return httpx.create_ssl_context()


def _failed(
    request: httpx.Request,
    code: str,
    text: str,
    *,
    status: int | None = None,
    transient: bool = False,
    after: float = 0.0,
) -> HttpError:
    named = f"{_name(request.method, str(request.url))} {text}"
    return HttpError(code, named, status=status, transient=transient, after=after)


def _name(method: str, url: str) -> str:
    parts = httpx.URL(url)
    return f"{method} {parts.host}{f':{parts.port}' if parts.port else ''}{parts.path}"
