"""What the cluster runs for the sources. Each may run twice: a cycle at work makes the second one step aside."""

import logging
from datetime import datetime

from django.utils import timezone
from django_q.tasks import async_task

from notifications.channels.registry import configured
from notifications.tasks import SECONDS_A_TASK, wake
from scraping.cycle import cycle, update
from scraping.mongo.mirror import mirror as write_on
from scraping.runs import SkippedError
from scraping.schedule import missed_slot

log = logging.getLogger(__name__)


def queue_cycle(trigger: str) -> str:
    """Have the cluster run a cycle now; answers the task's id."""
    return str(async_task("scraping.tasks.run_cycle", trigger, task_name=f"cycle ({trigger})"))


def queue_official() -> str:
    """Have the cluster read the institute's page now; answers the task's id."""
    return str(async_task("scraping.tasks.scheduled_official", task_name="official page"))


def run_cycle(trigger: str, slot: str = "") -> str:
    """A cycle with what it brought in one line; `slot` is when it was due, in ISO form."""
    try:
        run = cycle(trigger, slot=_moment(slot), seconds=SECONDS_A_TASK)
    except SkippedError as skipped:
        log.info("%s", skipped)
        return str(skipped)
    return f"{run}: {run.notices} notices, {run.sent} sent"


def scheduled_cycle(slot: str = "") -> str:
    return run_cycle("schedule", slot)


def scheduled_official(slot: str = "") -> str:
    """Read the institute's page, and have what it tells delivered."""
    try:
        run = update("schedule", sources=["official"], slot=_moment(slot))
    except SkippedError as skipped:
        log.info("%s", skipped)
        return str(skipped)
    if run.queued:
        for channel in configured():
            wake(channel)
    return f"{run}: {run.notices} notices"


def catch_up() -> None:
    """Every minute: one cycle for however many slots nothing ran in, or the run of which was lost."""
    slot = missed_slot(timezone.now())
    if slot is not None:
        run_cycle("catch-up", slot.isoformat())


def _moment(slot: str) -> datetime | None:
    return datetime.fromisoformat(slot) if slot else None


def mirror() -> str:
    """Every minute: write to MongoDB what changed, where there is one."""
    return write_on(seconds=SECONDS_A_TASK)
