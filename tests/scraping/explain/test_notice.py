import json

import pytest

from scraping.explain.notice import explain_notice
from tests.scraping.reading.notices import JOBS, PUBLISHED

RAW = {
    "identifier": "n1",
    "title": "Shortlist published for Stage 2 (Online Test)  of Nimbus Robotics Pvt Ltd's Software Engineer Intern ",
    "content": "<p>Test on 20 Sept at 5 PM. Confirm by 19 Sept at https://x.example/a</p>"
    "<ol><li>Asha Rao (23510417)</li></ol>",
    "lastModifiedByUserName": "T&P",
    "publishedAt": int(PUBLISHED.timestamp() * 1000),
    "lastModifiedOn": None,
}


def test_a_notice_explained() -> None:
    explained = explain_notice(RAW, JOBS)
    assert explained == {
        "id": "n1",
        "category": "shortlisting",
        "company": "Nimbus Robotics Pvt Ltd",
        "role": "Software Engineer Intern",
        "stage": "Stage 2 (Online Test)",
        "roster": [{"name": "Asha Rao", "enrollment": "23510417"}],
        "meaning": "shortlisted",
        "other_lists": [],
        "state": None,
        "unread_numbers": 0,
        "deadline": "2026-09-19",
        "event_at": "2026-09-20T17:00:00+05:30",
        "venue": None,
        "links": ["https://x.example/a"],
        "job_id": "nimbus-intern",
        "companies": [],
        "deadlines": [],
        "events": [],
        "eligibility": None,
        "eligibility_rules": [],
        "rule": "title.shortlist",
        "confidence": 0.99,
        "evidence": explained["evidence"],
    }
    assert json.loads(json.dumps(explained)) == explained


def test_without_jobs_nothing_is_linked() -> None:
    assert explain_notice(RAW)["job_id"] is None


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"title": "t"}, {"identifier": "n1"}])
def test_what_is_no_notice_is_refused_with_a_reason(raw: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        explain_notice(raw)
