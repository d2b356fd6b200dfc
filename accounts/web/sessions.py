"""Who is logged in where: sessions in the database, with an end (spec: personal, Staff).

A row is found by a digest of the session's key: a stolen copy of the database logs nobody in. Its expiry is the earlier
of two: STAFF_SESSION_IDLE_MINUTES after the last request, STAFF_SESSION_HOURS after the login.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User, WebSession
from accounts.web.throttling import client_address

log = logging.getLogger(__name__)

_SEEN_EVERY = timedelta(minutes=1)
_ABOUT = "login"  # what a session's data hold of its login
_COARSE = {4: 24, 6: 48}  # bits of an address that are kept
# The first that fits: browsers name those before them, too.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS"}
_SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


class SessionStore(db.SessionStore):
    """Django's store in the database, with rows that say whose session it is."""

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        return WebSession

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            WebSession.objects.filter(pk=stored(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        row: WebSession = super().create_model_instance(data)  # type: ignore[assignment]  # of get_model_class
        row.session_key = stored(row.session_key)
        if user_id := data.get(SESSION_KEY):
            about = data.get(_ABOUT, {})
            row.user_id = int(user_id)
            row.browser, row.network = about.get("browser", ""), about.get("network", "")
            row.begun_at = datetime.fromtimestamp(about["at"], UTC) if about else row.begun_at
            row.expire_date = _expiry(row)
        return row

    def _get_session_from_db(self) -> WebSession | None:
        row = WebSession.objects.filter(pk=stored(self.session_key or ""), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        elif row.user_id and timezone.now() - row.last_seen_at > _SEEN_EVERY:
            _note_use(row)
        return row


def stored(session_key: str) -> str:
    """The digest by which a session's row is found: 40 hexadecimal digits."""
    return sha256(session_key.encode(errors="replace")).hexdigest()[:40]


def describe(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note in the session where and when somebody logged in. A receiver of `user_logged_in`."""
    if _ABOUT in request.session:  # logged in once more: Django would keep the key
        request.session.cycle_key()
    request.session[_ABOUT] = {
        "browser": browser(request.headers.get("User-Agent", "")),
        "network": network(client_address(request)),
        "at": timezone.now().timestamp(),
    }


def alive(user: User | None = None) -> list[WebSession]:
    """The sessions that still open something, the last seen first; of everybody, unless a user is named."""
    rows = WebSession.objects.filter(expire_date__gt=timezone.now(), user__is_active=True).select_related("user")
    rows = rows.filter(user=user) if user else rows
    return [row for row in rows.order_by("-last_seen_at") if _has_the_password(row)]


def end(user: User, *, but: str | None = None) -> int:
    """End a user's sessions, all but that with the key `but`. Returns how many ended."""
    return WebSession.objects.filter(user=user).exclude(pk=stored(but or "")).delete()[0]


def browser(agent: str) -> str:
    """`Firefox on Linux`; what a User-Agent header does not say in these words is left out."""
    names = (next((name for mark, name in marks.items() if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS))
    return " on ".join(filter(None, names)) or re.sub(r"[^\w./ -]", "", agent)[:40] or "unknown"


def network(address: str) -> str:
    """The network of an address, `203.0.113.0/24`: enough to recognise one's own, and no more."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((ip, _COARSE[ip.version]), strict=False))


def _expiry(row: WebSession) -> datetime:
    idle = timezone.now() + timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES)
    return min(idle, row.begun_at + timedelta(hours=settings.STAFF_SESSION_HOURS))


def _note_use(row: WebSession) -> None:
    """Store that a session is used, to the minute. Where the database can only be read, the caller is served anyway."""
    try:
        WebSession.objects.filter(pk=row.pk).update(last_seen_at=timezone.now(), expire_date=_expiry(row))
    except OperationalError as error:
        log.warning("The last use of a session was not noted: %s", type(error).__name__)


def _has_the_password(row: WebSession) -> bool:
    """Whether the password is still that of the login: Django ends the others at their next request."""
    hashed = row.get_decoded().get("_auth_user_hash")
    return bool(row.user and hashed == row.user.get_session_auth_hash())
