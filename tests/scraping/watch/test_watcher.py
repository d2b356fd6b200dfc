"""The watcher as a process: one of two holds the lease, and the other takes over when it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from notifications.models import Heartbeat
from scraping.models import WatchState
from scraping.watch import state
from scraping.watch.watcher import Watcher
from tests.paths import ROOT
from tests.processes import Installation, kill_session, wait_until
from tests.scraping.sources.mailbox.servers import PASSWORD, USER, deliver, imap_server

pytestmark = pytest.mark.django_db(transaction=True)
CODE = """
import django
django.setup()
from scraping.watch import watcher
watcher.BEAT_SECONDS = 0.3
watcher.main()
"""
MAIL = b"From: tnp@example.edu\r\nSubject: Shortlist %d\r\nMessage-ID: <%d@example.edu>\r\n\r\nCome at ten.\r\n"


def owner_pid() -> int:
    row = state.current()
    return int(row.owner.split(":")[1]) if row and row.owner else 0


def test_one_watches_and_when_it_is_killed_the_other_does(installation: Installation) -> None:
    with imap_server() as config, ExitStack() as stack:
        installation.set(
            PLACEMENT_EMAIL=USER,
            PLACEMENT_APP_PASSWORD=PASSWORD,
            IMAP_HOST="127.0.0.1",
            IMAP_PORT=str(config.port),
            IMAP_SECURITY="none",
            LOG_LEVEL="WARNING",
        )
        pids = set()
        for _ in range(2):
            process = subprocess.Popen([sys.executable, "-c", CODE], cwd=ROOT, start_new_session=True)
            stack.callback(process.wait)
            stack.callback(kill_session, process.pid)
            pids.add(process.pid)
        wait_until(lambda: owner_pid() in pids and OrmQ.objects.count() == 1, 30)
        first = owner_pid()
        os.kill(first, signal.SIGKILL)
        OrmQ.objects.all().delete()
        wait_until(lambda: owner_pid() in pids - {first}, 30)
        deliver(config, MAIL % (1, 1))
        wait_until(OrmQ.objects.exists)
        wait_until(lambda: (state.current() or WatchState()).sources.get("email", {}).get("state") == "idle")


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    Heartbeat.objects.all().delete()


def test_a_lease_is_renewed_by_its_owner_only() -> None:
    assert state.acquire("one") is not None
    assert state.acquire("two") is None
    assert state.beat("one", sources={"email": {"state": "idle"}})
    assert not state.beat("two")
    state.give_up("one")
    assert state.acquire("two") is not None
    assert not state.beat("one")


def test_who_takes_over_keeps_to_a_refusal(settings: Settings) -> None:
    settings.SUPERSET_CREDENTIALS = [{"email": "cse@example.edu", "password": "x"}]
    since, until = timezone.now(), timezone.now() + timedelta(hours=1)
    off = {"state": "off", "text": "429", "since": since.isoformat(), "at": "", "until": until.isoformat()}
    row = WatchState(sources={"superset": off}, requests={"cse@example.edu": 7}, day=timezone.localdate())
    watch = Watcher()._portal_watch(row, off)
    assert watch is not None
    assert (watch.refused_at, watch.quiet_until) == (since, until)
    assert not watch._may_peek()
