"""What goes wrong on purpose: Telegram's limits on the rate, and faults planned by a test."""

import math
import random
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from supersetbot.sandbox.telegram.bot_rules import BotApiError

FaultKind = Literal[
    "flood",  # 429 with retry_after
    "flood_without_parameters",  # 429 that does not say how long
    "error",  # 500
    "bad_gateway",  # 502 with a page of HTML
    "proxy_page",  # `status` with a page of HTML that a proxy made
    "proxy_json",  # `status` with JSON that is a proxy's, not Telegram's
    "unauthorized",  # 401, as if the token had been revoked
    "logged_out",  # 400, as while a token moves between API servers
    "hang",  # never handled, never answered
    "drop",  # never handled, the connection is closed
    "down",  # the same for every method, until it is cleared
    "silence",  # handled, never answered
    "lost_reply",  # handled, the connection is closed instead of an answer
    "broken_json",  # handled, the answer is cut in the middle
]
AFTER_HANDLING = frozenset({"silence", "lost_reply", "broken_json"})
SENDING = frozenset({"sendMessage", "sendDocument", "editMessageText"})
# Kinds that mean the whole API unless told otherwise
_ALL_METHODS = frozenset({"down", "unauthorized", "logged_out", "proxy_page", "proxy_json"})


def too_many_requests(seconds: float) -> BotApiError:
    """429 as Telegram words it: whole seconds, at least one."""
    wait = max(1, math.ceil(seconds))
    return BotApiError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})


@dataclass(slots=True)
class Fault:
    """One line of the plan. It strikes each `every`th call, or a random `share` (0 to 1) of them, `times` at most."""

    kind: FaultKind
    every: int = 1
    share: float | None = None
    times: int | None = None
    retry_after: int = 1  # seconds
    status: int = 403  # of a proxy
    methods: frozenset[str] | None = SENDING  # None: every method
    seen: int = 0

    def strikes(self, chance: random.Random) -> bool:
        self.seen += 1
        hit = chance.random() < self.share if self.share is not None else self.seen % self.every == 0
        if hit and self.times is not None:
            self.times -= 1
        return hit


class Faults:
    """The plan: the first line that is due for a call strikes it."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._plan: list[Fault] = []

    def plan(
        self,
        kind: FaultKind,
        *,
        every: int = 1,
        share: float | None = None,
        times: int | None = None,
        retry_after: int = 1,
        status: int = 403,
        methods: Collection[str] | None = None,
    ) -> None:
        """Add a line to the plan; `methods` defaults to those that send, for some kinds to all.

        Raises ValueError for a kind there is none of.
        """
        if kind not in get_args(FaultKind):
            raise ValueError(f"no such fault: {kind}")
        default = None if kind in _ALL_METHODS else SENDING
        chosen = frozenset(methods) if methods else default
        self._plan.append(Fault(kind, every, share, times, retry_after, status, chosen))

    def clear(self) -> None:
        self._plan.clear()

    def due(self, method: str) -> Fault | None:
        for fault in self._plan:
            if fault.methods is not None and method not in fault.methods:
                continue
            if fault.strikes(self._chance):
                if fault.times == 0:
                    self._plan.remove(fault)
                return fault
        return None


class Window:
    """At most `limit` events a key in any `seconds`. Keys that went quiet are forgotten."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._times: dict[int, deque[float]] = {}  # the key longest quiet first

    def wait(self, key: int, now: float) -> float:
        """Seconds until one more fits, 0 where it does now."""
        times = self._times.get(key)
        if times is None or len(times) < self.limit:
            return 0.0
        return max(0.0, times[0] + self.seconds - now)

    def add(self, key: int, now: float) -> None:
        times = self._times.pop(key, None) or deque(maxlen=self.limit)
        times.append(now)
        self._times[key] = times
        oldest = next(iter(self._times))
        if self._times[oldest][-1] + self.seconds < now:
            del self._times[oldest]


class Limits:
    """Messages a second over all chats and a chat, and a minute a group (spec: delivery, Telegram's rules).

    None means no limit. Telegram forgives short bursts in a chat; here a limit is a limit.
    """

    def __init__(
        self, per_second: int | None = None, per_chat: int | None = None, per_group_minute: int | None = None
    ) -> None:
        self._windows = [
            (Window(limit, seconds), scope)
            for limit, seconds, scope in (
                (per_second, 1.0, "all"),
                (per_chat, 1.0, "chat"),
                (per_group_minute, 60.0, "group"),
            )
            if limit
        ]

    def admit(self, chat_id: int, now: float) -> None:
        """Count a message to `chat_id` at `now` (monotonic seconds). Raises BotApiError 429, and counts nothing."""
        if not self._windows:
            return
        due = [
            (window, 0 if scope == "all" else chat_id)
            for window, scope in self._windows
            if scope != "group" or chat_id < 0
        ]
        wait = max((window.wait(key, now) for window, key in due), default=0.0)
        if wait > 0:
            raise too_many_requests(wait)
        for window, key in due:
            window.add(key, now)
