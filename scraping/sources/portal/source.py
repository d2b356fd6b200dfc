"""The portal as a source: what is new or changed for any of the accounts."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable
from operator import itemgetter
from typing import Any

from scraping.items import SourceItem
from scraping.sources.base import Batch, Known, SourceError, SourceFailure
from scraping.sources.portal.client import Account, PortalClient, PortalConfig, SessionStore
from scraping.sources.portal.merge import JOB, NOTICE, Kind, Sighting, merge
from scraping.sources.portal.parse import parse_documents
from scraping.sources.portal.values import number

logger = logging.getLogger(__name__)

NAME = "superset"
HAND_OVER_SECONDS = 0.25


class PortalSource:
    """Reads notices and jobs.

    Payloads: a notice as it was listed; a job as {"short", "detail", "documents": {identifier: url}}.
    """

    name = NAME

    def __init__(self, config: PortalConfig, sessions: SessionStore) -> None:
        self._config = config
        self._sessions = sessions

    async def collect(self, known: Known) -> AsyncGenerator[Batch, None]:
        """Read once (see Source): per account two listings, and a login where no session is kept.

        Jobs follow as their full forms come in, so that what was read is stored while the rest is being read.

        Raises:
            SourceError: no account could be read. Its code is theirs where all failed alike.
        """
        accounts = _by_email(self._config.accounts)
        if not accounts:
            raise SourceError("not_configured", "SUPERSET_CREDENTIALS names no account")
        async with self._config.open() as http:
            clients = [PortalClient(http, self._config, account, self._sessions) for account in accounts]
            reading = _Reading(clients, known)
            task = asyncio.create_task(reading.read())
            try:
                while not task.done():
                    await asyncio.wait({task}, timeout=HAND_OVER_SECONDS)
                    if batch := reading.hand_over():
                        yield batch
                if batch := reading.hand_over():  # what came while the caller was storing
                    yield batch
                await task
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


class _Reading:
    """One reading: lists, compares, and fetches what is due into the batch to be handed over next."""

    def __init__(self, clients: list[PortalClient], known: Known) -> None:
        self._clients = clients
        self._known = known
        self._batch = Batch()
        self._listings: dict[Kind, list[tuple[int, int, list[Any]]]] = {NOTICE: [], JOB: []}

    def hand_over(self) -> Batch:
        batch, self._batch = self._batch, Batch()
        return batch

    async def read(self) -> None:
        failures = await asyncio.gather(*(self._list(index) for index in range(len(self._clients))))
        self._batch.failures += [failure for each in failures for failure in each]
        if not any(self._listings.values()):
            raise _nothing_read(self._batch.failures)
        notices = self._due(NOTICE)
        self._batch.items += [_item(NOTICE, key, seen, seen.record) for key, seen in notices]
        async with asyncio.TaskGroup() as tasks:
            for key, seen in self._due(JOB):
                tasks.create_task(self._read_job(key, seen))

    async def _list(self, index: int) -> list[SourceFailure]:
        """Read both listings of an account; answers what failed."""
        client = self._clients[index]
        try:
            await client.sign_in()
        except SourceError as error:
            return [_failure(error, client.account)]
        answers = await asyncio.gather(
            self._list_kind(NOTICE, index, client.notices()), self._list_kind(JOB, index, client.jobs())
        )
        return list(dict.fromkeys(answer for answer in answers if answer))

    async def _list_kind(self, kind: Kind, index: int, listing: Awaitable[list[Any]]) -> SourceFailure | None:
        account = self._clients[index].account
        try:
            self._listings[kind].append((index, account.season, await listing))
        except SourceError as error:
            return _failure(error, account)
        return None

    def _due(self, kind: Kind) -> list[tuple[str, Sighting]]:
        """Return what is new or changed, the oldest first; the rest is counted."""
        known = self._known.get(kind.name, {})
        union = merge(NAME, kind, sorted(self._listings[kind], key=itemgetter(0)), known)
        due = [(key, seen) for key, seen in union.sightings.items() if known.get(key) != seen.fingerprint]
        self._batch.unchanged += len(union.sightings) - len(due)
        self._batch.rejected += union.rejected.values()
        return sorted(due, key=lambda each: number(each[1].record.get(kind.made_at)) or 0)

    async def _read_job(self, key: str, seen: Sighting) -> None:
        """Put a job with its full form and links into the batch; one without waits for the next reading."""
        failure = None
        for client in (self._clients[index] for index in seen.listed_by):
            try:
                detail = await client.job(key)
            except SourceError as error:
                failure = _failure(error, client.account, key)
            else:
                documents = await _document_links(client, key, detail)
                payload = {"short": seen.record, "detail": detail, "documents": documents}
                self._batch.items.append(_item(JOB, key, seen, payload))
                return
        if failure:
            self._batch.failures.append(failure)


async def _document_links(client: PortalClient, job: str, detail: dict[str, Any]) -> dict[str, str]:
    """Links by document; one that can't be had is left out, it is only a convenience."""

    async def link(document: str) -> tuple[str, str]:
        try:
            return document, await client.document_url(job, document)
        except SourceError as error:
            logger.warning("Document %s of job %s has no link: %s", document, job, error)
            return document, ""

    links = await asyncio.gather(*(link(each.identifier) for each in parse_documents(detail, {})))
    return {document: url for document, url in links if url}


def _item(kind: Kind, key: str, seen: Sighting, payload: dict[str, Any]) -> SourceItem:
    return SourceItem(NAME, kind.name, key, seen.season, payload, seen.fingerprint)


def _failure(error: SourceError, account: Account, key: str = "") -> SourceFailure:
    return SourceFailure(NAME, error.code, error.text, account.email, key)


def _nothing_read(failures: list[SourceFailure]) -> SourceError:
    codes = {failure.code for failure in failures}
    if len(codes) > 1:
        return SourceError("nothing_read", f"each of its {len(failures)} requests failed")
    return SourceError(codes.pop(), "; ".join(dict.fromkeys(map(_naming, failures))))


def _naming(failure: SourceFailure) -> str:
    return failure.text if failure.account in failure.text else f"{failure.account}: {failure.text}"


def _by_email(accounts: tuple[Account, ...]) -> list[Account]:
    """Each account once: named for two seasons, it reads for the later one."""
    ascending = sorted(accounts, key=lambda account: account.season)
    latest = {account.email.casefold(): account for account in ascending}
    return [account for account in accounts if latest[account.email.casefold()] is account]
