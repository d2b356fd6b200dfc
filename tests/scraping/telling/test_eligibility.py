"""Who may apply, as a notice keeps it: what its text states, and what its job says beside it."""

import pytest
from django.utils import timezone

from accounts.categories import Category
from scraping.items import Criterion, Facts, PortalNotice
from scraping.models import Job
from scraping.telling.facts_draft import facts_draft
from scraping.telling.portal_draft import job_draft, notice_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return Job.objects.create(
        identifier="orbit",
        season=202627,
        company="Orbit Labs",
        role="Engineer",
        marks=[{"level": "UG", "criteria": 7.0}, {"level": "CLASS_X", "criteria": 60.0}],
        courses=["B.Tech - CSE"],
        genders=["Female", "Male", "Other"],
    )


def told(criteria: tuple[dict[str, object], ...]) -> dict[object, object]:
    return {criterion["name"]: criterion["value"] for criterion in criteria}


def test_a_job_of_the_portal_says_who_may_apply(job: Job) -> None:
    assert told(job_draft(job).eligibility) == {"cgpa": 7.0, "x": 60, "branches": ("CSE",), "programs": ("B.Tech",)}


def test_what_the_text_states_wins_over_its_job(job: Job) -> None:
    stated = (Criterion("cgpa", 6.5, "CGPA is now 6.5"), Criterion("backlogs", 0, "no backlogs"))
    facts = Facts(Category.JOB_POSTING, "title.job", 0.9, eligibility=stated)
    draft = facts_draft(facts, job, 202627)
    assert told(draft.eligibility) == {
        "cgpa": 6.5,
        "backlogs": 0,
        "x": 60,
        "branches": ("CSE",),
        "programs": ("B.Tech",),
    }
    assert draft.eligibility[0]["quote"] == "CGPA is now 6.5"


def test_a_rule_of_the_text_that_the_portal_has_no_field_for_is_shown(job: Job) -> None:
    stated = (Criterion("backlogs", 0, "no backlogs"), Criterion("cgpa", 7.0, "CGPA 7"))
    facts = Facts(Category.JOB_POSTING, "title.job", 0.9, eligibility=stated)
    notice = PortalNotice("n", "Orbit Labs hires", "", "T&P", timezone.now(), timezone.now())
    shown = notice_draft(notice, facts, job, 202627, "").details["Who can apply"]
    assert shown == "B.Tech CSE · UG: 7.0 CGPA · Class 10: 60 % · at most 0 backlogs now"


def test_news_of_a_job_that_is_no_posting_keeps_only_its_own_criteria(job: Job) -> None:
    assert facts_draft(Facts(Category.UPDATE, "title.change", 0.9), job, 202627).eligibility == ()
