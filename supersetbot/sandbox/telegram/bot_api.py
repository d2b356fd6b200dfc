"""A Telegram Bot API on loopback: it behaves as the real one where a client can tell, and fails when asked to.

The sandbox shows it with a chat page, tests drive it from the same process, benchmarks run it as their own
(`python -m supersetbot.sandbox.telegram.bot_api --light --any-chat`, which prints one line of JSON with its address).
"""

import argparse
import asyncio
import inspect
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import orjson
from aiohttp import web

from supersetbot.sandbox.loopback import LoopbackServer
from supersetbot.sandbox.telegram.bot_chats import User
from supersetbot.sandbox.telegram.bot_faults import AFTER_HANDLING, Fault, Faults, Limits, too_many_requests
from supersetbot.sandbox.telegram.bot_methods import Methods
from supersetbot.sandbox.telegram.bot_params import Params, integer, read_params
from supersetbot.sandbox.telegram.bot_players import Players, buttons
from supersetbot.sandbox.telegram.bot_rules import BotApiError, Json
from supersetbot.sandbox.telegram.chat_page import Action, ChatPage, Place
from supersetbot.sandbox.telegram.web_apps import opened

BOT = User(7_000_000_001, "SuperSet Bot", username="superset_sandbox_bot", is_bot=True)
_LONGEST_POLL = 50  # seconds (getUpdates)
_JSON = {"Content-Type": "application/json"}
_PLAIN_ERRORS = {
    "flood_without_parameters": (429, "Too Many Requests"),
    "error": (500, "Internal Server Error"),
    "unauthorized": (401, "Unauthorized"),
    "logged_out": (400, "Logged out"),
}
_PROXY_PAGE = b"<html><head><title>Blocked</title></head><body><h1>Something stands in the way</h1></body></html>"
_PROXY_JSON = b'{"message": "Forbidden"}'


