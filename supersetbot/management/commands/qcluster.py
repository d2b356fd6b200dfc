"""The scheduler: django-q2's cluster, with its schedule brought up to date and supervised."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django_q.tasks import async_task

from scraping.cycle.schedule import sync
from supersetbot.operations.failures import one_line, require_migrated


class Command(BaseCommand):
    help = "Runs the scheduler: update cycles, deliveries and housekeeping, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        from supersetbot.operations.cluster import ClusterFailedError, SupervisedCluster

        require_migrated()
        sync()
        _queue_first_tasks()
        try:
            SupervisedCluster().run()
        except ClusterFailedError as error:
            raise CommandError(str(error)) from None


def _queue_first_tasks() -> None:
    """Have done at once what else waits for the first look at the schedule. Raises CommandError without a broker."""
    try:
        for name in ("sweep", "catch-up"):
            async_task(settings.EVERY_MINUTE[name], task_name=name)
    except DatabaseError:
        raise
    except Exception as error:  # each broker has errors of its own
        kind = next(iter(settings.Q_BROKER))
        raise CommandError(f"Q_BROKER: {kind} does not answer ({one_line(error)}). Is it up?") from None
