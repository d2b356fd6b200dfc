"""The scheduler: django-q2's cluster, with its schedule brought up to date and supervised."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from scraping.schedule import sync


class Command(BaseCommand):
    help = "Runs the scheduler: update cycles, deliveries and housekeeping, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        from supersetbot.cluster import ClusterFailedError, SupervisedCluster

        try:
            sync()
        except ValueError as error:
            raise CommandError(f"The schedule can't be read: {error}") from None
        _disconnect()
        try:
            SupervisedCluster().run()
        except ClusterFailedError as error:
            raise CommandError(str(error)) from None


def _disconnect() -> None:
    """A connection, or a pool with its threads, must not be there when processes are forked."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
