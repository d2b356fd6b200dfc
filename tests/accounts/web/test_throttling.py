"""Counting requests: exact over threads, one window a caller, and addresses that can't be made up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.models import RequestCount
from accounts.web.throttling import ByAddress, Rate, client_address, count, household


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
def test_so_many_pass_in_a_window_and_the_next_is_told_how_long_to_wait(clock: time_machine.Traveller) -> None:
    assert [count("a", limit=2, seconds=60) for _ in range(2)] == [0.0, 0.0]
    clock.shift(timedelta(seconds=20))
    assert count("a", limit=2, seconds=60) == pytest.approx(40)
    assert count("b", limit=2, seconds=60) == 0.0


@pytest.mark.django_db
def test_a_new_window_begins_when_the_old_one_ends(clock: time_machine.Traveller) -> None:
    assert [count("a", limit=1, seconds=60) > 0 for _ in range(3)] == [False, True, True]
    clock.shift(timedelta(seconds=60))
    assert [count("a", limit=1, seconds=60) > 0 for _ in range(2)] == [False, True]


@pytest.mark.django_db
def test_windows_that_ended_are_forgotten(clock: time_machine.Traveller) -> None:
    for number in range(5):
        count(f"stranger {number}", limit=1, seconds=10)
    clock.shift(timedelta(seconds=11))
    count("somebody else", limit=1, seconds=10)
    assert RequestCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_counting_at_once_let_no_one_more_pass() -> None:
    def ask(_: int) -> bool:
        try:
            return count("a", limit=10, seconds=60) == 0.0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(ask, range(40))) == 10


@pytest.mark.django_db
def test_ninja_is_told_whether_and_when() -> None:
    throttle = ByAddress("test", Rate(1, 60), Rate(5, 3600))
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    assert throttle.allow_request(request)
    assert not throttle.allow_request(request)
    assert 50 < throttle.wait() <= 60
    assert throttle.allow_request(RequestFactory().get("/", REMOTE_ADDR="203.0.113.8"))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", "198.51.100.1"),
        (1, "", "203.0.113.7"),
        (1, " , ", "203.0.113.7"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Settings, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


def test_an_ipv6_customer_is_one_caller() -> None:
    assert household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::2") != household("2001:db8:1:3::1")
    assert household("::ffff:203.0.113.7") == household("203.0.113.7")
    assert household("") == household("'; DROP TABLE") == "unknown"
