"""The public site as a phone's browser of the sandbox shows it: "Get notified" works there, on loopback alone.

A real browser takes messages from its vendor's push service only. So the site is passed on as it is, with one script in
front (pages/phone.js), which stands in for the browser: it makes the keys, subscribes with the sandbox's push service,
collects and decrypts what comes, and shows it as a card. The site's own page and its API do the rest.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import aiohttp
import orjson
from aiohttp import web

from supersetbot.sandbox.loopback import LoopbackServer
from supersetbot.sandbox.push.service import PushService, encoded

_PAGES = Path(__file__).parent / "pages"
_FILES = {"phone.js": "text/javascript", "phone.css": "text/css"}
_HEAD = b"<head>"
_IN_HEAD = _HEAD + b'<link rel="stylesheet" href="/_phone/phone.css"><script src="/_phone/phone.js"></script>'
# Of one connection only (RFC 9110, 7.6.1), or said anew for the page with the script in it.
_NOT_PASSED_ON = frozenset(
    "connection keep-alive te trailer transfer-encoding upgrade content-length accept-encoding".split()
)
_QUIET_SECONDS = 25.0


class PhoneBrowser(LoopbackServer):
    """Passes requests on to the site at `site` (http://127.0.0.1:8000), and plays the browser's side of Web Push."""

    path = "/"

    def __init__(self, site: str, service: PushService) -> None:
        self.site, self.service = site, service
        self._client: aiohttp.ClientSession | None = None

    def _serve(self) -> web.BaseRunner:
        application = web.Application()
        application.router.add_get("/_phone/messages", self._messages)
        application.router.add_post("/_phone/subscription", self._subscribe)
        application.router.add_delete("/_phone/subscription", self._unsubscribe)
        application.router.add_get("/_phone/{name}", _file)
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        return web.AppRunner(application, access_log=None, shutdown_timeout=1.0)

    async def start(self, port: int = 0) -> None:
        await super().start(port)
        self._client = aiohttp.ClientSession(
            self.site, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, raise_for_status=False
        )

    async def stop(self) -> None:
        await super().stop()
        if self._client is not None:
            await self._client.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        assert self._client is not None  # noqa: S101 (for the types: it listens)
        body, headers = await request.read(), _passed_on(request.headers.items())
        target = request.rel_url.raw_path_qs
        try:
            async with self._client.request(
                request.method, target, data=body, headers=headers, allow_redirects=False
            ) as answer:
                page, given = await answer.read(), _passed_on(answer.headers.items())
        except aiohttp.ClientError:
            return web.Response(status=502, text="The site does not answer. Reload the page in a moment.")
        if answer.content_type == "text/html":
            page = page.replace(_HEAD, _IN_HEAD, 1)
        response = web.Response(status=answer.status, body=page)
        response.headers.clear()
        for name, value in given:
            response.headers.add(name, value)
        return response

    # The browser's side of the push service (RFC 8030, 4 and 6)

    async def _subscribe(self, request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        return web.json_response({"endpoint": self.service.subscribe(str(asked["key"]))})

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        self.service.unsubscribe(str(orjson.loads(await request.read())["endpoint"]))
        return web.json_response({})

    async def _messages(self, request: web.Request) -> web.Response:
        """Return what came after the message `after`, as soon as there is any; [] where nothing comes for a while."""
        endpoint, after = request.query.get("endpoint", ""), int(request.query.get("after", "0"))
        await self.service.changed.until(lambda: bool(self.service.waiting(endpoint, after)), _QUIET_SECONDS)
        found = [{"number": one.number, "body": encoded(one.body)} for one in self.service.waiting(endpoint, after)]
        return web.json_response(found, headers={"Cache-Control": "no-store"})


def _passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _NOT_PASSED_ON]


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=_read(name), content_type=_FILES[name], charset="utf-8", headers=headers)


@cache
def _read(name: str) -> bytes:
    return (_PAGES / name).read_bytes()
