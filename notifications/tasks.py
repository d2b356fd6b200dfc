"""What the cluster runs for notifications. Each takes plain values, may run twice, and leaves the work to a step."""

import logging
from collections.abc import Collection, Sequence

from django.conf import settings
from django_q.tasks import async_task

from accounts.models import Subscription
from notifications.channels.registry import configured
from notifications.delivery import deferring
from notifications.delivery.due import seconds_to_next
from notifications.delivery.run import asked_to_end, deliver
from notifications.finding.index import bring_up_to_date
from notifications.my_time import clashes, overdue, reminders
from notifications.publishing import orders, topics

log = logging.getLogger(__name__)
# Well below the cluster's timeout; a longer broadcast goes on in the next task.
SECONDS_A_TASK = 240.0
SECONDS_TO_INDEX = 20.0


def wake(channel: str) -> None:
    """Have the clusters deliver what is pending on a channel, by as many workers as it has shards."""
    for _ in range(settings.TELEGRAM_SHARDS if channel == Subscription.Channel.TELEGRAM else 1):
        async_task("notifications.tasks.deliver_channel", channel, task_name=f"deliver {channel}")


def wake_quietly(channels: Collection[str]) -> None:
    """Have these channels deliver now. Where the broker is away, the minute's sweep does it."""
    for channel in set(channels) & set(configured()):
        try:
            wake(channel)
        except Exception:  # each broker has errors of its own
            log.exception("Could not wake %s: the next sweep delivers", channel)


def deliver_channel(channel: str) -> str:
    """Deliver on one channel, and go on in another task where there is more."""
    return _deliver([channel])


def sweep() -> str:
    """Every minute: tell of clashes and of what waited, deliver what nobody was woken for, index what is left."""
    topics.tell_refused()
    clashes.tell()
    overdue.put_off()
    deferring.tell_due()
    told = _deliver(configured())
    bring_up_to_date(seconds=SECONDS_TO_INDEX)
    return told


def remind() -> str:
    """Every minute: write the reminders that are due, and have them delivered."""
    count = reminders.remind()
    if count:
        wake_quietly(configured())
    return f"{count} reminders"


def planned_broadcast(order: str) -> str:
    """Send a message whose time has come (publishing/orders.py); it may be given out twice, and goes out once."""
    published = orders.send(orders.read_stored(order)[0])
    wake_quietly(configured())
    return f"notice {published.notice.pk}: {published.queued} queued"


def _deliver(channels: Sequence[str]) -> str:
    tallies = deliver(channels, seconds=SECONDS_A_TASK)
    for channel, tally in tallies.items():
        ended = tally.stopped or tally.busy_elsewhere or tally.paused_seconds or asked_to_end()
        if not ended and seconds_to_next(channel) == 0:
            async_task("notifications.tasks.deliver_channel", channel, task_name=f"deliver {channel}")
    return "; ".join(f"{channel}: {tally.line()}" for channel, tally in tallies.items())
