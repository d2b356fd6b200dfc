"""Reading the mailbox from a real IMAP server, and from one that misbehaves."""

import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scraping.sources.base import SourceError
from scraping.sources.mailbox.client import MOST_RECONNECTS, MailboxClient, MailboxConfig, Security, UnreadMail
from scraping.sources.mailbox.errors import MailboxError, MailboxLoginRefusedError
from tests.scraping.sources.mailbox.servers import (
    HEALTHY,
    PASSWORD,
    SELECTED,
    USER,
    deliver,
    empty,
    flags,
    imap_server,
    say,
    scripted_server,
)


@pytest.fixture(scope="module")
def server() -> Iterator[MailboxConfig]:
    with imap_server() as config:
        yield config


@pytest.fixture
def mailbox(server: MailboxConfig) -> MailboxConfig:
    empty(server)
    return server


def test_unread_mail_is_listed_oldest_first_with_its_size(mailbox: MailboxConfig) -> None:
    uids = deliver(mailbox, b"Subject: one\r\n\r\nbody", b"Subject: two\r\n\r\n" + b"x" * 500)

    with MailboxClient(mailbox) as client:
        assert client.unread() == [(uids[0], 20), (uids[1], 516)]
        assert client.uid_validity > 0


def test_reading_leaves_a_mail_unread_and_marking_marks_it(mailbox: MailboxConfig) -> None:
    first, second = deliver(mailbox, b"Subject: one\r\n\r\nbody", b"Subject: two\r\n\r\nbody")

    with MailboxClient(mailbox) as client:
        assert client.fetch(client.unread()[0]) == b"Subject: one\r\n\r\nbody"
        assert b"Seen" not in flags(mailbox, first)
        client.mark_seen([first])
        client.mark_seen([])
        assert [mail.uid for mail in client.unread()] == [second]
    assert b"Seen" in flags(mailbox, first)


def test_only_mail_after_a_uid_is_listed_though_the_server_always_names_the_last(mailbox: MailboxConfig) -> None:
    first, second = deliver(mailbox, b"Subject: one\r\n\r\nbody", b"Subject: two\r\n\r\nbody")

    with MailboxClient(mailbox) as client:
        assert [mail.uid for mail in client.unread(after=first)] == [second]
        assert client.unread(after=second) == []


def test_a_mail_deleted_meanwhile_is_told(mailbox: MailboxConfig) -> None:
    with MailboxClient(mailbox) as client, pytest.raises(MailboxError, match="mail_gone"):
        client.fetch(UnreadMail(999_999, 20))


def test_a_refused_password_is_its_own_error_and_is_not_repeated_in_it(mailbox: MailboxConfig) -> None:
    secret = "hunter2-secret"
    with pytest.raises(MailboxLoginRefusedError) as raised, MailboxClient(replace(mailbox, password=secret)):
        pass

    shown = "".join(traceback.format_exception(raised.value))
    assert raised.value.code == "login_refused"
    assert secret not in shown
    assert USER not in str(raised.value)


def test_a_password_that_no_login_can_carry_is_refused_without_showing_it(mailbox: MailboxConfig) -> None:
    unheard = replace(mailbox, password="gehéim-secret")
    with pytest.raises(MailboxLoginRefusedError) as raised, MailboxClient(unheard):
        pass

    assert "secret" not in "".join(traceback.format_exception(raised.value))


def test_a_missing_folder_is_named(mailbox: MailboxConfig) -> None:
    with (
        pytest.raises(MailboxError, match=r"no_folder.*'Placements'"),
        MailboxClient(replace(mailbox, folder="Placements")),
    ):
        pass


@pytest.mark.parametrize(("security", "code"), [("tls", "unreachable"), ("starttls", "bad_answer")])
def test_a_server_without_the_security_is_not_read(mailbox: MailboxConfig, security: Security, code: str) -> None:
    with pytest.raises(MailboxError) as raised, MailboxClient(replace(mailbox, security=security)):
        pass

    assert raised.value.code == code
    assert not isinstance(raised.value, MailboxLoginRefusedError)


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with (
        pytest.raises(SourceError, match="unreachable"),
        MailboxClient(MailboxConfig(host="127.0.0.1", port=port, user="u", password="p")),
    ):
        pass


def test_the_password_is_not_in_the_configs_repr(mailbox: MailboxConfig) -> None:
    assert PASSWORD not in repr(mailbox)


