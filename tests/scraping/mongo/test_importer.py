"""An older installation comes over: whole, once, and without telling anybody anything."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from bson.datetime_ms import DatetimeMS
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from pymongo.database import Database
from pymongo.errors import AutoReconnect, InvalidURI, OperationFailure, ServerSelectionTimeoutError
from pytest_django import Settings

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.subscribing import subscriptions
from notifications.finding.search import newest_with
from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, publish, withdraw
from scraping import tasks
from scraping.models import Job, MongoDocument, Offer, OfficialSnapshot, Policy
from scraping.mongo import client, documents, importer, rows
from scraping.mongo.documents import NOTICES, RefusedError
from scraping.mongo.importer import Run
from tests.conftest import Subscribe
from tests.scraping.mongo.conftest import AT, job, notice, offer, user, whole

pytestmark = pytest.mark.django_db
Doc = dict[str, Any]
ALL = (Subscriber, Subscription, FollowedSeason, Notice, Job, Offer, Policy, OfficialSnapshot, MongoDocument)


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def brought(*arguments: str) -> str:
    said = StringIO()
    call_command("import_mongo", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue()


def reasons() -> dict[str, str]:
    """_id → outcome and reason, of the newest report."""
    return {row["_id"]: f"{row['outcome']}: {row['reason']}" for row in report() if row["_id"]}


def report() -> list[dict[str, str]]:
    newest = max(Path(configured.DATA_DIR).glob("import-mongo-*.csv"))
    with newest.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(text: str) -> list[str]:
    return [notice.title for notice in newest_with(text, names=True, limit=10)]


def counts() -> list[int]:
    return [model.objects.count() for model in ALL]


@pytest.mark.usefixtures("old")
def test_everything_comes_over() -> None:
    said = brought()
    for name in documents.KINDS:
        assert f"{name}: 2 new, 0 changed, 0 unchanged, 0 refused" in said
    told = Notice.objects.get(external_key="superset:notice:n-1")
    assert (told.company, told.category, told.announced) == ("Quillwork", "shortlisting", True)
    assert told.roster == [{"name": "Asha Rao", "enrollment": "22103001"}]
    assert Job.objects.get(identifier="job-1").package == 1_200_000
    assert Offer.objects.get(company="Quillwork").students.get().enrollment == "22103001"
    assert OfficialSnapshot.objects.latest().first_seen_at == datetime(2025, 10, 2, 6, 30, tzinfo=UTC)


def test_what_comes_over_is_found_and_what_changes_found_anew(old: Database[Doc]) -> None:
    brought()
    assert len(found("quillwork")) == 3
    old["Notices"].update_one({"id": "n-1"}, {"$set": {"title": "Falcons"}})
    brought()
    assert found("falcons") == ["Falcons"]


@pytest.mark.usefixtures("old")
def test_again_it_changes_nothing() -> None:
    brought()
    before = counts()
    assert "Notices: 0 new, 0 changed, 2 unchanged, 0 refused" in brought()
    assert counts() == before


@pytest.mark.usefixtures("old")
def test_a_dry_run_counts_and_stores_nothing() -> None:
    assert "Jobs: 2 new" in brought("--dry-run")
    assert counts() == [0] * len(ALL)


def test_nobody_is_told_anything(old: Database[Doc], subscribe: Subscribe) -> None:
    subscribe()
    brought()
    assert not Delivery.objects.exists()
    assert Job.objects.filter(notice=None).count() == 0  # nor will the next cycle announce them


@pytest.mark.usefixtures("old")
def test_nor_when_the_portal_shows_an_imported_notice_again(subscribe: Subscribe) -> None:
    subscribe()
    brought()
    fuller = Draft(external_key="superset:notice:n-1", title="Shortlist", venue="LT-2", deadline=datetime.now(UTC))
    publish(fuller)
    assert not Delivery.objects.exists()
    assert Notice.objects.get(external_key="superset:notice:n-1").venue == "LT-2"


@pytest.mark.usefixtures("old")
def test_users_keep_whether_they_are_active() -> None:
    brought()
    states = dict(Subscription.objects.values_list("address", "state"))
    assert states == {"700001": "active", "700002": "off"}
    assert FollowedSeason.objects.count() == 2


@pytest.mark.usefixtures("old")
def test_users_of_an_older_installation_are_members() -> None:
    brought()
    assert set(Subscriber.objects.values_list("membership", "membership_by")) == {("member", "upgrade")}


def test_a_change_in_the_old_database_comes_over_too(old: Database[Doc]) -> None:
    brought()
    old["Notices"].update_one({"id": "n-1"}, {"$set": {"title": "Corrected"}})
    old["Users"].update_one({"user_id": 700002}, {"$set": {"is_active": True}})
    said = brought()
    assert "Notices: 0 new, 1 changed, 1 unchanged" in said
    assert Notice.objects.get(external_key="superset:notice:n-1").title == "Corrected"
    assert Subscription.objects.get(address="700002").state == "active"


def test_what_changed_here_since_is_newer(old: Database[Doc]) -> None:
    brought()
    publish(Draft(external_key="superset:notice:n-1", title="As the portal says now"))
    old["Notices"].update_one({"id": "n-1"}, {"$set": {"title": "Older"}})
    brought()
    assert Notice.objects.get(external_key="superset:notice:n-1").title == "As the portal says now"


def test_several_offer_documents_of_a_company_make_one_offer(old: Database[Doc]) -> None:
    more = {"name": "Ishan Puri", "enrollment_number": "22103002"}
    old["PlacementOffers"].insert_one(offer("Quillwork", email_subject="More", students_selected=[more]))
    brought()
    assert Offer.objects.get(company="Quillwork").students.count() == 2
    assert "3 unchanged" in brought()


def test_databases_of_seasons_and_a_global_one(server: Any) -> None:
    server["2024-25"]["Notices"].insert_one(notice("n-1"))
    server["PlacementBotGlobal"]["Users"].insert_one(user(700001))
    brought("--database", "2024-25", "PlacementBotGlobal")
    assert Notice.objects.get().season == 202425
    assert Subscriber.objects.count() == 1


def test_duplicates_are_refused_with_the_one_they_repeat(old: Database[Doc]) -> None:
    twin = notice("n-1", title="Another")
    old["Notices"].insert_one(twin)
    assert "Notices: 2 new, 0 changed, 0 unchanged, 1 refused" in brought()
    assert reasons()[str(twin["_id"])].startswith("refused: the same as document")
    assert Notice.objects.get(external_key="superset:notice:n-1").title == "Shortlist for the coding round"


def test_a_dry_run_knows_duplicates_of_earlier_batches(old: Database[Doc], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    old["Notices"].insert_one(notice("n-1"))
    old["Jobs"].insert_one(job("job-1"))
    said = brought("--dry-run")
    assert "Notices: 2 new, 0 changed, 0 unchanged, 1 refused" in said
    assert "Jobs: 2 new, 0 changed, 0 unchanged, 0 refused, 1 merged" in said


def test_a_document_that_cannot_be_stored_costs_no_other(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [notice(f"n-{number}") for number in range(9)]
    server["SupersetPlacement"]["Notices"].insert_many(there)
    put = rows.PUTS[NOTICES]

    def picky(entries: Any, season: int) -> Any:
        if any(entry.key == "n-4" for entry in entries):
            raise DataError("out of range")
        return put(entries, season)

    monkeypatch.setitem(rows.PUTS, NOTICES, picky)
    assert "Notices: 8 new, 0 changed, 0 unchanged, 1 refused" in brought()
    assert reasons() == {str(there[4]["_id"]): "refused: can't be stored: out of range"}


@pytest.mark.parametrize("collection", ["Notices", "Jobs", "Users"])
def test_a_batch_takes_as_many_queries_for_many_as_for_one(collection: str) -> None:
    make: Any = {"Notices": notice, "Jobs": job, "Users": user}[collection]
    field = "first_name" if collection == "Users" else "createdAt"

    def queries(start: int, count: int) -> list[int]:
        """Of new documents, of changed ones, of unchanged ones."""
        there = [make(start + number) for number in range(count)]
        changed = [{**document, field: AT + 1000} for document in there]
        run, found = Run(documents.KINDS[collection], 202627, lambda *_: None), []
        for batch in (there, changed, changed):
            with CaptureQueriesContext(connection) as captured:
                run.take(batch)
            found.append(len(captured))
        assert run.counts == {"new": count, "changed": count, "unchanged": count, "refused": 0}
        return found

    assert queries(1000, 1) == queries(2000, 15)


def test_what_was_here_before_the_import_is_newer(server: Any) -> None:
    publish(Draft(external_key="superset:notice:n-1", title="As the portal says now"), announce=False)
    publish(Draft(external_key="superset:notice:n-2", title="Taken back"), announce=False)
    withdraw("superset:notice:n-2")
    there = server["SupersetPlacement"]["Notices"]
    there.insert_many([notice("n-1"), notice("n-2")])
    brought()
    call_command("mirror_mongo", "--full", verbosity=0)
    assert [row["title"] for row in there.find()] == ["As the portal says now"]


def test_users_the_mirror_wrote_are_known_when_imported_again(server: Any) -> None:
    subscriptions.start(subscriptions.Chat(700009, name="Mira Das"))
    call_command("mirror_mongo", "--full", verbosity=0)
    assert "0 refused" in brought()
    assert "Users: 0 new, 0 changed, 1 unchanged, 0 refused" in brought()
    assert server["SupersetPlacement"]["Users"].count_documents({}) == 1


BAD: list[object] = [
    None,
    "",
    "text",
    -1,
    3.5,
    float("nan"),
    float("inf"),
    10**12,
    True,
    [],
    [None, 1, "x", {}],
    {"a.b": 1, "$c": 2},
    ObjectId("65f000000000000000000001"),
    DatetimeMS(300_000_000_000_000),
    b"\xff\x00",
    "nul \x00",
]


@pytest.mark.parametrize("collection", documents.KINDS)
def test_every_field_may_be_missing_or_of_another_type(server: Any, collection: str) -> None:
    """Each document is stored or refused with a reason; the rest of the collection comes over all the same."""
    good = whole()[collection][0]
    bent = [{**good, "_id": ObjectId(), name: value} for name in good if name != "_id" for value in BAD]
    lacking = [{key: value for key, value in good.items() if key not in ("_id", name)} for name in good]
    server["SupersetPlacement"][collection].insert_many([*bent, *lacking, {}])
    server["SupersetPlacement"][collection].insert_one(whole()[collection][1])
    said = brought()
    refused = sum(reason.startswith("refused") for reason in reasons().values())
    assert f" {refused} refused" in said
    assert "can't be stored" not in " ".join(reasons().values())
    assert "0 new, 0 changed" in brought()


def test_a_notice_of_the_sites_admin_form_has_no_id(old: Database[Doc]) -> None:
    made = {"_id": ObjectId(), "title": "Lab closed", "content": "On Monday", "source": "Admin"}
    old["Notices"].insert_one(made)
    brought()
    assert Notice.objects.get(title="Lab closed").external_key == str(made["_id"])


def test_texts_of_any_length_are_cut_to_their_column(server: Any) -> None:
    server["SupersetPlacement"]["Jobs"].insert_one(job("j" * 99, company="Q" * 5000, job_profile="é" * 5000))
    brought()
    assert len(Job.objects.get().company) == 200


def test_cut_off_in_the_middle_it_ends_the_same(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after kill -9: batches that were committed stay, the one at work is gone; a second run goes on."""
    monkeypatch.setattr(importer, "BATCH", 10)
    documents_there = [notice(f"n-{number}") for number in range(22)]
    server["SupersetPlacement"]["Notices"].insert_many(documents_there)

    def broken() -> Any:
        yield from documents_there[:14]
        raise AutoReconnect("connection closed")

    with pytest.raises(AutoReconnect):
        Run(NOTICES, 202627, lambda *_: None).take_all(broken(), 22, lambda *_: None)
    assert Notice.objects.count() == 10
    assert "Notices: 12 new, 0 changed, 10 unchanged" in brought()
    assert Notice.objects.count() == 22


