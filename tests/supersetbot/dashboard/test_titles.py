"""A notice is called the same on staff's pages as in its message and on the site."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Subscription, User
from notifications.models import Delivery, Notice
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
CALLED = "Shortlist · Zenith Labs · Analyst"
RAW = "Asha Verma and others: round 2"
PAGES = ("dashboard/", "notifications/notice/", "notifications/delivery/", "dashboard/people/{person}")


@pytest.fixture
def told(subscribe: Subscribe) -> Subscription:
    """Somebody who was told of a list whose title names a student."""
    notice = Notice.objects.create(
        external_key="a",
        title=RAW,
        category="shortlisting",
        company="Zenith Labs",
        role="Analyst",
        roster=[{"name": "Asha Verma", "enrollment": "22103001"}],
        roster_meaning="",
        published_at=timezone.now(),
    )
    subscription = subscribe()
    Delivery.objects.create(notice=notice, subscription=subscription, channel="telegram", state="failed")
    return subscription


@pytest.mark.parametrize("path", PAGES)
def test_staff_read_the_name_that_students_read(admin_client: Client, told: Subscription, path: str) -> None:
    page = admin_client.get(f"/admin/{path.format(person=told.subscriber_id)}", follow=True).text
    assert CALLED in page
    assert f">{RAW}<" not in page


@pytest.mark.parametrize("path", PAGES)
def test_who_may_not_see_names_reads_none_in_a_title(client: Client, told: Subscription, path: str) -> None:
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)
    clerk.user_permissions.set(Permission.objects.exclude(codename="view_offeredstudent"))
    client.force_login(clerk)
    page = client.get(f"/admin/{path.format(person=told.subscriber_id)}", follow=True).text
    assert CALLED in page
    assert "Asha" not in page
