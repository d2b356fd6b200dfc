"""Keys of the HTTP API: hashed, with scopes, an expiry and a last use (spec: system, HTTP API).

A key reads `ssb_<prefix>_<secret>`. The prefix finds its row, the secret has 256 random bits: SHA-256 is enough to
keep it by. A key is made here, shown once, and known only by its digest afterwards.
"""

import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import ApiKey

log = logging.getLogger(__name__)

_MARK = "ssb"
_LAST_USE_EVERY = timedelta(minutes=1)


class Scope(TextChoices):
    """What a key may do."""

    NOTIFY = "notify", "Send messages, and see how far they are"
    UPDATE = "update", "Start an update cycle"
    STATS = "stats", "Read all statistics, students' names among them"
    METRICS = "metrics", "Read the metrics"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as their key says."""

    name: str
    scopes: frozenset[str]

    def __str__(self) -> str:
        return self.name


def make_key(name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key, unsaved, and its text, which can't be had again.

    Raises:
        ValueError: no scope, or one there is not.
    """
    wanted = set(scopes)
    if not wanted or not wanted <= set(Scope.values):
        raise ValueError(f"A key needs scopes of: {', '.join(Scope.values)}")
    prefix = secrets.token_hex(4)
    text = f"{_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    return ApiKey(name=name, prefix=prefix, digest=_digest(text), scopes=sorted(wanted), expires_at=expires_at), text


def identify(text: str) -> Caller | None:
    """Return who a key belongs to; None where it is not known, revoked or expired."""
    if settings.WEBHOOK_API_KEY and constant_time_compare(_digest(text), _digest(settings.WEBHOOK_API_KEY)):
        return Caller("WEBHOOK_API_KEY", frozenset(Scope.values))
    mark, _, rest = text.partition("_")
    prefix = rest.partition("_")[0]
    found = _valid(prefix) if mark == _MARK and prefix.isalnum() else None
    if found is None or not constant_time_compare(_digest(text), found.digest):
        return None
    if found.use_is_old:
        _note_use(prefix)
    return Caller(found.name, frozenset(json.loads(found.scopes)))


class _Found(NamedTuple):
    digest: str
    name: str
    scopes: str
    use_is_old: bool


def _valid(prefix: str) -> _Found | None:
    """The key with this prefix, unless it is revoked or expired."""
    now = timezone.now()
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:  # asked on every request: the ORM takes ten times as long
        cursor.execute(
            f"""
            SELECT digest, name, scopes, last_used_at IS NULL OR last_used_at < %s FROM {ApiKey._meta.db_table}
            WHERE prefix = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
            """,  # noqa: S608 (a table of our own)
            [moment(now - _LAST_USE_EVERY), prefix, moment(now)],
        )
        row = cursor.fetchone()
    return _Found(*row) if row else None


def _note_use(prefix: str) -> None:
    """Store the key's last use to the minute: a write on every request would cost more than the request.

    Where the database can be read only, as while it is copied, the caller is answered all the same.
    """
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _LAST_USE_EVERY)
    try:
        ApiKey.objects.filter(stale, prefix=prefix).update(last_used_at=now)
    except OperationalError as error:
        log.warning("The last use of the key %s… was not noted: %s", prefix, error)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
