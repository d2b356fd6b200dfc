"""How soon phones hear of something: a simulated week of the portal, and mails to a real mailbox.

Repeat: python -m benchmarks.fresh [SEED]

The week has a fast clock: notices appear as in a season, peeks follow the service's own rhythm, and the hourly slots
alone see the same notices, for comparison. The mails go through real processes: an IMAP server, the scheduler with
its watcher, a Bot API.
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic, process_time

from benchmarks.cycle import portal
from scraping.watch.rhythm import DAY_BEGINS, REQUESTS_A_PEEK, Limits, Rhythm

MONDAY = datetime(2026, 11, 30)  # noqa: DTZ001 (the rhythm's local time)
LIMITS = Limits(shortest=60, longest=900, daily_requests=1500)
NOTICES_A_DAY = 12
# What share of a day's notices appears in each hour from 08:00, and the rest by night.
BY_HOUR = (2, 5, 9, 10, 10, 8, 6, 7, 9, 10, 9, 6, 4, 3, 1, 1)
AT_NIGHT = 0.04
CYCLE_SECONDS = (1.0, 4.0)  # from the peek that sees it to the first delivery, as measured by benchmarks.cycle
DAYS_LEARNED = 42
WANTED = {"by day, p50": 60.0, "by day, p95": 150.0, "by night, p95": 900.0}
MAILS = 20
PEEKS, KNOWN_NOTICES, MOST_CPU = 20, 5000, 0.05


def appear(rng: random.Random, start: datetime, days: int) -> list[datetime]:
    """When the notices of so many days are published."""
    found = []
    for day in range(days):
        weekend = (start + timedelta(days=day)).weekday() >= 5
        for _ in range(NOTICES_A_DAY // 3 if weekend else NOTICES_A_DAY):
            night = rng.random() < AT_NIGHT
            hour = rng.randrange(DAY_BEGINS) if night else rng.choices(range(DAY_BEGINS, 24), BY_HOUR)[0]
            found.append(start + timedelta(days=day, hours=hour, seconds=rng.uniform(0, 3600)))
    return sorted(found)


def learned(past: Sequence[datetime]) -> list[list[int]]:
    counts = [[0] * 24 for _ in range(7)]
    for at in past:
        counts[at.weekday()][at.hour] += 1
    return counts


def peeks(rhythm: Rhythm, days: int) -> tuple[list[datetime], int]:
    """The times of all peeks, and the most requests of a day."""
    now, times, most = MONDAY, list[datetime](), 0
    for day in range(days):
        end, spent = MONDAY + timedelta(days=day + 1), 0
        while now < end:
            seconds = rhythm.interval(now, spent)
            if seconds is None:
                now = end
                break
            times.append(now)
            spent += REQUESTS_A_PEEK
            now += timedelta(seconds=seconds)
        most = max(most, spent)
    return times, most


def delays(rng: random.Random, published: Sequence[datetime], looks: Sequence[datetime]) -> list[tuple[bool, float]]:
    """Of each notice: whether it appeared by day, and the seconds to the first phone."""
    found, next_look = [], 0
    for at in published:
        while next_look < len(looks) and looks[next_look] < at:
            next_look += 1
        if next_look < len(looks):
            waited = (looks[next_look] - at).total_seconds()
            found.append((at.hour >= DAY_BEGINS, waited + rng.uniform(*CYCLE_SECONDS)))
    return found


def percentile(values: Sequence[float], percent: int) -> float:
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)] if ranked else 0.0


def week(seed: int) -> bool:
    """Print the week; whether its figures are met."""
    rng = random.Random(seed)
    random.seed(seed)
    past = appear(rng, MONDAY - timedelta(days=DAYS_LEARNED), DAYS_LEARNED)
    days = 7 * 8  # eight weeks, as one has hardly a notice by night
    published = appear(rng, MONDAY, days)
    watched, most = peeks(Rhythm(LIMITS, learned(past)), days)
    slots = [MONDAY + timedelta(days=day, hours=hour) for day in range(days + 1) for hour in (0, *range(8, 24))]
    rows = {
        "watched": delays(rng, published, watched),
        "hourly slots": delays(rng, published, [at for at in slots if at > MONDAY]),
    }
    print(f"{len(published)} notices in {days // 7} weeks, seed {seed}; most requests an account and day: {most}")
    print(f"{'seconds to the first phone':<28}{'day p50':>10}{'day p95':>10}{'night p95':>11}")
    figures: dict[str, tuple[float, float, float]] = {}
    for name, row in rows.items():
        by_day, by_night = [s for day, s in row if day], [s for day, s in row if not day]
        figures[name] = percentile(by_day, 50), percentile(by_day, 95), percentile(by_night, 95)
        print(f"{name:<28}{figures[name][0]:>10.0f}{figures[name][1]:>10.0f}{figures[name][2]:>11.0f}")
    ratio = figures["hourly slots"][0] / figures["watched"][0]
    print(f"half of the notices are told {ratio:.0f} times sooner than by the slots alone")
    met = all(value <= most for value, most in zip(figures["watched"], WANTED.values(), strict=True))
    return met and most <= LIMITS.daily_requests


def idle_peek() -> bool:
    """CPU of a peek with nothing new, over a real socket; whether it is little enough."""
    import django

    django.setup()
    from scraping.sources.portal.client import Account, PortalConfig, Session
    from scraping.watch.peek import Peeker

    class Sessions:
        kept: dict[str, Session]

        def __init__(self) -> None:
            self.kept = {}

        async def load(self, email: str) -> Session | None:
            return self.kept.get(email)

        async def save(self, email: str, session: Session) -> None:
            self.kept[email] = session

        async def forget(self, email: str) -> None:
            self.kept.pop(email, None)

        async def refused(self, email: str) -> None:
            raise RuntimeError(email)

    with portal("--notices", str(KNOWN_NOTICES), "--jobs", "100", "--size", "1500") as where:
        account = where["accounts"][0]
        config = PortalConfig(
            (Account(account["email"], account["password"], 202627),),
            where["url"],
            where["tenant_id"],
            "STUDENT",
            where["public_key"],
        )
        peeker = Peeker(config, Sessions())

        async def look() -> list[float]:
            assert (await peeker.peek()).changed
            taken = []
            for _ in range(PEEKS):
                begun = process_time()
                assert not (await peeker.peek()).changed
                taken.append(process_time() - begun)
            return taken

        taken = asyncio.run(look())
    median = percentile(taken, 50)
    print(f"a peek with nothing new, {KNOWN_NOTICES} known notices: {1000 * median:.0f} ms CPU (at most 50)")
    return median <= MOST_CPU


def mails() -> bool:
    """Seconds from a mail to the phone, through real processes; whether they are few enough."""
    from benchmarks.stage.world import Sandbox

    taken = []
    with Sandbox() as sandbox:
        sandbox.says("/start")
        sandbox.waits_for(lambda text: True)
        for _ in range(MAILS):
            begun = monotonic()
            sandbox.presses("mail")
            sandbox.waits_for(lambda text: True)
            taken.append(monotonic() - begun)
    half, most = percentile(taken, 50), percentile(taken, 95)
    print(f"mail to phone by IDLE, {MAILS} mails: p50 {half:.1f} s, p95 {most:.1f} s (at most 10)")
    return most <= 10.0


def main(seed: int) -> int:
    return 0 if all([week(seed), idle_peek(), mails()]) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
