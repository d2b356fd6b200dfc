"""Old documents that are irregular keep what they say: in our rows as far as it is understood, in MongoDB all of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from bson.datetime_ms import DatetimeMS
from django.core.management import call_command
from django.utils import timezone
from pymongo.database import Database
from pytest_django import Settings

from accounts.models import Subscription
from accounts.subscribing import forgetting, subscriptions
from notifications.models import Notice
from scraping import tasks
from scraping.items import Facts, PortalNotice
from scraping.models import Job, MongoDocument, Offer, OfficialSnapshot, Policy, RawItem
from scraping.mongo import importer, values
from scraping.placements.offers import OfferNews, Selected, merge
from scraping.placements.policies import PolicyNews, put_policy
from scraping.telling.base import Reading
from scraping.telling.official import changes_to
from scraping.telling.portal import publish_notice
from tests.scraping.mongo.conftest import AT, SAVED, job, notice, offer, official, policy, user

pytestmark = pytest.mark.django_db
Doc = dict[str, Any]
SEASON = 202627
FIELDS = ("company", "email_subject", "saved_at", "time_sent", "createdAt")


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def there(server: Any) -> Database[Doc]:
    """The old database, still empty."""
    database: Database[Doc] = server["SupersetPlacement"]
    return database


def brought(*databases: str) -> str:
    said = StringIO()
    names = ["--database", *databases] if databases else []
    call_command("import_mongo", *names, stdout=said, stderr=StringIO())
    return said.getvalue()


def rebuilt() -> None:
    call_command("mirror_mongo", "--full", verbosity=0)


def without(document: Doc, *names: str) -> Doc:
    return {name: value for name, value in document.items() if name not in names}


def also_placed(company: str = "Quillwork", season: int = SEASON) -> Offer:
    """A mail of today names one more student."""
    students = (Selected("Mira Das", "22103099"),)
    sent = timezone.now()
    return merge(OfferNews(season=season, company=company, students=students, sent_at=sent)).offer


# --- offers -------------------------------------------------------------------


def test_a_changed_offer_is_as_old_as_it_was(there: Database[Doc]) -> None:
    before = offer("Quillwork")
    there["PlacementOffers"].insert_one(dict(before))
    brought()
    assert Offer.objects.get().first_seen_at == SAVED.replace(tzinfo=UTC)
    also_placed()
    tasks.mirror()
    after = there["PlacementOffers"].find_one() or {}
    assert len(after["students_selected"]) == 2
    assert {name: after[name] for name in FIELDS} == {name: before[name] for name in FIELDS}


@pytest.mark.parametrize("missing", ["saved_at", "time_sent", "createdAt"])
def test_a_changed_offer_without_one_of_its_times_takes_another_of_them(there: Database[Doc], missing: str) -> None:
    there["PlacementOffers"].insert_one(without(offer("Quillwork"), missing))
    brought()
    also_placed()
    tasks.mirror()
    after = there["PlacementOffers"].find_one() or {}
    assert after["saved_at"].date() == SAVED.date()
    assert datetime.fromisoformat(after["time_sent"]).date() == SAVED.date()
    assert after["createdAt"] // 100_000_000 == AT // 100_000_000


def test_a_document_that_changed_there_leaves_its_offer_as_old_as_it_was(there: Database[Doc]) -> None:
    there["PlacementOffers"].insert_one(offer("Quillwork"))
    brought()
    there["PlacementOffers"].update_one({}, {"$set": {"number_of_offers": 4}})
    assert "1 changed" in brought()
    row = Offer.objects.get()
    assert (row.number_of_offers, row.first_seen_at) == (4, SAVED.replace(tzinfo=UTC))


def test_two_documents_of_a_company_and_a_subject_are_merged_by_enrolment(there: Database[Doc]) -> None:
    asha = {"name": "Asha Rao", "enrollment_number": "22103001"}
    ishan = {"name": "Ishan Puri", "enrollment_number": "22103002", "package": 14}
    twins = [
        offer("Quillwork", students_selected=[asha]),
        offer("Quillwork", students_selected=[{**asha, "role": "Analyst"}, ishan], number_of_offers=2),
    ]
    there["PlacementOffers"].insert_many(twins)
    assert "PlacementOffers: 2 new, 0 changed, 0 unchanged, 0 refused\n" in brought()
    row = Offer.objects.get()
    assert [(one.enrollment, one.role) for one in row.students.all()] == [("22103001", "Analyst"), ("22103002", "")]
    assert "PlacementOffers: 0 new, 0 changed, 2 unchanged, 0 refused\n" in brought()

    also_placed()
    tasks.mirror()
    documents = list(there["PlacementOffers"].find().sort("_id"))
    named = [[student["enrollment_number"] for student in one["students_selected"]] for one in documents]
    assert named == [["22103001"], ["22103002", "22103099"]]


def test_in_two_seasons_they_are_an_offer_each(server: Any) -> None:
    server["2024-25"]["PlacementOffers"].insert_one(offer("Quillwork"))
    server["2025-26"]["PlacementOffers"].insert_one(offer("Quillwork"))
    said = brought("2024-25", "2025-26")
    assert said.count("PlacementOffers: 1 new, 0 changed, 0 unchanged, 0 refused\n") == 2
    assert set(Offer.objects.values_list("season", flat=True)) == {202425, 202526}
    assert brought("2024-25", "2025-26").count("1 unchanged, 0 refused\n") == 2


def test_twins_of_offers_are_known_in_later_batches_too(there: Database[Doc], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    there["PlacementOffers"].insert_many([offer("Quillwork") for _ in range(3)])
    assert "3 new, 0 changed, 0 unchanged, 0 refused\n" in brought()
    assert Offer.objects.get().students.count() == 1


# --- values -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "rupees", "lpa"),
    [
        ("6 LPA", 600_000, 6),
        ("6.5 lpa", 650_000, 6.5),
        ("12 Lakhs per annum", 1_200_000, 12),
        ("₹ 6,00,000", 600_000, 600_000),
        ("Rs. 8,50,000/-", 850_000, 850_000),
        ("1.2 Cr", 12_000_000, 120),
        ("45k", 45_000, 0.45),
        (600_000, 600_000, 600_000),
        ("6 to 8 LPA", None, None),
        ("as per norms", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_package_is_read_as_it_may_be_written(written: object, rupees: object, lpa: object) -> None:
    assert (values.rupees(written), values.lakhs(written)) == (rupees, lpa)


def test_a_package_with_its_unit_is_kept(there: Database[Doc]) -> None:
    there["Jobs"].insert_one(job("job-1", package="6 LPA"))
    roles = [{"role": "Analyst", "package": "6 LPA", "package_details": None}]
    there["PlacementOffers"].insert_one(offer("Quillwork", roles=roles, students_selected=[]))
    there["Notices"].insert_one(notice("n-1", package="6 LPA"))
    brought()
    rebuilt()
    assert Job.objects.get().package == 600_000
    assert Offer.objects.get().roles[0]["package"] == 6
    assert (there["Jobs"].find_one() or {})["package"] == 600_000
    assert (there["PlacementOffers"].find_one() or {})["roles"][0]["package"] == 6
    assert (there["Notices"].find_one() or {})["package"] == "6 LPA"


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        ("2025-08-01", ["2025-08-01"]),
        ("2025-08-01, 2025-09-15", ["2025-08-01", "2025-09-15"]),
        (["2025-08-01", "last August"], ["2025-08-01", "last August"]),
        ("last August", "last August"),
    ],
)
def test_updated_dates_as_a_text_are_kept(there: Database[Doc], dates: object, kept: object) -> None:
    there["Policies"].insert_one(policy(2026, updatedDates=dates))
    brought()
    rebuilt()
    assert (there["Policies"].find_one() or {})["updatedDates"] == kept
    if "2025-08-01" in dates:  # type: ignore[operator]  # None would fail the test
        assert Policy.objects.get().updated_on is not None


ODD: list[tuple[Callable[..., Doc], str, str, object]] = [
    (job, "Jobs", "package", "as per norms"),
    (job, "Jobs", "placement_category_code", "Dream"),
    (job, "Jobs", "deadline", "end of the month"),
    (job, "Jobs", "eligibility_marks", "7.5 CGPA in UG"),
    (job, "Jobs", "eligibility_marks", [{"level": "UG", "criteria": "first class"}]),
    (job, "Jobs", "documents", {"JD.pdf": "https://example.com/jd"}),
    (job, "Jobs", "saved_at", "in spring"),
    (job, "Jobs", "saved_at", DatetimeMS(300_000_000_000_000)),
    (notice, "Notices", "students", "Asha Rao, Ishan Puri"),
    (notice, "Notices", "shortlisted_students", [{"name": {"first": "Asha"}, "enrollment_number": "22103001"}]),
    (notice, "Notices", "students_count", "about ten"),
    (notice, "Notices", "sent_at", "yesterday"),
    (notice, "Notices", "matched_job", "Quillwork, Analyst"),
    (offer, "PlacementOffers", "number_of_offers", "several"),
    (offer, "PlacementOffers", "roles", [{"role": "Analyst", "package": "negotiable", "package_details": "base 10"}]),
    (offer, "PlacementOffers", "students_selected", "see the list"),
    (offer, "PlacementOffers", "time_sent", "last week"),
    (policy, "Policies", "toc", "1. Rules"),
    (user, "Users", "push_subscriptions", "https://push.example/1"),
    (official, "OfficialPlacementData", "recruiter_logos", "q.png"),
]
KEYS: dict[str, object] = {"Policies": 2026, "Users": 700001, "OfficialPlacementData": "2025-10-01T06:30:00+00:00"}


@pytest.mark.parametrize(("make", "collection", "field", "odd"), ODD)
def test_what_is_not_understood_is_never_overwritten_by_nothing(
    there: Database[Doc], make: Callable[..., Doc], collection: str, field: str, odd: object
) -> None:
    there[collection].insert_one(make(KEYS.get(collection, "Quillwork"), **{field: odd}))
    assert "1 new, 0 changed, 0 unchanged, 0 refused" in brought()
    rebuilt()
    assert (there[collection].find_one() or {})[field] == odd
    call_command("mirror_mongo", "--verify", verbosity=0, stdout=StringIO())
    assert "kept,not understood: " in next(Path(there_data()).glob("*.csv")).read_text()


def there_data() -> str:
    from django.conf import settings

    return str(settings.DATA_DIR)


def test_nor_where_its_row_changed(there: Database[Doc]) -> None:
    roles = [{"role": "Analyst", "package": "negotiable", "package_details": "base 10", "bond": "a year"}]
    there["PlacementOffers"].insert_one(offer("Quillwork", roles=roles, number_of_offers="several"))
    there["Jobs"].insert_one(job("job-1", package="as per norms", placement_category_code="Dream"))
    brought()
    also_placed()
    Job.objects.update(location="Noida", updated_at=timezone.now())
    rebuilt()
    offered, posted = there["PlacementOffers"].find_one() or {}, there["Jobs"].find_one() or {}
    assert offered["roles"] == roles
    assert offered["number_of_offers"] == 2  # that is known now
    written = {name: posted[name] for name in ("location", "package", "placement_category_code")}
    assert written == {"location": "Noida", "package": "as per norms", "placement_category_code": "Dream"}


def test_an_empty_breakdown_stays_a_text(there: Database[Doc]) -> None:
    there["Notices"].insert_many([notice("n-1", package_breakdown=""), notice("n-2", package_breakdown=None)])
    brought()
    rebuilt()
    assert [row["package_breakdown"] for row in there["Notices"].find().sort("_id")] == ["", None]


# --- notices and their jobs ---------------------------------------------------


@pytest.mark.parametrize("empty", [{}, {"job_company": "", "job_role": None}])
def test_a_notice_without_a_company_keeps_what_the_site_shows_by_its_job(there: Database[Doc], empty: Doc) -> None:
    matched = {"id": "job-1", "company": "Quillwork", "job_profile": "Analyst", "logo": "q.png"}
    there["Notices"].insert_one({**without(notice("n-1"), "job_company", "job_role"), "matched_job": matched, **empty})
    brought()
    assert (Notice.objects.get().company, Notice.objects.get().role) == ("Quillwork", "Analyst")
    for title in ("Shortlist", "Shortlist, corrected"):
        rebuilt()
        shown = there["Notices"].find_one() or {}
        assert (shown["job_company"], shown["job_role"], shown["matched_job"]) == ("Quillwork", "Analyst", matched)
        read_again(title=title)


def read_again(*, company: str = "", role: str = "", confidence: float = 0.9, title: str = "Shortlist") -> Notice:
    """What a cycle does when the portal shows the imported notice n-1."""
    parsed = PortalNotice(
        identifier="n-1",
        title=title,
        content="<p>The following students are shortlisted.</p>",
        author="Cell",
        published_at=timezone.now(),
        modified_at=None,
    )
    facts = Facts(
        category="shortlisting", rule="test", confidence=confidence, company=company or None, role=role or None
    )
    item = RawItem(source="superset", kind="notice", key="n-1", season=SEASON, payload={}, fingerprint="x")
    return publish_notice(item, Reading(announce=False), parsed, facts)


@pytest.fixture
def linked(there: Database[Doc]) -> Database[Doc]:
    """A notice that the old bot had linked to job-1; there is another job of the company."""
    there["Jobs"].insert_many([job("job-1"), job("job-2", job_profile="Data Engineer")])
    there["Notices"].insert_one(notice("n-1", job_company="Quillwork"))
    brought()
    return there


@pytest.mark.parametrize(
    ("read", "link"),
    [
        ({}, "job-1"),
        ({"company": "Quillwork", "role": "Gardener"}, "job-1"),
        ({"company": "Quillwork", "role": "Data Engineer", "confidence": 0.2}, "job-1"),
        ({"company": "Quillwork", "role": "Analyst"}, "job-1"),
        ({"company": "Quillwork", "role": "Data Engineer"}, "job-2"),
    ],
    ids=["nothing read", "no such job", "unsure", "the same", "sure and better"],
)
def test_an_old_link_stays_unless_ours_is_sure_and_better(linked: Database[Doc], read: Doc, link: str) -> None:
    for _ in range(2):  # also when it is read once more
        assert read_again(**read).job_key == link
    tasks.mirror()
    shown = linked["Notices"].find_one() or {}
    assert (shown["matched_job_id"], shown["matched_job"]["id"]) == (link, link)


def test_an_old_link_to_a_job_that_is_not_here_stays(there: Database[Doc]) -> None:
    there["Notices"].insert_one(notice("n-1", matched_job_id="job-of-old"))
    brought()
    read_again()
    tasks.mirror()
    shown = there["Notices"].find_one() or {}
    assert (shown["title"], shown["matched_job_id"], shown["matched_job"]["company"]) == (
        "Shortlist",
        "job-of-old",
        "Quillwork",
    )


def test_a_notice_that_was_not_imported_has_the_link_that_is_read() -> None:
    Job.objects.create(identifier="job-1", season=SEASON, company="Quillwork", role="Analyst")
    assert read_again(company="Quillwork", role="Analyst").job_key == "job-1"
    assert read_again().job_key == ""


# --- twins of jobs and users --------------------------------------------------


@pytest.mark.parametrize("batch", [1, 500])
def test_of_twins_of_a_job_the_older_is_kept_with_what_only_the_newer_has(
    there: Database[Doc], monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(importer, "BATCH", batch)
    older = job("job-1", location="", required_skills=[], package=0)
    newer = job("job-1", company="Another", location="Noida", required_skills=["SQL"], package=900_000)
    there["Jobs"].insert_many([older, newer])
    assert "Jobs: 1 new, 0 changed, 0 unchanged, 0 refused, 1 merged" in brought()
    row = Job.objects.get()
    assert (row.company, row.location, row.skills, row.package) == ("Quillwork", "Noida", ["SQL"], Decimal(900_000))
    assert "Jobs: 0 new, 0 changed, 2 unchanged, 0 refused\n" in brought()
    rebuilt()
    assert list(there["Jobs"].find().sort("_id")) == [older, newer]


def test_a_twin_that_changes_there_still_gives_only_what_the_older_lacks(there: Database[Doc]) -> None:
    there["Jobs"].insert_many([job("job-1", location=""), job("job-1", company="Another", location="Noida")])
    brought()
    there["Jobs"].update_one({"company": "Another"}, {"$set": {"location": "Gurugram", "job_profile": "Cook"}})
    there["Jobs"].update_one({"company": "Quillwork"}, {"$set": {"placement_category": "Super Dream"}})
    assert "Jobs: 0 new, 2 changed, 0 unchanged, 0 refused" in brought()
    row = Job.objects.get()
    assert (row.company, row.role, row.location, row.category_name) == (
        "Quillwork",
        "Analyst",
        "Gurugram",
        "Super Dream",
    )


def test_a_job_that_changes_here_changes_in_all_its_twins(there: Database[Doc]) -> None:
    """The site takes the first it finds by its id."""
    there["Jobs"].insert_many([job("job-1"), job("job-1")])
    brought()
    Job.objects.update(location="Noida", updated_at=timezone.now())
    rebuilt()
    assert [row["location"] for row in there["Jobs"].find()] == ["Noida", "Noida"]


@pytest.mark.parametrize("written", [{}, {"is_active": None}, {"is_active": "perhaps"}])
def test_a_user_who_is_not_marked_as_active_is_not(there: Database[Doc], written: Doc) -> None:
    there["Users"].insert_one({**without(user(700001), "is_active"), **written})
    brought()
    assert Subscription.objects.get().state == "off"
    assert subscriptions.standing(700001) is not None


@pytest.mark.parametrize("batch", [1, 500])
@pytest.mark.parametrize("states", [(True, False), (False, True), (True, False, True)])
def test_of_twins_of_a_user_one_who_left_once_stays_away(
    there: Database[Doc], monkeypatch: pytest.MonkeyPatch, states: tuple[bool, ...], batch: int
) -> None:
    monkeypatch.setattr(importer, "BATCH", batch)
    there["Users"].insert_many([user(700001, is_active=state) for state in states])
    assert f"Users: 1 new, 0 changed, 0 unchanged, 0 refused, {len(states) - 1} merged" in brought()
    assert Subscription.objects.get().state == "off"
    there["Users"].update_one({"is_active": True}, {"$set": {"first_name": "Renamed"}})
    brought()
    assert Subscription.objects.get().state == "off"


def test_twins_who_both_are_active_are_told(there: Database[Doc]) -> None:
    there["Users"].insert_many([user(700001), user(700001)])
    brought()
    assert Subscription.objects.get().state == "active"


def test_whoever_is_forgotten_is_deleted_in_all_twins(there: Database[Doc]) -> None:
    there["Users"].insert_many([user(700001), user(700001), user(700002)])
    brought()
    forgetting.forget(700001)
    tasks.mirror()
    assert [row["user_id"] for row in there["Users"].find()] == [700002]
    assert MongoDocument.objects.filter(collection="Users").count() == 1


# --- official snapshots -------------------------------------------------------


def test_snapshots_that_lack_a_time_batches_or_a_name_are_taken(there: Database[Doc]) -> None:
    unnamed = {**official("x")["batches"][0], "batch_name": None}
    odd = [
        without(official("x"), "scrape_timestamp"),
        official("yesterday"),
        without(official("2025-10-01T06:30:00+00:00"), "batches"),
        official("2025-10-02T06:30:00+00:00", batches=[unnamed]),
        official("2025-10-03T06:30:00+00:00"),
    ]
    for document in odd[:2]:
        document["_id"] = ObjectId.from_datetime(datetime(2025, 9, 1, tzinfo=UTC))
    odd[1]["_id"] = ObjectId(str(odd[0]["_id"])[:-1] + "7")
    there["OfficialPlacementData"].insert_many([dict(document) for document in odd])
    assert "OfficialPlacementData: 5 new, 0 changed, 0 unchanged, 0 refused\n" in brought()
    assert OfficialSnapshot.objects.count() == 5
    by_time = {row.first_seen_at.date().isoformat(): row.content["batches"] for row in OfficialSnapshot.objects.all()}
    assert by_time["2025-10-01"][0]["batch_name"] == by_time["2025-10-02"][0]["batch_name"] == "Batch 2027"
    assert by_time["2025-10-02"][0]["placement_pointers"] == ["81 Companies Visited"]

    rebuilt()
    newest = there["OfficialPlacementData"].find_one(sort=[("scrape_timestamp", -1)]) or {}
    assert newest["_id"] == odd[4]["_id"]
    assert all(isinstance(row["batches"], list) for row in there["OfficialPlacementData"].find())


def test_a_snapshot_without_any_time_is_never_the_newest(there: Database[Doc]) -> None:
    nameless = without(official("x"), "scrape_timestamp", "_id")
    there["OfficialPlacementData"].insert_many([official("2025-10-01T06:30:00+00:00"), {**nameless, "_id": "odd"}])
    brought()
    assert OfficialSnapshot.objects.latest().first_seen_at.year == 2025


def test_the_next_reading_is_not_compared_with_what_lacks_its_batches(there: Database[Doc]) -> None:
    there["OfficialPlacementData"].insert_many(
        [official("2025-10-01T06:30:00+00:00"), without(official("2025-10-02T06:30:00+00:00"), "batches")]
    )
    brought()
    assert not changes_to(without(official("now"), "scrape_timestamp", "_id"))


def test_a_policy_that_is_told_anew_keeps_dates_nobody_understands(there: Database[Doc]) -> None:
    there["Policies"].insert_one(policy(2026, updatedDates="last August"))
    brought()
    put_policy(PolicyNews(year=2026, title="Policy", content="# Other rules"))
    tasks.mirror()
    assert (there["Policies"].find_one() or {})["updatedDates"] == "last August"
