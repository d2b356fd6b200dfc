"""The watcher: one process beside each cluster. The one with the lease watches; it only queues looks (spec: fresh)."""

import logging
import signal
import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from notifications.delivery.leases import process_name
from scraping.models import WatchState
from scraping.sources.portal.sessions import DatabaseSessions
from scraping.sources.registry import mailbox_config, portal_config
from scraping.watch import state
from scraping.watch.looks import Looks
from scraping.watch.mailbox import MailboxWatch, Standing
from scraping.watch.peek import Peeker
from scraping.watch.portal import PORTAL, PortalWatch, appeared
from scraping.watch.rhythm import Limits, Rhythm

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext
    from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
LOOK_SECONDS = 1.0  # while a look is due: whether it began
MAILBOX = "email"
WELL = ("ok", "idle", "poll")
REFUSING = ("off", "refused")


@dataclass(slots=True)
class Watcher:
    """Runs until `stop` is set. `wake` ends a wait early: there is mail, or it is the end."""

    stop: threading.Event = field(default_factory=threading.Event)
    wake: threading.Event = field(default_factory=threading.Event)
    owner: str = field(default_factory=process_name)
    looks: Looks = field(default_factory=Looks)
    portal: PortalWatch | None = None
    _standing: state.Standings = field(default_factory=dict)
    _next_beat: float = 0.0

    def run(self) -> None:
        """Wait for the lease, and watch while it is held. A database that is away is waited for."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                row = state.acquire(self.owner)
                if row is not None:
                    self._watch(row)
            except (DatabaseError, InterfaceError) as error:
                log.warning("The watcher has no database (%s).", type(error).__name__)
                connections.close_all()
            self.stop.wait(BEAT_SECONDS)
        state.give_up(self.owner)

    def _watch(self, row: WatchState) -> None:
        """Watch until the lease is lost or the end. The first look finds what happened while nobody watched."""
        self.looks, self._next_beat = Looks(), 0.0
        self._standing = {name: kept for name, kept in row.sources.items() if kept["state"] == "off"}
        self.portal = self._portal_watch(row, self._standing.get(PORTAL))
        over = threading.Event()
        thread = self._mailbox_thread(over)
        try:
            while not self.stop.is_set() and self._step():
                self.wake.wait(self._pause())
                self.wake.clear()
        finally:
            over.set()
            if thread:
                thread.join()

    def _step(self) -> bool:
        """Do what is due. False where the lease is lost."""
        if self.portal:
            self.portal.step()
        self.looks.queue()
        if monotonic() < self._next_beat:
            return True
        self._next_beat = monotonic() + BEAT_SECONDS
        counted = {"requests": self.portal.requests, "day": self.portal.day} if self.portal else {}
        return state.beat(self.owner, sources=self._standing, **counted)

    def _pause(self) -> float:
        due = min(self._next_beat, self.portal.next_at if self.portal else float("inf"))
        return max(0.0, min(due - monotonic(), LOOK_SECONDS if self.looks else BEAT_SECONDS))

    def _portal_watch(self, row: WatchState, refused: dict[str, str] | None) -> PortalWatch | None:
        """Returns the watch of the portal; one that was `refused` before stays so, whoever watches."""
        config = portal_config() if settings.PEEK else None
        if config is None:
            return None
        limits = Limits(settings.PEEK_SECONDS_MIN, settings.PEEK_SECONDS_MAX, settings.PEEK_DAILY_REQUESTS)
        return PortalWatch(
            Peeker(config, DatabaseSessions(config.accounts)),
            Rhythm(limits, appeared(timezone.now())),
            on_change=lambda: self.looks.want(PORTAL),
            on_standing=partial(self._note, PORTAL),
            requests=dict(row.requests),
            day=row.day,
            refused_at=datetime.fromisoformat(refused["since"]) if refused else None,
            quiet_until=datetime.fromisoformat(refused["until"]) if refused else None,
        )

    def _mailbox_thread(self, over: threading.Event) -> threading.Thread | None:
        config = mailbox_config() if settings.WATCH_MAILBOX else None
        if config is None:
            return None
        watch = MailboxWatch(
            config,
            on_mail=self._mail_came,
            on_standing=self._note_mailbox,
            stop=over,
            idle_seconds=settings.IMAP_IDLE_SECONDS,
        )
        thread = threading.Thread(target=watch.run, name="mailbox", daemon=True)
        thread.start()
        return thread

    def _mail_came(self) -> None:
        self.looks.want(MAILBOX)
        self.wake.set()

    def _note_mailbox(self, standing: Standing) -> None:
        self._note(MAILBOX, standing.state, standing.text)

    def _note(self, source: str, kind: str, text: str = "", until: datetime | None = None) -> None:
        """Keep how a source stands; since when stays while the state does. A change is written down at once."""
        before = self._standing.get(source, {})
        now = timezone.now().isoformat()
        same = before.get("state") == kind
        standing = {"state": kind, "text": text[:300], "since": before["since"] if same else now, "at": now}
        if until:
            standing["until"] = until.isoformat()
        self._standing = self._standing | {source: standing}
        if kind in REFUSING:
            self.looks.drop(source)
        if not same:
            self._next_beat = 0.0
            log.log(logging.INFO if kind in WELL else logging.WARNING, "watching %s: %s %s", source, kind, text)


def start(context: "ForkContext") -> "BaseProcess | None":
    """Start the watcher as a child process. None where the settings give it nothing to watch."""
    if not (settings.PEEK and portal_config()) and not (settings.WATCH_MAILBOX and mailbox_config()):
        return None
    process = context.Process(target=main, name="watcher", daemon=True)
    process.start()
    return process


def main() -> None:
    """The process: watch until SIGTERM."""
    watcher = Watcher()

    def end(*_: object) -> None:
        watcher.stop.set()
        watcher.wake.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the cluster's main process decides
    watcher.run()
