"""Each button of the verdict leads somewhere, and asks for a right there is."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.delivery.leases import process_name
from supersetbot import heartbeats
from supersetbot.dashboard import verdict

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", verdict.PAGES)
def test_a_button_leads_to_a_page_and_asks_for_a_right_there_is(kind: str) -> None:
    _, page, right = verdict.PAGES[kind]
    assert reverse(page).startswith("/admin/")
    app, _, name = right.partition(".")
    assert Permission.objects.filter(content_type__app_label=app, codename=name).exists()


def test_a_scheduler_that_ended_just_now_is_never_called_well(admin_client: Client, settings: Settings) -> None:
    settings.SUPERSET_CREDENTIALS = [{"email": "tpo@example.edu", "password": "x"}]
    assert "The scheduler does not work: never seen" in admin_client.get("/admin/").text
    heartbeats.scheduler_lives(process_name())
    assert "All is well" in admin_client.get("/admin/").text
    heartbeats.scheduler_stopped(process_name())
    page = admin_client.get("/admin/").text
    assert "The scheduler does not work: stopped at" in page
    assert "All is well" not in page
