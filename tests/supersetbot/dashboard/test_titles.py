"""A notice is called the same on staff's pages as in its message and on the site."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Delivery, Notice
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
CALLED = "Shortlist · Zenith Labs · Analyst"
RAW = "Asha Verma and others: round 2"
PAGES = (
    *("dashboard/", "notifications/notice/", "notifications/delivery/"),
    *("notifications/delivery/{delivery}/change/", "dashboard/people/{person}"),
)


@pytest.fixture
def told(subscribe: Subscribe) -> Delivery:
    """What was told of a list whose title names a student."""
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
    return Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", state="failed")


@pytest.fixture
def clerk(client: Client) -> Client:
    """A browser of somebody of the staff who may not see students."""
    user = User.objects.create_user("clerk", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename="view_offeredstudent"))
    client.force_login(user)
    return client


def at(path: str, told: Delivery) -> str:
    return f"/admin/{path.format(person=told.subscription.subscriber_id, delivery=told.pk)}"


@pytest.mark.parametrize("path", PAGES)
def test_staff_read_the_name_that_students_read(admin_client: Client, told: Delivery, path: str) -> None:
    page = admin_client.get(at(path, told), follow=True).text
    assert CALLED in page
    assert f">{RAW}<" not in page


@pytest.mark.parametrize(("rule", "before"), [("", "Change: "), ("reminder 3h", "Reminder: ")])
def test_what_tells_of_another_notice_says_so_before_its_name(
    admin_client: Client, told: Delivery, rule: str, before: str
) -> None:
    Notice.objects.create(
        external_key="b", title="b", company="Orbit", rule=rule, follows=told.notice, published_at=timezone.now()
    )
    assert admin_client.get("/admin/notifications/notice/").text.count(before) == 1


@pytest.mark.parametrize("path", PAGES)
def test_who_may_not_see_names_reads_none_in_a_title(clerk: Client, told: Delivery, path: str) -> None:
    page = clerk.get(at(path, told), follow=True).text
    assert CALLED in page
    assert "Asha" not in page


def test_who_may_not_see_names_finds_no_delivery_by_one(clerk: Client, told: Delivery) -> None:
    assert CALLED not in clerk.get("/admin/notifications/delivery/?q=Asha").text
    assert CALLED in clerk.get(f"/admin/notifications/delivery/?q={told.subscription.address}").text
