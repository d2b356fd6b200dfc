"""What a run knows of a push service: when it may have another message, and when it rests."""

import pytest

from notifications.delivery.pacing.hosts import Host, Hosts, host_of
from tests.notifications.delivery.pacing.test_breaker import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host(clock: Clock) -> Host:
    return Hosts(clock).of("https://push.example.net/1")


def fail(host: Host, times: int) -> list[bool]:
    return [host.failed()[1] for _ in range(times)]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://push.example.net/a/b?c", "https://push.example.net"),
        ("https://Push.Example.net:8443/x", "https://push.example.net:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("-100123", ""),
        ("https://[::1/x", ""),
        ("", ""),
    ],
)
def test_an_endpoint_belongs_to_the_push_service_at_its_origin(address: str, host: str) -> None:
    assert host_of(address) == host


def test_hosts_are_told_apart() -> None:
    hosts = Hosts()
    assert hosts.of("https://a.example/1") is hosts.of("https://a.example/2")
    assert hosts.of("https://a.example/1") is not hosts.of("https://b.example/1")


def test_failures_count_against_their_deliveries_until_the_host_rests(host: Host) -> None:
    assert fail(host, 12) == [True] * 8 + [False] * 4


def test_a_host_that_fails_for_all_rests_longer_and_longer(host: Host, clock: Clock) -> None:
    fail(host, 7)
    assert host.wait() == 0.0
    rests = []
    for _ in range(8):
        rest, counts = host.failed()
        assert counts, "what tries after a rest counts"
        assert host.wait() == pytest.approx(rest)
        clock.now += rest
        rests.append(rest)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]
    assert host.wait() == 0.0


def test_while_one_message_tries_a_host_no_other_does(host: Host, clock: Clock) -> None:
    fail(host, 8)
    clock.now += 1.0
    host.goes("https://push.example.net/1")
    assert host.wait() > 0.0
    host.in_flight -= 1
    host.answered()
    assert host.wait() == 0.0


def test_a_host_that_an_earlier_run_gave_up_is_tried_by_one(host: Host) -> None:
    host.suspect()
    assert host.wait() == 0.0
    host.goes("/1")
    assert host.wait() > 0.0
    assert host.failed() == (32.0, True)


def test_a_host_that_this_run_has_tried_is_judged_by_what_it_does(host: Host) -> None:
    host.goes("/1")
    host.suspect()
    host.in_flight -= 1
    assert fail(host, 7) == [True] * 7
    assert host.wait() == 0.0


def test_an_answer_in_between_keeps_a_host_from_resting(host: Host) -> None:
    for _ in range(5):
        fail(host, 7)
        host.answered()
    assert host.wait() == 0.0


def test_a_silent_host_has_few_late_places_and_one_that_answers_more(host: Host, clock: Clock) -> None:
    host.late = 7
    assert host.wait() == 0.0
    host.late = 8
    assert host.wait() > 0.0
    host.answered()
    assert host.wait() == 0.0
    host.late = 50
    assert host.wait() > 0.0
    host.late = 8
    clock.now += 1.5
    assert host.wait() > 0.0


def test_what_waits_for_a_slow_host_waits_in_memory_as_far_as_it_crowds_nobody_out(host: Host) -> None:
    host.late = 8
    assert [host.takes_aside(f"/{number}") for number in range(101)] == [True] * 100 + [False]
    host.goes("/7")
    assert host.takes_aside("/101")


def test_what_waits_for_a_host_that_rests_goes_back_to_the_ledger(host: Host) -> None:
    fail(host, 8)
    assert not host.takes_aside("/1")
