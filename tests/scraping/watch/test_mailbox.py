"""Waiting for mail: a real server's IDLE, and servers that know none, die, talk rubbish or refuse."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from scraping.sources.mailbox.client import MailboxConfig
from scraping.watch import mailbox as mailbox_module
from scraping.watch.mailbox import MailboxWatch, Standing
from tests.processes import wait_until
from tests.scraping.sources.mailbox.servers import CAPABLE, SELECTED, deliver, imap_server, say, scripted_server
from tests.scraping.watch.proxy import Cut, behind_proxy

MAIL = b"From: tnp@example.edu\r\nSubject: Shortlist\r\nMessage-ID: <%d@example.edu>\r\n\r\nCome at ten.\r\n"


class Heard:
    """What a watch told."""

    def __init__(self) -> None:
        self.mails = 0
        self.standings: list[Standing] = []

    def mail(self) -> None:
        self.mails += 1

    @property
    def states(self) -> list[str]:
        return [standing.state for standing in self.standings]


@contextmanager
def watching(config: MailboxConfig, *, idle_seconds: float = 600.0) -> Iterator[Heard]:
    heard, stop = Heard(), threading.Event()
    watch = MailboxWatch(
        config, on_mail=heard.mail, on_standing=heard.standings.append, stop=stop, idle_seconds=idle_seconds
    )
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_module, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(mailbox_module, "POLL_SECONDS", 0.3)
    monkeypatch.setattr(mailbox_module, "LONGEST_WAIT", 0.2)


def test_mail_is_told_of_when_it_comes_and_only_once() -> None:
    with imap_server() as config, watching(config) as heard:
        wait_until(lambda: heard.states == ["idle"] and heard.mails == 1)  # the demonstration has unread mails
        deliver(config, MAIL % 1)
        wait_until(lambda: heard.mails == 2)
        deliver(config, MAIL % 2)
        wait_until(lambda: heard.mails == 3)


def test_an_idle_that_is_renewed_loses_nothing() -> None:
    with imap_server() as config, watching(config, idle_seconds=0.3) as heard:
        wait_until(lambda: heard.mails == 1)
        for number in range(5):
            before = heard.mails
            deliver(config, MAIL % number)
            wait_until(lambda before=before: heard.mails > before)  # type: ignore[misc]  # bound in this round
        assert heard.states == ["idle"]


IDLE_CAPABLE = b"* CAPABILITY IMAP4rev1 IDLE\r\n"
BYE = b"+ idling\r\n* rubbish {nonsense\r\n* BYE TAG\r\n"


def test_a_server_without_idle_is_asked_now_and_then() -> None:
    answers: dict[bytes, bytes | None] = {b"CAPABILITY": CAPABLE, b"SELECT": SELECTED, b"SEARCH": b"* SEARCH 1\r\n"}
    with scripted_server(say(answers)) as config, watching(config) as heard:
        wait_until(lambda: heard.mails == 1)
        assert heard.states == ["poll"]
        answers[b"SEARCH"] = b"* SEARCH 1 2\r\n"
        wait_until(lambda: heard.mails == 2)


def test_a_server_that_says_rubbish_and_goodbye_is_called_again() -> None:
    scripts = [
        say({b"CAPABILITY": IDLE_CAPABLE, b"SELECT": SELECTED, b"SEARCH": b"* SEARCH %d\r\n" % newest, b"IDLE": BYE})
        for newest in (1, 2, 3)
    ]
    with scripted_server(*scripts) as config, watching(config) as heard:
        wait_until(lambda: heard.mails == 3)
        wait_until(lambda: "unreachable" in heard.states)


def test_a_refused_password_is_told_and_not_tried_again() -> None:
    commands: list[bytes] = []
    refusing = say({b"CAPABILITY": CAPABLE, b"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] no\r\n"}, heard=commands)
    with scripted_server(refusing, refusing) as config, watching(config) as heard:
        wait_until(lambda: heard.states == ["refused"])
    assert len([command for command in commands if b"LOGIN" in command]) == 1


def test_a_server_that_is_away_is_waited_for_and_no_mail_is_lost() -> None:
    with imap_server() as config:
        pass  # nobody listens there now
    with watching(config) as heard:
        wait_until(lambda: heard.states.count("unreachable") >= 3)
        assert heard.mails == 0


def test_a_hundred_lost_connections_lose_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_module, "LONGEST_WAIT", 0.02)
    cuts: tuple[Cut, ...] = ("closed", "bye", "rubbish")
    with imap_server() as config, behind_proxy(config) as (through, proxy), watching(through) as heard:
        wait_until(lambda: heard.mails == 1)
        for number in range(100):
            before, connections = heard.mails, proxy.connections
            proxy.cut(cuts[number % len(cuts)])
            if number % 10 == 0:
                deliver(config, MAIL % number)
                wait_until(lambda before=before: heard.mails == before + 1)  # type: ignore[misc]  # bound in this round
            # misc: as above
            wait_until(lambda connections=connections: proxy.connections > connections)  # type: ignore[misc]
            assert heard.mails <= before + 1
        assert heard.mails == 11


def test_a_server_that_drops_every_login_is_called_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[int] = []

    def note(count: int) -> float:
        failures.append(count)
        return 0.0

    monkeypatch.setattr(mailbox_module, "_wait", note)
    dropping = say({b"CAPABILITY": IDLE_CAPABLE, b"SELECT": SELECTED, b"SEARCH": None})
    with scripted_server(*[dropping] * 8) as config, watching(config):
        wait_until(lambda: len(failures) >= 3)
    assert failures[:3] == [1, 2, 3]


def test_a_connection_that_goes_silent_is_noticed_and_its_mail_told() -> None:
    with (
        imap_server() as config,
        behind_proxy(replace(config, timeout=1.0)) as (through, proxy),
        watching(through, idle_seconds=0.5) as heard,
    ):
        wait_until(lambda: heard.mails == 1)
        proxy.freeze()
        deliver(config, MAIL % 1)
        wait_until(lambda: heard.mails == 2)
