"""A page about one subscriber: what they were told, when, on what, what failed."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber, User
from notifications.models import Delivery, Notice
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db


def told(who: Subscriber, count: int = 1, **fields: object) -> None:
    """Let somebody have deliveries."""
    subscription = who.subscriptions.get()
    for number in range(count):
        notice = Notice.objects.create(
            external_key=f"{fields}{number}", title=f"Zenith visits {number}", published_at=timezone.now()
        )
        Delivery.objects.create(notice=notice, subscription=subscription, channel="telegram", **fields)


def url(who: Subscriber) -> str:
    return f"/admin/dashboard/people/{who.pk}"


def test_it_shows_what_came_and_what_failed(admin_client: Client, subscribe: Subscribe) -> None:
    asha = subscribe().subscriber
    told(asha, state="sent", sent_at=timezone.now())
    told(asha, state="failed", error_code="chat_not_found", attempts=8)
    page = admin_client.get(url(asha)).text
    assert "1 sent" in page
    assert "1 failed" in page
    assert "chat_not_found" in page
    assert '<td data-label="Why not" class="words"></td>' in page, "a phone shows no label of what is empty"
    only_failed = admin_client.get(url(asha), {"state": "failed"}).text
    assert only_failed.count("Zenith visits 0") == 1
    assert admin_client.get(url(asha), {"state": "nonsense"}).text.count("Zenith visits 0") == 2


def test_a_reminder_and_a_change_are_told_from_the_notice_they_are_about(
    admin_client: Client, subscribe: Subscribe
) -> None:
    asha = subscribe().subscriber
    told(asha, state="sent", sent_at=timezone.now())
    first = Notice.objects.get()
    for rule, said in (("reminder 3h", "Reminder"), ("job.changed", "Change")):
        about = Notice.objects.create(
            external_key=rule, rule=rule, follows=first, title=first.title, published_at=timezone.now()
        )
        Delivery.objects.create(notice=about, subscription=asha.subscriptions.get(), channel="telegram", state="sent")
        assert f">{said}: Zenith visits 0</a>" in admin_client.get(url(asha)).text
    assert ">Zenith visits 0</a>" in admin_client.get(url(asha)).text


def test_it_shows_nothing_of_others(admin_client: Client, subscribe: Subscribe) -> None:
    asha, kabir = subscribe().subscriber, subscribe().subscriber
    told(kabir)
    assert "Nothing yet." in admin_client.get(url(asha)).text
    assert admin_client.get("/admin/dashboard/people/999999").status_code == 404


def test_many_deliveries_take_as_many_statements_as_one(
    admin_client: Client, subscribe: Subscribe, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asha = subscribe().subscriber
    told(asha, 120)
    admin_client.get(url(asha))
    with django_assert_num_queries(11):
        page = admin_client.get(url(asha)).text
    assert "The newest 100." in page


def test_it_is_for_who_may_see_subscribers_and_deliveries(client: Client, subscribe: Subscribe) -> None:
    asha = subscribe().subscriber
    staff = User.objects.create_user("reader", password="long enough for this", is_staff=True)
    client.force_login(staff)
    for codename, status in (("view_subscriber", 403), ("view_delivery", 200)):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
        assert client.get(url(asha)).status_code == status


def test_the_search_and_the_admin_lead_there(admin_client: Client, subscribe: Subscribe) -> None:
    asha = subscribe().subscriber
    Subscriber.objects.filter(pk=asha.pk).update(name="Asha Verma")
    assert url(asha) in admin_client.get("/admin/dashboard/search", {"q": "asha"}).text
    assert url(asha) in admin_client.get(f"/admin/accounts/subscriber/{asha.pk}/change/").text


@pytest.mark.parametrize(("membership", "said"), [("open", "Reads names, as everybody does"), ("approve", "No member")])
def test_it_says_who_reads_names(
    admin_client: Client, subscribe: Subscribe, settings: Settings, membership: str, said: str
) -> None:
    settings.MEMBERSHIP = membership
    assert f"<p>{said}" in admin_client.get(url(subscribe().subscriber)).text
