"""Tells a service that watches from outside how a cycle ended (healthchecks.io, Uptime Kuma and the like).

A cycle never fails for its sake: what goes wrong here is one line of the log, without the address, which is a secret.
"""

import asyncio
import logging

import httpx
from django.conf import settings

from scraping.models import UpdateRun

log = logging.getLogger(__name__)

SECONDS = 5.0  # for all of it


def ping(run: UpdateRun | None) -> None:
    """Ask PING_URL after a good cycle, PING_URL/fail after one that failed (None), wholly or with a source."""
    if settings.PING_URL:
        try:
            asyncio.run(_ask(settings.PING_URL if _is_good(run) else f"{settings.PING_URL}/fail"))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            log.warning("The ping did not arrive: %s", type(error).__name__)


def _is_good(run: UpdateRun | None) -> bool:
    reports = run.sources.values() if run else ()
    return run is not None and not run.error and not any(report.get("failed_whole") for report in reports)


async def _ask(url: str) -> None:
    async with asyncio.timeout(SECONDS), httpx.AsyncClient() as client, client.stream("GET", url) as answer:
        answer.raise_for_status()
