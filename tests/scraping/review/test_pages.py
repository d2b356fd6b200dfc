"""The admin's list and page of reviews: what they show, to whom, and by how many statements."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from scraping.models import RawItem, Review
from tests.scraping.mail_cast import receive
from tests.scraping.review.reviewed_mails import LISTED, page_of, press, publish_notice, unclear

pytestmark = pytest.mark.django_db
LIST = reverse("admin:scraping_review_changelist")
NAMES = ("Asha", "Verma", "Bilal", "Khan", "22103001", "22103002")


def staff(*permissions: str) -> Client:
    """Somebody with these permissions alone, logged in."""
    user = User.objects.create_user("staff", password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def many(count: int) -> None:
    """Open and closed reviews, each of an item of its own."""
    first = Review.objects.count()
    for number in range(first, first + count):
        item = RawItem.objects.create(source="superset", kind="notice", key=f"n{number}", season=202627, payload={})
        when = timezone.now() - timedelta(hours=number)
        read = {"category": "update", "company": ""}
        Review.objects.create(
            key=f"superset:notice:n{number}",
            item=item,
            title=f"Notice {number}",
            doubts=["the rules are unsure what it is"],
            read=read,
            opened_at=when,
            closed_at=None if number % 2 else when,
        )


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_list_asks_no_more_for_more_rows(admin_client: Client) -> None:
    many(4)
    few = statements(admin_client, LIST), statements(admin_client, f"{LIST}?standing=all")
    many(40)
    assert (statements(admin_client, LIST), statements(admin_client, f"{LIST}?standing=all")) == few
    assert max(few) <= 8


def test_a_page_asks_a_few_statements(admin_client: Client) -> None:
    receive(unclear())
    assert statements(admin_client, page_of(Review.objects.get())) <= 8


def test_open_ones_stand_first_the_oldest_of_them_at_the_top(admin_client: Client) -> None:
    many(6)
    page = admin_client.get(LIST).text
    assert [title for title in ("Notice 5", "Notice 3", "Notice 1") if title in page] == [
        "Notice 5",
        "Notice 3",
        "Notice 1",
    ]
    assert page.index("Notice 5") < page.index("Notice 3") < page.index("Notice 1")
    assert "Notice 2" not in page
    assert "The oldest open one has waited for 5\xa0hours" in page
    for tab in ("Open <span>3</span>", "Held back <span>0</span>", "Done <span>3</span>", "All <span>6</span>"):
        assert tab in page
    done = admin_client.get(f"{LIST}?standing=done").text
    assert "Notice 2" in done
    assert "Notice 5" not in done


def test_text_and_reading_stand_side_by_side(admin_client: Client) -> None:
    receive(unclear(text=f"{LISTED}\nBe in LT-3 on 14 December 2026, 10:00 AM.\n"))
    page = admin_client.get(page_of(Review.objects.get())).text
    assert "Please see the students below for Lumen Foundry." in page
    assert 'value="Lumen Foundry"' in page
    assert 'value="2026-12-14"' in page, "in ISO form: a browser takes no other"
    assert "2 students listed" in page
    assert "<span>22103001</span>" in page
    assert "Students are listed, and it is not known for what" in page


def test_a_text_can_not_break_out_of_the_page(admin_client: Client) -> None:
    publish_notice("<p>22103001 Asha Verma &lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>", title="<b>Who</b>")
    page = admin_client.get(page_of(Review.objects.get())).text
    assert "<script>alert" not in page
    assert "<b>Who" not in page


def test_who_may_only_look_sees_no_button_and_changes_nothing() -> None:
    receive(unclear())
    review, client = Review.objects.get(), staff("view_review", "view_offeredstudent")
    page = client.get(page_of(review)).text
    assert "Asha Verma" in page
    assert 'name="action"' not in page
    for action in ("correct", "confirm", "save_to_corpus"):
        assert client.post(page_of(review), {"action": action, "seen": "x"}).status_code == 403
    review.refresh_from_db()
    assert review.is_open


def test_names_are_for_those_who_may_see_names() -> None:
    receive(unclear())
    publish_notice("<p>Dear all,</p><p>22103001 Asha Verma</p><p>22103002 Bilal Khan</p>", title="For Asha Verma")
    client = staff("view_review", "change_review")
    for review in Review.objects.all():
        shown = client.get(page_of(review)).text
        assert [name for name in NAMES if name in shown] == []
        assert client.post(page_of(review), {"action": "confirm", "seen": "x"}).status_code == 403
    assert [name for name in NAMES if name in client.get(LIST).text] == []
    found = client.get(f"{LIST}?q=Asha").text
    assert "Number" in found, "the search looks at nothing, so it tells nothing"


def test_who_may_not_see_names_sees_no_contacts_either() -> None:
    receive(unclear(text=f"{LISTED}\nCall Meera on 98765 43210 or write to meera.joshi@gmail.com.\n"))
    page = staff("view_review").get(page_of(Review.objects.get())).text
    assert "Please see the students below" in page
    assert "98765" not in page
    assert "meera.joshi" not in page


def test_who_has_no_permission_sees_nothing() -> None:
    receive(unclear())
    client = staff("view_notice")
    assert client.get(LIST).status_code == 403
    assert client.get(page_of(Review.objects.get())).status_code == 403


def test_a_review_that_is_not_there(admin_client: Client) -> None:
    for number in ("99", "x"):
        assert admin_client.get(reverse("admin:scraping_review_change", args=[number])).status_code == 404


def test_a_closed_one_says_who_closed_it(admin_client: Client) -> None:
    receive(unclear())
    press(admin_client, Review.objects.get(), "correct", company="Quartz Labs")
    assert "Corrected by admin" in admin_client.get(f"{LIST}?standing=done").text
    page = admin_client.get(page_of(Review.objects.get())).text
    assert "Read as: Lumen Foundry" in page
