"""Has the cluster read the sources, by the name of its task: whoever asks for it loads nothing of the reading."""

from django_q.tasks import async_task

from scraping.cycle.runs import queued_run


def queue_cycle(trigger: str) -> int:
    """Have the cluster run a cycle now; answers the id of its run, which is one that waits already if there is one.

    Then the task is queued again all the same: the first one may have been lost, and only one of them runs.
    """
    run = queued_run(trigger)
    async_task("scraping.tasks.queued_cycle", run.pk, task_name=f"cycle ({trigger})")
    return run.pk


def queue_official() -> str:
    """Have the cluster read the institute's page now; answers the task's id."""
    return str(async_task("scraping.tasks.scheduled_official", task_name="official page"))
