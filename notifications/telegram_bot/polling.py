"""Getting the bot's updates, and having each answered.

Updates are confirmed to Telegram when they are answered, not when they are read: what was sent while the bot was down,
or died, is answered when it is back (spec: system, Bot commands). A chat's updates are answered in order, chats beside
each other. Telegram out of reach, a second bot on the token, an update nobody can read: none of them ends the polling.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from random import uniform
from time import monotonic
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from notifications.channels.base import ChannelError, ChannelStoppedError, RetryLaterError
from notifications.channels.telegram.aiohttp_request import AiohttpRequest
from notifications.channels.telegram.errors import channel_error
from notifications.telegram_bot.bot_status import State

log = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[State, str], Awaitable[bool]]  # whether it could be recorded
Said = tuple[int] | tuple[int, int, str]

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
POLL_SECONDS = 25
BATCH = 100
AT_ONCE = 16
# A batch is confirmed after this long; what is still being answered then goes on beside the next one.
PATIENCE_SECONDS = 5.0
LONGEST_ANSWER_SECONDS = 60.0
LONGEST_STOP_SECONDS = 20.0
LONGEST_CONFIRMATION_SECONDS = 5.0
HEARTBEAT_SECONDS = 60.0
# So long must polls go well before a second bot counts as gone: longer than a bot waits between two attempts.
QUIET_SECONDS = 90.0
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0
# A server that does not hold a poll open is not asked more often than this.
SHORTEST_POLL_SECONDS = 0.2


class UpdatesRequest(AiohttpRequest):
    """For getUpdates: an update the library can't read is reduced to its id, and so confirmed like the others.

    Otherwise it would come back with every poll, and hold up all that come after it.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = AiohttpRequest.parse_json_payload(payload)
        if answer.get("ok") is True:
            found = answer["result"]
            answer["result"] = [_readable(u) for u in found if _has_id(u)] if isinstance(found, list) else []
        return answer


