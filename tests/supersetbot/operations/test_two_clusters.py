"""Two clusters on one broker: each slot runs once, whichever takes it, and whatever dies."""

import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import Schedule

from scraping.cycle.schedule import sync
from scraping.models import UpdateRun
from supersetbot.sandbox.settings import free_port
from tests.paths import ROOT
from tests.processes import Installation, family, kill_session, wait_until

SLOTS = int(os.environ.get("SLOTS", "12"))  # `python -m benchmarks.clusters` has a hundred come
# The cluster as it is, but it looks at the schedule all the time instead of each half minute.
CODE = """
import django
django.setup()
import django_q.cluster as q
from django_q.conf import Conf
from supersetbot.operations import cluster
Conf.GUARD_CYCLE = Conf.POLL = 0.05
whole = cluster.WatchfulSentinel.status
cluster.WatchfulSentinel.status = lambda self: (q.scheduler(broker=self.broker), whole(self))[1]
cluster.SupervisedCluster().run()
"""


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server's URL."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("REDIS_TESTS") == "required":
            pytest.fail("no redis-server: apt install redis-server")
        pytest.skip("*** NOT TESTED ON REDIS: no redis-server (apt install redis-server) ***")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([*command, "--requirepass", "hunter2-redis"], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://:hunter2-redis@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(params=["database", "redis"])
def broker(request: pytest.FixtureRequest, installation: Installation, tmp_path: Path) -> Iterator[None]:
    """What hands out the tasks; one slot a day stands in the schedule."""
    installation.set(UPDATE_SLOTS="09:00", OFFICIAL_SLOTS="", PEEK="off", Q_WORKERS="2", LOG_LEVEL="WARNING")
    sync()
    Schedule.objects.exclude(name="update 09:00").delete()
    with ExitStack() as stack:
        if request.param == "redis":
            installation.set(Q_BROKER=stack.enter_context(redis(tmp_path)))
        yield


@pytest.fixture
def clusters(broker: None, tmp_path: Path) -> Iterator[list[psutil.Process]]:
    """The main processes of two clusters, in folders of their own and different zones."""
    with ExitStack() as stack:
        processes = []
        for zone in ("America/New_York", "UTC"):
            environment = {**os.environ, "TZ": zone, "DATA_DIR": str(tmp_path / zone)}
            command = [sys.executable, "-W", "ignore", "-c", CODE]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
            stack.callback(process.wait)
            stack.callback(kill_session, process.pid)
            processes.append(psutil.Process(process.pid))
        yield processes


def slot_comes() -> None:
    """The slot is due now, as if a day had passed."""
    Schedule.objects.filter(name="update 09:00").update(next_run=timezone.now() - timedelta(milliseconds=1))


def test_each_slot_runs_once(clusters: list[psutil.Process]) -> None:
    ended = UpdateRun.objects.filter(ended_at__isnull=False)
    for number in range(1, SLOTS + 1):
        slot_comes()
        # misc: a fixture's generator, or a bound default
        wait_until(lambda number=number: ended.count() >= number, 30)  # type: ignore[misc]
    runs = list(UpdateRun.objects.values_list("process", "trigger", "state"))
    by_process = Counter(process.rsplit(":", 2)[1] for process, _, _ in runs)
    print(f"{connection.vendor}, {SLOTS} slots: {len(runs)} runs, by the workers {dict(by_process)}")
    assert [run[1:] for run in runs] == [("schedule", "ok")] * SLOTS


@pytest.fixture
def silent_portal(installation: Installation, broker: None) -> Iterator[socket.socket]:
    """A portal the clusters read that accepts connections, and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        installation.set(
            SUPERSET_BASE_URL=f"http://127.0.0.1:{listening.getsockname()[1]}",
            SUPERSET_CREDENTIALS='[{"email": "cse@example.edu", "password": "not-a-word"}]',
        )
        yield listening


def test_when_one_is_killed_in_the_middle_of_a_cycle_the_run_is_lost_and_the_other_does_the_next(
    silent_portal: socket.socket, clusters: list[psutil.Process]
) -> None:
    slot_comes()
    connection, _ = silent_portal.accept()
    run = UpdateRun.objects.get()
    worker = int(run.process.split(":")[1])
    (killed,) = (main for main in clusters if worker in [child.pid for child in main.children(recursive=True)])
    for process in family(killed):  # its machine dies: an orphan might take the next task along
        process.kill()
    connection.close()
    silent_portal.close()

    def next_one_ran() -> bool:
        slot_comes()  # Redis may hand one to the dead cluster's connection: then a later one runs
        return UpdateRun.objects.filter(ended_at__isnull=False).count() > 1

    wait_until(next_one_ran, 30)
    assert list(UpdateRun.objects.order_by("pk").values_list("state", flat=True)[:2]) == ["lost", "failed"]
