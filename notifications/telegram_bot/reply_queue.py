"""The queue of the bot's replies: each is stored, sent in its chat's turn, and forgotten once it was sent.

Every call takes a slot of the token's rate (reply_limiter). What can't be sent now, in a rest that Telegram asked for,
while it is out of reach or while the bot is down, is sent later; of each kind the latest, for a chat (see Reply).
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _lazy
from telegram import Bot
from telegram.error import ChatMigrated, TelegramError

from accounts.language import speaking
from accounts.subscribing import subscriptions
from accounts.telegram.call import Reply, Sent
from accounts.telegram.registry import in_database
from notifications.channels.base import ChannelError, PermanentError, RetryLaterError, TransientError
from notifications.channels.telegram.errors import channel_error
from notifications.delivery.pacing.breaker import Breaker
from notifications.delivery.pacing.chat_queues import ChatQueues, telegram_spacing
from notifications.telegram_bot import waiting_replies
from notifications.telegram_bot.send_reply import send_reply

log = logging.getLogger(__name__)

FAILED = _lazy("That didn't work. Try again in a minute. (%(id)s)")
AT_ONCE = 16
MOST_ATTEMPTS = 6
LONGEST_REST_SECONDS = 60.0  # then it is looked again whether the channel still rests
LONGEST_HOLD_SECONDS = 60.0
FIRST_BACKOFF_SECONDS = 1.0
LONGEST_FINISH_SECONDS = 5.0


@dataclass(slots=True, eq=False)
class Waiting:
    """A reply that waits or is on its way; `token` names its row, None where it could not be stored."""

    reply: Reply
    token: UUID | None
    sent: asyncio.Future[Sent]
    attempts: int = 0


class ReplyQueue:
    """Made in the event loop that uses it. `spacing` says how many seconds a chat rests after a message."""

    def __init__(self, spacing: Callable[[str], float] = telegram_spacing) -> None:
        self._queues: ChatQueues[Waiting] = ChatQueues(spacing)
        self._latest: dict[tuple[int, str], Waiting] = {}
        self._breaker = Breaker(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._kept: list[Waiting] = []
        self._holding = False
        self._release: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self._done_with: list[UUID] = []
        self._forgetting: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def put(self, reply: Reply) -> asyncio.Future[Sent]:
        """Have a reply sent, stored before this returns. The future's result comes once it was sent, or given up."""
        return self._add(reply, await _stored(reply) if reply.stored else None)

    def hold(self) -> None:
        """Keep what is put from now on, until `release`, LONGEST_HOLD_SECONDS at most."""
        self._holding = True
        if self._release is None:
            self._release = asyncio.get_running_loop().call_later(LONGEST_HOLD_SECONDS, self.release)

    def release(self, all_but: Collection[int] = ()) -> None:
        """Send what was kept, but for these chats' replies."""
        self._holding = False
        kept, self._kept = self._kept, []
        for waiting in kept:
            if waiting.reply.chat_id in all_but:
                self._kept.append(waiting)
            else:
                self._queues.add(str(waiting.reply.chat_id), waiting)
        if self._release and not self._kept:
            self._release.cancel()
            self._release = None
        self._changed.set()

    async def load(self) -> None:
        """Put what a bot that stopped or died left unsent, and hold it: it may have died before its updates were
        confirmed, which then come once more. Raises DatabaseError.
        """
        self.hold()
        for reply, token in await in_database(waiting_replies.owed):
            self._add(reply, token)

    async def run(self, bot: Bot) -> None:
        """Send what waits, and what is put, until cancelled."""
        while True:
            wait = self._wait()
            if wait is None or wait > 0:
                await self._change(wait)
            elif taken := self._queues.take():
                self._start(bot, *taken)

    async def finish(self) -> None:
        """Send what can be sent soon; the rest is sent when the bot is back."""
        self.release()
        rests = self._not_before > monotonic() + LONGEST_FINISH_SECONDS
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if rests else LONGEST_FINISH_SECONDS):
                await self.drained()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drained(self) -> None:
        """Wait until nothing waits or is on its way."""
        while self._kept or self._queues.waiting or self._tasks or self._done_with:
            await self._change(None)

    def _add(self, reply: Reply, token: UUID | None) -> asyncio.Future[Sent]:
        key = (reply.chat_id, reply.kind)
        waiting = self._latest.get(key)
        if waiting is None:
            waiting = self._latest[key] = Waiting(reply, token, asyncio.get_running_loop().create_future())
            if self._holding:
                self._kept.append(waiting)
            else:
                self._queues.add(str(reply.chat_id), waiting)
        else:
            waiting.reply, waiting.token = reply, token
        self._changed.set()
        return waiting.sent

    def _wait(self) -> float | None:
        """Seconds until the next reply may be taken; None where none may before something changes."""
        owed = len(self._tasks) + len(self._done_with)  # what a bot that is killed now sends once more
        delay = self._queues.delay() if owed < self._breaker.at_once else None
        now = monotonic()
        return None if delay is None else max(delay, self._not_before - now)

    async def _change(self, seconds: float | None) -> None:
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def _start(self, bot: Bot, address: str, waiting: Waiting) -> None:
        del self._latest[waiting.reply.chat_id, waiting.reply.kind]  # what is put from now on is another reply
        task = asyncio.create_task(self._send(bot, address, waiting))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed.set()

    async def _send(self, bot: Bot, address: str, waiting: Waiting) -> None:
        rest = 0.0
        try:
            rest = await self._attempt(bot, address, waiting)
        except (DatabaseError, InterfaceError) as error:
            log.warning("What became of a reply could not be noted: %s", type(error).__name__)
            self._put_back(address, waiting)
            rest = LONGEST_REST_SECONDS
        except Exception as error:
            log.exception("A reply fails by a defect.")
            self._done(waiting, Sent(error=type(error).__name__))
        finally:
            self._queues.done(address, rest)

    async def _attempt(self, bot: Bot, address: str, waiting: Waiting) -> float:
        """Send a reply, and note what became of it. Returns the seconds its chat rests at least."""
        try:
            message_id = await send_reply(bot, waiting.reply)
        except ChatMigrated as error:
            await self._moved(waiting, error.new_chat_id)
        except TelegramError as error:
            return await self._failed(address, waiting, channel_error(error))
        else:
            self._breaker.answered()
            self._done(waiting, Sent(message_id))
        return 0.0

    def _done(self, waiting: Waiting, sent: Sent) -> None:
        """A reply was sent, or given up: forget it."""
        if not waiting.sent.done():
            waiting.sent.set_result(sent)
        self._drop(waiting.token)

    def _drop(self, token: UUID | None) -> None:
        if token:
            self._done_with.append(token)
        if self._forgetting is None or self._forgetting.done():
            self._forgetting = asyncio.create_task(self._forget())

    async def _forget(self) -> None:
        """Delete the rows of all that is done. Where that fails, they are sent once more when the bot is back."""
        while tokens := self._done_with:
            try:
                await in_database(waiting_replies.drop, list(tokens))
            except (DatabaseError, InterfaceError) as error:
                log.warning("Replies that are done are still stored: %s", type(error).__name__)
            finally:  # whatever happens: what stood here for ever would hold up every reply
                self._done_with = self._done_with[len(tokens) :]
                self._changed.set()

    async def _failed(self, address: str, waiting: Waiting, failure: ChannelError) -> float:
        """Try again later, or give up. Returns the seconds the chat rests at least."""
        match failure:
            case PermanentError():
                self._breaker.answered()
                await self._refused(waiting, failure)
                return 0.0
            case RetryLaterError(channel_wide=False):  # all topics of the chat are closed
                self._breaker.answered()
                self._done(waiting, Sent(error=failure.code))
                return 0.0
            case RetryLaterError():
                self._rest(failure.after)
            case TransientError():
                waiting.attempts += self._troubled(failure)
            case _:
                self._rest(LONGEST_REST_SECONDS)
        if waiting.attempts >= MOST_ATTEMPTS:
            log.error("A reply was given up after %d attempts: %s", waiting.attempts, failure)
            self._done(waiting, Sent(error=failure.text or failure.code))
            return 0.0
        self._put_back(address, waiting)
        return FIRST_BACKOFF_SECONDS * 2 ** (waiting.attempts - 1) if waiting.attempts else 0.0

    def _troubled(self, failure: TransientError) -> bool:
        """Whether it is this reply that failed; else nobody answers, and all replies rest."""
        self._breaker.failed()
        if failure.unreachable:
            self._breaker.trip()
        self._rest(self._breaker.rest())
        return not self._breaker.is_open

    def _rest(self, seconds: float) -> None:
        self._not_before = max(self._not_before, monotonic() + min(seconds, LONGEST_REST_SECONDS))

    async def _refused(self, waiting: Waiting, failure: PermanentError) -> None:
        """Note a chat that is gone; say that it failed to whoever asked, with the id that stands in the log."""
        reply = waiting.reply
        if failure.switch_off:
            await in_database(subscriptions.switch_off, reply.chat_id, failure.code)
        elif reply.asked:
            number = secrets.token_hex(3)
            log.error("A reply was refused, told as %s: %s", number, failure)
            with speaking(await in_database(subscriptions.stored_language, reply.chat_id)):
                notice = failure_notice(reply.chat_id, number, topic=reply.topic)
            await self.put(notice)
        self._done(waiting, Sent(error=failure.text or failure.code))

    async def _moved(self, waiting: Waiting, new_chat_id: int) -> None:
        await in_database(subscriptions.move, waiting.reply.chat_id, new_chat_id)
        moved = await self.put(replace(waiting.reply, chat_id=new_chat_id))
        moved.add_done_callback(lambda done: _pass_on(done, waiting.sent))
        self._drop(waiting.token)

    def _put_back(self, address: str, waiting: Waiting) -> None:
        """The next of its chat, unless a newer one of its kind has taken its place."""
        key = (waiting.reply.chat_id, waiting.reply.kind)
        newer = self._latest.setdefault(key, waiting)
        if newer is waiting:
            self._queues.put_back(address, waiting)
        else:
            newer.sent.add_done_callback(lambda done: _pass_on(done, waiting.sent))


async def _stored(reply: Reply) -> UUID | None:
    try:
        return await in_database(waiting_replies.keep, reply)
    except (DatabaseError, InterfaceError) as error:
        log.warning("A reply could not be stored, and is lost if the bot stops now: %s", type(error).__name__)
        return None


def failure_notice(chat_id: int, number: str, *, topic: int | None = None) -> Reply:
    """Return what is said where something failed; the log has more under the same number."""
    return Reply(chat_id=chat_id, kind="failed", text=FAILED % {"id": number}, topic=topic, asked=False)


def _pass_on(done: asyncio.Future[Sent], to: asyncio.Future[Sent]) -> None:
    if not (done.cancelled() or to.done()):
        to.set_result(done.result())
