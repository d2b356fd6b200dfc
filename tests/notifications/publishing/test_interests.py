"""Who is not interested in a job hears no more of it, but of their own name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Filter, Subscription
from accounts.personal import profiles
from notifications.models import Delivery, Interest, Notice
from notifications.publishing.publish import Draft, publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
MINE = {"name": "Asha Verma", "enrollment": "22103001"}


@pytest.fixture
def both(subscribe: Subscribe) -> tuple[Subscription, Subscription]:
    """One who declined job-1, and another one."""
    declined, other = subscribe(), subscribe()
    Interest.objects.create(subscriber=declined.subscriber, key="job-1", not_interested_at=timezone.now())
    Interest.objects.create(subscriber=other.subscriber, key="job-1", applied_at=timezone.now())
    return declined, other


def told(notice: Notice) -> set[int]:
    return set(Delivery.objects.filter(notice=notice).values_list("subscription", flat=True))


def sent(draft: Draft) -> Notice:
    notice = publish(draft).notice
    Delivery.objects.filter(notice=notice).update(state="sent", sent_at=timezone.now(), version_sent=1)
    return notice


def test_later_notices_of_the_job_are_left_out_and_no_others(
    both: tuple[Subscription, Subscription], draft: MakeDraft
) -> None:
    declined, other = both
    everybody = {declined.pk, other.pk}
    for category in ("update", "reminder", "shortlisting"):
        assert told(publish(draft(category, category=category, job_key="job-1")).notice) == {other.pk}
    assert told(publish(draft("a", job_key="job-2")).notice) == everybody
    assert told(publish(draft("b")).notice) == everybody
    Interest.objects.update(not_interested_at=None)
    assert told(publish(draft("c", job_key="job-1")).notice) == everybody


def test_who_follows_the_company_has_declined_the_job_all_the_same(
    both: tuple[Subscription, Subscription], draft: MakeDraft
) -> None:
    declined, other = both
    Filter.objects.create(subscriber=declined.subscriber, kind="company", value="zenith labs")
    assert told(publish(draft("a", company="Zenith Labs", job_key="job-1")).notice) == {other.pk}
    assert told(publish(draft("b", company="Zenith Labs", job_key="job-2")).notice) == {declined.pk, other.pk}


def test_a_change_of_the_posting_is_left_out_too(both: tuple[Subscription, Subscription], draft: MakeDraft) -> None:
    _, other = both
    Interest.objects.update(not_interested_at=None)
    soon = timezone.now() + timedelta(days=2)
    posting = sent(draft("p", category="job_posting", deadline=soon))
    Interest.objects.create(subscriber=both[0].subscriber, key="p", not_interested_at=soon)
    publish(draft("p", category="job_posting", deadline=soon + timedelta(days=1)))
    assert told(posting.pings.get()) == {other.pk}


def test_ones_own_name_is_always_told(
    both: tuple[Subscription, Subscription], draft: MakeDraft, settings: Settings
) -> None:
    settings.MEMBERSHIP = "open"
    declined, other = both
    assert declined.subscriber.telegram_id
    profiles.agree(declined.subscriber.telegram_id)
    profiles.tell(declined.subscriber.telegram_id, "number", "22103001")
    soon = timezone.now() + timedelta(days=2)
    listed = {"category": "shortlisting", "job_key": "job-1", "roster": (MINE,)}
    shortlist = sent(draft("l", event_at=soon, **listed))
    assert told(shortlist) == {declined.pk, other.pk}
    publish(draft("l", event_at=soon + timedelta(days=1), **listed))
    assert told(shortlist.pings.get()) == {declined.pk, other.pk}


def test_one_query_more_where_a_notice_has_a_job(draft: MakeDraft, subscribe: Subscribe) -> None:
    subscribe()
    publish(draft("warm", job_key="job-1"))
    with CaptureQueriesContext(connection) as without:
        publish(draft("a"))
    with CaptureQueriesContext(connection) as with_job:
        publish(draft("b", job_key="job-1"))
    assert len(with_job) == len(without) + 1
    assert not any("not_interested_at" in query["sql"] for query in without.captured_queries)
