"""Calendars over the web: one notice's dates, a season's, and somebody's own (spec: personal, My time).

Somebody's own is opened by its secret address alone. Nothing here names a student.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.subscribing.subscriptions import seasons_offered
from accounts.web.caching import cached_by_version
from notifications.models import Notice
from notifications.my_time.calendar_entries import (
    KEPT_AFTERWARDS,
    deadline_entry,
    deadline_off_entry,
    event_entries,
    event_off_entry,
    first_day,
    shown,
)
from notifications.my_time.calendar_links import FEED_PATH, opens, token_digest
from notifications.my_time.dates import Stated, stated
from notifications.my_time.own_calendar import own_calendar
from notifications.rendering.calendar_file import CONTENT_TYPE, Event, calendar
from notifications.rendering.public import version, visible_notices

MOST_ENTRIES = 2000
_MOST_A_MINUTE = 10  # of one address, in one process
_A_MINUTE = 60.0
_MOST_REMEMBERED = 20_000


class Asked:
    """How often each address was asked for within a minute: in memory, as it guards only the time of this process."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def wait(self, address: str) -> int:
        """Count one more request. Returns 0 where it may pass, else the seconds until the next one may."""
        now = monotonic()
        with self._lock:
            if len(self._counts) > _MOST_REMEMBERED:
                self._counts = {key: kept for key, kept in self._counts.items() if now < kept[0]}
            ends, count = self._counts.get(address, (0.0, 0))
            ends, count = (ends, count + 1) if now < ends else (now + _A_MINUTE, 1)
            self._counts[address] = ends, count
        return 0 if count <= _MOST_A_MINUTE else max(1, round(ends - now))


asked = Asked()


@require_safe
def notice_calendar(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Return a notice's dates as a calendar file: its event and its deadline."""
    notice = get_object_or_404(visible_notices().only("pk", "updated_at"), pk=notice_id)
    found = stated([(notice.pk, notice.updated_at)]).values()
    entries = [entry for said in found for entry in _public_entries(said, timezone.now(), site(request))]
    if not entries:
        raise Http404("It has no date.")
    return as_file(entries, f"notice-{notice_id}")


@require_safe
@cached_by_version(version)
def season_calendar(request: HttpRequest, season: int) -> HttpResponse:
    """Return all dates of a season, for everybody, from a month ago on."""
    if season not in seasons_offered():
        raise Http404("There is no such season.")
    now = timezone.now()
    wanted = Notice.objects.filter(shown(now), season=season)
    found = stated(wanted.order_by("-published_at").values_list("pk", "updated_at")[:MOST_ENTRIES])
    entries = (entry for said in found.values() for entry in _public_entries(said, now, site(request)))
    since = first_day(now, KEPT_AFTERWARDS)
    name = _("Placements %(season)s") % {"season": season}
    return _as_calendar(calendar((entry for entry in entries if entry.at >= since), name))


@require_safe
def personal_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar that a secret address opens; 404 for any other, 429 for who asks again and again."""
    if wait := asked.wait(token_digest(token)):
        return _plain(429, _("That was too often. Please ask once an hour."), {"Retry-After": str(wait)})
    content = own_calendar(token, site(request))
    if content is None:
        return _no_calendar()
    response = _as_calendar(content)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, max-age=900", "noindex"
    return response


class _ToCalendarApp(HttpResponseRedirect):
    allowed_schemes = ["webcal"]  # noqa: RUF012 (as Django declares it)


@require_safe
def subscribe_to_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand a secret address to the phone's calendar: Telegram's buttons take web addresses alone. 404 for any other."""
    if not opens(token):
        return _no_calendar()
    host = site(request).partition("://")[2]
    response = _ToCalendarApp(f"webcal://{host}{FEED_PATH.format(token=token)}")
    response.headers["Cache-Control"] = "no-store"
    return response


def as_file(events: Sequence[Event], name: str) -> HttpResponse:
    """Return events as a file that a phone hands to its calendar."""
    response = _as_calendar(calendar(events))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def site(request: HttpRequest) -> str:
    """Return the address of our pages, without a slash at its end: as set, else as asked."""
    return (settings.WEBSITE_URL or request.build_absolute_uri("/")).rstrip("/")


def _public_entries(said: Stated, now: datetime, site: str) -> Iterator[Event]:
    if said.event:
        yield from event_entries(said, (said.event,), site)
    if said.deadline:
        yield deadline_entry(said, said.deadline, site)
    yield from event_off_entry(said, now, site)
    yield from deadline_off_entry(said, now, site)


def _as_calendar(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type=CONTENT_TYPE)


def _no_calendar() -> HttpResponse:
    return _plain(404, _("There is no such calendar."))


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", **(headers or {})}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
