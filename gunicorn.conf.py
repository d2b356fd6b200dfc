"""How gunicorn runs the web process; it reads this file by itself when started here: `gunicorn supersetbot.wsgi`.

SIGUSR2 to the main process is a reload without a gap: a new one takes over, with the code and the settings of now.
"""

import os
import resource
import signal
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn is not typed
from gunicorn.systemd import sd_notify  # type: ignore[import-untyped]  # gunicorn is not typed

from supersetbot.operations import failures, forking, permissions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
try:
    host = settings.WEBHOOK_HOST
except ImproperlyConfigured as error:
    sys.exit(str(error))
permissions.begin()
CPUS = sorted(getattr(os, "sched_getaffinity", lambda _: {0})(0))


class WithoutAccessLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """A proxy writes that. gunicorn puts each line together even where its logger drops it."""

    def access(self, *_: object) -> None:
        """Nothing."""


bind = f"{f'[{host}]' if ':' in host else host}:{settings.WEBHOOK_PORT}"
workers = settings.WEB_WORKERS or int(os.environ.get("WEB_CONCURRENCY", "2"))  # `together` wants one, for its memory
worker_class = "supersetbot.web.worker.PatientWorker"
threads = 4 if workers == 1 else 2  # a few that take long hold up no other; more would only take turns more often
preload_app = True  # what the workers share is in memory once; a start that fails says so at once
timeout = 60
graceful_timeout = 20
keepalive = 5
worker_connections = min(1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 3)  # each may have a file open, too
max_requests, max_requests_jitter = 100_000, 10_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (heartbeats never wait for a disk)
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1,::1"
logger_class = WithoutAccessLog
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],
        "gunicorn.error": {"handlers": [], "level": settings.LOGGING["loggers"]["django"]["level"], "propagate": True},
    },
}


def on_starting(server: Any) -> None:
    """A database that is away may come back; one that is older than the code does not mend itself."""
    try:
        failures.require_migrated()
    except CommandError as error:
        sys.exit(str(error))
    except DatabaseError as error:
        server.log.warning("Starting without the database: %s", failures.one_line(error))


def pre_fork(server: Any, worker: Any) -> None:
    """A CPU a worker: the one that fewest have."""
    forking.prepare()
    taken = Counter(other.cpu for other in server.WORKERS.values())
    worker.cpu = min(CPUS, key=lambda cpu: taken[cpu])


def post_fork(server: Any, worker: Any) -> None:
    """A worker's threads run by turns; where each turn may be on another CPU, it answers half as many requests."""
    with suppress(OSError, AttributeError):  # not everywhere allowed, not everywhere there
        os.sched_setaffinity(0, {worker.cpu})


def when_ready(server: Any) -> None:
    """It listens. What stood here before a reload finishes its requests, and ends."""
    sd_notify(f"MAINPID={os.getpid()}", server.log)
    if server.master_pid:
        os.kill(server.master_pid, signal.SIGTERM)