def test_a_connection_that_breaks_once_is_opened_again() -> None:
    with scripted_server(say(HEALTHY | {b"SEARCH": None}), say(HEALTHY)) as config, MailboxClient(config) as client:
        assert client.unread() == [(5, 20)]


def test_a_server_that_breaks_off_again_and_again_is_left() -> None:
    broken = say(HEALTHY | {b"SEARCH": None})
    with scripted_server(*[broken] * 20) as config, MailboxClient(config) as client:
        for _ in range(MOST_RECONNECTS):
            with pytest.raises(MailboxError, match="broke off twice"):
                client.unread()
        with pytest.raises(MailboxError, match="again and again"):
            client.unread()


def test_a_connection_that_breaks_twice_is_lost() -> None:
    broken = say(HEALTHY | {b"SEARCH": None})
    with (
        scripted_server(broken, broken) as config,
        MailboxClient(config) as client,
        pytest.raises(MailboxError) as raised,
    ):
        client.unread()

    assert raised.value.code == "connection_lost"


def test_a_silent_server_is_given_up_after_the_time_out() -> None:
    def silent(connection: socket.socket) -> None:
        connection.recv(1)

    with (
        scripted_server(silent) as config,
        pytest.raises(MailboxError, match="unreachable"),
        MailboxClient(replace(config, timeout=0.2)),
    ):
        pass


def test_mails_numbered_anew_in_the_middle_stop_the_run() -> None:
    anew = HEALTHY | {b"SELECT": SELECTED.replace(b"7", b"8")}
    with (
        scripted_server(say(HEALTHY | {b"SEARCH": None}), say(anew)) as config,
        MailboxClient(config) as client,
        pytest.raises(MailboxError, match="anew"),
    ):
        client.unread()


@pytest.mark.parametrize(
    "rubbish",
    [
        {b"SEARCH": b"* SEARCH five six\r\n"},
        {b"FETCH 5": b"* 1 FETCH (UID x RFC822.SIZE y)\r\n"},
        {b"FETCH 5": b"* 1 FETCH nonsense\r\n"},
        {b"SEARCH": b"TAG NO not now\r\n"},
        {b"SEARCH": b"TAG BAD what\r\n"},
    ],
)
def test_answers_that_make_no_sense_are_one_clear_error(rubbish: dict[bytes, bytes | None]) -> None:
    script = say(HEALTHY | rubbish)
    with (
        scripted_server(script, script) as config,
        MailboxClient(config) as client,
        pytest.raises(MailboxError) as raised,
    ):
        client.unread()

    assert raised.value.code in {"bad_answer", "connection_lost"}


@pytest.mark.parametrize("sizes", [b"* 1 FETCH (UID 5 RFC822.SIZE {3}\r\nabc)\r\n", b"* 1 FETCH (UID 9)\r\n", b""])
def test_a_mail_of_unknown_size_is_listed(sizes: bytes) -> None:
    with scripted_server(say(HEALTHY | {b"FETCH 5": sizes})) as config, MailboxClient(config) as client:
        assert client.unread() == [(5, 0)]


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"* BYE too busy\r\n", b"\x00\xff\r\n"])
def test_what_is_no_imap_server_is_told(greeting: bytes) -> None:
    with (
        scripted_server(say({}, greeting=greeting)) as config,
        pytest.raises(MailboxError) as raised,
        MailboxClient(config),
    ):
        pass

    assert raised.value.code in {"bad_answer", "unreachable"}


@pytest.mark.parametrize(
    "answer", [b"TAG NO [UNAVAILABLE] try later\r\n", b"TAG NO [ALERT] Too many simultaneous connections\r\n", None]
)
def test_a_login_put_off_is_no_refused_password(answer: bytes | None) -> None:
    with (
        scripted_server(say(HEALTHY | {b"LOGIN": answer})) as config,
        pytest.raises(MailboxError) as raised,
        MailboxClient(config),
    ):
        pass

    assert raised.value.code == "unreachable"
    assert not isinstance(raised.value, MailboxLoginRefusedError)


def test_tls_is_spoken_before_anything_else() -> None:
    heard: list[bytes] = []

    def refuse(connection: socket.socket) -> None:
        heard.append(connection.recv(1))
        connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28")  # alert: handshake failure (RFC 8446, 6)

    with scripted_server(refuse) as config:
        secure = replace(config, security="tls")
        with pytest.raises(MailboxError, match="unreachable"), MailboxClient(secure):
            pass

    assert heard == [b"\x16"]
