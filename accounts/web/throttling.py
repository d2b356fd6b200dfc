"""How often one caller may ask, counted in the database: it holds over all workers and machines."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from threading import local

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.throttling import BaseThrottle

from accounts.clock import CLOCKS_DIFFER
from accounts.models import RequestCount

_IPV6_HOUSEHOLD = 64  # bits of an IPv6 address that one customer has
_FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in a window of so many seconds, which begins with the first of them."""

    limit: int
    seconds: int


def count(key: str, *, limit: int, seconds: int) -> float:
    """Count one more request in the key's window: 0.0 where it may pass, else the seconds until the window ends.

    One statement, so that two workers never let the same one pass. A window that ends later than one that began now
    was begun by a wrong clock, and is over.
    """
    now = timezone.now()
    moment = connection.ops.adapt_datetimefield_value
    table = RequestCount._meta.db_table
    over = f"({table}.ends_at <= %s OR {table}.ends_at > %s)"
    window = timedelta(seconds=seconds)
    bounds = [moment(now), moment(now + window + CLOCKS_DIFFER)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (key, count, ends_at) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN {over} THEN 1 ELSE {table}.count + 1 END,
                ends_at = CASE WHEN {over} THEN excluded.ends_at ELSE {table}.ends_at END
            RETURNING count
            """,  # noqa: S608 (a table of our own)
            [key, moment(now + window), *bounds, *bounds],
        )
        counted = int(cursor.fetchone()[0])
    if counted == 1:
        _forget_ended(now)
    if counted <= limit:
        return 0.0
    ends_at = RequestCount.objects.filter(pk=key).values_list("ends_at", flat=True).first()
    return max(1.0, (ends_at - now).total_seconds()) if ends_at else 1.0


def _forget_ended(now: datetime) -> None:
    """Delete windows that have ended; rows that another worker holds are left to it."""
    with transaction.atomic():
        ended = RequestCount.objects.select_for_update(skip_locked=True).filter(ends_at__lte=now)
        RequestCount.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])).delete()


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from: what the outermost of TRUSTED_PROXIES saw, else the peer of the connection."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies: int = settings.TRUSTED_PROXIES
    return hops[-min(proxies, len(hops))] if proxies and hops else peer


def household(address: str) -> str:
    """The address as one caller: an IPv6 customer has 2^64 of them. What is no address counts as one caller."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, _IPV6_HOUSEHOLD), strict=False))
    return str(ip)


class _Throttle(BaseThrottle):
    """Ninja asks whether a request may pass, then how long to wait: the answer is kept for the thread it serves."""

    def __init__(self, name: str, *rates: Rate) -> None:
        self._name = name
        self._rates = rates
        self._answer = local()

    def allow_request(self, request: HttpRequest) -> bool:
        caller = self.caller(request)
        self._answer.wait = max(
            count(f"{self._name}:{rate.seconds}:{caller}", limit=rate.limit, seconds=rate.seconds)
            for rate in self._rates
        )
        return bool(self._answer.wait == 0.0)

    def wait(self) -> float:
        return float(self._answer.wait)

    def caller(self, request: HttpRequest) -> str:
        raise NotImplementedError


class ByAddress(_Throttle):
    """For routes open to all."""

    def caller(self, request: HttpRequest) -> str:
        return household(client_address(request))


class ByKey(_Throttle):
    """For routes that need a key or a signature."""

    def caller(self, request: HttpRequest) -> str:
        return str(request.auth)  # type: ignore[attr-defined]  # django-ninja sets it
