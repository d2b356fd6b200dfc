"""Links that open the account page once (spec: personal, The account page)."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from accounts.models import AccountLink, Subscriber

GOOD_FOR = timedelta(minutes=10)


def make(telegram_id: int) -> str:
    """Return the secret of a new link for a person, in whose place an older one ends; "" for who never subscribed."""
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()
    if person is None:
        return ""
    secret = secrets.token_urlsafe(32)
    values = {"digest": _digest(secret), "expires_at": timezone.now() + GOOD_FOR}
    AccountLink.objects.update_or_create(subscriber=person, defaults=values)
    return secret


def redeem(secret: str) -> Subscriber | None:
    """Return whose link it is, and use it up; None for one that is used, expired, or never was."""
    valid = AccountLink.objects.filter(digest=_digest(secret), expires_at__gt=timezone.now())
    link = valid.select_related("subscriber").first()
    if link is None or not valid.filter(pk=link.pk).delete()[0]:  # another request has just used it
        return None
    return link.subscriber


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