class BotApi(LoopbackServer, Players):
    """The server and everything behind it. What people do is in Players, what is kept and counted in Chats.

    `per_second`, `per_chat` (a second) and `per_group_minute` are answered with 429 when exceeded; `latency` is what
    each answer takes, in seconds; `actions` become buttons of the chat page, `places` its links. See Chats for `record`
    and `any_chat`.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        bot: User = BOT,
        per_second: int | None = None,
        per_chat: int | None = None,
        per_group_minute: int | None = None,
        latency: float = 0.0,
        record: bool = True,
        any_chat: bool = False,
        seed: int = 0,
        actions: Mapping[str, Action] | None = None,
        places: Sequence[Place] = (),
    ) -> None:
        super().__init__(bot, record=record, any_chat=any_chat)
        self.token = token or f"{bot.id}:{secrets.token_urlsafe(26)}"
        self.latency = latency
        self.faults = Faults(seed)
        self.methods = Methods(self, Limits(per_second, per_chat, per_group_minute))
        self.page = ChatPage(self, self.methods, self._orders(), actions or {}, places)
        self._calls: dict[str, tuple[str, Callable[[Params], object]]] = {
            **self.methods.table,
            "getupdates": ("getUpdates", self._get_updates),
        }
        self._poller: object = None  # the getUpdates that waits; a newer one takes its place

    # Running it

    def _serve(self) -> web.ServerRunner:
        server = web.Server(self._handle, handler_cancellation=True)
        return web.ServerRunner(server, access_log=None, shutdown_timeout=1.0)

    async def start(self, port: int = 0) -> None:
        """Listen; `url` is then the base to give a client as TELEGRAM_API_URL. Raises OSError if the port is taken."""
        self.closing = False
        await super().start(port)

    async def stop(self) -> None:
        """Close every connection. What was kept stays, and `start` may be called again."""
        self.closing = True
        self.changed.fire()
        await super().stop()

    # Answering

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if not request.path.startswith("/bot"):
            return await self.page.handle(request)
        token, _, called = request.path[4:].partition("/")
        name, method = self._calls.get(called.lower(), (called, _no_such_method))
        self.calls[name] += 1
        fault = self.faults.due(name)
        if fault is not None and fault.kind not in AFTER_HANDLING:
            return await self._fail(fault, request)
        response = await self._answer(token, name, method, request)
        if self.latency:
            await asyncio.sleep(self.latency)
        return response if fault is None else await self._fail(fault, request, response)

    async def _answer(
        self, token: str, name: str, method: Callable[[Params], object], request: web.BaseRequest
    ) -> web.Response:
        try:
            if not secrets.compare_digest(token.encode(), self.token.encode()):
                raise BotApiError(401, "Unauthorized")
            params = await read_params(request)
            if self.record:
                self.requests.append((name, params))
            result = method(params)
            if inspect.isawaitable(result):
                result = await result
        except BotApiError as error:
            return self._refuse(error)
        return web.Response(body=orjson.dumps({"ok": True, "result": result}), headers=_JSON)

    def _refuse(self, error: BotApiError) -> web.Response:
        self.refusals[error.code] += 1
        headers = dict(_JSON)
        if error.code == 429:
            seconds = (error.parameters or {}).get("retry_after", 0)
            self.pauses.append((time.monotonic(), seconds))
            if seconds:
                headers["Retry-After"] = str(seconds)
        return web.Response(status=error.code, body=orjson.dumps(error.json()), headers=headers)

    async def _fail(
        self, fault: Fault, request: web.BaseRequest, response: web.Response | None = None
    ) -> web.StreamResponse:
        """Answer as the fault has it, or not at all. `response` is what a call that was handled would have got."""
        if fault.kind == "flood":
            return self._refuse(too_many_requests(fault.retry_after))
        if fault.kind in _PLAIN_ERRORS:
            return self._refuse(BotApiError(*_PLAIN_ERRORS[fault.kind]))
        if fault.kind in ("bad_gateway", "proxy_page", "proxy_json"):
            return self._intercept(fault)
        if fault.kind == "broken_json" and response is not None and isinstance(response.body, bytes):
            return web.Response(body=response.body[: len(response.body) // 2], headers=_JSON)
        if fault.kind not in ("hang", "silence") and request.transport is not None:
            request.transport.abort()
        await self.changed.until(lambda: self.closing)  # cancelled before, once the connection is gone
        return web.Response(status=503)

    def _intercept(self, fault: Fault) -> web.Response:
        """Answer in Telegram's place, as a proxy does."""
        status = 502 if fault.kind == "bad_gateway" else fault.status
        self.refusals[status] += 1
        if fault.kind == "proxy_json":
            return web.Response(status=status, body=_PROXY_JSON, headers=_JSON)
        return web.Response(status=status, body=_PROXY_PAGE, content_type="text/html")

    async def _get_updates(self, params: Params) -> list[Json]:
        if self.methods.webhook:
            raise _conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.confirm_updates(integer(params, "offset"))
        self.methods.allow_updates(params)
        seconds = min(integer(params, "timeout"), _LONGEST_POLL)
        if seconds > 0 and not self.updates:
            await self._poll(seconds)
        return self.pending_updates(min(max(integer(params, "limit", 100), 1), 100))

    async def _poll(self, seconds: int) -> None:
        """Wait for an update. The poller that came last waits on, the one before is sent away, as Telegram does."""
        mine = self._poller = object()
        self.changed.fire()
        try:
            await self.changed.until(
                lambda: bool(self.updates or self.methods.webhook) or self._poller is not mine or self.closing, seconds
            )
            if self._poller is not mine:
                raise _conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            if self.methods.webhook:
                raise _conflict("terminated by setWebhook request")
        finally:
            if self._poller is mine:
                self._poller = None

    # From outside

    def behave(
        self,
        *,
        latency: float = 0.0,
        per_second: int | None = None,
        per_chat: int | None = None,
        per_group_minute: int | None = None,
    ) -> None:
        """Change the latency and the limits while it runs; what is not named is off."""
        self.latency = latency
        self.methods.limits = Limits(per_second, per_chat, per_group_minute)

    def figures(self) -> Json:
        """Return what was counted, for other processes: `sent_by_chat` has the chats that got more than one message."""
        times = self.sent_times()
        return {
            "sent": len(times),
            "chats": len(self.sent_by_chat),
            "sent_by_chat": {str(chat): n for chat, n in self.sent_by_chat.items() if n > 1},
            "first": times[0] if times else None,
            "last": times[-1] if times else None,
            "busiest_second": self.busiest_second(),
            "calls": dict(self.calls),
            "refusals": {str(code): n for code, n in self.refusals.items()},
            "pauses": self.pauses,
        }

    def open_web_app(self, user_id: int, message_id: int, button: str) -> str:
        """Return the address that a client opens when `user_id` presses a web_app button, named by its label.

        Raises KeyError for a message there is none of, StopIteration for a button there is none of.
        """
        found = buttons(self.chats[user_id].messages[message_id])
        app = next(each["web_app"] for each in found if each["text"] == button and "web_app" in each)
        assert isinstance(app, dict)  # noqa: S101 (for the types: it is a WebAppInfo)
        return opened(str(app["url"]), self.token, self._user(user_id))

    def _orders(self) -> dict[str, Callable[..., object]]:
        """Return what `POST /_control` may ask for, by name."""
        orders: tuple[Callable[..., object], ...] = (
            self.add_user,
            self.add_group,
            self.add_forum,
            self.set_topic,
            self.add_channel,
            self.user_says,
            self.press,
            self.open_web_app,
            self.block,
            self.unblock,
            self.kick,
            self.add_bot,
            self.deactivate,
            self.my_chat_member,
            self.migrate,
            self.behave,
            self.figures,
            self.forget_figures,
        )
        named = {order.__name__: order for order in orders}
        return {**named, "fault": self.faults.plan, "clear_faults": self.faults.clear}


def _no_such_method(_: Params) -> object:
    raise BotApiError(404, "Not Found")


def _conflict(text: str) -> BotApiError:
    return BotApiError(409, f"Conflict: {text}")


async def _serve(options: argparse.Namespace) -> None:
    api = BotApi(
        token=options.token,
        per_second=options.per_second,
        per_chat=options.per_chat,
        per_group_minute=options.per_group_minute,
        latency=options.latency,
        record=not options.light,
        any_chat=options.any_chat,
        seed=options.seed,
    )
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await api.start(port=options.port)
    sys.stdout.write(orjson.dumps({"url": api.url, "token": api.token}).decode() + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await api.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A Telegram Bot API on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", help="made up if not given")
    parser.add_argument("--per-second", type=int, help="messages over all chats")
    parser.add_argument("--per-chat", type=int, help="messages a second and chat")
    parser.add_argument("--per-group-minute", type=int, help="messages a minute and group")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds an answer takes")
    parser.add_argument("--any-chat", action="store_true", help="every user id is an open chat")
    parser.add_argument("--light", action="store_true", help="count messages, do not keep them")
    parser.add_argument("--seed", type=int, default=0, help="of the random faults")
    asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
