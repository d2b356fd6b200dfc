"""A portal on a real socket, and what is needed to read it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from scraping.items import RejectedItem, SourceItem
from scraping.sources.base import Known, SourceFailure
from scraping.sources.http import HttpLimits
from scraping.sources.portal.client import Account, PortalConfig, Session
from scraping.sources.portal.source import PortalSource
from supersetbot.sandbox.portal import portal_world
from supersetbot.sandbox.portal.server import TENANT_ID, TENANT_TYPE, Portal

QUICK = HttpLimits(backoff=0.001, timeout=0.5, deadline=2.0)
SEASON = 202627
Configure = Callable[..., PortalConfig]


class MemorySessions:
    """A SessionStore of one process."""

    def __init__(self) -> None:
        self.kept: dict[str, Session] = {}
        self.refusals: list[str] = []

    async def load(self, email: str) -> Session | None:
        return self.kept.get(email)

    async def save(self, email: str, session: Session) -> None:
        self.kept[email] = session

    async def forget(self, email: str) -> None:
        self.kept.pop(email, None)

    async def refused(self, email: str) -> None:
        self.refusals.append(email)


@dataclass
class Found:
    """All batches of one reading in one."""

    items: list[SourceItem] = field(default_factory=list)
    rejected: list[RejectedItem] = field(default_factory=list)
    failures: list[SourceFailure] = field(default_factory=list)
    unchanged: int = 0

    def keys(self, kind: str) -> set[str]:
        return {item.key for item in self.items if item.kind == kind}

    @property
    def known(self) -> dict[str, dict[str, str]]:
        """What a store would know after this reading."""
        known: dict[str, dict[str, str]] = {}
        for item in self.items:
            known.setdefault(item.kind, {})[item.key] = item.fingerprint
        return known


async def collect(source: PortalSource, known: Known | None = None) -> Found:
    found = Found()
    async for batch in source.collect(known or {}):
        found.items += batch.items
        found.rejected += batch.rejected
        found.failures += batch.failures
        found.unchanged += batch.unchanged
    return found


@pytest.fixture
async def portal() -> AsyncIterator[Portal]:
    async with Portal() as portal:
        yield portal


@pytest.fixture
def sessions() -> MemorySessions:
    return MemorySessions()


@pytest.fixture
def configure(portal: Portal) -> Configure:
    """Makes a configuration of the portal, for both its accounts unless others are given."""

    def make(*accounts: Account, **changes: object) -> PortalConfig:
        both = tuple(Account(each.email, each.password, SEASON) for each in portal_world.ACCOUNTS)
        defaults = {
            "base_url": portal.url,
            "tenant_id": TENANT_ID,
            "tenant_type": TENANT_TYPE,
            "public_key": portal.public_key,
            "limits": QUICK,
        }
        # arg-type: the test varies the arguments
        return PortalConfig(accounts or both, **{**defaults, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def source(configure: Configure, sessions: MemorySessions) -> PortalSource:
    """Both accounts of the portal: one of CSE, one of ECE."""
    return PortalSource(configure(), sessions)
