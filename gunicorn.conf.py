"""How gunicorn runs the web process; it reads this file by itself when started here: `gunicorn supersetbot.wsgi`."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
try:
    host = settings.WEBHOOK_HOST
except ImproperlyConfigured as error:
    sys.exit(str(error))
bind = f"{f'[{host}]' if ':' in host else host}:{settings.WEBHOOK_PORT}"
workers = settings.WEB_WORKERS
worker_class = "gthread"  # a slow client does not hold up a worker
threads = 4
preload_app = True  # what the workers share is in memory once; a start that fails says so at once
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests, max_requests_jitter = 100_000, 10_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (heartbeats never wait for a disk)
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1,::1"
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],
        "gunicorn.error": {"handlers": [], "level": settings.LOGGING["loggers"]["django"]["level"], "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}


def post_fork(server: object, worker: object) -> None:
    """Threads take turns sooner: one that comes back from the database waited up to 5 ms for its turn each time."""
    sys.setswitchinterval(0.0005)
