"""What became of today's reminders: counted by a fixed number of statements."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from notifications.models import Interest
from notifications.my_time.reminder_figures import reminders_today
from notifications.my_time.reminders import remind
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft
from tests.notifications.my_time.sending import send_due

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-29T09:00+05:30")


def test_planned_sent_skipped_and_to_come(
    subscribe: Subscribe, draft: MakeDraft, django_assert_num_queries: Any
) -> None:
    people = [subscribe() for _ in range(3)]
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(6):
            deadline = NOW + timedelta(hours=25 + number * 6)
            publish(draft(f"job:{number}", category="job_posting", job_key=f"job:{number}", deadline=deadline))
        send_due()
        assert reminders_today(NOW).to_come == 3, "the 24 h of the first three, and no 3 h before tomorrow"
        Interest.objects.create(subscriber=people[0].subscriber, key="job:0", applied_at=NOW)
        clock.move_to(NOW + timedelta(hours=1))
        remind()
        with django_assert_num_queries(3):
            waiting = reminders_today(NOW + timedelta(hours=1))
        send_due()
        done = reminders_today(NOW + timedelta(hours=1))
    assert (waiting.planned, waiting.waiting, waiting.sent) == (3, 3, 0)
    assert (done.planned, done.waiting, done.sent, done.to_come) == (3, 0, 2, 2)
    assert done.skipped == {"applied": 1}
