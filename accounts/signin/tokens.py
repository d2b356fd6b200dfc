"""Keys of persons to their own data by the API, made and revoked on the account page (spec: personal).

A key reads `sso_<secret>`, with 256 random bits: its digest finds it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import OperationalError
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from accounts.models import AccountToken, Subscriber
from accounts.pseudonyms import pseudonym

MOST = 10  # of one person
LONGEST = timedelta(days=366)
_LONGEST_NAME = 60
_MARK = "sso_"
_SEEN_EVERY = timedelta(minutes=1)


class OwnScope(TextChoices):
    """What a person's key may do."""

    READ = "me:read", "Read one's own data"
    WRITE = "me:write", "Change one's own profile, filters and times"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose key it is. As text a pseudonym: it counts requests."""

    subscriber: Subscriber
    scopes: frozenset[str]

    @property
    def telegram_id(self) -> int:
        assert self.subscriber.telegram_id is not None  # noqa: S101 (for the types: keys are made by persons)
        return self.subscriber.telegram_id

    def __str__(self) -> str:
        return pseudonym(self.telegram_id)


class OwnBearer(HttpBearer):
    """For routes about the caller: `Authorization: Bearer sso_…` with this scope."""

    openapi_name = "OwnKey"
    openapi_description = "A key that a person made on their account page, for their own data."

    def __init__(self, scope: OwnScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Owner | None:
        owner = identify(token.strip())
        if owner is not None and self.scope not in owner.scopes:
            raise AuthorizationError(message=f"This key has no scope {self.scope}.")
        return owner


def make(person: Subscriber, name: str, scopes: Collection[str], valid: timedelta) -> str:
    """Return a new key of a person, which can't be had again.

    Raises ValueError for no name, no known scope, a time that is out of range, or one key too many.
    """
    wanted = set(scopes)
    if not name or len(name) > _LONGEST_NAME or not wanted or not wanted <= set(OwnScope.values):
        raise ValueError("A key has a name and scopes.")
    if not timedelta(0) < valid <= LONGEST:
        raise ValueError(f"A key is good for 1 to {LONGEST.days} days.")
    person.account_tokens.filter(expires_at__lte=timezone.now()).delete()
    if person.account_tokens.count() >= MOST:
        raise ValueError(f"You have {MOST} keys. Revoke one first.")
    text = f"{_MARK}{secrets.token_urlsafe(32)}"
    AccountToken.objects.create(
        subscriber=person,
        name=name,
        digest=_digest(text),
        scopes=sorted(wanted),
        expires_at=timezone.now() + valid,
    )
    return text


def identify(text: str) -> Owner | None:
    """Return whose key it is; None where it is not known, revoked or expired. One query, two each minute."""
    now = timezone.now()
    if not text.startswith(_MARK):
        return None
    valid = AccountToken.objects.select_related("subscriber").filter(digest=_digest(text), expires_at__gt=now)
    found = valid.first()
    if found is None:
        return None
    if found.last_used_at is None or now - found.last_used_at > _SEEN_EVERY:
        _note_use(found)
    return Owner(found.subscriber, frozenset(found.scopes))


def of(person: Subscriber) -> list[AccountToken]:
    """Return a person's keys that still work, the newest first."""
    return list(person.account_tokens.filter(expires_at__gt=timezone.now()).order_by("-pk"))


def revoke(person: Subscriber, pk: int) -> bool:
    """End a key. False where it is none of the person's."""
    return bool(person.account_tokens.filter(pk=pk).delete()[0])


def revoke_all(telegram_id: int) -> int:
    """End all keys of a person. Returns how many there were."""
    return AccountToken.objects.filter(subscriber__telegram_id=telegram_id).delete()[0]


def _note_use(token: AccountToken) -> None:
    try:
        AccountToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    except OperationalError:  # the database can only be read just now: the caller is answered anyway
        return


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
