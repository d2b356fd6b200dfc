"""What can be wrong with a portal: each fault answers in place of the portal, or does something before it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
LOGIN_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><form>Please sign in</form></body></html>"


@dataclass(slots=True)
class Rule:
    """A fault for some calls: `call` is a name of portal.CALLS or "*"; `times` is None for as long as it stands."""

    fault: Fault
    call: str = "*"
    email: str | None = None
    key: str | None = None
    times: int | None = None

    def applies(self, call: str, email: str, key: str) -> bool:
        return self.times != 0 and self.call in {"*", call} and self.email in {None, email} and self.key in {None, key}


def status(code: int, **headers: str) -> Fault:
    """An error status; write headers with underscores (Retry_After="5")."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(
            {"error": "something is wrong"}, status=code, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    return answer


def slow(seconds: float) -> Fault:
    """The right answer, late."""

    async def wait(_: web.Request) -> None:
        await asyncio.sleep(seconds)

    return wait


def body(text: str, content_type: str = "application/json") -> Fault:
    """A 200 with this text."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type=content_type)

    return answer


def html() -> Fault:
    """A 200 with a login page."""
    return body(LOGIN_PAGE, "text/html")


def null() -> Fault:
    return body("null")


def empty() -> Fault:
    """A list without anything in it."""
    return body("[]")


def error_object() -> Fault:
    """A 200 with an object that says it went wrong."""
    return body('{"status": 500, "error": "Internal Server Error", "message": "try again"}')


def cut() -> Fault:
    """A 200 with half a JSON list: complete for HTTP, broken for a parser."""
    return body('[{"identifier": "3f1c", "title": "Half a noti')


def huge(mebibytes: int) -> Fault:
    """A list with one notice, of that size in all."""
    return body(f'[{{"identifier": "huge", "title": "Huge", "content": "{"x" * (mebibytes * 1024 * 1024)}"}}]')


def truncated() -> Fault:
    """A connection lost in the middle of the body."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b'[{"identifier": "3f1c"')
        _hang_up(request)
        return response

    return answer


def drop() -> Fault:
    """A connection lost before any answer, as if the portal were down."""

    async def answer(request: web.Request) -> web.StreamResponse:
        _hang_up(request)
        return web.Response()

    return answer


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
