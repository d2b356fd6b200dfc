"""What 500 unread mails cost from the mailbox to the notices: `python -m benchmarks.mailbox`.

A real IMAP server on loopback, a SQLite database of its own. The CPU time is this process's: the server's is its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supersetbot.sandbox.mailbox.server import Mailbox

MAILS = 500
MOST_CPU = 30.0  # seconds


def main() -> int:
    """Fill the mailbox, read it twice, print what it took: 1 where it is more than it may."""
    from supersetbot.sandbox.mailbox import server as mailbox
    from supersetbot.sandbox.settings import free_port

    port = free_port()
    with tempfile.TemporaryDirectory() as folder, _serving(mailbox.command(port)):
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "supersetbot.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "bench-" * 8,
            "DATA_DIR": folder,
            "LOG_LEVEL": "ERROR",
            "PLACEMENT_EMAIL": mailbox.USER,
            "PLACEMENT_APP_PASSWORD": mailbox.PASSWORD,
            "IMAP_HOST": "127.0.0.1",
            "IMAP_PORT": str(port),
            "IMAP_SECURITY": "none",
        }
        import django

        django.setup()
        with _database():
            cpu = _measure(mailbox.Mailbox(port))
    return 0 if cpu < MOST_CPU else 1


@contextmanager
def _serving(command: tuple[str, ...]) -> Iterator[None]:
    with subprocess.Popen([sys.executable, *command]) as server:
        try:
            yield
        finally:
            server.terminate()


@contextmanager
def _database() -> Iterator[None]:
    from django.test.utils import setup_databases, teardown_databases

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(kept, verbosity=0)


def _measure(mailbox: "Mailbox") -> float:
    """Seconds of CPU in all."""
    from scraping.cycle.cycle import update
    from scraping.models import Offer
    from supersetbot.sandbox.mailbox.mails import MailWriter
    from supersetbot.sandbox.portal.season import season

    now = datetime.now(UTC)
    writer = MailWriter(lambda: [job.opening for job in season(now).jobs.values()], Random(1))
    before = time.process_time()
    mailbox.empty()
    mailbox.deliver(*(writer.next_mail(now)[1] for _ in range(MAILS)))
    for name in ("first reading", "second reading"):
        start, cpu = time.perf_counter(), time.process_time()
        run = update("bench", sources=["email"])
        report = run.sources["email"]
        print(
            f"{name:15} {report['new']:4} new mails, {run.notices:4} notices, {Offer.objects.count():3} offers: "
            f"{time.process_time() - cpu:5.1f} s of CPU, {time.perf_counter() - start:5.1f} s in all"
        )
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
