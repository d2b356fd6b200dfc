"""A mail from the server: only what can hold text, and never a part of it for the whole."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from scraping.items import ParsedMail
from scraping.sources.mailbox import client as client_module
from scraping.sources.mailbox.client import MailboxClient, MailboxConfig, UnreadMail
from scraping.sources.mailbox.download import CHUNK, WHOLE_BELOW
from scraping.sources.mailbox.errors import MailboxError
from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import OFFER, mail, multipart
from tests.scraping.sources.mailbox.servers import (
    HEALTHY,
    deliver,
    deliver_many,
    empty,
    flags,
    imap_server,
    say,
    scripted_server,
)

BIG = 2 * WHOLE_BELOW


@pytest.fixture(scope="module")
def server() -> Iterator[MailboxConfig]:
    with imap_server() as config:
        yield config


@pytest.fixture
def mailbox(server: MailboxConfig) -> MailboxConfig:
    empty(server)
    return server


def fetched(mailbox: MailboxConfig, raw: bytes) -> bytes:
    """A mail as it arrives from the server, which leaves it unread."""
    (uid,) = deliver(mailbox, raw)
    with MailboxClient(mailbox) as client:
        arrived = client.fetch(client.unread()[-1])
    assert b"Seen" not in flags(mailbox, uid)
    return arrived


def read(raw: bytes) -> ParsedMail:
    """A mail as it is read; whether its HTML ends with an empty line is the server's choice."""
    parsed = parse_mail(raw)
    return replace(parsed, html=parsed.html.strip())


def attached(size: int, *, kind: str = "application/pdf", name: str = "JD.pdf") -> bytes:
    """A part that is a file of so many bytes."""
    message = EmailMessage()
    maintype, subtype = kind.split("/")
    message.add_attachment(os.urandom(size), maintype=maintype, subtype=subtype, filename=name)
    (part,) = message.iter_attachments()
    return part.as_bytes().replace(b"\n", b"\r\n")


