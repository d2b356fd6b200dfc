"""Resolving the names of push services, which strangers choose."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from socket import AI_ADDRCONFIG, AI_NUMERICHOST, AI_NUMERICSERV, SOCK_STREAM, AddressFamily, getaddrinfo

from aiohttp.abc import AbstractResolver, ResolveResult

from accounts.subscribing.public_hosts import is_public_address
from notifications.channels.webpush.errors import AddressRefusedError


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
    """Resolves names for push services, and refuses those with any address that is not public.

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
