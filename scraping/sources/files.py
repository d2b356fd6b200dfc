"""Files behind links, which strangers choose: fetched with limits on time and size, from public addresses only.

A link may lead to a login, into somebody's own network, to 2 GB or to no end: each ends in one word
(spec: attachments, Fetching).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

from accounts.subscribing.public_hosts import is_address, is_public_address
from notifications.channels.outbound import AddressRefusedError, GuardedResolver, PooledResolver
from scraping.attachments.process import LARGEST
from scraping.attachments.text import FileError, State
from scraping.items import AttachedFile

SECONDS = 20.0  # for one file, its redirects included
_AT_ONCE = 4
_MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_LOGIN_STATUSES = frozenset((401, 403, 407))
_LOGIN_WORDS = (b'type="password"', b"type=password", b"accounts.google.com", b"login.microsoftonline.com")
_HTML = ("text/html", "application/xhtml+xml")
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; SuperSetBot)", "Accept": "*/*"}


@dataclass(frozen=True, slots=True)
class FileLink:
    """A link to a file: `reference` stays the same where a signed link is renewed."""

    reference: str
    name: str
    url: str


async def fetch_files(
    links: Sequence[FileLink], allow_hosts: frozenset[str], *, seconds: float = SECONDS
) -> list[AttachedFile]:
    """Each file in the order of its link, or the word for why it could not be had. Never raises for one of them.

    `allow_hosts` may lie in the own network: the portal's, in the sandbox.
    """
    resolver: AbstractResolver = GuardedResolver(PooledResolver(_AT_ONCE), allow_hosts)
    connector = aiohttp.TCPConnector(limit=_AT_ONCE, resolver=resolver)
    async with aiohttp.ClientSession(
        connector=connector, headers=_HEADERS, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        return list(await asyncio.gather(*(_fetched(session, link, allow_hosts, seconds) for link in links)))


async def _fetched(
    session: aiohttp.ClientSession, link: FileLink, allow_hosts: frozenset[str], seconds: float
) -> AttachedFile:
    try:
        async with asyncio.timeout(seconds):
            data = await _follow(session, link.url, allow_hosts)
    except FileError as error:
        return AttachedFile(link.reference, link.name, state=error.state)
    except TimeoutError:
        return AttachedFile(link.reference, link.name, state=State.TOO_SLOW)
    except AddressRefusedError:
        return AttachedFile(link.reference, link.name, state=State.PRIVATE_ADDRESS)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        refused = isinstance(error.__cause__, AddressRefusedError)
        return AttachedFile(link.reference, link.name, state=State.PRIVATE_ADDRESS if refused else State.UNREACHABLE)
    return AttachedFile(link.reference, link.name, data)


async def _follow(session: aiohttp.ClientSession, url: str, allow_hosts: frozenset[str]) -> bytes:
    """Raises FileError, and what aiohttp raises."""
    for _ in range(_MOST_REDIRECTS):
        _check(url, allow_hosts)
        async with session.get(url, allow_redirects=False) as answer:
            if 300 <= answer.status < 400 and "Location" in answer.headers:
                url = urljoin(url, answer.headers["Location"])
                continue
            _check_answer(answer, url)
            return await _body(answer, url)
    raise FileError(State.UNREACHABLE)


def _check(url: str, allow_hosts: frozenset[str]) -> None:
    """Names are judged when they are resolved, addresses here."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise FileError(State.UNREACHABLE)
    if host not in allow_hosts and is_address(host) and not is_public_address(host):
        raise FileError(State.PRIVATE_ADDRESS)


def _check_answer(answer: aiohttp.ClientResponse, url: str) -> None:
    if answer.status in _LOGIN_STATUSES:
        raise FileError(State.NEEDS_LOGIN)
    if answer.status in {404, 410}:
        raise FileError(State.GONE)
    if answer.status != 200:
        raise FileError(State.UNREACHABLE)
    if (answer.content_length or 0) > LARGEST:
        raise FileError(State.TOO_LARGE)


async def _body(answer: aiohttp.ClientResponse, url: str) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > LARGEST:
            raise FileError(State.TOO_LARGE)
    is_page = answer.content_type in _HTML and not urlsplit(url).path.lower().endswith((".html", ".htm", ".xls"))
    if is_page or any(word in data[:200_000] for word in _LOGIN_WORDS[:2] if data[:1] == b"<"):
        raise FileError(State.NEEDS_LOGIN)
    return bytes(data)
