"""A posting that changes who may apply: whom it concerns is told once, and nobody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Profile, Subscription
from accounts.personal import profiles
from notifications.delivery.tidy import tidy
from notifications.models import Delivery, Interest, Notice
from notifications.publishing.publish import Draft, publish
from notifications.rendering.own import own_words, readers
from notifications.rendering.retold import CRITERIA_CHANGED
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db


def least(cgpa: float) -> tuple[dict[str, Any], ...]:
    return ({"name": "cgpa", "value": cgpa, "quote": f"CGPA {cgpa}", "program": ""},)


@pytest.fixture
def students(subscribe: Subscribe) -> dict[str, Subscription]:
    """By their CGPA; one has told nothing."""
    found = {cgpa: subscribe() for cgpa in ("7.2", "8.1", "")}
    for cgpa, subscription in found.items():
        if cgpa:
            profiles.agree(int(subscription.address))
            profiles.tell(int(subscription.address), "cgpa", cgpa)
    return found


def sent(draft: Draft) -> Draft:
    """Publish a posting and have it sent to all."""
    publish(draft)
    Delivery.objects.update(state="sent", sent_at=timezone.now(), version_sent=1)
    return draft


def edited(draft: Draft, cgpa: float, **fields: Any) -> list[tuple[int, str]]:
    """Publish it with another rule. Returns who is told, and what stands above it."""
    publish(replace(draft, eligibility=least(cgpa), details={"Who can apply": f"CGPA {cgpa}"}, **fields))
    ping = Notice.objects.filter(edit_note=CRITERIA_CHANGED).order_by("pk").last()
    rows = Delivery.objects.filter(notice=ping).select_related("subscription").order_by("pk") if ping else ()
    known = readers([row.subscription.subscriber_id for row in rows])
    words = ((row, own_words(row.notice, known[row.subscription.subscriber_id], "")) for row in rows)
    return [(row.subscription_id, own.text if own else "") for row, own in words]


def posting(draft: MakeDraft, cgpa: float, **fields: Any) -> Draft:
    details = {"Who can apply": f"CGPA {cgpa}"}
    return draft("job", category="job_posting", eligibility=least(cgpa), details=details, **fields)


def test_whom_it_shuts_out_and_whom_it_lets_in_are_told_and_nobody_else(
    students: dict[str, Subscription], draft: MakeDraft
) -> None:
    first = sent(posting(draft, 7.0))
    assert edited(first, 7.5) == [(students["7.2"].pk, "🚫 Not open to you, as I read it: CGPA ≥ 7.5, you have 7.2.")]
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    assert edited(first, 7.1) == [(students["7.2"].pk, "✅ You may apply, as I read it.")]


def test_what_a_student_tells_edits_the_open_postings_that_say_something_else_now(
    students: dict[str, Subscription], draft: MakeDraft
) -> None:
    soon, over = timezone.now() + timedelta(days=30), timezone.now() - timedelta(hours=1)
    for key, cgpa, deadline in (("fits", 7.0, soon), ("open", 7.5, soon), ("undated", 7.6, None), ("over", 7.5, over)):
        publish(replace(posting(draft, cgpa), external_key=key, deadline=deadline))
    publish(draft("talk"))
    sent_at = timezone.now() - timedelta(days=20)
    Delivery.objects.update(state="sent", sent_at=sent_at, version_sent=1)
    Delivery.objects.filter(notice__external_key="undated").update(sent_at=timezone.now())
    profiles.tell(int(students["7.2"].address), "branch", "CSE")
    assert not Delivery.objects.exclude(state="sent").exists()
    profiles.tell(int(students["7.2"].address), "cgpa", "7.9")
    queued = Delivery.objects.filter(state="pending", work="edit", next_attempt_at__gt=timezone.now())
    told = queued.values_list("notice__external_key", "subscription")
    assert sorted(told) == [("open", students["7.2"].pk), ("undated", students["7.2"].pk)]


def test_a_posting_that_is_on_its_way_is_left_alone(students: dict[str, Subscription], draft: MakeDraft) -> None:
    publish(posting(draft, 7.5))
    profiles.tell(int(students["7.2"].address), "cgpa", "7.9")
    assert set(Delivery.objects.values_list("state", "work")) == {("pending", "send")}


def test_a_posting_that_arrived_while_its_reader_told_something_is_edited_some_minutes_later(
    students: dict[str, Subscription], draft: MakeDraft
) -> None:
    publish(posting(draft, 7.5))
    tell = timezone.now()
    profiles.tell(int(students["7.2"].address), "cgpa", "7.9")
    Profile.objects.exclude(subscriber=students["7.2"].subscriber).update(updated_at=tell - timedelta(hours=1))
    Delivery.objects.update(state="sent", sent_at=tell - timedelta(seconds=2), version_sent=1)
    with time_machine.travel(tell + timedelta(minutes=6), tick=False):
        tidy()
        assert list(Delivery.objects.filter(work="edit").values_list("subscription", flat=True)) == [students["7.2"].pk]
        Delivery.objects.update(state="sent", work="send", sent_at=timezone.now())
    with time_machine.travel(tell + timedelta(minutes=8), tick=False):
        tidy()
        assert not Delivery.objects.filter(work="edit").exists()


def test_a_change_that_moves_nobody_is_told_to_nobody(students: dict[str, Subscription], draft: MakeDraft) -> None:
    assert edited(sent(posting(draft, 7.0)), 6.5) == []


def test_who_declined_it_and_after_its_deadline_nobody_is_told(
    students: dict[str, Subscription], draft: MakeDraft
) -> None:
    now = timezone.now()
    first = sent(posting(draft, 7.0, job_key="job-1"))
    declined = Interest.objects.create(subscriber=students["7.2"].subscriber, key="job-1", not_interested_at=now)
    assert edited(first, 7.5) == []
    declined.delete()
    assert edited(first, 7.0, deadline=now - timedelta(hours=1)) == []


def test_the_same_edit_again_tells_nobody_twice(students: dict[str, Subscription], draft: MakeDraft) -> None:
    first = sent(posting(draft, 7.0))
    assert len(edited(first, 7.5)) == 1
    assert len(edited(first, 7.5)) == 1
    assert Notice.objects.filter(edit_note=CRITERIA_CHANGED).count() == 1
