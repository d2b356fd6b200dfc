"""The cluster's supervision: whatever hangs or dies, tasks are done again soon."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import psutil
import pytest
from django_q.tasks import async_task

from notifications.models import Heartbeat
from supersetbot.operations import daemons, health, stopping
from tests.paths import ROOT
from tests.processes import Installation, kill_session, wait_until

CODE = """
import django, logging
django.setup()
from supersetbot.operations import cluster
cluster.STUCK_SECONDS, cluster.PULSE_SECONDS = 1.5, {pulse}
cluster.FIRST_DELAY_SECONDS = cluster.LOOK_AROUND_SECONDS = 0.1
cluster.SupervisedCluster().run()
"""


def is_done(mark: str) -> bool:
    return Heartbeat.objects.filter(process=mark).exists()


def do(mark: str) -> Callable[[], bool]:
    """Queue a task that leaves a mark; whether it was done."""
    async_task("notifications.models.beat", mark)
    return lambda: is_done(mark)


@contextmanager
def cluster(pulse: float = 1.5) -> Iterator[psutil.Process]:
    """A cluster of two workers at work, which is replaced after so many seconds without a pulse; its main process."""
    process = subprocess.Popen([sys.executable, "-c", CODE.format(pulse=pulse)], cwd=ROOT, start_new_session=True)
    try:
        wait_until(do("first"), 30)
        yield psutil.Process(process.pid)
    finally:
        kill_session(process.pid)
        process.wait()


@pytest.fixture(autouse=True)
def _settings(installation: Installation) -> None:
    installation.set(Q_WORKERS="2", LOG_LEVEL="CRITICAL")


def sentinel_of(main: psutil.Process) -> psutil.Process:
    (sentinel,) = main.children()
    return sentinel


@pytest.mark.parametrize(("signal_number", "said"), [(signal.SIGKILL, "has died"), (signal.SIGTERM, "stopped at")])
def test_that_a_cluster_was_killed_or_stopped_is_known_within_seconds(signal_number: int, said: str) -> None:
    with cluster() as main:
        wait_until(lambda: health.CHECKS["cluster"]().ok, 10)
        main.send_signal(signal_number)
        wait_until(lambda: said in health.CHECKS["cluster"]().detail, 10)
        assert not health.CHECKS["cluster"]().ok


def test_workers_that_take_no_tasks_any_more_are_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    with cluster(pulse=60) as main:
        old = sentinel_of(main).children()
        for process in old[:2]:  # the workers come first
            process.suspend()
        do("taken by the cluster that hangs")
        wait_until(lambda: not any(map(daemons.is_alive, old)), 10)
        wait_until(do("after"), 20)
    assert "Tasks wait, but the workers take none any more" in capfd.readouterr().err


def test_a_sentinel_without_a_pulse_is_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    with cluster() as main:
        hanging = sentinel_of(main)
        everyone = [hanging, *hanging.children()]
        hanging.suspend()
        wait_until(lambda: not any(map(daemons.is_alive, everyone)), 10)
        wait_until(do("after"), 20)
    assert "no pulse" in capfd.readouterr().err


def test_when_everything_below_is_killed_it_starts_again() -> None:
    with cluster() as main:
        before = main.children(recursive=True)
        for process in before:
            process.kill()
        wait_until(do("after"), 20)
        assert daemons.is_alive(main)
        assert not set(before) & set(main.children(recursive=True))


def test_ctrl_c_lets_the_work_in_hand_be_finished(capfd: pytest.CaptureFixture[str]) -> None:
    with cluster() as main:
        async_task("tests.supersetbot.operations.test_cluster.work_slowly", "slow")
        wait_until(lambda: is_done("slow begun"))
        main.send_signal(signal.SIGINT)
        wait_until(lambda: not daemons.is_alive(main), 10)
        assert is_done("slow done")
    assert capfd.readouterr().err.endswith("KeyboardInterrupt\n")  # which manage.py ends with code 130


@pytest.mark.parametrize("whole_group", [True, False])
def test_a_second_signal_or_one_to_all_ends_it_at_once(*, whole_group: bool) -> None:
    with cluster() as main:
        everyone = [main, *main.children(recursive=True)]
        async_task("time.sleep", 60)
        async_task("tests.supersetbot.operations.test_cluster.work_slowly", "slow")
        wait_until(lambda: is_done("slow begun"))
        started = monotonic()
        if whole_group:
            os.killpg(main.pid, signal.SIGTERM)
        else:
            with suppress(psutil.NoSuchProcess):
                while daemons.is_alive(main):  # two at the same instant would be one
                    main.terminate()
        wait_until(lambda: not any(map(daemons.is_alive, everyone)), 10)
        assert monotonic() - started < 5


def work_slowly(mark: str) -> None:
    """A task for the cluster under test."""
    from time import sleep

    from notifications.models import beat

    beat(f"{mark} begun")
    sleep(1)
    beat(f"{mark} done")


def test_a_request_to_all_clusters_stops_it_and_is_not_meant_for_one_started_later() -> None:
    stopping.ask_everywhere()
    with cluster() as main:
        wait_until(do("looked around"))
        assert daemons.is_alive(main)
        stopping.ask_everywhere()
        wait_until(lambda: not daemons.is_alive(main), 20)
