"""The mailbox as a source: which mails are handed over, which are marked as read, what one bad mail stops."""

import socket
from collections.abc import Callable
from contextlib import aclosing

import pytest

from scraping.sources.base import Batch
from scraping.sources.mailbox.client import MailboxConfig
from scraping.sources.mailbox.errors import MailboxError
from scraping.sources.mailbox.source import MailboxSource
from tests.conftest import SEASON
from tests.scraping.sources.mailbox.servers import HEALTHY, say, scripted_server

GOOD = b"Subject: Session\r\n\r\nDear Students, come."


async def collected(config: MailboxConfig) -> list[Batch]:
    """All batches of one reading, each settled as a caller settles it that stored every item."""
    batches = []
    async with aclosing(MailboxSource(config, SEASON).collect({})) as source:
        async for batch in source:
            batch.settled |= batch.awaits
            batches.append(batch)
    return batches


def mailbox(heard: list[bytes], bodies: dict[int, bytes | None]) -> Callable[[socket.socket], None]:
    """A mailbox whose mails are all of one size; a body of None hangs up."""
    answers: dict[bytes, bytes | None] = {
        b"FETCH %d (BODY.PEEK[]" % uid: body and b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(body), body)
        for uid, body in bodies.items()
    }
    uids = b" ".join(b"%d" % uid for uid in bodies)
    sizes = b"".join(b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, len(GOOD)) for uid in bodies)
    general = HEALTHY | {b"BODYSTRUCTURE": b"TAG BAD what is that\r\n", b"SEARCH": b"* SEARCH " + uids + b"\r\n"}
    del general[b"FETCH 5"]
    return say(answers | general | {b"RFC822.SIZE": sizes}, heard=heard)


async def test_a_mail_that_was_cut_is_told_left_unread_and_holds_nothing_up() -> None:
    heard: list[bytes] = []
    with scripted_server(mailbox(heard, {5: GOOD[:-9], 6: GOOD})) as config:
        cut, whole = await collected(config)

    assert [failure.code for failure in cut.failures] == ["mail_cut"]
    assert (len(cut.items), len(whole.items)) == (0, 1)
    assert [command for command in heard if b"STORE" in command] == [b"UID STORE 6 +FLAGS.SILENT (\\SEEN)"]


async def test_a_mail_the_connection_breaks_at_holds_nothing_up() -> None:
    heard: list[bytes] = []
    breaking = mailbox(heard, {5: None, 6: GOOD})
    with scripted_server(breaking, breaking, breaking) as config:
        lost, whole = await collected(config)

    assert [failure.code for failure in lost.failures] == ["connection_lost"]
    assert [item.kind for item in whole.items] == ["mail"]


async def test_a_server_that_breaks_at_every_mail_is_left() -> None:
    breaking = mailbox([], dict.fromkeys(range(5, 15)))
    with scripted_server(*[breaking] * 10) as config, pytest.raises(MailboxError, match="connection_lost"):
        await collected(config)
