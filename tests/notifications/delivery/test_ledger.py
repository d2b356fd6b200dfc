"""Claiming, settling, leases: what the ledger promises."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Subscription
from notifications.delivery import blame, due, edits, ledger
from notifications.delivery.ledger import Settlement
from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, publish
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)


@pytest.fixture
def queued(subscribe: Subscribe, draft: Callable[..., Draft]) -> list[Delivery]:
    for _ in range(3):
        subscribe()
    publish(draft())
    return list(Delivery.objects.order_by("pk"))


def claim(owner: str = "a", limit: int = 100, shard: int = 0, shards: int = 1) -> list[ledger.Claimed]:
    return ledger.claim("telegram", owner, limit=limit, lease=LEASE, shard=shard, shards=shards)


def settlement(pk: int, state: str, **fields: Any) -> Settlement:
    defaults: dict[str, Any] = {"id": pk, "state": state, "attempts": 0, "parts_sent": 0}
    return Settlement(**defaults | fields)


def test_a_delivery_is_claimed_by_one_only(queued: list[Delivery]) -> None:
    first, second = claim("a", limit=2), claim("b")
    assert len(first) == 2
    assert {item.id for item in second} == {queued[2].pk}


def test_claiming_is_not_delivering(queued: list[Delivery]) -> None:
    claim()
    delivery = Delivery.objects.first()
    assert delivery is not None
    assert (delivery.state, delivery.sent_at, delivery.attempts) == ("sending", None, 0)


def test_urgent_deliveries_are_claimed_first(queued: list[Delivery]) -> None:
    Delivery.objects.filter(pk=queued[2].pk).update(priority=Delivery.Priority.URGENT)
    assert claim(limit=1)[0].id == queued[2].pk


def test_what_is_due_later_is_left(queued: list[Delivery]) -> None:
    Delivery.objects.filter(pk=queued[0].pk).update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert {item.id for item in claim()} == {queued[1].pk, queued[2].pk}


def test_shards_share_the_subscriptions_between_them(queued: list[Delivery]) -> None:
    shares = [{item.subscription_id for item in claim(str(n), shard=n, shards=2)} for n in range(2)]
    assert shares[0] | shares[1] == {delivery.subscription_id for delivery in queued}
    assert not shares[0] & shares[1]


def test_settling_writes_all_outcomes_in_one_statement(
    queued: list[Delivery], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    claim()
    now = timezone.now()
    outcomes = [
        settlement(queued[0].pk, "sent", parts_sent=2, message_ids=[1, 2], sent_at=now, version_sent=1),
        settlement(queued[1].pk, "retry", attempts=1, next_attempt_at=now + LEASE, error_code="timeout"),
        settlement(queued[2].pk, "failed", attempts=10, error_code="refused", error_text="it's <no> use"),
    ]
    with django_assert_num_queries(3):  # a savepoint around it
        assert ledger.settle("a", outcomes, lease=LEASE) == 3

    sent, retry, failed = Delivery.objects.order_by("pk")
    assert (sent.state, sent.message_ids, sent.sent_at, sent.lease_until) == ("sent", [1, 2], now, None)
    assert (retry.state, retry.next_attempt_at, retry.error_code) == ("retry", now + LEASE, "timeout")
    assert (failed.state, failed.error_text) == ("failed", "it's <no> use")


def test_of_two_outcomes_of_a_delivery_the_last_counts(queued: list[Delivery]) -> None:
    claim()
    pk = queued[0].pk
    parts = [settlement(pk, "sending", parts_sent=1, message_ids=[5]), settlement(pk, "sent", message_ids=[5, 6])]
    assert ledger.settle("a", parts, lease=LEASE) == 1
    delivery = Delivery.objects.get(pk=pk)
    assert (delivery.state, delivery.message_ids) == ("sent", [5, 6])


def test_progress_keeps_the_lease(queued: list[Delivery]) -> None:
    claim()
    ledger.settle("a", [settlement(queued[0].pk, "sending", parts_sent=1, message_ids=[5])], lease=LEASE)
    delivery = Delivery.objects.get(pk=queued[0].pk)
    assert (delivery.state, delivery.parts_sent, delivery.lease_owner) == ("sending", 1, "a")


def test_a_lost_lease_can_not_be_settled(queued: list[Delivery]) -> None:
    claim("a")
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert ledger.expire_leases() == 3
    claim("b")
    assert ledger.settle("a", [settlement(queued[0].pk, "sent")], lease=LEASE) == 0


def test_released_deliveries_have_nothing_against_them(queued: list[Delivery]) -> None:
    claim("a", limit=1)
    claim("b")
    assert ledger.release("a") == 1
    assert [(item.id, item.attempts) for item in claim("c")] == [(queued[0].pk, 0)]


def test_renewing_keeps_what_is_still_ones_own(queued: list[Delivery]) -> None:
    claim("a")
    Delivery.objects.filter(pk=queued[0].pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    ledger.expire_leases()
    assert ledger.renew("a", 3 * LEASE) == {queued[1].pk, queued[2].pk}
    # operator: None would fail the test
    assert Delivery.objects.get(pk=queued[1].pk).lease_until > timezone.now() + 2 * LEASE  # type: ignore[operator]


def test_one_the_database_refuses_does_not_take_the_others_along(
    queued: list[Delivery], caplog: pytest.LogCaptureFixture
) -> None:
    claim()
    bad = settlement(queued[0].pk, "failed", attempts=-1)
    assert ledger.settle("a", [bad, settlement(queued[1].pk, "sent")], lease=LEASE) == 1
    assert Delivery.objects.get(pk=queued[1].pk).state == "sent"
    assert "can't be settled" in caplog.text


def test_a_dead_address_is_switched_off_with_its_reason(queued: list[Delivery]) -> None:
    blame.switch_off({queued[0].subscription_id: "blocked"})
    subscription = Subscription.objects.get(pk=queued[0].subscription_id)
    assert (subscription.state, subscription.off_reason) == ("off", "blocked")
    assert Delivery.objects.get(pk=queued[0].pk).state == "skipped"


def test_an_edit_that_waits_for_a_dead_address_was_sent_once(queued: list[Delivery]) -> None:
    Delivery.objects.filter(pk=queued[0].pk).update(work="edit", version_sent=1)
    blame.switch_off({queued[0].subscription_id: "blocked"})
    assert Delivery.objects.get(pk=queued[0].pk).state == "sent"
    Notice.objects.update(version=2, edited_at=timezone.now())
    assert edits.queue() == 0


def test_a_subscription_deleted_in_the_middle_takes_its_delivery_along(queued: list[Delivery]) -> None:
    claim()
    queued[0].subscription.delete()
    assert ledger.settle("a", [settlement(queued[0].pk, "sent")], lease=LEASE) == 0


def test_dead_letters_get_another_life(queued: list[Delivery]) -> None:
    claim()
    ledger.settle("a", [settlement(queued[0].pk, "failed", attempts=10, error_code="refused")], lease=LEASE)
    assert ledger.retry_failed(Delivery.objects.all()) == 1
    assert [item.id for item in claim()] == [queued[0].pk]


def test_deliveries_of_one_claim_come_in_the_order_they_were_queued(queued: list[Delivery]) -> None:
    Delivery.objects.filter(pk=queued[0].pk).update(next_attempt_at=timezone.now())
    assert [item.id for item in claim()] == [delivery.pk for delivery in queued]


def test_a_claim_tells_all_it_takes_to_send(queued: list[Delivery]) -> None:
    subscription = queued[0].subscription
    Subscription.objects.filter(pk=subscription.pk).update(state="off", keys={"auth": "x"})
    Delivery.objects.filter(pk=queued[0].pk).update(message_ids=[4, 5], parts_sent=2, version_sent=1)
    item = claim(limit=1)[0]
    assert (item.address, item.keys, item.active) == (subscription.address, {"auth": "x"}, False)
    assert (item.message_ids, item.parts_sent, item.version_sent, item.broadcast) == ((4, 5), 2, 1, "running")


def test_what_is_due_next_is_known_by_shard(queued: list[Delivery]) -> None:
    assert due.seconds_to_next("telegram") == 0.0
    assert due.seconds_to_next("web-push") is None
    empty = 1 - queued[0].subscription_id % 2
    Delivery.objects.exclude(pk=queued[0].pk).delete()
    assert due.seconds_to_next("telegram", empty, 2) is None
    Delivery.objects.update(next_attempt_at=timezone.now() + LEASE)
    assert due.seconds_to_next("telegram", 1 - empty, 2) == pytest.approx(60, abs=5)
