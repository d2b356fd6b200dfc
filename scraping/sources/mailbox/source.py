"""The placement mailbox as a source: mail by mail, each marked as read once its result is stored.

A mail's fingerprint is where it lies, folder numbering and UID: a mail met again is not fetched again.
"""

import asyncio
import logging
import zlib
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from hashlib import sha256
from typing import Any

from scraping.items import RejectedItem, SourceItem
from scraping.sources.base import Batch, Known, SourceFailure
from scraping.sources.mailbox.client import MailboxClient, MailboxConfig, UnreadMail
from scraping.sources.mailbox.errors import MailboxError
from scraping.sources.mailbox.mime import may_hold_text
from scraping.sources.mailbox.parse import parse_mail

log = logging.getLogger(__name__)

NAME, KIND = "email", "mail"
_LONGEST_KEY = 190
_SMALL = 100_000  # bytes; smaller mails are kept as they came
_OF_THE_SERVER = frozenset(("bad_answer", "connection_lost"))  # though one mail may be what it trips over
_OF_ONE_MAIL = _OF_THE_SERVER | {"mail_gone", "mail_cut", "mail_too_large"}
_MOST_FAILURES_IN_A_ROW = 3  # of the server's; then it is not the mail


class MailboxSource:
    """Reads the unread mails of a folder, oldest first, over one connection.

    Its payload is {"eml": the mail, compressed, without the content of its attachments}. Mails whose recipients name
    no season belong to `season`; with `seasons`, those of others are left unread.
    """

    name = NAME

    def __init__(self, config: MailboxConfig, season: int, seasons: Collection[int] = ()) -> None:
        self._config = config
        self._season = season
        self._seasons = seasons

    async def collect(self, known: Known) -> AsyncGenerator[Batch, None]:
        """Read once (see Source); a batch a mail, which waits for its result.

        Raises:
            SourceError: the mailbox can't be opened or listed, or broke off for good.
        """
        places = {place: key for key, place in known.get(KIND, {}).items()}
        met = set(places.values())
        client = MailboxClient(self._config)
        await asyncio.to_thread(client.__enter__)
        try:
            failed_in_a_row = 0
            for mail in await asyncio.to_thread(client.unread):
                place = f"{client.uid_validity}.{mail.uid}"
                try:
                    batch = await self._batch(client, mail, place, places, met)
                    failed_in_a_row = 0
                except MailboxError as error:
                    failed_in_a_row += error.code in _OF_THE_SERVER
                    if error.code not in _OF_ONE_MAIL or failed_in_a_row >= _MOST_FAILURES_IN_A_ROW:
                        raise
                    batch = Batch(failures=[SourceFailure(NAME, error.code, error.text, key=place)])
                if batch is None:
                    continue
                met.update(item.key for item in batch.items)
                yield batch
                if batch.settled:
                    await asyncio.to_thread(client.mark_seen, [mail.uid])
        finally:
            await asyncio.to_thread(client.__exit__, None, None, None)

    async def _batch(
        self, client: MailboxClient, mail: UnreadMail, place: str, places: Mapping[str, str], met: Collection[str]
    ) -> Batch | None:
        """Return what to hand over for an unread mail, None where it is of no season asked for."""
        if key := places.get(place):
            return _awaiting(key, Batch(unchanged=1))
        raw = await asyncio.to_thread(client.fetch, mail)
        try:
            item = as_item(raw, place, self._season)
        except Exception as error:  # a mail nobody foresaw must not hold up the next one
            log.exception("Mail %s can't be stored", place)
            reason = f"{type(error).__name__}: {error}"
            return Batch(rejected=[RejectedItem(NAME, KIND, self._season, reason, b64encode(raw).decode())])
        if self._seasons and item.season not in self._seasons:
            return None
        if item.key in met:
            return _awaiting(item.key, Batch(unchanged=1))
        files = await asyncio.to_thread(client.files, mail, raw)
        return _awaiting(item.key, Batch(items=[replace(item, files=tuple(files))]))


def as_item(raw: bytes, place: str, season: int) -> SourceItem:
    """A mail as an item; its key is its identity (spec: mailbox)."""
    mail = parse_mail(raw)
    return SourceItem(NAME, KIND, _key(mail.identity), mail.season or season, {"eml": packed(raw)}, place)


def packed(raw: bytes) -> str:
    """A mail as JSON can hold it, without the content of its attachments."""
    return b64encode(zlib.compress(_without_attachments(raw))).decode()


def raw_of(payload: Mapping[str, Any]) -> bytes:
    """The mail of such a payload. Raises ValueError where it holds none."""
    try:
        return zlib.decompress(b64decode(str(payload["eml"])))
    except (KeyError, zlib.error) as error:
        raise ValueError("the stored mail can't be unpacked") from error


def _awaiting(key: str, batch: Batch) -> Batch:
    batch.awaits = frozenset({(KIND, key)})
    return batch


def _key(identity: str) -> str:
    return identity if len(identity) <= _LONGEST_KEY else "sha256:" + sha256(identity.encode()).hexdigest()


def _without_attachments(raw: bytes) -> bytes:
    """Attachments keep their names. A mail too strange to be put together again is kept whole."""
    if len(raw) <= _SMALL:
        return raw
    try:
        message = message_from_bytes(raw)
        for part in message.walk():
            if not (part.is_multipart() or may_hold_text(part.get_content_type(), part.get_filename() or "")):
                part.set_payload("")
        return message.as_bytes()
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        log.info("A mail of %d bytes is not thinned out: %s", len(raw), type(error).__name__)
        return raw
