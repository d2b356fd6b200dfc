"""Broadcasts: a message of an admin's own, and pause, resume, cancel of any notice on its way."""

from datetime import timedelta

import pytest

from accounts.models import MutedCategory
from notifications.delivery import due, ledger
from notifications.delivery.tidy import tidy
from notifications.models import Delivery, Notice
from notifications.publishing import broadcasts
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)


@pytest.fixture
def notice(subscribe: Subscribe, draft: MakeDraft) -> Notice:
    for _ in range(3):
        subscribe()
    return publish(draft()).notice


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_broadcast_goes_to_everybody(subscribe: Subscribe) -> None:
    subscribe(seasons=(202526,))
    muted = subscribe()
    MutedCategory.objects.create(subscription=muted, category="announcement")
    published = broadcasts.broadcast("The portal is down")
    assert (published.queued, published.notice.title, published.notice.body) == (2, "The portal is down", "")


def test_its_further_lines_are_text_and_no_markup(subscribe: Subscribe) -> None:
    notice = broadcasts.broadcast("Tomorrow\nTom <3 code\n\n& more").notice
    assert notice.title == "Tomorrow"
    assert notice.body == "<p>Tom &lt;3 code</p>\n\n<p>&amp; more</p>"


def test_a_long_first_line_is_no_title(subscribe: Subscribe) -> None:
    notice = broadcasts.broadcast("word " * 60).notice
    assert notice.title == "Announcement"
    assert notice.body.count("word") == 60


def test_an_empty_one_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        broadcasts.broadcast(" \n ")


def test_the_same_text_twice_is_two_broadcasts(subscribe: Subscribe) -> None:
    subscribe()
    assert [broadcasts.broadcast("Hi").queued for _ in range(2)] == [1, 1]


def test_a_pause_holds_back_what_waits(notice: Notice) -> None:
    ledger.claim("telegram", "a", limit=1, lease=LEASE)
    assert broadcasts.pause(notice.pk)
    assert states() == ["sending", "held", "held"]
    assert not broadcasts.pause(notice.pk)
    assert due.seconds_to_next("telegram") is None


def test_what_is_resumed_goes_on(notice: Notice) -> None:
    broadcasts.pause(notice.pk)
    assert broadcasts.resume(notice.pk)
    assert len(ledger.claim("telegram", "a", limit=9, lease=LEASE)) == 3
    assert not broadcasts.resume(notice.pk)


def test_the_sweep_finds_what_was_held_by_a_dispatcher_that_did_not_know_of_the_end(notice: Notice) -> None:
    Delivery.objects.update(state="held")
    tidy()
    assert set(states()) == {"retry"}


@pytest.mark.parametrize("paused", [True, False])
def test_a_cancelled_one_goes_to_nobody_else(notice: Notice, paused: bool) -> None:
    if paused:
        broadcasts.pause(notice.pk)
    assert broadcasts.cancel(notice.pk)
    assert set(states()) == {"skipped"}
    assert not broadcasts.cancel(notice.pk)
    assert not broadcasts.resume(notice.pk)
