"""Calls to servers whose addresses others chose: nothing on this machine or in its network is ever called."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from socket import (
    AI_ADDRCONFIG,
    AI_NUMERICHOST,
    AI_NUMERICSERV,
    EAI_NODATA,
    EAI_NONAME,
    SOCK_STREAM,
    AddressFamily,
    gaierror,
    getaddrinfo,
)

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from accounts.subscribing.public_hosts import is_public_address
from notifications.channels.base import NAME_UNKNOWN, NAME_UNRESOLVED, ChannelError, PermanentError, TransientError

NAMES_KEPT_SECONDS = 300  # how long the addresses of a name are used; they were judged when they were found


class AddressRefusedError(OSError):
    """A name resolves to an address that is not public."""


class PooledResolver(AbstractResolver):
    """Asks the system's resolver, in threads of its own.

    A name server that does not answer holds a thread for seconds. asyncio's own threads are as few as 6, and its loop
    waits for them at its end: a stranger's names would delay everybody's.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """Raises socket.gaierror."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, getaddrinfo, host, port, family, SOCK_STREAM, 0, AI_ADDRCONFIG
        )
        flags = AI_NUMERICHOST | AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=proto, flags=flags)
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedResolver(AbstractResolver):
    """Resolves names that others chose, and refuses those with any address that is not public.

    The connection goes to the addresses that were judged here, so a name can't change its mind in between (DNS
    rebinding). Addresses written as such don't come by: check_endpoint judges them.
    """

    def __init__(self, resolver: AbstractResolver, allow_hosts: frozenset[str]) -> None:
        self._resolver = resolver
        self._allow_hosts = allow_hosts

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if host not in self._allow_hosts and not all(is_public_address(result["host"]) for result in found):
            raise AddressRefusedError(f"{host} has an address that is not public")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def guarded_session(
    *, most_at_once: int, timeout: float, allow_hosts: frozenset[str], resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """A session for addresses that check_endpoint accepts; no answer takes longer than `timeout` seconds."""
    guard = GuardedResolver(resolver or PooledResolver(most_at_once), allow_hosts)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=most_at_once, resolver=guard, ttl_dns_cache=NAMES_KEPT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=timeout, connect=timeout / 2),
    )


async def first_words(response: aiohttp.ClientResponse) -> str:
    """The first words of a refusal, "" of another answer; a stranger's server may send anything, or nothing."""
    if response.status < 300:
        return ""
    try:
        text = (await response.content.read(1000)).decode(errors="replace")
    except (aiohttp.ClientError, OSError):
        return ""
    return " ".join(re.sub(r"[^\w\s.,:;'\"{}()/-]", "", text).split())[:200]


def not_answered(error: Exception) -> ChannelError:
    """Return the error for a server that did not answer; others may still work."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, AddressRefusedError):
            return PermanentError("address_refused", str(error.os_error))
        if isinstance(error.os_error, gaierror):
            no_such_name = error.os_error.errno in {EAI_NONAME, EAI_NODATA}
            return TransientError(NAME_UNKNOWN if no_such_name else NAME_UNRESOLVED, kind)
        return TransientError("no_connection", kind)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TransientError("connect_timeout", kind)
    if isinstance(error, TimeoutError):
        return TransientError("timeout", kind, unknown=True)
    return TransientError("connection_lost", kind, unknown=True)