def html_part(html: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()


def test_the_text_behind_a_big_attachment_is_read(mailbox: MailboxConfig) -> None:
    arrived = fetched(mailbox, multipart(attached(6_000_000), OFFER.encode(), subject="Kestrel - Offers"))

    parsed = parse_mail(arrived)
    assert (parsed.subject, parsed.text, parsed.attachments) == ("Kestrel - Offers", OFFER.strip(), ("JD.pdf",))
    assert len(arrived) < 10_000


LAYOUTS: dict[str, Callable[[], bytes]] = {
    "attachment first": lambda: multipart(attached(BIG), b"Dear Students"),
    "alternative within mixed": lambda: multipart(
        attached(BIG),
        multipart(b"Dear Students", html_part("<p>Dear Students"), kind="alternative")
        .partition(b"\r\n")[2]
        .replace(b"--b", b"--c")
        .replace(b'"b"', b'"c"'),
        attached(300, name="logo.png", kind="image/png"),
    ),
    "one text of two chunks": lambda: mail("Long", "22103001 Asha Rao\n" * (CHUNK // 16)),
    "an encoded text of two chunks": lambda: mail("Long", "22103001 Zoë Rao\n" * (CHUNK // 16)),
    "nothing but a file": lambda: attached(BIG).replace(b"MIME-Version", b"Subject: File\r\nMIME-Version", 1),
    "a mail attached whole": lambda: multipart(
        b"FYI",
        b"Content-Type: message/rfc822\r\n\r\n"
        + multipart(attached(BIG), OFFER.encode(), subject="Inner").replace(b"--b", b"--i").replace(b'"b"', b'"i"'),
    ),
    "60 pictures": lambda: multipart(
        *(attached(9_000, name=f"{number}.png", kind="image/png") for number in range(60)), b"Dear Students"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_mail_fetched_in_parts_reads_as_the_whole_one(mailbox: MailboxConfig, layout: Callable[[], bytes]) -> None:
    whole = layout()
    assert len(whole) > WHOLE_BELOW

    assert read(fetched(mailbox, whole)) == read(whole)


def test_a_text_longer_than_a_chunk_comes_whole(mailbox: MailboxConfig) -> None:
    rows = "".join(f"{22103000 + n} Student Number {n}\r\n" for n in range(CHUNK // 20)).encode()
    raw = b"Subject: All\r\n\r\n" + rows

    assert fetched(mailbox, raw) == raw


def test_1300_unread_mails_are_listed_with_their_sizes(mailbox: MailboxConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "SEARCHED_AT_ONCE", 500)
    deliver_many(mailbox, b"Subject: one\r\n\r\nbody", 1300)

    with MailboxClient(mailbox) as client:
        unread = client.unread()
        client.mark_seen(mail.uid for mail in unread[:1200])
        left = client.unread()

    assert len(unread) == 1300
    assert {mail.size for mail in unread} == {20}
    assert left == unread[1200:]


# Servers that give less than there is.
STRUCTURE = b'* 1 FETCH (UID 5 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 5000 90 NIL NIL NIL NIL))\r\n'


def literal(section: bytes, data: bytes) -> bytes:
    return b"* 1 FETCH (UID 5 BODY[%s]<0> {%d}\r\n%s)\r\n" % (section, len(data), data)


def answering(items: dict[bytes, bytes | None]) -> Callable[[socket.socket], None]:
    """A server with one mail, 5; the longest name that a command holds decides."""
    empty_section = {b"FETCH 5": b"* 1 FETCH (UID 5 BODY[] NIL)\r\n"}
    chosen = items | empty_section | {key: value for key, value in HEALTHY.items() if key != b"FETCH 5"}
    return say(dict(sorted(chosen.items(), key=lambda item: -len(item[0]))))


CUT: dict[str, dict[bytes, bytes | None]] = {
    "the whole mail, and its text": {
        b"BODY.PEEK[]<0.": literal(b"", b"Subject: x\r\n\r\nDear"),
        b"BODYSTRUCTURE": STRUCTURE,
        b"BODY.PEEK[HEADER]": literal(b"HEADER", b"Subject: x\r\n\r\n"),
        b"BODY.PEEK[TEXT]<0.": literal(b"TEXT", b"Dear"),
    },
    "the whole mail of a server without BODYSTRUCTURE": {
        b"BODY.PEEK[]<0.": literal(b"", b"Subject: x\r\n\r\nDear"),
        b"BODYSTRUCTURE": b"TAG BAD what is that\r\n",
    },
    "the whole mail, of nonsense in parts": {
        b"BODY.PEEK[]<0.": literal(b"", b"Subject: x\r\n\r\nDear"),
        b"BODYSTRUCTURE": b"* 1 FETCH (UID 5 BODYSTRUCTURE (NIL))\r\n",
    },
    "no header": {
        b"BODYSTRUCTURE": STRUCTURE,
        b"BODY.PEEK[HEADER]": b"* 1 FETCH (UID 5 BODY[HEADER] NIL)\r\n",
    },
    "nothing at all": {},
}


@pytest.mark.parametrize("items", CUT.values(), ids=CUT)
def test_a_mail_that_was_cut_is_never_taken_for_whole(items: dict[bytes, bytes | None]) -> None:
    with (
        scripted_server(answering(items)) as config,
        MailboxClient(config) as client,
        pytest.raises(MailboxError, match="mail_cut"),
    ):
        client.fetch(UnreadMail(5, 5020))


def test_a_size_that_only_the_listing_overstates_is_no_cut() -> None:
    text = b"Dear Students,\r\ncome by 9 AM."
    items: dict[bytes, bytes | None] = {
        b"BODY.PEEK[]<0.": literal(b"", b"Subject: x\r\n\r\n" + text),
        b"BODYSTRUCTURE": STRUCTURE.replace(b"5000", str(len(text)).encode()),
        b"BODY.PEEK[HEADER]": literal(b"HEADER", b"Subject: x\r\n\r\n"),
        b"BODY.PEEK[TEXT]<0.": literal(b"TEXT", text),
    }
    with scripted_server(answering(items)) as config, MailboxClient(config) as client:
        assert client.fetch(UnreadMail(5, 5020)) == b"Subject: x\r\n\r\n" + text


def test_a_server_that_knows_no_ranges_gives_the_whole_mail() -> None:
    whole = b"Subject: x\r\n\r\n" + b"x" * (CHUNK + 10)
    items: dict[bytes, bytes | None] = {
        b"BODYSTRUCTURE": b"TAG NO what is that\r\n",
        b"BODY.PEEK[]": b"* 1 FETCH (UID 5 BODY[] {%d}\r\n%s)\r\n" % (len(whole), whole),
    }
    with scripted_server(answering(items)) as config, MailboxClient(config) as client:
        assert client.fetch(UnreadMail(5, len(whole))) == whole
