"""The portal's own shapes, from the shared samples."""

import json
from typing import Any

import pytest

from scraping.sources.portal.parse import parse_job, parse_notice
from tests.paths import SAMPLES as ALL_SAMPLES

SAMPLES = ALL_SAMPLES / "portal"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"*** the shared samples are not at {SAMPLES} ***")


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def test_every_notice_parses_whole() -> None:
    notices = [parse_notice(raw) for raw in sample("notices.json")]
    assert len(notices) == 126
    assert all(notice.title and notice.content and notice.author for notice in notices)
    assert all(notice.published_at and notice.modified_at for notice in notices)


def test_no_notice_is_left_encoded_twice() -> None:
    assert not [raw["title"] for raw in sample("notices.json") if "â€" in parse_notice(raw).content]


def test_every_job_parses_whole() -> None:
    details = sample("job_details.json")
    jobs = [parse_job(raw, details[raw["jobProfileIdentifier"]]) for raw in sample("job_profiles.json")]
    assert len(jobs) == 30
    for job in jobs:
        assert all((job.company, job.role, job.category_name, job.created_at, job.location)), job.identifier
        assert all((job.marks, job.courses, job.genders, job.stages, job.description)), job.identifier
