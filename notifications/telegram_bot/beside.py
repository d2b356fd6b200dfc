"""Jobs that run in the bot's process beside its work, from start to end; other apps' `bot` modules add theirs."""

from collections.abc import Callable, Coroutine
from typing import Any

from accounts.telegram.call import ReplyQueue

Job = Callable[[ReplyQueue], Coroutine[Any, Any, None]]
JOBS: list[Job] = []


def beside(job: Job) -> Job:
    """Run a job beside the bot's work, until it is cancelled; it may put replies into the queue and must not raise."""
    JOBS.append(job)
    return job
