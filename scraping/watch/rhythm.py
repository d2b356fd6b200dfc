"""How long until the next peek at the portal: often when notices appear, else seldom (spec: fresh, Portal)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

HOURS = 24
REQUESTS_A_PEEK = 2  # two short lists an account
DAY_BEGINS = 8  # before that hour hardly a notice appears
# What is expected where nothing was seen yet: notices an hour, by day and by night.
EXPECTED_BY_DAY, EXPECTED_BY_NIGHT = 1.0, 0.01
LEARNED = 0.5  # the share of the expectation that the past decides
JITTER = 0.1
SLOWEST = 32.0  # times the interval, after errors


@dataclass(frozen=True, slots=True)
class Limits:
    """The shortest and longest wait in seconds, and the requests an account may make in a day."""

    shortest: float
    longest: float
    daily_requests: int


@dataclass(slots=True)
class Rhythm:
    """Chooses intervals. `appeared` counts the notices of the last weeks by weekday (Monday 0) and hour."""

    limits: Limits
    appeared: Sequence[Sequence[int]] = ()
    failures: int = 0
    _plans: dict[int, list[float]] = field(default_factory=dict)

    def interval(self, now: datetime, spent: int) -> float | None:
        """Returns the seconds until the next peek. None: the day's requests are used up. `now` is a local time."""
        left = (self.limits.daily_requests - spent) // REQUESTS_A_PEEK
        if left < 1:
            return None
        planned = self.plan(now.weekday())
        wanted = self._peeks_until_midnight(planned, now)
        seconds = planned[now.hour] * max(1.0, wanted / left)
        slowed = min(seconds * 2.0**self.failures, seconds * SLOWEST)
        return max(self.limits.shortest, slowed) * random.uniform(1 - JITTER, 1 + JITTER)

    def plan(self, weekday: int) -> list[float]:
        """Returns the interval of each hour of a day, in seconds, so that the day keeps to its requests.

        The mean wait is least where the peeks of an hour follow the square root of what appears in it.
        """
        if weekday not in self._plans:
            self._plans[weekday] = self._planned(weekday)
        return self._plans[weekday]

    def _planned(self, weekday: int) -> list[float]:
        # The jitter may shorten every interval of a day.
        most = self.limits.daily_requests / REQUESTS_A_PEEK * (1 - JITTER / 2)
        slowest = 3600 / self.limits.longest
        weights = [sqrt(rate) for rate in self._expected(weekday)]
        free = set(range(HOURS))
        peeks = [slowest] * HOURS
        while free:
            left = most - slowest * (HOURS - len(free))
            total = sum(weights[hour] for hour in free)
            shares = {hour: left * weights[hour] / total for hour in free}
            slow = {hour for hour in free if shares[hour] < slowest}
            if not slow:
                for hour, share in shares.items():
                    peeks[hour] = share
                break
            free -= slow
        return [min(self.limits.longest, max(self.limits.shortest, 3600 / each)) for each in peeks]

    def _expected(self, weekday: int) -> list[float]:
        prior = [EXPECTED_BY_NIGHT if hour < DAY_BEGINS else EXPECTED_BY_DAY for hour in range(HOURS)]
        seen = self.appeared[weekday] if self.appeared else ()
        total = sum(seen)
        if not total:
            return prior
        scale = sum(prior) / total
        learned = [count * scale for count in seen]
        return [(1 - LEARNED) * old + LEARNED * new for old, new in zip(prior, learned, strict=True)]

    @staticmethod
    def _peeks_until_midnight(planned: Sequence[float], now: datetime) -> float:
        rest = (3600 - 60 * now.minute - now.second) / planned[now.hour]
        return rest + sum(3600 / planned[hour] for hour in range(now.hour + 1, HOURS))
