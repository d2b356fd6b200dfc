"""What is stored reaches MongoDB: once, in order, in the readers' shapes, whatever MongoDB does meanwhile."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pymongo.database import Database
from pymongo.errors import AutoReconnect, DocumentTooLarge
from pytest_django import Settings

from accounts.subscribing import forgetting, subscriptions
from notifications.models import Notice
from notifications.publishing.broadcasts import broadcast
from notifications.publishing.publish import Draft, publish, withdraw
from scraping import tasks
from scraping.items import RolePay
from scraping.models import Job, MirrorOutbox, MongoDocument, Offer, OfficialSnapshot
from scraping.mongo import client, documents, lease, outbox, subscribers
from scraping.mongo.mirror import lag
from scraping.mongo.verify import differing
from scraping.placements.offers import OfferNews, Selected, merge
from scraping.placements.policies import PolicyNews, put_policy
from scraping.telling.base import Reading
from supersetbot.operations import health
from tests.scraping.mongo.conftest import AT, job, notice, offer

pytestmark = pytest.mark.django_db
Doc = dict[str, Any]
SEASON = 202627


@pytest.fixture
def site(server: Any) -> Database[Doc]:
    """The database the web site reads; empty."""
    database: Database[Doc] = server["SupersetPlacement"]
    return database


def told(key: str = "superset:notice:n-9", **fields: Any) -> Notice:
    return Reading(announce=False).publish(Draft(external_key=key, title="Talk on Friday", season=SEASON, **fields))


def offered(*names: str) -> Offer:
    students = tuple(Selected(name=name, enrollment=f"2210300{len(name)}") for name in names)
    news = OfferNews(season=SEASON, company="Quillwork", roles=(RolePay("Analyst", 12.5),), students=students)
    return merge(news).offer


def test_without_mongodb_nothing_happens_and_nothing_complains(settings: Settings) -> None:
    settings.MONGO_CONNECTION_STR = ""
    told()
    assert not MirrorOutbox.objects.exists()
    assert tasks.mirror() == "not configured"
    assert health.CHECKS["mirror"]().ok


def test_a_notice_reaches_its_readers_in_their_shape(site: Database[Doc]) -> None:
    told(category="policy_update", body="<p>Hall <b>A</b></p>", roster=({"name": "Asha", "enrollment": "1"},))
    assert tasks.mirror() == "1 written"
    document = site["Notices"].find_one() or {}
    assert (document["id"], document["source"], document["category"]) == ("n-9", "Superset", "update")
    assert "Hall **A**" in document["formatted_message"]
    assert document["shortlisted_students"] == [{"name": "Asha", "enrollment_number": "1"}]
    assert isinstance(document["createdAt"], int)
    assert documents.NOTICES.fields.keys() - document.keys() == {"location"}  # an old name of job_location


@pytest.mark.usefixtures("site")
def test_a_note_is_part_of_the_change() -> None:
    with transaction.atomic():
        told()
        transaction.set_rollback(True)
    assert not MirrorOutbox.objects.exists()


def test_many_changes_of_a_row_are_written_once_as_it_is_now(site: Database[Doc]) -> None:
    told()
    told(venue="LT-2")
    told(location="Noida")
    assert tasks.mirror() == "3 written"
    assert [row["job_location"] for row in site["Notices"].find()] == ["Noida"]


def test_a_withdrawn_notice_leaves_the_site(site: Database[Doc]) -> None:
    row = told()
    tasks.mirror()
    withdraw(row.external_key)  # as the admin does
    tasks.mirror()
    assert site["Notices"].count_documents({}) == 0


def test_jobs_offers_policies_and_figures_have_the_fields_their_readers_need(site: Database[Doc]) -> None:
    row = Job.objects.create(identifier="job-9", season=SEASON, company="Quillwork", package=Decimal("1200000.00"))
    outbox.note("Jobs", row.pk)
    offered("Asha")
    put_policy(PolicyNews(year=2027, title="Policy", content="# Rules"))
    snapshot = OfficialSnapshot.objects.create(content={"batches": [], "content_hash": "h"}, content_hash="h")
    outbox.note("OfficialPlacementData", snapshot.pk)
    tasks.mirror()
    found = {name: site[name].find_one() or {} for name in documents.KINDS}
    assert found["Jobs"]["package"] == 1_200_000
    assert found["Jobs"]["hiring_flow"] == []
    assert found["PlacementOffers"]["students_selected"][0]["enrollment_number"] == "22103004"
    assert isinstance(found["PlacementOffers"]["createdAt"], int)
    assert found["Policies"]["toc"][0]["text"] == "Rules"
    assert datetime.fromisoformat(found["OfficialPlacementData"]["scrape_timestamp"]).tzinfo


def test_a_policys_next_version_takes_its_years_document(site: Database[Doc]) -> None:
    put_policy(PolicyNews(year=2027, title="Policy", content="First"))
    put_policy(PolicyNews(year=2027, title="Policy", content="Second"))
    tasks.mirror()
    assert [row["content"] for row in site["Policies"].find()] == ["Second"]


def test_an_imported_document_changes_only_where_its_row_did(old: Database[Doc]) -> None:
    call_command("import_mongo", verbosity=0)
    tasks.mirror()
    offered("Mira Das")
    tasks.mirror()
    document = old["PlacementOffers"].find_one({"company": "Quillwork"}) or {}
    assert [student["email"] for student in document["students_selected"]] == ["asha@example.edu", None]
    assert document["email_sender"] == "cell@example.edu"
    assert old["PlacementOffers"].count_documents({}) == 2


def test_two_documents_of_one_notice_are_both_kept_up(old: Database[Doc]) -> None:
    old["Notices"].insert_one(notice("superset:notice:n-1"))
    call_command("import_mongo", verbosity=0)
    told("superset:notice:n-1", location="Noida")
    assert "written" in tasks.mirror()
    assert [row["job_location"] for row in old["Notices"].find().sort("_id")] == ["Pune", "Pune", "Noida"]


def test_a_new_version_leaves_a_policy_where_the_site_finds_it(old: Database[Doc]) -> None:
    call_command("import_mongo", verbosity=0)
    put_policy(PolicyNews(year=2027, title="Placement policy, mended", content="# Other rules"))
    tasks.mirror()
    document = old["Policies"].find_one({"year": 2027}) or {}
    assert (document["slug"], document["badge"], document["content"]) == ("policy-2027", "New", "# Other rules")


def test_of_several_documents_of_an_offer_the_last_takes_who_is_new(old: Database[Doc]) -> None:
    more = {"name": "Ishan Puri", "enrollment_number": "22103077"}
    old["PlacementOffers"].insert_one(offer("Quillwork", email_subject="More", students_selected=[more]))
    call_command("import_mongo", verbosity=0)
    offered("Mira Das")
    tasks.mirror()
    first, second = old["PlacementOffers"].find({"company": "Quillwork"}).sort("_id")
    assert [student["name"] for student in first["students_selected"]] == ["Asha Rao"]
    assert [student["name"] for student in second["students_selected"]] == ["Ishan Puri", "Mira Das"]
    assert (first["number_of_offers"], second["number_of_offers"]) == (1, 2)


def test_what_an_admin_broadcasts_is_not_for_the_site(site: Database[Doc]) -> None:
    broadcast("The office is closed today")
    call_command("mirror_mongo", "--full", verbosity=0)
    assert site["Notices"].count_documents({}) == 0


def test_a_job_changed_by_hand_reaches_the_site(site: Database[Doc], admin_client: Client) -> None:
    row = Job.objects.create(identifier="job-9", season=SEASON, company="Quillwork")
    changed = ("company", "Quillwork Labs"), ("identifier", "job-9"), ("season", SEASON)
    lists = dict.fromkeys(("marks", "courses", "genders", "skills", "stages"), "[]")
    documents_form = {"documents-TOTAL_FORMS": 0, "documents-INITIAL_FORMS": 0}
    seen = {"first_seen_at_0": "2026-11-22", "first_seen_at_1": "10:00"}
    form = {**dict(changed), **lists, **documents_form, **seen}
    assert admin_client.post(reverse("admin:scraping_job_change", args=[row.pk]), form).status_code == 302
    tasks.mirror()
    assert [document["company"] for document in site["Jobs"].find()] == ["Quillwork Labs"]


def test_people_come_and_go(site: Database[Doc]) -> None:
    subscriptions.start(subscriptions.Chat(700009, name="Mira Das"))
    tasks.mirror()
    assert (site["Users"].find_one() or {})["is_active"] is True
    subscriptions.switch_off(700009, subscriptions.STOPPED)
    tasks.mirror()
    assert (site["Users"].find_one() or {})["is_active"] is False
    forgetting.forget(700009)
    tasks.mirror()
    assert site["Users"].count_documents({}) == 0
    assert not MongoDocument.objects.exists()


def test_of_an_imported_person_who_is_forgotten_nothing_stays(old: Database[Doc]) -> None:
    call_command("import_mongo", verbosity=0)
    forgetting.forget(700001)
    tasks.mirror()
    assert [row["user_id"] for row in old["Users"].find()] == [700002]
    assert MongoDocument.objects.filter(collection="Users").count() == 1


def test_mongodb_down_costs_nothing_but_lag(site: Database[Doc], monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        told()
        with monkeypatch.context() as down:
            down.setattr(client, "MongoClient", lambda *_, **__: _raise())
            assert "failed" in tasks.mirror()
            clock.shift(timedelta(seconds=30))
            assert "resting" in tasks.mirror()
            clock.shift(timedelta(hours=1))
            tasks.mirror()
        assert lag().notes == 1
        assert (health.CHECKS["mirror"]().age or 0) > 3600
        clock.shift(timedelta(minutes=16))
        assert tasks.mirror() == "1 written"
    assert lag().since is None
    assert site["Notices"].count_documents({}) == 1


def _raise() -> None:
    raise AutoReconnect("connection closed")


def test_killed_between_writing_and_settling_it_ends_the_same(
    site: Database[Doc], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after kill -9: MongoDB has the documents, the notes and the lease are still there."""
    told()
    with monkeypatch.context() as dying:
        dying.setattr(subscribers, "remember", _die)
        with pytest.raises(KeyboardInterrupt):
            tasks.mirror()
    assert lag().notes == 1
    assert "elsewhere" in tasks.mirror()
    with time_machine.travel(timezone.now() + lease.LEASE + timedelta(seconds=1)):
        assert tasks.mirror() == "1 written"
    assert site["Notices"].count_documents({}) == 1


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_document_mongodb_does_not_take_holds_up_no_other(
    site: Database[Doc], monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = told("superset:notice:huge", body="x" * 1000)
    told()
    real = type(site["Notices"]).bulk_write

    def limited(self: Any, operations: list[Any], **options: Any) -> Any:
        if any("x" * 1000 in str(operation) for operation in operations):
            raise DocumentTooLarge("over 16 MB")
        return real(self, operations, **options)

    monkeypatch.setattr(type(site["Notices"]), "bulk_write", limited)
    tasks.mirror()
    assert [row["id"] for row in site["Notices"].find()] == ["n-9"]
    left = MirrorOutbox.objects.get()
    assert (left.row, left.attempts) == (huge.pk, 1)
    assert "DocumentTooLarge" in left.error


@pytest.mark.usefixtures("site")
def test_two_never_mirror_at_once() -> None:
    owner = lease.acquire()
    assert owner
    assert not lease.acquire(now_or_never=True)
    with pytest.raises(CommandError, match="another process"):
        call_command("mirror_mongo", verbosity=0)
    lease.release(owner)
    assert lease.acquire()


@pytest.mark.usefixtures("site")
def test_the_lease_of_a_process_that_died_here_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = lease.acquire()
    monkeypatch.setattr(lease, "is_gone", lambda name: name == owner)
    assert lease.acquire(now_or_never=True) not in ("", owner)
    assert not lease.renew(owner)


def test_verify_lists_what_differs(old: Database[Doc]) -> None:
    call_command("import_mongo", verbosity=0)
    old["Jobs"].update_one({"id": "job-1"}, {"$set": {"location": "Elsewhere"}})
    old["Notices"].delete_one({"id": "n-1"})
    said = StringIO()
    with pytest.raises(CommandError, match="2 documents differ"):
        call_command("mirror_mongo", "--verify", stdout=said, verbosity=0)
    assert "location" in said.getvalue()
    assert "missing" in said.getvalue()


def test_verify_finds_what_should_be_gone(old: Database[Doc]) -> None:
    call_command("import_mongo", verbosity=0)
    withdraw("superset:notice:n-1")
    said = StringIO()
    with pytest.raises(CommandError, match="1 documents differ"):
        call_command("mirror_mongo", "--verify", stdout=said, verbosity=0)
    assert f"Notices _id {(old['Notices'].find_one() or {})['_id']}: still there" in said.getvalue()


def test_neither_the_order_of_fields_nor_a_whole_float_is_a_difference(old: Database[Doc]) -> None:
    """As a site written in JavaScript stores them."""
    turned = {"enrollment_number": "22103001", "name": "Asha Rao"}
    old["Notices"].insert_one(notice("n-3", createdAt=float(AT), shortlisted_students=[turned]))
    said = StringIO()
    call_command("import_mongo", verbosity=0)
    call_command("mirror_mongo", "--verify", stdout=said, verbosity=0)
    assert said.getvalue().count("0 differ") == 6


def test_what_is_mended_is_the_only_difference_of_irregular_documents(server: Any, settings: Settings) -> None:
    """Differences between original and mirror: numbers where texts stood, and texts or lists where nothing did."""
    source = server["SupersetPlacement"]
    source["Notices"].insert_one(notice("n-1", createdAt="2025-10-09T08:53:20Z", author=None))
    source["Jobs"].insert_one(job("job-1", package="12,00,000", hiring_flow=["Test", None]))
    call_command("import_mongo", verbosity=0)
    settings.MONGO_DATABASE = "Rebuilt"
    call_command("mirror_mongo", "--full", verbosity=0)
    found = {
        name: differing(source[name].find_one(), server["Rebuilt"][name].find_one()) for name in ("Notices", "Jobs")
    }
    assert found == {"Notices": ["author", "createdAt"], "Jobs": ["hiring_flow", "package"]}


def test_a_full_run_makes_what_readers_sort_by(site: Database[Doc]) -> None:
    publish(Draft(external_key="superset:notice:n-9", title="Talk", published_at=datetime(2026, 1, 1, tzinfo=UTC)))
    call_command("mirror_mongo", "--full", verbosity=0)
    keys = [index["key"] for index in site["Notices"].index_information().values()]
    assert [("createdAt", -1)] in keys
    assert site["Notices"].count_documents({}) == 1
