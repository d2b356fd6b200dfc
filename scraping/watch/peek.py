"""Peeks at the portal: each account's two short lists, compared with what they were (spec: fresh, Portal)."""

from dataclasses import dataclass, field
from hashlib import blake2b

import orjson

from scraping.sources.base import SourceError
from scraping.sources.http import HttpError, HttpLimits
from scraping.sources.lenient_json import excerpt
from scraping.sources.portal.client import Account, PortalClient, PortalConfig, SessionStore

LIMITS = HttpLimits(concurrency=2, attempts=1, connect_timeout=5.0, timeout=10.0, deadline=20.0)
FINAL = {"login_refused", "mfa_required", "http_403", "http_429"}
EMPTY = b"[]"


@dataclass(frozen=True, slots=True)
class Peek:
    """What one look brought. `changed`: there may be something new; `requests` by account."""

    changed: bool
    requests: dict[str, int]
    error: SourceError | None = None

    @property
    def must_stop(self) -> bool:
        """The portal refuses: asking again does harm (a locked account, a block)."""
        return self.error is not None and self.error.code in FINAL

    @property
    def wait(self) -> float:
        """Return the seconds the portal asks to wait."""
        return self.error.after if isinstance(self.error, HttpError) else 0.0


@dataclass(slots=True)
class Listing:
    """One short list as it was last seen: the digest of its bytes, and that of its records in any order."""

    bytes_digest: bytes = b""
    records_digest: bytes = b""


@dataclass(slots=True)
class Peeker:
    """Remembers what each account's lists were, so that the same bytes again cost no parsing."""

    config: PortalConfig
    sessions: SessionStore
    _seen: dict[tuple[str, str], Listing] = field(default_factory=dict)

    async def peek(self) -> Peek:
        """Ask every account once. An error of one account does not hide what another sees."""
        looks = [await self._look(account) for account in self.config.accounts]
        requests = {account.email: look.requests for account, look in zip(self.config.accounts, looks, strict=True)}
        failures = [look.error for look in looks if look.error]
        return Peek(any(look.changed for look in looks), requests, _worst(failures))

    async def _look(self, account: Account) -> "_Look":
        look = _Look()
        try:
            async with self.config.open(LIMITS, look.count) as http:
                bodies = await PortalClient(http, self.config, account, self.sessions).bodies()
            for kind, body in zip(("notices", "jobs"), bodies, strict=True):
                look.changed |= self._differs((account.email, kind), body)
        except SourceError as error:
            look.error = error
        return look

    def _differs(self, key: tuple[str, str], body: bytes) -> bool:
        known = self._seen.get(key)
        digest = blake2b(body, digest_size=16).digest()
        if known and digest == known.bytes_digest:
            return False
        if not body.startswith(b"["):
            raise SourceError("bad_answer", f"the portal gave no list but {excerpt(body)!r}")
        if known and known.records_digest and body.strip() == EMPTY:
            raise SourceError("bad_answer", "the portal gave an empty list where there was one")
        records = _records_digest(body)
        self._seen[key] = Listing(digest, records)
        return known is None or records != known.records_digest


@dataclass(slots=True)
class _Look:
    """One account's part of a peek."""

    changed: bool = False
    requests: int = 0
    error: SourceError | None = None

    def count(self) -> None:
        self.requests += 1


def _records_digest(body: bytes) -> bytes:
    """A digest that no other order of the same records changes."""
    try:
        records = orjson.loads(body)
    except orjson.JSONDecodeError:
        return blake2b(body, digest_size=16).digest()
    total = 0
    for record in records:
        total ^= int.from_bytes(blake2b(orjson.dumps(record), digest_size=16).digest())
    return total.to_bytes(16) if records else b""


def _worst(failures: list[SourceError]) -> SourceError | None:
    """The failure that must stop the peeks, else any."""
    return next((error for error in failures if error.code in FINAL), failures[0] if failures else None)
