"""Figures for Prometheus, read from the database when asked for: any worker on any machine answers alike."""

from collections.abc import Iterable
from ipaddress import ip_address

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from ninja import Router
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from accounts.models import Subscription
from accounts.web.authentication import needs
from accounts.web.errors import REFUSED, error_responses
from accounts.web.keys import Caller, Scope
from accounts.web.throttling import client_address
from notifications.delivery.counts import channel_figures
from notifications.delivery.freshness import windows
from notifications.models import ChannelState
from scraping.attachments.care import figures
from scraping.models import UpdateRun
from supersetbot.operations import health

router = Router(tags=["health"])
PREFIX = "supersetbot"


def from_allowed_address(request: HttpRequest) -> Caller | None:
    """One of METRICS_ADDRESSES may ask without a key."""
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address  # how a listener on :: sees an IPv4 caller
    allowed = any(address in network for network in settings.METRICS_ADDRESSES)
    return Caller(str(address), frozenset({Scope.METRICS})) if allowed else None


class Figures(Collector):
    """What one scrape shows."""

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily(PREFIX, "This installation", {"version": settings.VERSION})
        yield from _checks()
        yield _subscriptions()
        yield from _deliveries()
        yield _channels()
        yield from _last_run()
        yield from _files()
        yield _freshness()


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=labels)


def _checks() -> Iterable[Metric]:
    fine = _gauge("check_ok", "Checks of /ready: 1 is fine", "check")
    age = _gauge("check_age_seconds", "Age of what a check of /ready looks at", "check")
    for name, check in health.findings().items():
        fine.add_metric([name], float(check.ok))
        if check.age is not None:
            age.add_metric([name], check.age)
    return fine, age


def _subscriptions() -> Metric:
    family = _gauge("subscriptions", "Subscriptions by channel and state", "channel", "state")
    for channel, state, count in Subscription.objects.values_list("channel", "state").annotate(Count("pk")).order_by():
        family.add_metric([channel, state], count)
    return family


def _deliveries() -> Iterable[Metric]:
    states = _gauge("deliveries", "Deliveries by channel and state", "channel", "state")
    failed = _gauge("dead_letters", "Deliveries given up, by the reason", "channel", "code")
    retries = _gauge("delivery_retries", "Attempts that failed, of all that is in the ledger", "channel")
    floods = _gauge("floods", "Times a channel was told to wait (429)", "channel")
    oldest = _gauge("oldest_pending_seconds", "Age of the oldest delivery that is due", "channel")
    taken = _gauge("delivery_seconds", "From publishing to sent, the newest messages", "channel", "quantile")
    for channel, found in channel_figures().items():
        for state, count in found.states.items():
            states.add_metric([channel, state], count)
        for code, count in found.failed.items():
            failed.add_metric([channel, code], count)
        for percent, seconds in (found.seconds_to_sent or {}).items():
            taken.add_metric([channel, f"{percent / 100}"], seconds)
        retries.add_metric([channel], found.retries)
        floods.add_metric([channel], found.floods)
        oldest.add_metric([channel], found.oldest_pending_seconds)
    return states, failed, retries, floods, oldest, taken


def _channels() -> Metric:
    family = _gauge("channel_stopped", "1: nothing goes out until mended", "channel")
    for channel in ChannelState.objects.all():
        family.add_metric([channel.channel], float(bool(channel.stopped_reason)))
    return family


def _last_run() -> Iterable[Metric]:
    items = _gauge("last_run_items", "What the last run read", "source", "outcome")
    seconds = _gauge("last_run_seconds", "How long it read a source", "source")
    run = UpdateRun.objects.begun().first()
    for source, report in (run.sources if run else {}).items():
        for outcome in ("new", "changed", "unchanged", "failed"):
            if outcome in report:
                items.add_metric([source, outcome], report[outcome])
        if "seconds" in report:
            seconds.add_metric([source], report["seconds"])
    return items, seconds


def _files() -> Iterable[Metric]:
    states = _gauge("files", "Attached files by the word for how reading them ended", "state")
    kept = _gauge("files_bytes", "Bytes of attached files that are kept")
    counts, size = figures()
    for state, count in counts.items():
        states.add_metric([state], count)
    kept.add_metric([], size)
    return states, kept


def _freshness() -> Metric:
    labels = ("window", "source", "urgent", "delivery", "quantile")
    family = _gauge("notice_seconds", "From a source's own time to the first and the last delivery", *labels)
    for window in windows():
        for line in window.lines:
            for which, taken in (("first", line.first), ("last", line.last)):
                for percent, seconds in (taken or {}).items():
                    urgent = str(line.urgent).lower()
                    family.add_metric([window.name, line.source, urgent, which, f"{percent / 100}"], seconds)
    return family


@router.get(
    "/metrics",
    response={200: None, **error_responses(400, *REFUSED)},
    openapi_extra={"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}},
    auth=[from_allowed_address, *needs(Scope.METRICS)],
    summary="For Prometheus",
)
def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
