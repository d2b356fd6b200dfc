"""When what waits is told: quiet hours and digests, written down once more from docs/spec/personal.md."""

from collections.abc import Iterable

from benchmarks.played.inputs import HOUR, Times, local, next_time

BEFOREHAND = 2 * HOUR  # what must be known earlier than this before a wait would be over does not wait
OTHERWISE = 20 * 60  # when what filters keep back comes, where neither a digest nor quiet hours say another time


def tell_at(times: Times, now: float, dates: Iterable[float], *, kept_back: bool = False) -> float:
    """When what is published now is told, 0 for at once: what must be known before its wait is over does not wait."""
    quiet, digest = times.quiet, times.digest
    if kept_back:
        return _rested(times, next_time(digest if digest is not None else quiet[1] if quiet else OTHERWISE, now), ())
    latest = min((date for date in dates if date > now), default=float("inf")) - BEFOREHAND
    if digest is not None and (at := next_time(digest, now)) < latest:
        return _rested(times, at, dates)
    if quiet and _is_within(quiet, now) and (at := next_time(quiet[1], now)) < latest:
        return at
    return 0.0


def rest_over(times: Times, now: float, date: float) -> float:
    """When a reminder of a date that is due now is told: at the end of quiet hours, where that is early enough."""
    over = next_time(times.quiet[1], now) if times.quiet and _is_within(times.quiet, now) else now
    return over if over < date - BEFOREHAND else now


def _rested(times: Times, at: float, dates: Iterable[float]) -> float:
    """A digest within quiet hours comes at their end, but for what presses then."""
    if not times.quiet or not _is_within(times.quiet, at):
        return at
    over = next_time(times.quiet[1], at)
    return at if any(at < date <= over + BEFOREHAND for date in dates) else over


def _is_within(quiet: tuple[int, int], at: float) -> bool:
    begin, end = quiet
    when = local(at)
    minutes = when.hour * 60 + when.minute
    return begin <= minutes < end if begin < end else minutes >= begin or minutes < end
