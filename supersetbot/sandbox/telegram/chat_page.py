"""The chat page of the sandbox: one plays a student or an admin in a browser, and watches what the bot says.

Everything comes from this server: the page, its style and its script; what happens arrives as Server-Sent Events.
`/_control` is the same for programs: it takes orders by name and gives the figures.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from supersetbot.sandbox.telegram.bot_chats import Chat, Message
from supersetbot.sandbox.telegram.bot_methods import Methods
from supersetbot.sandbox.telegram.bot_players import Players
from supersetbot.sandbox.telegram.bot_rules import BotApiError, Json

logger = logging.getLogger(__name__)

_PAGES = Path(__file__).parent / "pages"
_FILES = {
    "/": ("chat.html", "text/html"),
    "/_page/chat.css": ("chat.css", "text/css"),
    "/_page/chat.js": ("chat.js", "text/javascript"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MESSAGES_SHOWN = 300
_QUIET_SECONDS = 15.0  # then a comment keeps the stream of events alive


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the page that makes something happen; `run` returns a line that says what did."""

    label: str
    hint: str
    run: Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere else to look: a link of the page, and what is to be seen there."""

    label: str
    url: str
    hint: str


class ChatPage:
    """Everything the server answers besides the Bot API."""

    def __init__(
        self,
        telegram: Players,
        methods: Methods,
        orders: Mapping[str, Callable[..., object]],
        actions: Mapping[str, Action],
        places: Sequence[Place],
    ) -> None:
        self.telegram = telegram
        self.methods = methods
        self.orders = orders
        self.actions = actions
        self.places = places

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "POST":
            return await self._post(request)
        path = request.path
        if path in _FILES:
            name, kind = _FILES[path]
            return web.Response(body=_file(name), content_type=kind, charset="utf-8", headers=_HEADERS)
        if path == f"/{self.telegram.bot.username}":  # the bot's address, as https://t.me/name is
            return web.Response(status=302, headers={"Location": "/"})
        if path == "/_page/events":
            return await self._stream(request)
        if path.startswith("/_page/chats/"):
            return self._chat(path.removeprefix("/_page/chats/"))
        read = {"/_page/state": self._state, "/_control": self.orders["figures"]}.get(path)
        return _json(read()) if read else _json({"error": "not found"}, 404)

    # What is asked for

    async def _post(self, request: web.BaseRequest) -> web.Response:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _json({"error": "another site may not press these buttons"}, 403)
        if request.path == "/_control":
            return self._control(await request.read())
        if request.path.startswith("/_world/"):
            return await self._act(request.path.removeprefix("/_world/"))
        return _json({"error": "not found"}, 404)

    def _control(self, body: bytes) -> web.Response:
        """An order is an object: its name under `do`, its arguments beside it. A list of orders is taken too."""
        try:
            asked = orjson.loads(body)
            orders = asked if isinstance(asked, list) else [asked]
            results = [_plain(self.orders[order.pop("do")](**order)) for order in orders]
        except BotApiError as error:
            return _json({"error": str(error)}, 400)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        return _json({"ok": True, "result": results if isinstance(asked, list) else results[0]})

    async def _act(self, name: str) -> web.Response:
        action = self.actions.get(name)
        if action is None:
            return _json({"error": "no such action"}, 404)
        try:
            return _json({"line": await action.run()})
        except Exception:
            logger.exception("Action %s of the chat page failed", name)
            return _json({"error": "That didn't work. The log says why."}, 500)

    # What is shown

    def _state(self) -> Json:
        telegram = self.telegram
        return {
            "bot": telegram.bot.json(),
            "chats": [self._chat_view(chat) for chat in list(telegram.chats.values())],
            "actions": [
                {"id": name, "label": action.label, "hint": action.hint} for name, action in self.actions.items()
            ],
            "places": [{"label": place.label, "url": place.url, "hint": place.hint} for place in self.places],
        }

    def _chat(self, chat_id: str) -> web.Response:
        try:
            chat = self.telegram.chat(chat_id)
        except BotApiError as error:
            return _json({"error": str(error)}, 404)
        shown = list(chat.messages.values())[-_MESSAGES_SHOWN:]
        return _json({**self._chat_view(chat), "messages": [self._message_view(chat, message) for message in shown]})

    def _chat_view(self, chat: Chat) -> Json:
        newest = next((m for m in reversed(list(chat.messages.values())) if not m.deleted), None)
        return {
            "id": chat.id,
            "type": chat.type,
            "name": chat.name,
            "about": chat.user.about if chat.user else chat.type,
            "state": chat.state,
            "menu": self.methods.menu(chat),
            "newest": {"text": _first_words(newest), "date": newest.date} if newest else None,
        }

    def _message_view(self, chat: Chat, message: Message) -> Json:
        return {
            **self.telegram.message_json(chat, message),
            "by_bot": message.sender.is_bot,
            "sender": message.sender.first_name,
            "deleted": message.deleted,
        }

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return what happens from now on; the page reads the state anew whenever the stream opens."""
        telegram = self.telegram
        seen = telegram.events[-1][0] if telegram.events else 0
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while not telegram.closing:
            news = [event for event in list(telegram.events) if event[0] > seen]
            for number, event in news:
                await response.write(b"data: %s\n\n" % orjson.dumps(self._event_view(event)))
                seen = number
            if not news and not await self._wait_for_event(seen):
                await response.write(b": still here\n\n")
        return response

    async def _wait_for_event(self, seen: int) -> bool:
        telegram = self.telegram
        return await telegram.changed.until(
            lambda: telegram.closing or bool(telegram.events and telegram.events[-1][0] > seen), _QUIET_SECONDS
        )

    def _event_view(self, event: Json) -> Json:
        chat = self.telegram.chats.get(int(str(event.get("chat_id", 0))))
        if chat is None:
            return event
        view: Json = {**event, "chat": self._chat_view(chat)}
        message = chat.messages.get(int(str(event.get("message_id", 0))))
        if message is not None:
            view["message"] = self._message_view(chat, message)
        return view


def _first_words(message: Message) -> str:
    """Return what the list of chats says of a message: how it begins, or the name of its file."""
    return message.text[:120] or f"📄 {(message.document or {}).get('file_name', 'A file')}"


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json", headers=_HEADERS)


def _plain(result: object) -> object:
    """Return what an order returned, where it can be said in JSON."""
    if isinstance(result, Message):
        return result.message_id
    return result if isinstance(result, str | int | dict) else None


@cache
def _file(name: str) -> bytes:
    return (_PAGES / name).read_bytes()
