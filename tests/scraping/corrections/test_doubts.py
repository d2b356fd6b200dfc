"""Each reason to look at a reading, and what is none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scraping.corrections.doubts import doubts_of
from scraping.items import Facts, Student

SENT = datetime(2026, 11, 22, 6, tzinfo=UTC)
ASHA = Student("Asha Verma", "22103001", "shortlisted")


def doubts(category: str = "update", confidence: float = 0.9, **facts: Any) -> list[str]:
    return list(doubts_of(Facts(category, "a.rule", confidence, **facts), SENT))


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        ({"confidence": 0.6}, "the rules are unsure what it is"),
        ({"category": "irrelevant", "confidence": 0.6}, "the rules are unsure whether it is for students"),
        ({"unread": 3}, "3 more enrolment numbers stand in the text than were read"),
        ({"roster": (Student("Asha", "1"),)}, "students are listed, and it is not known for what"),
        ({"roster": (ASHA, Student("Bilal", "2"))}, "students are listed, and it is not known for what"),
        (
            {"category": "shortlisting", "roster": (Student("Asha", "1", "absent"),)},
            "it is told as shortlist, and its list says otherwise",
        ),
        (
            {"category": "placement_offer", "roster": (Student("Asha", "1", "withdrawn"),)},
            "it is told as placement offer, and its list says otherwise",
        ),
        (
            {"roster": (ASHA, Student("Asha Verma", "22103001", "waitlisted"))},
            "a student stands on two lists that say different things",
        ),
        ({"deadline": SENT - timedelta(days=2)}, "its deadline was over before it was sent"),
        ({"event_at": date(2026, 11, 20)}, "its date was over before it was sent"),
        ({"event_at": date(2028, 1, 1)}, "its date is more than a year away"),
        (
            {"category": "job_posting", "deadline": date(2026, 12, 9), "event_at": date(2026, 12, 1)},
            "its deadline is after its date",
        ),
    ],
)
def test_a_reason_to_look(facts: dict[str, Any], doubt: str) -> None:
    assert doubts(**facts) == [doubt]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"category": "irrelevant", "unread": 3},
        {"category": "shortlisting", "roster": (ASHA, ASHA)},
        {"category": "shortlisting", "roster": (ASHA, Student("Bilal", "2", "waitlisted"))},
        {"deadline": date(2026, 11, 22), "event_at": SENT - timedelta(hours=3)},
        {"event_at": date(2026, 11, 2), "state": "past"},
        {"category": "update", "deadline": date(2026, 12, 9), "event_at": date(2026, 12, 1)},
    ],
)
def test_no_reason_to_look(facts: dict[str, Any]) -> None:
    assert doubts(**facts) == []


def test_a_text_without_a_time_has_no_past() -> None:
    facts = Facts("update", "a.rule", 0.9, deadline=date(2020, 1, 1))
    assert list(doubts_of(facts, None)) == []
