"""The admin's pages of offers, head counts, official figures and policies."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from scraping.models import Branch, EarlierBatch, Offer, OfferedStudent, OfficialSnapshot, Policy, RawItem
from tests.scraping.mail_cast import ALERT, WEBINAR, forwarded, receive
from tests.scraping.placements.placed_offers import SEASON, write, write_branches
from tests.scraping.placements.test_reference_statistics import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client: Client) -> Client:
    write_branches()
    write(OFFERS)
    changes = [{"text": "Companies visited 37 → 40", "figure_moved": True}]
    OfficialSnapshot.objects.create(season=SEASON, content={"batches": []}, content_hash="x", differences=changes)
    EarlierBatch.objects.create(name="2025", season=202425, cards=[["9+", "Companies"]])
    Policy.objects.create(year=2026, title="Placement policy", content="# Offers", changes="-old\n+new")
    return admin_client


@pytest.mark.parametrize("model", [Offer, Branch, OfficialSnapshot, EarlierBatch, Policy])
def test_every_list_and_page_opens(staff: Client, model: type[Offer]) -> None:
    name = model._meta.model_name
    assert staff.get(reverse(f"admin:scraping_{name}_changelist")).status_code == 200
    row = model.objects.first()
    assert row is not None
    assert staff.get(reverse(f"admin:scraping_{name}_change", args=[row.pk])).status_code == 200


def test_differences_of_the_page_are_readable(staff: Client) -> None:
    page = staff.get(reverse("admin:scraping_officialsnapshot_changelist")).content.decode()
    assert "<div>Companies visited 37 → 40</div>" in page


def test_a_package_changed_by_hand_counts(staff: Client) -> None:
    offer = Offer.objects.get(company="Tarang Analytics")
    student = offer.students.get()
    form = {
        "season": SEASON,
        "company": "Tarang  Analytics Pvt Ltd",
        "roles": '[{"role": "Intern", "package": 5, "details": ""}]',
        "locations": "[]",
        "details": "{}",
        "number_of_offers": 1,
        "first_seen_at_0": "2026-11-22",
        "first_seen_at_1": "10:00",
        "students-TOTAL_FORMS": 1,
        "students-INITIAL_FORMS": 1,
        "students-0-id": student.pk,
        "students-0-offer": offer.pk,
        "students-0-name": "Hari Das",
        "students-0-enrollment": "22104999",
        "students-0-package": "7.5",
    }
    response = staff.post(reverse("admin:scraping_offer_change", args=[offer.pk]), form)
    assert response.status_code == 302, response.context["errors"]
    offer.refresh_from_db()
    student.refresh_from_db()
    assert (offer.company_key, student.counted_package) == ("taranganalytics", 750_000)


def test_who_may_not_see_students_neither_exports_nor_finds_them(staff: Client, client: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=("view_offer", "change_offer")))
    client.force_login(clerk)
    address = reverse("admin:scraping_offer_changelist")
    chosen = {"action": "export", "_selected_action": list(Offer.objects.values_list("pk", flat=True))}
    assert "22103001" not in client.post(address, chosen, follow=True).text
    for words, found in (("Asha Verma", 0), ("22103001", 0), ("Kestrel", 1)):
        assert client.get(address, {"q": words}).context["cl"].result_count == found
    assert staff.get(address, {"q": "22103001"}).context["cl"].result_count


def test_students_are_exported_as_csv(staff: Client) -> None:
    OfferedStudent.objects.filter(name="Asha Verma").update(name="=Asha()")
    response = staff.post(
        reverse("admin:scraping_offer_changelist"),
        {"action": "export", "_selected_action": list(Offer.objects.values_list("pk", flat=True))},
    )
    rows = response.content.decode().splitlines()
    assert rows[0] == "Season,Company,Name,Enrolment number,Role,Package (LPA)"
    assert "202526,Kestrel Systems,'=Asha(),22103001,Engineer,20.0" in rows
    assert "202526,Tarang Analytics,Hari Das,22104999,Intern," in rows


def test_ranges_must_not_overlap(staff: Client) -> None:
    form = {"season": SEASON, "branch": "AI", "campus": "62", "start": 22103500, "end": 22103600, "students": 10}
    response = staff.post(reverse("admin:scraping_branch_add"), form)
    assert "The range overlaps that of CSE 62 (22103000 to 22104000)." in response.content.decode()


def test_what_came_in_is_found_by_its_title_and_saved_for_explain(
    admin_client: Client, client: Client, tmp_path: Path
) -> None:
    receive(forwarded("Session on chips", WEBINAR))
    item = RawItem.objects.get()
    listed = admin_client.get(reverse("admin:scraping_rawitem_changelist"), {"q": "session chips"}).content.decode()
    assert f"/admin/scraping/rawitem/{item.pk}/change/" in listed
    page = admin_client.get(reverse("admin:scraping_rawitem_change", args=[item.pk])).content.decode()
    link = reverse("admin:scraping_rawitem_file", args=[item.pk])
    assert link in page
    file = tmp_path / "item.eml"
    file.write_bytes(admin_client.get(link).content)
    said = StringIO()
    call_command("explain", str(file), stdout=said)
    assert json.loads(said.getvalue())[0]["kind"] == "webinar"
    client.force_login(User.objects.create_user("asha", is_staff=True))
    assert client.get(link).status_code == 403


def test_a_stored_mail_is_readable_and_may_be_read_again(admin_client: Client) -> None:
    receive(ALERT)
    item = RawItem.objects.get()
    RawItem.objects.update(state=RawItem.State.SET_ASIDE, attempts=3)

    page = admin_client.get(reverse("admin:scraping_rawitem_change", args=[item.pk])).content.decode()
    again = {"action": "read_again", "_selected_action": [item.pk]}
    admin_client.post(reverse("admin:scraping_rawitem_changelist"), again)

    assert "Subject: Security alert: new sign-in on Linux" in page
    saved = admin_client.get(reverse("admin:scraping_rawitem_file", args=[item.pk]))
    assert saved.headers["Content-Disposition"] == f'attachment; filename="item-{item.pk}.eml"'
    assert saved.content == ALERT
    item.refresh_from_db()
    assert (item.state, item.attempts) == (RawItem.State.PENDING, 0)
