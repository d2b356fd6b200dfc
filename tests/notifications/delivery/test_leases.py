"""Who dispatches: one at a time, taken over from those that died."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.delivery import leases, ledger
from notifications.models import Delivery, Shard
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

LEASE = timedelta(minutes=1)


def acquire(owner: str, number: int = 0) -> bool:
    return leases.acquire("telegram", number, owner, LEASE)


@pytest.fixture
def child() -> subprocess.Popen[bytes]:  # type: ignore[misc]  # a fixture's generator, or a bound default
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def owner_of(pid: int) -> str:
    return (
        leases.process_name().replace(f":{os.getpid()}:", f":{pid}:").rpartition(":")[0] + f":{leases._started(pid)}:x"
    )


@pytest.mark.django_db
class TestLease:
    def test_one_has_it_until_it_gives_it_up(self) -> None:
        assert acquire("a")
        assert not acquire("b")
        leases.give_up("a")
        assert acquire("b")

    def test_its_owner_renews_it(self) -> None:
        acquire("a")
        with time_machine.travel(timezone.now() + LEASE / 2):
            assert acquire("a")
        with time_machine.travel(timezone.now() + LEASE * 1.2):
            assert not acquire("b")

    def test_it_ends_by_itself(self) -> None:
        acquire("a")
        with time_machine.travel(timezone.now() + LEASE * 2):
            assert acquire("b")
            assert not acquire("a")

    def test_giving_it_up_keeps_the_time_line(self) -> None:
        acquire("a")
        Shard.objects.update(next_slot_at=timezone.now())
        leases.give_up("a")
        assert Shard.objects.get().next_slot_at is not None

    def test_shards_are_leased_one_by_one(self) -> None:
        assert acquire("a", 0)
        assert acquire("b", 1)
        assert not acquire("b", 0)

    def test_one_that_died_here_is_found_out_at_once(
        self, child: subprocess.Popen[bytes], subscribe: Subscribe, draft: MakeDraft
    ) -> None:
        subscribe()
        publish(draft())
        owner = owner_of(child.pid)
        acquire(owner)
        ledger.claim("telegram", owner, limit=1, lease=LEASE)
        leases.release_dead_owners("telegram")
        assert not acquire("b")

        child.kill()
        child.wait()
        leases.release_dead_owners("telegram")

        assert acquire("b")
        assert Delivery.objects.get().state == "retry"


def test_a_process_that_lives_is_not_gone(child: subprocess.Popen[bytes]) -> None:
    assert not leases.is_gone(leases.new_owner())
    assert not leases.is_gone(owner_of(child.pid))


def test_one_that_was_killed_is_gone_before_its_parent_has_looked(child: subprocess.Popen[bytes]) -> None:
    owner = owner_of(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert leases.is_gone(owner)


def test_a_pid_used_again_is_another_process() -> None:
    name, _, _ = leases.process_name().rpartition(":")
    assert leases.is_gone(f"{name}:1:x")


def test_time_going_backwards_kills_nobody() -> None:
    owner = leases.new_owner()
    with time_machine.travel(timezone.now() - timedelta(days=400)):
        assert not leases.is_gone(owner)


@pytest.mark.parametrize(
    "owner",
    [
        "",
        "elsewhere/1-1:1:1:x",
        "nonsense",
        pytest.param(leases.process_name().replace("/", "/other-", 1), id="another machine"),
    ],
)
def test_one_from_elsewhere_is_believed(owner: str) -> None:
    assert not leases.is_gone(owner)
