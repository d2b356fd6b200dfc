"""How deliveries stand: for the metrics, and for whoever watches a broadcast. Each function asks the database anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Sum
from django.utils import timezone

from notifications.ledger import WAITING
from notifications.models import ChannelState, Delivery

State = Delivery.State
_NEWEST = 5000
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
class Progress:
    """How far a broadcast is. `rate` in messages a second; `seconds_left` None where nothing moves."""

    total: int
    sent: int
    waiting: int
    held: int
    failed: int
    skipped: int
    rate: float
    seconds_left: float | None


def channel_figures(now: datetime | None = None) -> dict[str, ChannelFigures]:
    """Every channel that has deliveries."""
    now = now or timezone.now()
    rows = Delivery.objects.order_by().values_list("channel", "state").annotate(Count("pk"), Sum("attempts"))
    states: dict[str, dict[str, int]] = {}
    retries: dict[str, int] = {}
    for channel, state, count, attempts in rows:
        states.setdefault(channel, {})[state] = count
        retries[channel] = retries.get(channel, 0) + attempts
    floods = dict(ChannelState.objects.values_list("channel", "floods"))
    return {
        channel: ChannelFigures(
            states=states[channel],
            failed=_failed(channel),
            retries=retries[channel],
            floods=floods.get(channel, 0),
            oldest_pending_seconds=_oldest_pending(channel, now),
            seconds_to_sent=_seconds_to_sent(channel),
        )
        for channel in states
    }


def progress(notice_id: int, now: datetime | None = None) -> Progress:
    """How far a notice's broadcast is."""
    now = now or timezone.now()
    deliveries = Delivery.objects.filter(notice=notice_id)
    counts = dict(deliveries.order_by().values_list("state").annotate(Count("pk")))
    waiting = sum(counts.get(state, 0) for state in (*WAITING, State.SENDING))
    rate = deliveries.filter(sent_at__gt=now - _RATE_OVER).count() / _RATE_OVER.total_seconds()
    return Progress(
        total=sum(counts.values()),
        sent=counts.get(State.SENT, 0),
        waiting=waiting,
        held=counts.get(State.HELD, 0),
        failed=counts.get(State.FAILED, 0),
        skipped=counts.get(State.SKIPPED, 0),
        rate=rate,
        seconds_left=waiting / rate if rate else None,
    )


def percentiles(values: Sequence[float]) -> dict[int, float] | None:
    """The 50th, 95th and 99th, by nearest rank; None of nothing."""
    ranked = sorted(values)
    return {p: ranked[max(0, -(-len(ranked) * p // 100) - 1)] for p in (50, 95, 99)} if ranked else None


def _failed(channel: str) -> dict[str, int]:
    dead = Delivery.objects.filter(channel=channel, state=State.FAILED).order_by()
    return dict(dead.values_list("error_code").annotate(Count("pk")))


def _oldest_pending(channel: str, now: datetime) -> float:
    due = Delivery.objects.filter(channel=channel, state__in=WAITING, next_attempt_at__lte=now)
    oldest: datetime | None = due.aggregate(oldest=Min("created_at"))["oldest"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def _seconds_to_sent(channel: str) -> dict[int, float] | None:
    sent = Delivery.objects.filter(channel=channel, sent_at__isnull=False).order_by("-pk")[:_NEWEST]
    times = sent.values_list("created_at", "sent_at")
    return percentiles([(at - created).total_seconds() for created, at in times if at])