def _has_id(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        _check_ids(update)
        Update.de_json(update, None)
    except Exception as error:  # whatever the library stumbles over
        log.warning("Update %s can't be read (%s) and is left out.", update["update_id"], type(error).__name__)
        return {"update_id": update["update_id"]}
    return update


def _check_ids(found: object) -> None:
    """Raises OverflowError for an id that is no number of 64 bits, which no database column holds (Bot API, Chat)."""
    if isinstance(found, dict):
        for name, value in found.items():
            is_number = isinstance(value, int | float) and (name == "id" or name.endswith("_id"))
            if is_number and not (isinstance(value, int) and -(2**63) <= value < 2**63):
                raise OverflowError(name)
            _check_ids(value)
    elif isinstance(found, list):
        for item in found:
            _check_ids(item)


class Health:
    """Whether polling works. It says so when that changes, not at every poll; and how long to wait after a failure."""

    def __init__(self, report: Report, clock: Callable[[], float] = monotonic) -> None:
        self._report, self._clock = report, clock
        self._state: State | None = None
        self._reported_at = self._conflict_at = float("-inf")
        self._wait = SHORTEST_WAIT_SECONDS

    @property
    def known_well(self) -> bool:
        """Whether the next poll may be a long one: a short one shows at once that polling works (again)."""
        return self._state not in (None, State.OFFLINE)

    async def well(self) -> None:
        """A poll was answered."""
        if self._state == State.CONFLICT and self._clock() < self._conflict_at + QUIET_SECONDS:
            return  # the two bots take turns
        self._wait = SHORTEST_WAIT_SECONDS
        await self._is(State.POLLING, logging.INFO, "Polling Telegram.")

    async def failed(self, error: TelegramError) -> float:
        """A call failed; the seconds to wait before the next one. Raises ChannelStoppedError for a wrong token."""
        failure = channel_error(error)
        if isinstance(failure, ChannelStoppedError) and not failure.passing:
            text = "Telegram does not accept TELEGRAM_BOT_TOKEN. Check it, and TELEGRAM_API_URL."
            await self._report(State.REFUSED, text)
            raise ChannelStoppedError(failure.code, text) from None  # the library's text holds the token
        await self._note(failure)
        if isinstance(failure, RetryLaterError):
            return failure.after
        wait, self._wait = self._wait, min(LONGEST_WAIT_SECONDS, self._wait * 2)
        return wait * uniform(0.75, 1.0)

    async def _note(self, failure: ChannelError) -> None:
        if failure.code == "conflict":
            self._conflict_at = self._clock()
            text = "Another bot polls with the same token (409). Stop one of the two: each gets half of the updates."
            await self._is(State.CONFLICT, logging.ERROR, text)
        elif self._state != State.CONFLICT:
            await self._is(State.OFFLINE, logging.WARNING, f"Telegram can't be reached ({failure}). Retrying.")

    async def _is(self, state: State, level: int, text: str) -> None:
        changed = state != self._state
        self._state = state
        if changed:
            log.log(level, text)
        if changed or self._clock() > self._reported_at + HEARTBEAT_SECONDS:
            recorded = await self._report(state, "" if state == State.POLLING else text)
            self._reported_at = self._clock() if recorded else float("-inf")  # the next poll reports it again


class Gate(Protocol):
    """Holds the replies to updates that are not confirmed yet: after a crash now, they would be sent once more."""

    def hold(self) -> None: ...

    def release(self, all_but: Collection[int] = ()) -> None:
        """The updates are confirmed. Replies to these chats wait on: the same was asked again, and is answered once."""
        ...


class Poller:
    """Polls with `bot` until `stop` is set, and gives every update to `answer`, which must not raise.

    Of what somebody says again and again only the last is answered. A large batch, and what was left of before, goes
    through the `gate`: the next poll, which confirms it, does not wait for more.
    """

    def __init__(
        self,
        bot: Bot,
        answer: Callable[[Update], Awaitable[None]],
        report: Report,
        stop: asyncio.Event,
        gate: Gate,
    ) -> None:
        self._bot, self._answer, self._stop, self._gate = bot, answer, stop, gate
        self._health = Health(report)
        self._offset = 0
        self._begun = False
        self._held = True
        self._repeating: Collection[int] = ()
        self._said_before: Collection[Said] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.answered = 0

    async def connect(self, open_: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Try to `open_` until it works; False where the bot is to stop first. Raises ChannelStoppedError."""

        async def opened() -> bool:
            await open_()
            return True

        while not self._stop.is_set():
            if await self._attempt(opened()):
                return True
        return False

    async def run(self) -> None:
        """Poll and answer; at the end finish what is in hand, and confirm it. Raises ChannelStoppedError."""
        while not self._stop.is_set():
            updates = await self._attempt(self._poll())
            if updates is not None:
                await self._answer_all(updates)
        await self._finish()

    async def _attempt(self, call: Coroutine[Any, Any, T]) -> T | None:
        """Return what the call answers; None where it failed, after a wait, or the bot is to stop."""
        try:
            return await unless(self._stop, call)
        except TelegramError as error:
            wait = await self._health.failed(error)
        await unless(self._stop, asyncio.sleep(wait))
        return None

    async def _poll(self) -> Sequence[Update]:
        started = monotonic()
        seconds = POLL_SECONDS if self._health.known_well and not self._held else 0
        try:
            updates = await self._bot.get_updates(self._offset, BATCH, seconds, allowed_updates=KINDS)
        except Conflict as error:
            if "webhook is active" not in error.message:
                raise
            log.warning("A webhook was set for this token: it is removed, for the bot polls.")
            await self._bot.delete_webhook()
            return ()
        await self._health.well()
        self._confirmed()
        if seconds and not updates and monotonic() < started + SHORTEST_POLL_SECONDS:
            await asyncio.sleep(SHORTEST_POLL_SECONDS)
        return updates

    def _confirmed(self) -> None:
        """A poll went well: what was answered before it will not come again. The first poll confirms nothing."""
        if self._held and self._begun:
            self._gate.release(self._repeating)
            self._held = bool(self._repeating)
        self._begun = True

    async def _answer_all(self, updates: Sequence[Update]) -> None:
        if len(updates) > AT_ONCE:
            self._gate.hold()
            self._held = True
        said = Counter(map(_what_is_said, updates))
        again = {key for key, times in said.items() if times > 1 or key in self._said_before}
        more = len(updates) >= BATCH
        self._repeating = {chat for chat, *text in again if text} if more else ()
        self._said_before = said if more else ()
        if tasks := {asyncio.create_task(self._answer_one(update)) for update in without_repeats(updates)}:
            self._tasks |= tasks
            for task in tasks:
                task.add_done_callback(self._tasks.discard)
            await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
            self._offset = updates[-1].update_id + 1

    async def _answer_one(self, update: Update) -> None:
        chat = update.effective_chat or update.effective_user
        in_order = self._chats.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with in_order, self._slots:
            try:
                await asyncio.wait_for(self._answer(update), LONGEST_ANSWER_SECONDS)
            except TimeoutError:
                log.error("Update %s was given up after %d s.", update.update_id, LONGEST_ANSWER_SECONDS)
            self.answered += 1

    async def _finish(self) -> None:
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=LONGEST_STOP_SECONDS)
            for task in unfinished:
                task.cancel()
        if self._offset:
            try:
                await asyncio.wait_for(self._confirm(), LONGEST_CONFIRMATION_SECONDS)
            except TimeoutError:
                log.warning("The last updates could not be confirmed: they will be answered once more.")

    async def _confirm(self) -> None:
        while True:
            try:
                await self._bot.get_updates(self._offset, timeout=0, limit=1, allowed_updates=KINDS)
            except TelegramError:
                await asyncio.sleep(SHORTEST_WAIT_SECONDS)
            else:
                return


def without_repeats(updates: Sequence[Update]) -> list[Update]:
    """The updates; of a text that one person repeated in a chat the last one alone: a thousand /status are one."""
    last = {_what_is_said(update): update for update in updates}
    return [update for update in updates if last[_what_is_said(update)] is update]


def _what_is_said(update: Update) -> Said:
    """The chat, the user and the text; for what is no text, and so no repetition, the update's own id."""
    message = update.message
    if message is None or message.from_user is None or message.text is None:
        return (update.update_id,)
    return message.chat.id, message.from_user.id, message.text


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work, but leave it undone (None) once `stop` is set."""
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait((task,))
    return None
