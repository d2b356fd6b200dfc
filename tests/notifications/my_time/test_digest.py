"""Quiet hours, digest and mute: what waits, what does not, and that it comes once, in its last state."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from accounts.models import Filter, Subscriber, Subscription, Timing
from accounts.personal import timing
from accounts.subscribing import members, subscriptions
from accounts.subscribing.forgetting import forget
from notifications.delivery import deferring, edits, ledger
from notifications.delivery.ledger import Settlement
from notifications.delivery.preparing import prepare
from notifications.models import Delivery
from notifications.publishing import broadcasts
from notifications.publishing.publish import publish, withdraw
from notifications.rendering.messages import PushPart, Told
from notifications.rendering.render import Renderer
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.usefixtures("together")
HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)  # 6 PM in India
NIGHT, MORNING = EVENING + 6 * HOUR, EVENING + 13 * HOUR  # midnight, and 7 AM
At = Callable[[datetime], Any]
Quiet = Callable[..., Subscription]


@pytest.fixture
def at() -> Iterator[At]:
    """Moves the clock."""
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def quiet(subscribe: Subscribe) -> Quiet:
    """Subscribes somebody with these times, or with the usual quiet hours."""

    def make(**times: Any) -> Subscription:
        mine = subscribe()
        Timing.objects.create(subscriber=mine.subscriber, **times or {"quiet_from": time(23), "quiet_until": time(7)})
        return mine

    return make


def read(api: BotApi, who: Subscription) -> list[str]:
    """Sweep and deliver; what the person can read, message by message."""
    for _ in range(2):
        deferring.tell_due()
        run()
    return [message.text for message in api.messages(int(who.address))]


def test_bulk_of_the_night_is_one_message_in_the_morning(
    telegram: BotApi, quiet: Quiet, subscribe: Subscribe, draft: MakeDraft, at: At
) -> None:
    mine, other = quiet(), subscribe()
    at(NIGHT)
    for number in (1, 2, 3):
        publish(draft(f"n:{number}", title=f"Notice {number}"))
    publish(draft("n:4", title="A list", category="shortlisting"))
    assert read(telegram, mine) == []
    assert len(telegram.messages(int(other.address))) == 4
    at(MORNING)
    (message,) = read(telegram, mine)
    assert message.startswith("🗞 Your digest: 4 notices\n\n1. 🎯 Shortlist · A list")
    places = [message.index(f"Notice {number}") for number in (1, 2, 3)]
    assert places == sorted(places)
    assert read(telegram, mine) == [message]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_list_says_its_round_and_no_word_twice(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    list_of = {"category": "shortlisting", "company": "Zenith"}
    publish(draft("n:1", **list_of, stage="Technical interview", package="12 LPA"))
    publish(draft("n:2", **list_of, stage="Round 2"))
    publish(draft("n:3", **list_of))
    at(MORNING)
    (message,) = read(telegram, mine)
    assert message.count("Shortlist") == 3
    assert "Shortlist · Zenith\nTechnical interview · 12 LPA\n" in message
    assert "Shortlist · Zenith\nRound 2\n" in message


def test_before_and_after_quiet_hours_nothing_waits(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    publish(draft("n:1"))
    at(MORNING + timedelta(seconds=1))
    publish(draft("n:2"))
    assert len(read(telegram, mine)) == 2


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"deadline": NIGHT + 3 * HOUR}, False),
        ({"deadline": MORNING + HOUR}, False),
        ({"deadline": MORNING + 3 * HOUR}, True),
        ({"event_at": MORNING + HOUR}, False),
        ({"event_at": MORNING + 30 * HOUR}, True),
        ({"deadline": NIGHT - HOUR}, True),
        ({"category": "webinar"}, True),
    ],
)
def test_what_presses_comes_at_once(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At, fields: dict[str, Any], *, waits: bool
) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft(**fields))
    assert (read(telegram, mine) == []) is waits
    at(MORNING)
    assert len(read(telegram, mine)) == 1


def test_ones_own_name_comes_at_once(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    Subscriber.objects.filter(pk=mine.subscriber_id).update(name="Asha Rao", membership="member")
    at(NIGHT)
    publish(draft("l:1", category="shortlisting", roster=({"name": "Asha Rao"},)))
    publish(draft("l:2", category="shortlisting", roster=({"name": "Ravi Rao"},)))
    assert len(read(telegram, mine)) == 1
    publish(draft("l:2", category="shortlisting", roster=({"name": "Ravi Rao"}, {"name": "Asha Rao"})))
    assert len(read(telegram, mine)) == 2, "an edit put the name on the list"
    at(MORNING)
    assert len(read(telegram, mine)) == 2


def test_an_event_of_the_morning_that_is_off_is_told_at_once(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    mine = quiet()
    test = draft("n:1", company="Zenith", event_at=MORNING + HOUR)
    publish(test)
    publish(draft("n:2", company="Orbit", event_at=MORNING + 24 * HOUR))
    assert len(read(telegram, mine)) == 2
    at(NIGHT)
    publish(draft("n:3", company="Orbit", title="Test of Orbit is cancelled"))
    assert len(read(telegram, mine)) == 2, "it is a day away"
    publish(draft("n:4", company="Zenith", title="Test of Zenith is cancelled"))
    assert len(read(telegram, mine)) == 3
    publish(draft("n:1", company="Zenith", event_at=MORNING + 49 * HOUR))
    assert len(read(telegram, mine)) == 4, "the test of the morning moved"


def test_the_digest_shows_the_last_state(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1", title="Before", deadline=NIGHT + 90 * HOUR))
    publish(draft("n:2", title="Withdrawn soon"))
    publish(draft("n:3", title="Back again"))
    publish(draft("n:1", title="After", deadline=NIGHT + 120 * HOUR))
    withdraw("n:2")
    withdraw("n:3")
    publish(draft("n:3", title="Back again"))
    assert read(telegram, mine) == []
    at(MORNING)
    (message,) = read(telegram, mine)
    assert "2 notices" in message
    assert "After\nuntil Sat 5 Dec, 12:00 AM" in message
    assert "Before" not in message
    assert "Withdrawn" not in message
    assert "Back again" in message


def test_an_edit_that_makes_it_press_lets_it_through(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft())
    assert read(telegram, mine) == []
    publish(draft(deadline=NIGHT + 2 * HOUR))
    assert len(read(telegram, mine)) == 1


def test_a_digest_that_was_sent_is_edited(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1", title="First"))
    publish(draft("n:2", title="Second"))
    at(MORNING)
    assert len(read(telegram, mine)) == 1
    publish(draft("n:1", title="First, corrected"))
    withdraw("n:2")
    (message,) = read(telegram, mine)
    assert "First, corrected" in message
    assert "Withdrawn: Second" in message
    publish(draft("n:1", title="First, corrected", venue="LT-3"))
    assert len(read(telegram, mine)) == 2, "what moved is told to who knew it from the digest"


def test_a_change_at_night_joins_the_digest_once(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    publish(draft("n:1", title="Zenith visits"))
    assert len(read(telegram, mine)) == 1
    at(NIGHT)
    publish(draft("n:1", title="Zenith visits", venue="LT-3"))
    publish(draft("n:1", title="Zenith visits", venue="LT-4"))
    assert len(read(telegram, mine)) == 1
    at(MORNING)
    _, message = read(telegram, mine)
    assert "1 notice\n" in message
    assert "Changed: Zenith visits\nLT-4" in message
    assert "LT-3" not in message


def test_several_changes_that_press_are_told_as_the_notice_stands(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    mine = quiet(muted_until=EVENING)
    deadline = EVENING + 10 * HOUR
    publish(draft("n:1", title="Drive", deadline=deadline))
    assert len(read(telegram, mine)) == 1
    timing.change(mine.subscriber, muted_until=EVENING + 4 * HOUR)
    for room in ("LT-2", "LT-3"):
        publish(draft("n:1", title="Drive", deadline=deadline, venue=room))
    assert len(read(telegram, mine)) == 1
    timing.change(mine.subscriber, muted_until=EVENING + 9 * HOUR)
    _, message = read(telegram, mine)
    assert "Changed: Drive" in message
    assert "LT-3" in message
    assert "LT-2" not in message


def test_a_change_of_what_was_withdrawn_is_not_told(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    publish(draft("n:1"))
    assert len(read(telegram, mine)) == 1
    at(NIGHT)
    publish(draft("n:1", venue="LT-3"))
    withdraw("n:1")
    at(MORNING)
    assert len(read(telegram, mine)) == 1
    assert not deferring.waiting().exists()


def test_a_long_digest_is_parted_in_order(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    for number in range(40):
        publish(draft(f"n:{number}", title=f"Notice {number} " + "😀" * 200, venue="x" * 300))
    at(MORNING)
    messages = read(telegram, mine)
    assert len(messages) == 3
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in messages)
    assert [f"Notice {number} " in "".join(messages) for number in range(40)] == [True] * 40
    assert "\n\n16. " in messages[1]
    assert "\n\n40. " in messages[2]


def test_a_paused_broadcast_stays_out_of_the_digest(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1", title="Plain"))
    paused = publish(draft("n:2", title="Paused")).notice
    cancelled = publish(draft("n:3", title="Cancelled")).notice
    broadcasts.pause(paused.pk)
    broadcasts.cancel(cancelled.pk)
    at(MORNING)
    (message,) = read(telegram, mine)
    assert "Plain" in message
    assert "Paused" not in message
    assert "Cancelled" not in message
    broadcasts.resume(paused.pk)
    assert "Paused" in read(telegram, mine)[1]


def test_a_digest_once_a_day(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet(digest_at=time(20))
    publish(draft("n:1"))
    assert read(telegram, mine) == []
    at(EVENING + 2 * HOUR)
    assert len(read(telegram, mine)) == 1
    publish(draft("n:2"))
    at(EVENING + 25 * HOUR)
    assert len(read(telegram, mine)) == 1
    publish(draft("n:3", deadline=EVENING + 27 * HOUR))
    assert len(read(telegram, mine)) == 2, "tonight would be late"
    at(EVENING + 26 * HOUR)
    assert len(read(telegram, mine)) == 3


def test_a_digest_within_quiet_hours_comes_at_their_end(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    mine = quiet(quiet_from=time(23), quiet_until=time(7), digest_at=time(2))
    publish(draft("n:1"))
    at(EVENING + 9 * HOUR)
    assert read(telegram, mine) == []
    at(MORNING)
    assert len(read(telegram, mine)) == 1


def test_a_digest_later_than_the_quiet_hours_waits_for_its_time(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    mine = quiet(quiet_from=time(23), quiet_until=time(7), digest_at=time(18, 30))
    at(NIGHT)
    publish(draft("n:1"))
    publish(draft("n:2", deadline=MORNING + 5 * HOUR))
    at(MORNING)
    assert len(read(telegram, mine)) == 1, "the deadline is before the digest, and could wait for the morning"
    at(EVENING + 24.5 * HOUR)
    assert len(read(telegram, mine)) == 2


def test_a_mute_ends_in_quiet_hours(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet(quiet_from=time(23), quiet_until=time(7), muted_until=NIGHT)
    publish(draft("n:1"))
    publish(draft("n:2", deadline=NIGHT + 4 * HOUR))
    at(NIGHT)
    assert len(read(telegram, mine)) == 1, "the rest goes on until seven, and the deadline is at four"
    at(MORNING)
    assert len(read(telegram, mine)) == 2


def test_who_chooses_other_times_gets_what_waited(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1"))
    timing.change(mine.subscriber, muted_until=NIGHT + 3 * HOUR)
    timing.change(mine.subscriber, quiet_from=None, quiet_until=None)
    assert read(telegram, mine) == []
    timing.change(mine.subscriber, muted_until=None)
    assert len(read(telegram, mine)) == 1


def test_who_left_gets_nothing_and_who_came_back_all(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    gone, back, forgotten = quiet(), quiet(), quiet()
    at(NIGHT)
    publish(draft("n:1"))
    for who in (gone, back):
        subscriptions.switch_off(int(who.address), "stopped")
    Subscription.objects.filter(pk=back.pk).switch_on()
    forget(int(forgotten.address))
    at(MORNING)
    assert read(telegram, gone) == []
    assert len(read(telegram, back)) == 1
    assert read(telegram, forgotten) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent", "skipped"}


def test_who_blocks_the_bot_loses_the_digest(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1"))
    telegram.block(int(mine.address))
    at(MORNING)
    assert read(telegram, mine) == []
    mine.refresh_from_db()
    assert mine.state == "off"


def test_names_stand_in_a_digest_only_for_members(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At, settings: Settings
) -> None:
    settings.MEMBERSHIP = "approve"
    member, stranger = quiet(), quiet()
    Subscriber.objects.filter(pk=member.subscriber_id).update(membership="member")
    at(NIGHT)
    publish(draft("l:1", category="shortlisting", title="Asha Rao is selected", roster=({"name": "Asha Rao"},)))
    at(MORNING)
    assert "Asha Rao" in read(telegram, member)[0]
    assert "Asha" not in read(telegram, stranger)[0]
    members.end(Subscriber.objects.filter(pk=member.subscriber_id))
    assert "Asha" not in read(telegram, member)[0]


@pytest.mark.parametrize("ahead", [timedelta(days=3), -timedelta(days=3), 7 * HOUR])
def test_a_clock_that_jumps_loses_and_doubles_nothing(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At, ahead: timedelta
) -> None:
    mine, often = quiet(), quiet(digest_at=time(20))
    at(NIGHT + ahead)
    publish(draft("n:1", title="Under the wrong clock"))
    for moment in (NIGHT + timedelta(minutes=1), NIGHT + HOUR, MORNING, EVENING + 26 * HOUR, EVENING + 50 * HOUR):
        at(moment)
        read(telegram, mine)
    for who in (mine, often):
        assert "".join(read(telegram, who)).count("Under the wrong clock") == 1


def test_a_long_rest_of_the_process_tells_once(telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    at(NIGHT)
    publish(draft("n:1", title="One"))
    at(NIGHT + 24 * HOUR)
    publish(draft("n:2", title="Two"))
    assert read(telegram, mine) == [], "it is quiet again"
    at(MORNING + 24 * HOUR)
    (message,) = read(telegram, mine)
    assert "2 notices" in message


def test_digests_are_written_some_at_a_time(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deferring, "_AT_ONCE", 1)
    people = [quiet() for _ in range(3)]
    at(NIGHT)
    publish(draft("n:1"))
    publish(draft("n:2"))
    at(MORNING)
    assert deferring.tell_due() == 3
    assert [len(read(telegram, who)) for who in people] == [1, 1, 1]


def test_groups_and_strangers_browsers_do_not_wait(
    telegram: BotApi, subscribe: Subscribe, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    quiet()
    group, browser = subscribe(), subscribe(channel="web-push", address="https://push.example.org/1")
    Subscriber.objects.filter(pk=group.subscriber_id).update(kind="group")
    at(NIGHT)
    publish(draft("n:1"))
    waiting = Delivery.objects.filter(state="deferred")
    assert not waiting.filter(subscription__in=(group, browser)).exists()
    assert waiting.count() == 1


def test_a_persons_own_browser_waits_too(quiet: Quiet, draft: MakeDraft, at: At) -> None:
    mine = quiet()
    browser = Subscription.objects.create(
        subscriber=mine.subscriber, channel="web-push", address="https://push.example.org/1", every_season=True
    )
    at(NIGHT)
    publish(draft("n:1", title="One"))
    publish(draft("n:2", title="Two"))
    at(MORNING)
    deferring.tell_due()
    digest = Delivery.objects.get(subscription=browser, told_in=None)
    renderer = Renderer("web-push")
    (item,) = ledger.claim("web-push", "a", limit=5, lease=HOUR)
    renderer.load([item])
    rendered = renderer.digest(item, edited=False, parts_out=0)
    (part,) = rendered.parts
    assert item.id == digest.pk
    assert isinstance(part, PushPart)
    assert (part.title, part.body) == ("2 notices waited for you", "📌 One\n📌 Two")
    assert len(rendered.told_by(0)) == 2


def test_a_digest_in_a_browser_does_not_show_again(quiet: Quiet, draft: MakeDraft, at: At) -> None:
    browser = Subscription.objects.create(
        subscriber=quiet().subscriber, channel="web-push", address="https://push.example.org/1", every_season=True
    )
    at(NIGHT)
    publish(draft("n:1", title="One"))
    at(MORNING)
    deferring.tell_due()
    mine = Delivery.objects.filter(subscription=browser)
    digest, notice = mine.get(told_in=None), mine.get(notice__title="One")
    mine.filter(pk=digest.pk).update(state="sent", parts_sent=1, sent_at=MORNING)
    deferring.note_told([(digest.pk, Told(notice.pk, 1))], MORNING)
    publish(draft("n:1", title="One, corrected"))
    renderer = Renderer("web-push")
    (item,) = ledger.claim("web-push", "a", limit=5, lease=HOUR)
    renderer.load([item])
    settlement = prepare("web-push", renderer, item)
    assert isinstance(settlement, Settlement)
    ledger.settle("a", [settlement], lease=HOUR)
    assert mine.get(pk=notice.pk).version_sent == 2
    assert not mine.exclude(state="sent").exists()
    assert edits.queue() == 0


def test_what_filters_keep_back_comes_in_the_digest_where_chosen(
    telegram: BotApi, quiet: Quiet, draft: MakeDraft, at: At
) -> None:
    never, later = quiet(quietly=False), quiet(quietly=True)
    for who in (never, later):
        Filter.objects.create(subscriber=who.subscriber, kind="not-word", value="webinar")
    publish(draft("n:1", title="A webinar", deadline=EVENING + HOUR))
    publish(draft("n:2", title="A drive"))
    assert len(read(telegram, never)) == 1
    assert len(read(telegram, later)) == 1
    at(EVENING + 2 * HOUR)
    assert len(read(telegram, never)) == 1
    assert "A webinar" in read(telegram, later)[1]
    publish(draft("n:1", title="A webinar", deadline=EVENING + 3 * HOUR))
    assert len(read(telegram, later)) == 2, "its change is no louder than it was"
    at(EVENING + 26 * HOUR)
    assert "Changed: A webinar" in read(telegram, later)[2]
