"""A MongoDB in memory behind the real client's door, with documents as older installations have them."""

from datetime import UTC, datetime
from typing import Any

import mongomock
import pytest
from bson import ObjectId
from mongomock.collection import BulkOperationBuilder
from mongomock.store import ServerStore
from pymongo.database import Database
from pytest_django import Settings

from scraping.mongo import client

Doc = dict[str, Any]
AT = 1_760_000_000_000
SAVED = datetime(2025, 10, 9, 9, 0, 1)  # noqa: DTZ001 (as BSON holds it)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Any:
    """One server for all connections. mongomock does not know the `sort` of pymongo 4.20's updates."""
    add_update: Any = BulkOperationBuilder.add_update

    def without_sort(self: Any, *args: Any, sort: object = None, **options: Any) -> Any:
        return add_update(self, *args, **options)

    store = ServerStore()  # type: ignore[no-untyped-call]  # the library is not typed
    monkeypatch.setattr(BulkOperationBuilder, "add_update", without_sort)
    monkeypatch.setattr(client, "MongoClient", lambda *_, **__: mongomock.MongoClient(_store=store))
    settings.MONGO_CONNECTION_STR = "mongodb://reader:secret-word@mongo.example/"
    return mongomock.MongoClient(_store=store)


@pytest.fixture
def old(server: Any) -> Database[Doc]:
    """An existing installation: two of each, everything regular."""
    database: Database[Doc] = server["SupersetPlacement"]
    for name, documents in whole().items():
        database[name].insert_many(documents)
    return database


@pytest.fixture
def empty(settings: Settings, server: Any) -> Database[Doc]:
    """Where a mirror is built anew, after an import from `old`."""
    settings.MONGO_DATABASE = "Rebuilt"
    database: Database[Doc] = server["Rebuilt"]
    return database


def whole() -> dict[str, list[Doc]]:
    return {
        "Users": [user(700001), user(700002, is_active=False)],
        "Jobs": [job("job-1"), job("job-2", company="Larkspur Labs")],
        "Notices": [notice("n-1"), notice("n-2", sent_to_telegram=False, title="Unsent")],
        "PlacementOffers": [offer("Quillwork"), offer("Larkspur Labs")],
        "Policies": [policy(2026), policy(2027)],
        "OfficialPlacementData": [official("2025-10-01T06:30:00+00:00"), official("2025-10-02T06:30:00+00:00")],
    }


def notice(key: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "id": key,
        "title": "Shortlist for the coding round",
        "content": "<p>The following students are shortlisted.</p>",
        "author": "Placement Cell",
        "createdAt": AT,
        "updatedAt": AT,
        "source": "Superset",
        "category": "shortlisting",
        "type": "shortlisting",
        "formatted_message": "**Shortlist**\n1. Asha Rao",
        "matched_job_id": "job-1",
        "matched_job": {"id": "job-1", "company": "Quillwork", "job_profile": "Analyst"},
        "job_company": "Quillwork",
        "job_role": "Analyst",
        "job_location": "Pune",
        "package": "12 LPA",
        "package_breakdown": None,
        "deadline": AT + 86_400_000,
        "links": ["https://example.com/form"],
        "students": [{"name": "Asha Rao", "enrollment": "22103001"}],
        "shortlisted_students": [{"name": "Asha Rao", "enrollment_number": "22103001"}],
        "students_count": 1,
        "placement_offer_ref": None,
        "is_update": False,
        "new_students_count": 0,
        "time_sent": "2025-10-09T08:53:20+00:00",
        "sent_to_telegram": True,
        "sent_at": SAVED,
        "saved_at": SAVED,
    } | fields


def job(key: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "id": key,
        "job_profile": "Analyst",
        "company": "Quillwork",
        "placement_category_code": 2,
        "placement_category": "Dream",
        "content": "<p>About</p>",
        "createdAt": AT,
        "deadline": AT + 86_400_000,
        "eligibility_marks": [{"level": "UG", "criteria": 7.5}],
        "eligibility_courses": ["B.Tech. - CSE"],
        "allowed_genders": ["Female", "Male"],
        "job_description": "<p>Do things</p>",
        "location": "Pune",
        "package": 1_200_000,
        "annum_months": "ANNUAL",
        "package_info": "<p>12 LPA</p>",
        "required_skills": ["SQL"],
        "hiring_flow": ["Test", "Interview"],
        "placement_type": "Full time",
        "documents": [{"name": "JD.pdf", "identifier": "doc-1", "url": "https://example.com/jd"}],
        "saved_at": SAVED,
        "updated_at": SAVED,
    } | fields


def offer(company: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "company": company,
        "roles": [{"role": "Analyst", "package": 12.5, "package_details": "base 10"}],
        "job_location": ["Pune"],
        "joining_date": "2026-07-01",
        "students_selected": [
            {
                "name": "Asha Rao",
                "enrollment_number": "22103001",
                "email": "asha@example.edu",
                "role": "Analyst",
                "package": 12.5,
            }
        ],
        "number_of_offers": 1,
        "additional_info": "Bond of a year",
        "email_subject": f"Offers of {company}",
        "email_sender": "cell@example.edu",
        "time_sent": "2025-10-09T08:53:20+00:00",
        "createdAt": AT,
        "saved_at": SAVED,
        "updated_at": SAVED,
    } | fields


def user(key: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "user_id": key,
        "chat_id": key,
        "username": f"student{key}",
        "first_name": "Asha",
        "last_name": "Rao Iyer",
        "is_active": True,
        "created_at": SAVED,
        "updated_at": SAVED,
        "push_subscriptions": [],
    } | fields


def policy(year: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "slug": f"policy-{year}",
        "title": f"Placement policy {year}",
        "description": "The rules",
        "badge": "New",
        "year": year,
        "updatedDates": ["2025-08-01"],
        "published": True,
        "contentFormat": "markdown",
        "content": "# Rules\n\n- One offer each",
        "toc": [{"id": "rules", "text": "Rules", "level": 1}],
        "createdAt": SAVED,
        "updatedAt": SAVED,
    } | fields


def official(at: object, **fields: Any) -> Doc:
    return {
        "_id": ObjectId(),
        "scrape_timestamp": at,
        "main_heading": "Placements",
        "intro_text": "How it went",
        "recruiter_logos": [{"src": "https://example.com/q.png", "alt": "Quillwork"}],
        "batches": [
            {
                "batch_name": "Graduating Batch 2026",
                "is_active": True,
                "placement_pointers": ["81 Companies Visited"],
                "package_distribution": [{"category": "CSE", "average": "9.1", "median": "8.0"}],
            }
        ],
        "content_hash": "of-the-old-bot",
    } | fields


def utc(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)
