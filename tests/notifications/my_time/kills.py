"""kill -9 of a process that plans and sends reminders, again and again at random moments."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import sleep

from django.db import connections
from django.utils import timezone

from notifications.delivery import ledger
from notifications.models import Delivery, Notice
from notifications.my_time.reminders import remind
from notifications.publishing.publish import Draft, publish
from tests.notifications.my_time.sending import send_due

POSTINGS, CHILDREN = 3, 6


def round_of_kills(number: int, random: Random) -> Counter[str]:
    """Have reminders of some postings planned and sent by processes that are killed. Returns what was found at the end.

    `missing` and `twice` count reminders of persons; `apart` those told in a second message.
    """
    deadline = timezone.now() + timedelta(hours=3, seconds=20)
    keys = [f"round{number}:{posting}" for posting in range(POSTINGS)]
    for key in keys:
        publish(Draft(external_key=key, title=key, category="job_posting", job_key=key, deadline=deadline))
    send_due()
    killed = Counter(_killed(_work, random.uniform(0.0, 0.25)) for _ in range(CHILDREN))
    _work()
    told = Delivery.objects.filter(notice__follows__external_key__in=keys, notice__rule="reminder 3h")
    people = Delivery.objects.filter(notice__external_key=keys[0], sent_at__isnull=False).count()
    whole = told.filter(state="sent")
    return Counter(
        kills=killed[True],
        reminders=whole.count(),
        missing=people * POSTINGS - whole.values("notice", "subscription").distinct().count(),
        twice=told.count() - told.values("notice__follows", "subscription").distinct().count(),
        apart=told.filter(told_in=None).count() - people,
        left=Notice.objects.filter(follows__external_key__in=keys, announced=False).count(),
    )


def _work() -> None:
    ledger.release("test")
    remind()
    send_due()


def _killed(work: Callable[[], object], after: float) -> bool:
    """Have a process of its own do the work, and kill it so many seconds later. Whether it was still at it."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", bool)()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    sleep(after)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])
