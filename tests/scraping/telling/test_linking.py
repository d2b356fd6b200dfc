"""A mail that is read before its job is stored is linked to it as soon as the job is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Delivery, Notice
from notifications.publishing.publish import withdraw
from scraping.cycle.cycle import update
from scraping.models import Job, Offer, RawItem
from scraping.telling.base import Reading
from scraping.telling.linking import told_without_their_job
from supersetbot.sandbox.portal.server import Portal
from tests.conftest import SEASON, Subscribe
from tests.scraping.mail_cast import forwarded, offer, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_the_day_of_the_mails() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 6, tzinfo=UTC), tick=True):
        yield


def opening(job: dict[str, Any], number: int = 1) -> bytes:
    text = (
        f"Dear Students,\n\n{job['companyName']} is hiring for the role of {job['jobProfileTitle']}.\n"
        "Apply on the portal by 28 November 2026, 5 PM.\n"
    )
    return forwarded(f"{job['companyName']} is hiring: {job['jobProfileTitle']}", text, number=number)


def shortlist(job: dict[str, Any], number: int = 2) -> bytes:
    text = (
        f"Dear Students,\n\nThe following students are shortlisted by {job['companyName']} for the role of "
        f"{job['jobProfileTitle']}.\n\n1\t22103001\tAsha Verma\n2\t22103002\tBilal Khan\n"
    )
    return forwarded(f"Shortlist: {job['companyName']}, {job['jobProfileTitle']}", text, number=number)


def test_a_mail_read_before_the_first_cycle_is_linked_by_it(portal: Portal) -> None:
    job = portal.publish_job()
    receive(opening(job), shortlist(job), offer("22103001 Asha Verma", company=job["companyName"], number=3))
    assert set(Notice.objects.values_list("job_key", flat=True)) == {""}

    update("test")

    stored = Job.objects.get()
    linked = Notice.objects.filter(external_key__startswith="email:").values_list("category", "job_key")
    assert dict(linked)["job_posting"] == dict(linked)["shortlisting"] == stored.identifier
    assert Offer.objects.get().company == stored.company


def test_a_posting_that_was_told_by_mail_is_not_told_again_as_a_job(portal: Portal, subscribe: Subscribe) -> None:
    student = subscribe()
    job = portal.publish_job()
    receive(opening(job))

    update("test")

    assert Job.objects.get().notice == Notice.objects.get()
    assert Notice.objects.get().package
    assert Delivery.objects.filter(subscription=student).count() == 1
    assert update("test").notices == 0


def test_an_offer_without_a_role_is_linked_to_the_only_job_of_its_company(portal: Portal) -> None:
    job = portal.publish_job()
    text = (
        "Dear Students,\n\nCongratulations to the following students on receiving offers from "
        f"{job['companyName']}.\n\nPackage: INR 12 LPA\n\n1\t22103001\tAsha Verma\n"
    )
    receive(forwarded(f"{job['companyName']} - Hiring from Batch 2027 - Offers", text))
    assert [role["role"] for role in Offer.objects.get().roles] == [""]
    assert Offer.objects.get().job is None

    update("test")

    assert Offer.objects.get().job == Job.objects.get()
    assert Notice.objects.get(category="placement_offer").job_key == Job.objects.get().identifier


def test_what_was_taken_back_or_is_of_another_company_stays_as_it_is(portal: Portal) -> None:
    job = portal.publish_job()
    other = {"companyName": "Tarang Analytics", "jobProfileTitle": job["jobProfileTitle"]}
    receive(shortlist(job), shortlist(other, number=3))
    withdraw(Notice.objects.get(company=job["companyName"]).external_key)
    update("test")
    mails = Notice.objects.filter(external_key__startswith="email:")
    assert set(mails.values_list("job_key", flat=True)) == {""}
    assert mails.exclude(withdrawn_at=None).count() == 1


def test_a_link_is_looked_for_by_one_statement_however_many_wait(portal: Portal) -> None:
    job = portal.publish_job()
    receive(*(shortlist(job | {"companyName": f"Tarang {letter * 3}"}, number) for number, letter in enumerate("abc")))
    update("test")
    reading = Reading()
    for stored in Job.objects.all():
        reading.remember(stored, new=True)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert told_without_their_job(reading) == []
    assert len(asked) == 1
    assert RawItem.objects.filter(kind="mail", season=SEASON, notice__job_key="").count() == 3
