"""How deliveries stand: for the metrics, and for whoever watches a broadcast. Each function asks the database anew."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils import timezone

from notifications.delivery.ledger import WAITING
from notifications.delivery.sql import Word
from notifications.models import ChannelState, Delivery

State = Delivery.State
_ON_THEIR_WAY = (*WAITING, State.SENDING)
_NEWEST = 2000
_RATE_OVER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """A channel's deliveries. Seconds from publishing to sent are those of the newest messages, None without any."""

    states: Mapping[str, int]  # state → how many
    failed: Mapping[str, int]  # error code → dead letters
    retries: int  # attempts that failed, of all that is in the ledger
    floods: int  # 429s so far
    oldest_pending_seconds: float
    seconds_to_sent: Mapping[int, float] | None  # percentile (50, 95, 99) → seconds


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """How far a broadcast is. `rate` in messages a second; `seconds_left` None where nothing moves.

    Of those that wait, `refused` were tried and not taken; `why` is the commonest error of theirs, code and text.
    """

    total: int
    sent: int
    waiting: int
    held: int
    deferred: int
    failed: int
    skipped: int
    rate: float
    seconds_left: float | None
    refused: int
    why: str


def channel_figures(now: datetime | None = None) -> dict[str, ChannelFigures]:
    """Return the figures of every channel that has deliveries."""
    rows = Delivery.objects.order_by().values_list("channel", "state").annotate(Count("pk"), Sum("attempts"))
    states: dict[str, dict[str, int]] = {}
    retries: dict[str, int] = {}
    for channel, state, count, attempts in rows:
        states.setdefault(channel, {})[state] = count
        retries[channel] = retries.get(channel, 0) + attempts
    floods = dict(ChannelState.objects.values_list("channel", "floods"))
    failed, pending = _failed(), _oldest_pending(now or timezone.now())
    return {
        channel: ChannelFigures(
            states=states[channel],
            failed=failed.get(channel, {}),
            retries=retries[channel],
            floods=floods.get(channel, 0),
            oldest_pending_seconds=pending.get(channel, 0.0),
            seconds_to_sent=_seconds_to_sent(channel),
        )
        for channel in states
    }


def by_channel(notice_id: int) -> dict[str, dict[str, int]]:
    """A notice's deliveries: channel → state → how many."""
    rows = Delivery.objects.filter(notice=notice_id).values_list("channel", "state").annotate(Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for channel, state, number in rows.order_by("channel", "state"):
        found.setdefault(channel, {})[state] = number
    return found


def progress(notice_id: int, now: datetime | None = None) -> BroadcastProgress:
    """How far a notice's broadcast is."""
    now = now or timezone.now()
    counts = sum(map(Counter, by_channel(notice_id).values()), Counter[str]())
    waiting = sum(counts.get(state, 0) for state in _ON_THEIR_WAY)
    rate = Delivery.objects.filter(notice=notice_id, sent_at__gt=now - _RATE_OVER).count() / _RATE_OVER.total_seconds()
    refused = _refused(notice_id)
    return BroadcastProgress(
        total=sum(counts.values()),
        sent=counts.get(State.SENT, 0),
        waiting=waiting,
        held=counts.get(State.HELD, 0),
        deferred=counts.get(State.DEFERRED, 0),
        failed=counts.get(State.FAILED, 0),
        skipped=counts.get(State.SKIPPED, 0),
        rate=rate,
        seconds_left=waiting / rate if rate else None,
        refused=sum(refused.values()),
        why=next(iter(refused), ""),
    )


def due(now: datetime) -> QuerySet[Delivery]:
    """Return waiting deliveries whose time has come."""
    return _indexed(*WAITING).filter(next_attempt_at__lte=now)


def dead() -> QuerySet[Delivery]:
    """Return deliveries that were given up."""
    return _indexed(State.FAILED, State.HELD).filter(state=State.FAILED)


def unsent() -> QuerySet[Delivery]:
    """Return deliveries that are not sent yet."""
    held = _indexed(State.FAILED, State.HELD).filter(state=State.HELD)
    parts = [part.order_by().values("pk") for part in (_indexed(*WAITING), _indexed(State.SENDING), held)]
    return Delivery.objects.filter(pk__in=parts[0].union(*parts[1:], all=True))


def percentiles(values: Sequence[float]) -> dict[int, float] | None:
    """The 50th, 95th and 99th, by nearest rank; None of nothing."""
    ranked = sorted(values)
    return {p: ranked[max(0, -(-len(ranked) * p // 100) - 1)] for p in (50, 95, 99)} if ranked else None


def _failed() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for channel, code, count in dead().order_by().values_list("channel", "error_code").annotate(Count("pk")):
        found.setdefault(channel, {})[code] = count
    return found


def _refused(notice_id: int) -> dict[str, int]:
    """A notice's deliveries that are tried again: error, code and text → how many; the commonest first."""
    tried = Delivery.objects.filter(notice=notice_id, state__in=_ON_THEIR_WAY).exclude(error_code="")
    by_code = tried.values("error_code").annotate(text=Max("error_text"), count=Count("pk"))
    rows = by_code.order_by("-count", "error_code").values_list("error_code", "text", "count")
    return {f"{code} {text}".strip(): count for code, text, count in rows}


def _oldest_pending(now: datetime) -> dict[str, float]:
    oldest = due(now).order_by().values_list("channel").annotate(Min("created_at"))
    return {channel: max(0.0, (now - since).total_seconds()) for channel, since in oldest}


def _seconds_to_sent(channel: str) -> dict[int, float] | None:
    sent = Delivery.objects.filter(channel=channel, sent_at__isnull=False, told_in=None).order_by("-pk")[:_NEWEST]
    times = sent.values_list("created_at", "sent_at")
    return percentiles([(at - created).total_seconds() for created, at in times if at])


def _indexed(*states: State) -> QuerySet[Delivery]:
    """Deliveries in states that have a partial index: without it, each question reads all there ever was."""
    words = [Word(state.value) for state in states]
    return Delivery.objects.filter(state__in=words) if len(words) > 1 else Delivery.objects.filter(state=words[0])
