"""A notice that staff correct in the admin: whoever had it reads the correction."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import Delivery, Notice
from notifications.publishing.publish import Outcome, publish
from notifications.rendering.render import telegram_text
from scraping.models import Job
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db


def saved(client: Client, row: Notice | Job, **changes: str) -> str:
    """Send the form of a row back with changes. Returns what the admin says."""
    page = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    form = client.get(page).context["adminform"].form
    typed: dict[str, Any] = {}
    for field in form:
        value = field.value()
        parts = field.field.widget.decompress(value) if hasattr(field.field.widget, "decompress") else None
        shown = {f"{field.name}_{at}": part for at, part in enumerate(parts)} if parts else {field.name: value}
        hidden = {f"initial-{name}": part for name, part in shown.items()} if field.field.show_hidden_initial else {}
        typed |= shown | hidden
    typed |= {"documents-TOTAL_FORMS": 0, "documents-INITIAL_FORMS": 0} | changes
    sent = {name: value for name, value in typed.items() if value is not None and value is not False}
    answer = client.post(page, sent, follow=True)
    assert not answer.context.get("errors"), answer.context["errors"]
    return " ".join(map(str, answer.context["messages"]))


@pytest.fixture
def told(subscribe: Subscribe, draft: MakeDraft) -> Notice:
    """A notice that two were told and one is not yet."""
    for _ in range(3):
        subscribe()
    event = timezone.now() + timedelta(days=3)
    notice = publish(draft("a", company="Zenith Labs", venue="LT-3", event_at=event)).notice
    had = Delivery.objects.order_by("pk").values_list("pk", flat=True)[:2]
    Delivery.objects.filter(pk__in=list(had)).update(state="sent", sent_at=timezone.now(), version_sent=1)
    return notice


def test_a_corrected_venue_edits_what_was_sent_and_is_told(told: Notice, admin_client: Client) -> None:
    said = saved(admin_client, told, venue="Raman Auditorium")
    assert "Messages that were sent are being edited, and 2 told what moved." in said
    assert Delivery.objects.filter(notice=told, state="pending", work="edit").count() == 2
    notice = Notice.objects.get(pk=told.pk)
    assert (notice.version, notice.edit_note) == (2, "venue moved from LT-3 to Raman Auditorium")
    assert "Raman Auditorium" in telegram_text(notice, edited=True).text
    assert Notice.objects.get(follows=told).edit_note == notice.edit_note


def test_a_corrected_text_edits_and_pings_nobody(told: Notice, admin_client: Client) -> None:
    said = saved(admin_client, told, company="Zenith Labs India")
    assert "Messages that were sent are being edited. It stands until its source says something new." in said
    assert Notice.objects.get(pk=told.pk).version == 2
    assert not Notice.objects.filter(follows=told).exists()


def test_what_is_saved_as_it_was_or_belongs_elsewhere_edits_nothing(told: Notice, admin_client: Client) -> None:
    for changes in ({}, {"season": "2025-26"}):
        assert "edited" not in saved(admin_client, told, **changes)
    assert Notice.objects.get(pk=told.pk).version == 1
    assert not Delivery.objects.filter(work="edit").exists()


def test_a_correction_stands_until_the_source_says_something_new(
    told: Notice, admin_client: Client, draft: MakeDraft
) -> None:
    saved(admin_client, told, venue="Raman Auditorium")
    as_it_was = draft("a", company="Zenith Labs", venue="LT-3", event_at=told.event_at)
    assert publish(as_it_was).outcome is Outcome.UNCHANGED
    assert Notice.objects.get(pk=told.pk).venue == "Raman Auditorium"


def test_a_withdrawn_notice_is_corrected_and_told_to_nobody(told: Notice, admin_client: Client) -> None:
    Notice.objects.filter(pk=told.pk).update(withdrawn_at=timezone.now())
    saved(admin_client, told, venue="Raman Auditorium")
    assert not Notice.objects.filter(follows=told).exists()


def test_a_notice_is_written_as_a_broadcast(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:notifications_notice_add")).status_code == 403


def test_a_corrected_deadline_of_a_posting_leads_to_its_job(told: Notice, admin_client: Client) -> None:
    Notice.objects.filter(pk=told.pk).update(job_key="job 7")
    said = saved(admin_client, told, deadline_0="2026-12-24", deadline_1="18:00")
    assert 'href="/admin/scraping/job/?q=job+7"' in said
    assert "its job" not in saved(admin_client, told, author="T&P")


def test_a_corrected_job_leads_to_its_notice(told: Notice, admin_client: Client) -> None:
    job = Job.objects.create(identifier="j", season=202627, company="Zenith Labs", notice=told)
    assert f"/admin/notifications/notice/{told.pk}/change/" in saved(admin_client, job, company="Zenith")
