"""What the cluster runs for the sources. Each may run twice: a cycle at work makes the second one step aside."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from notifications.channels.registry import configured
from notifications.tasks import SECONDS_A_TASK, wake
from scraping.cycle.cycle import cycle, update
from scraping.cycle.ping import ping
from scraping.cycle.runs import SkippedError
from scraping.cycle.schedule import missed_slot
from scraping.cycle.wrong_clock import put_right
from scraping.models import MongoDocument, UpdateRun

log = logging.getLogger(__name__)


def queued_cycle(run_id: int) -> str:
    run = UpdateRun.objects.get(pk=run_id)
    return run_cycle(run.trigger, queued=run)


def run_cycle(trigger: str, slot: str = "", queued: UpdateRun | None = None) -> str:
    """A cycle with what it brought in one line; `slot` is when it was due, in ISO form."""
    try:
        run = cycle(trigger, slot=_moment(slot), queued=queued, seconds=SECONDS_A_TASK)
    except SkippedError as skipped:
        log.info("%s", skipped)
        return str(skipped)
    except Exception:
        ping(None)
        raise
    ping(run)
    return f"{run}: {run.notices} notices, {run.sent} sent"


def scheduled_cycle(slot: str = "") -> str:
    return run_cycle("schedule", slot)


def watched_cycle(source: str) -> str:
    """Read one source, of which the watcher says that it may have something new."""
    try:
        run = cycle(UpdateRun.WATCHED, sources=[source], seconds=SECONDS_A_TASK)
    except SkippedError as skipped:
        return str(skipped)
    return f"{run}: {run.notices} notices, {run.sent} sent"


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
    """Every minute: put right what a wrong clock left, and run one cycle for all slots that were missed or lost."""
    put_right()
    slot = missed_slot(timezone.now())
    if slot is not None:
        run_cycle("catch-up", slot.isoformat())


def _moment(slot: str) -> datetime | None:
    return datetime.fromisoformat(slot) if slot else None


def mirror() -> str:
    """Every minute: write to MongoDB what changed, where there is one."""
    if not settings.MONGO_CONNECTION_STR and not MongoDocument.objects.exists():
        return "not configured"
    from scraping.mongo.mirror import mirror as write_on  # loads pymongo, which few processes need

    return write_on(seconds=SECONDS_A_TASK)
