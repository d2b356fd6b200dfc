"""What an answer means for the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.base import (
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.delivery import outcomes
from notifications.delivery.ledger import Claimed, Settlement
from notifications.delivery.outcomes import MAX_ATTEMPTS

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ITEM = Claimed(
    id=1,
    notice_id=1,
    subscription_id=1,
    work="send",
    attempts=0,
    parts_sent=0,
    version_sent=None,
    message_ids=(),
    error_code="",
    broadcast="running",
    address="7",
    active=True,
    keys={},
)
EDIT = replace(ITEM, work="edit", message_ids=(5, 6), version_sent=1)


def failed(error: ChannelError, item: Claimed = ITEM, *, misses: int = 0, counts: bool = True) -> Settlement:
    return outcomes.not_sent(item, error, version=2, lease=LEASE, now=NOW, misses=misses, counts=counts)


def sent(item: Claimed, *, ids: tuple[int, ...] = (9,), parts: int = 1, version: int = 2) -> Settlement:
    return outcomes.sent_part(item, Receipt(ids), parts=parts, version=version, now=NOW)


def test_the_last_part_completes_it() -> None:
    settled = sent(replace(ITEM, parts_sent=1, message_ids=(8,), version_sent=2), parts=2)
    assert (settled.state, settled.message_ids, settled.sent_at, settled.version_sent) == ("sent", (8, 9), NOW, 2)


def test_a_part_before_the_last_keeps_the_lease_and_notes_its_version() -> None:
    settled = sent(ITEM, parts=3)
    assert (settled.state, settled.parts_sent, settled.sent_at, settled.version_sent) == ("sending", 1, None, 2)


def test_a_part_that_had_to_be_split_keeps_all_ids() -> None:
    assert sent(ITEM, ids=(9, 10)).message_ids == (9, 10)


def test_an_edit_between_two_parts_leaves_the_first_ones_behind() -> None:
    settled = sent(replace(ITEM, parts_sent=1, version_sent=1), parts=2, version=2)
    assert settled.version_sent == 1


def test_an_edit_shows_its_version_when_all_parts_do() -> None:
    first = sent(EDIT, ids=(), parts=2)
    assert (first.state, first.version_sent, first.message_ids) == ("sending", None, (5, 6))
    last = sent(replace(EDIT, parts_sent=1), ids=(), parts=2)
    assert (last.state, last.version_sent, last.sent_at) == ("sent", 2, None)


def test_an_edit_that_made_it_longer_adds_messages() -> None:
    settled = sent(replace(EDIT, parts_sent=2), ids=(7,), parts=3)
    assert settled.message_ids == (5, 6, 7)


@pytest.mark.parametrize(
    "error",
    [
        RetryLaterError("flood", 3600.0),
        ChannelStoppedError("bad_token"),
    ],
)
def test_what_is_the_channels_fault_counts_against_nobody(error: ChannelError) -> None:
    settled = failed(error)
    assert (settled.state, settled.attempts, settled.next_attempt_at) == ("retry", 0, None)


def test_a_channel_out_of_reach_counts_against_nobody() -> None:
    waits = []
    for misses in range(3):
        settled = failed(TransientError("no_connection", unreachable=True), misses=misses, counts=False)
        assert (settled.state, settled.attempts) == ("retry", 0)
        assert settled.next_attempt_at
        waits.append((settled.next_attempt_at - NOW).total_seconds())
    assert [2.5 <= waits[0] <= 5, 5 <= waits[1] <= 10, 10 <= waits[2] <= 20] == [True] * 3


def test_a_wait_for_one_address_is_kept() -> None:
    settled = failed(RetryLaterError("push_busy", 90.0, channel_wide=False))
    assert (settled.attempts, settled.next_attempt_at) == (0, NOW + timedelta(seconds=90))


def test_a_failure_that_may_pass_is_tried_again_after_a_backoff() -> None:
    settled = failed(TransientError("server_error"))
    assert (settled.state, settled.attempts) == ("retry", 1)
    assert settled.next_attempt_at is not None
    assert timedelta(seconds=2.5) <= settled.next_attempt_at - NOW <= timedelta(seconds=5)


@pytest.mark.parametrize("counts", [True, False])
def test_what_may_have_arrived_waits_for_the_end_of_the_lease(counts: bool) -> None:
    settled = failed(TransientError("timeout", unknown=True), counts=counts)
    assert settled.next_attempt_at == NOW + LEASE


def test_backoffs_double_up_to_a_quarter_of_an_hour() -> None:
    longest = [max(outcomes.backoff(n).total_seconds() for _ in range(200)) for n in (1, 2, 3, 20)]
    assert longest == pytest.approx([5, 10, 20, 900], rel=0.1)


def test_the_last_attempt_makes_a_dead_letter() -> None:
    settled = failed(TransientError("server_error", "Internal"), replace(ITEM, attempts=MAX_ATTEMPTS - 1))
    assert (settled.state, settled.attempts, settled.error_code) == ("failed", MAX_ATTEMPTS, "server_error")


def test_a_refusal_makes_a_dead_letter_at_once() -> None:
    settled = failed(PermanentError("blocked", "Forbidden", switch_off=True))
    assert (settled.state, settled.error_code, settled.error_text) == ("failed", "blocked", "Forbidden")


def test_a_refused_edit_leaves_the_message_as_it_is() -> None:
    settled = failed(PermanentError("not_editable"), EDIT)
    assert (settled.state, settled.version_sent, settled.error_code) == ("sent", 2, "not_editable")


def test_errors_are_kept_in_a_form_that_every_database_takes() -> None:
    settled = failed(PermanentError("c" * 99, "a\x00b\ud800" + "x" * 400))
    assert (len(settled.error_code), len(settled.error_text)) == (60, 300)
    assert settled.error_text.startswith("ab?x")


def test_one_that_is_not_wanted_any_more_is_skipped_but_an_edit_was_sent_once() -> None:
    assert outcomes.left(ITEM, "skipped", "withdrawn").state == "skipped"
    assert outcomes.left(EDIT, "skipped", "subscription_off").state == "sent"


def test_nothing_left_is_sent() -> None:
    settled = outcomes.nothing_left(replace(ITEM, parts_sent=2, version_sent=1), 2, NOW)
    assert (settled.state, settled.sent_at, settled.version_sent) == ("sent", NOW, 1)
