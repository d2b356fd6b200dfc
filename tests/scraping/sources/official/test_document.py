"""The shape existing readers know, and the hash that tells a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from scraping.sources.official.document import as_document, content_hash, from_document
from scraping.sources.official.figures import differences
from scraping.sources.official.page import Batch, Card, OfficialPage, PackageRow, Recruiter
from scraping.sources.official.parse import parse_page
from tests.scraping.sources.official.pages import URL, today

PAGE = OfficialPage(
    batches=(
        Batch("Batch 2027", (Card("81", "Companies Visited"), Card("", "Many offers")), is_active=True),
        Batch("Batch 2026", (), (PackageRow("Upto Rs. 5 Lacs", "4.1", "4.0"),)),
    ),
    recruiters=(Recruiter("https://x.example/k.png", "Kestrel"), Recruiter("https://x.example/q.png", "")),
    main_heading="Training & Placement",
    intro_text="One office.\n\nTwo campuses.",
)
READ_AT = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))


def test_the_document_has_exactly_the_fields_its_readers_expect() -> None:
    assert as_document(PAGE, READ_AT) == {
        "scrape_timestamp": "2026-11-22T06:30:00.000000+00:00",
        "main_heading": "Training & Placement",
        "intro_text": "One office.\n\nTwo campuses.",
        "recruiter_logos": [
            {"src": "https://x.example/k.png", "alt": "Kestrel"},
            {"src": "https://x.example/q.png", "alt": ""},
        ],
        "batches": [
            {
                "batch_name": "Batch 2027",
                "is_active": True,
                "placement_pointers": ["81 Companies Visited", "Many offers"],
                "package_distribution": [],
            },
            {
                "batch_name": "Batch 2026",
                "is_active": False,
                "placement_pointers": [],
                "package_distribution": [{"category": "Upto Rs. 5 Lacs", "average": "4.1", "median": "4.0"}],
            },
        ],
        "content_hash": content_hash(PAGE),
    }


def test_timestamps_sort_as_text() -> None:
    moments = [datetime(2026, 11, 22, 6, 30, second, micro, UTC) for second in (0, 1) for micro in (0, 5, 500_000)]
    stamps = [as_document(PAGE, moment)["scrape_timestamp"] for moment in moments]
    assert stamps == sorted(stamps)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        as_document(PAGE, READ_AT.replace(tzinfo=None))


def test_the_hash_ignores_the_time_of_reading_and_sees_every_field() -> None:
    later = as_document(PAGE, READ_AT + timedelta(days=1))
    others = [
        replace(PAGE, main_heading="Placement"),
        replace(PAGE, intro_text=""),
        replace(PAGE, recruiters=PAGE.recruiters[:1]),
        replace(PAGE, batches=PAGE.batches[:1]),
        replace(PAGE, batches=(replace(PAGE.batches[0], cards=(Card("82", "Companies Visited"),)), PAGE.batches[1])),
    ]
    assert later["content_hash"] == content_hash(PAGE)
    assert len({content_hash(page) for page in (PAGE, *others)}) == 6
    assert len(content_hash(PAGE)) == 64


@pytest.mark.parametrize("page", [PAGE, parse_page(today(), URL)], ids=["made", "parsed"])
def test_a_document_can_be_compared_with_a_fresh_page(page: OfficialPage) -> None:
    stored = from_document(as_document(page, READ_AT))
    assert content_hash(stored) == content_hash(page)
    assert differences(stored, page) == ()


def test_an_irregular_document_loses_only_what_is_wrong() -> None:
    document = {
        "main_heading": None,
        "recruiter_logos": [None, {"src": "https://x.example/k.png"}, "x"],
        "batches": [
            7,
            {"batch_name": ""},
            {"batch_name": "2025", "is_active": "yes", "placement_pointers": ["9 Offers", None, ""]},
            {"batch_name": "2024", "placement_pointers": "9 Offers", "package_distribution": [{"average": 4}, None]},
        ],
    }
    assert from_document(document) == OfficialPage(
        batches=(
            Batch("2025", (Card("9", "Offers"),), is_active=True),
            Batch("2024", (), (PackageRow("", "", ""),)),
        ),
        recruiters=(Recruiter("https://x.example/k.png", ""),),
    )


@pytest.mark.parametrize("batches", [None, [], "x", [{}], [{"batch_name": 2025}]])
def test_a_document_without_a_batch_is_refused(batches: object) -> None:
    with pytest.raises(ValueError, match="names no batch"):
        from_document({"batches": batches})
