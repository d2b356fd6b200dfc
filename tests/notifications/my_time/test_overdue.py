"""What is late for its readers' quiet hours: it waits, unless it presses."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from accounts.models import Subscription, Timing
from notifications import tasks
from notifications.models import Delivery
from notifications.my_time import overdue
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft
from tests.notifications.my_time.conftest import Member, row

pytestmark = pytest.mark.usefixtures("together")
EVENING = datetime(2026, 11, 29, 17, 20, tzinfo=UTC)  # 10:50 PM in India
NIGHT, MORNING = EVENING + timedelta(minutes=20), EVENING + timedelta(hours=8, minutes=10)
NUMBER = "22103001"


def test_what_was_held_up_until_the_night_comes_in_the_morning(
    telegram: BotApi, subscribe: Subscribe, member: Member, draft: MakeDraft
) -> None:
    mine, other, named = subscribe(), subscribe(), member(NUMBER)
    for who in (mine, named):
        Timing.objects.create(subscriber=who.subscriber, quiet_from=time(23), quiet_until=time(7))
    with time_machine.travel(EVENING, tick=False) as clock:
        publish(draft("n:1", title="Webinar"))
        publish(draft("n:2", title="Pressing", deadline=NIGHT + timedelta(hours=3)))
        publish(draft("n:3", title="Shortlist", category="shortlisting", roster=[row(NUMBER)]))
        clock.move_to(NIGHT)
        tasks.sweep()
        assert [said(telegram, who) for who in (mine, other, named)] == [1, 3, 2]
        clock.move_to(MORNING)
        tasks.sweep()
        assert [said(telegram, who) for who in (mine, other, named)] == [2, 3, 3]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_what_has_begun_to_go_out_goes_on(subscribe: Subscribe, draft: MakeDraft) -> None:
    mine = subscribe()
    Timing.objects.create(subscriber=mine.subscriber, quiet_from=time(23), quiet_until=time(7))
    with time_machine.travel(EVENING, tick=False) as clock:
        publish(draft("n:1"))
        Delivery.objects.update(state=Delivery.State.RETRY, parts_sent=1)
        clock.move_to(NIGHT)
        assert overdue.put_off() == 0
        Delivery.objects.update(parts_sent=0)
        assert overdue.put_off() == 1


def said(api: BotApi, who: Subscription) -> int:
    return len(api.messages(int(who.address)))
