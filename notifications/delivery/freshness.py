"""How fast the service is: from a source's own time to the phone (spec: fresh, Measured)."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q, Subquery
from django.utils import timezone

from accounts.models import Subscription
from notifications.delivery.counts import percentiles
from notifications.models import Delivery, Notice

WINDOWS = {"24h": timedelta(hours=24), "30d": timedelta(days=30)}
# How long figures are kept: those of a month cost more and move less. Seconds.
KEPT_SECONDS = {"24h": 30, "30d": 600}
MOST_NOTICES = 5000


@dataclass(frozen=True, slots=True)
class Freshness:
    """The notices of one source and urgency, and the seconds to their first and last delivery by percentile."""

    source: str
    urgent: bool
    notices: int
    first: dict[int, float] | None
    last: dict[int, float] | None


@dataclass(frozen=True, slots=True)
class Window:
    """What was told within a window of time. `complete` is the share of its deliveries that arrived."""

    name: str
    notices: int
    deliveries: int
    complete: float | None
    lines: tuple[Freshness, ...]


def windows() -> list[Window]:
    """The figures of each window; they may be as old as KEPT_SECONDS."""
    return [_kept(name) for name in WINDOWS]


def _kept(name: str) -> Window:
    plain = cache.get_or_set(f"freshness.plain.{name}", lambda: astuple(measure(name)), KEPT_SECONDS[name])
    told, notices, deliveries, complete, lines = cast("tuple[Any, ...]", plain)
    return Window(told, notices, deliveries, complete, tuple(Freshness(*line) for line in lines))


def measure(name: str, now: datetime | None = None) -> Window:
    """The figures of a window, worked out anew by two statements."""
    since = (now or timezone.now()) - WINDOWS[name]
    told = Notice.objects.filter(first_seen_at__gte=since, announced=True, follows=None).order_by("-pk")[:MOST_NOTICES]
    began = Subquery(Notice.objects.order_by("pk").values("first_seen_at")[:1])
    notices = {pk: facts for pk, *facts in told.annotate(began=began).values_list(*_COLUMNS)}
    told_people = Delivery.objects.filter(notice__in=notices).exclude(channel=Subscription.Channel.WEBHOOK)
    at_once = told_people.filter(told_in=None)  # digests come when their readers want them
    left_out = (Delivery.State.SKIPPED, Delivery.State.HELD, Delivery.State.DEFERRED)
    done = at_once.exclude(state__in=left_out)
    arrived = Count("pk", filter=Q(sent_at__isnull=False))
    rows = (
        done.order_by()
        .values("notice")
        .annotate(first=Min("sent_at"), last=Max("sent_at"), ahead=Min("priority"), all=Count("pk"), arrived=arrived)
        .values_list("notice", "first", "last", "ahead", "all", "arrived")
    )
    grouped: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    total = out = 0
    for pk, first, last, priority, count, sent in rows:
        total, out = total + count, out + sent
        key, published, seen, began_at = notices[pk]
        if first and published >= began_at:  # what the service found when it began is late by no fault of its own
            begun = min(published, seen)
            taken = ((first - begun).total_seconds(), (last - begun).total_seconds())
            grouped.setdefault((key.partition(":")[0], priority <= Delivery.Priority.URGENT), []).append(taken)
    lines = tuple(_line(source, times, urgent=urgent) for (source, urgent), times in sorted(grouped.items()))
    return Window(name, len(notices), total, out / total if total else None, lines)


_COLUMNS = ("pk", "external_key", "published_at", "first_seen_at", "began")


def _line(source: str, times: Sequence[tuple[float, float]], *, urgent: bool) -> Freshness:
    first, last = zip(*times, strict=True)
    return Freshness(source, urgent, len(times), percentiles(first), percentiles(last))