@pytest.mark.usefixtures("old")
def test_the_report_ends_with_a_total_a_collection() -> None:
    brought()
    totals = {row["collection"]: row["reason"] for row in report() if row["outcome"] == "total"}
    assert totals["Jobs"] == "SupersetPlacement: 2 new, 0 changed, 0 unchanged, 0 refused"
    assert totals.keys() == documents.KINDS.keys()


def test_not_configured_it_says_so_and_leaves_no_report(settings: Settings) -> None:
    settings.MONGO_CONNECTION_STR = ""
    with pytest.raises(CommandError) as raised:
        brought()
    assert str(raised.value) == "MONGO_CONNECTION_STR is not set."
    assert not list(Path(settings.DATA_DIR).iterdir())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mongodb://u:secret-word@127.0.0.1:99999/", "is not a MongoDB address"),
        ("mongodb://u:secret-word@127.0.0.1/?tlsCAFile=/nonexistent", "names a file"),
        ("mongodb://u:secret:word@127.0.0.1/", "is not a MongoDB address"),
        ("mongodb://u:secret-word@127.0.0.1/?replicaSet=a&directConnection=true&loadBalanced=true", "option is wrong"),
    ],
)
def test_a_wrong_address_is_one_line_for_commands_and_for_the_mirror(
    settings: Settings, address: str, said: str
) -> None:
    settings.MONGO_CONNECTION_STR = address
    with pytest.raises(CommandError, match=said) as raised:
        brought()
    assert "secret" not in str(raised.value)
    assert said in tasks.mirror()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidURI("mongo:secret-word@"), "is not a MongoDB address"),
        (ServerSelectionTimeoutError("secret-word"), "No MongoDB server answers"),
        (OperationFailure("secret-word", 18), "may not do this"),
        (AutoReconnect("secret-word"), "connection to MongoDB failed"),
    ],
)
@pytest.mark.usefixtures("server")
def test_errors_are_one_line_without_secrets(monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(client, "MongoClient", broken)
    with pytest.raises(CommandError, match=said) as raised:
        brought()
    assert "secret-word" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_server_that_is_not_there_is_told_in_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client._OPTIONS, "serverSelectionTimeoutMS", 50)
    settings.MONGO_CONNECTION_STR = "mongodb://127.0.0.1:1/"
    with pytest.raises(CommandError, match="No MongoDB server answers"):
        brought()


def test_lists_are_sorted_by_numbers_only() -> None:
    # DTZ001: a naive time is what is tested
    for written in ("2025-10-09T08:53:20Z", datetime(2025, 10, 9, 8, 53, 20), str(AT), None):  # noqa: DTZ001
        _, document = documents.notice(notice("n", createdAt=written, updatedAt=AT))
        assert document["createdAt"] == AT


def test_official_data_that_says_nothing_is_refused() -> None:
    with pytest.raises(RefusedError, match="says nothing"):
        documents.official({"_id": ObjectId(), "batches": []})
