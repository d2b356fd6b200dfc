"""Text that is encrypted at rest, and keyed digests to find it by (spec: personal, Profile).

The first of FIELD_KEYS encrypts, and each of them decrypts. A key made from SECRET_KEY always stands behind them: it
serves where none is set, and lets an installation that sets one later read what it had stored before.
"""

import base64
import hmac
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

_SHOWN = 8


class LostKeyError(Exception):
    """A text was encrypted by a key that is no longer among FIELD_KEYS."""


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key: `id` names it in the rows that it encrypted, and says nothing about it."""

    id: str
    fernet: Fernet
    for_digests: bytes


def encrypt(text: str) -> str:
    """Return the text encrypted by the current key."""
    return _keys()[0].fernet.encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of what `encrypt` made. Raises LostKeyError where none of the keys opens it."""
    for key in _keys():
        try:
            return key.fernet.decrypt(token).decode()
        except InvalidToken:
            continue
    raise LostKeyError("FIELD_KEYS lacks the key that this was encrypted by.")


def current_key_id() -> str:
    """Return the name of the key that encrypts."""
    return _keys()[0].id


def key_ids() -> set[str]:
    """Return the names of all keys that decrypt."""
    return {key.id for key in _keys()}


def digests(purpose: str, text: str) -> list[str]:
    """Return the keyed digest of a text under each key, the current one first."""
    said = f"{purpose}:{text}".encode()
    return [hmac.digest(key.for_digests, said, "sha256").hex() for key in _keys()]


def _keys() -> tuple[FieldKey, ...]:
    return _made(tuple(settings.FIELD_KEYS), settings.SECRET_KEY)


@cache
def _made(texts: tuple[str, ...], secret: str) -> tuple[FieldKey, ...]:
    last = hmac.digest(secret.encode(), b"accounts.encryption", "sha256")
    return tuple(_key(raw) for raw in (*map(base64.urlsafe_b64decode, texts), last))


def _key(raw: bytes) -> FieldKey:
    return FieldKey(
        id=sha256(b"id:" + raw).hexdigest()[:_SHOWN],
        fernet=Fernet(base64.urlsafe_b64encode(raw)),
        for_digests=hmac.digest(raw, b"digests", "sha256"),
    )
