"""What is due next, for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.subscribing.subscriptions import Standing
from notifications.models import Notice
from notifications.publishing.publish import Draft, amend, publish
from scraping.lookup.commands import heading
from scraping.lookup.deadlines import EVERYTHING, next_deadlines, wanted_by
from scraping.lookup.words import due_lines
from scraping.models import Job

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ASHA = {"name": "Asha Verma", "enrollment": "22103001"}


def job(identifier: str, hours: float, **fields: object) -> Job:
    made = {"season": 202627, "company": "Zenith", "role": identifier, "deadline": NOW + timedelta(hours=hours)}
    return Job.objects.create(identifier=identifier, **(made | fields))


def tell(key: str, hours: float, **fields: object) -> None:
    draft = {"title": key, "season": 202627, "category": "update", "deadline": NOW + timedelta(hours=hours)}
    publish(Draft(external_key=key, **(draft | fields)), announce=False)  # type: ignore[arg-type] # as the fields are


def titles(standing: Standing | None = None, *, names: bool = False) -> list[str]:
    return [due.title for due in next_deadlines(NOW, 10, wanted_by(standing), names=names)]


def test_jobs_and_notices_come_by_deadline_and_each_once() -> None:
    job("late", 9)
    job("over", -1)
    job("never", 0, deadline=None)
    job("soon", 1)
    tell("posting", 1, job_key="soon")
    tell("form", 5, job_key="soon")
    tell("gone", -5)
    assert titles() == ["Zenith · soon", "form", "Zenith · late"]


def test_a_job_is_listed_once_by_what_its_newest_posting_says() -> None:
    job("soon", 9)
    tell("first", 9, job_key="soon", category="job_posting", published_at=NOW - timedelta(hours=2))
    tell("again", 7, job_key="soon", category="job_posting", published_at=NOW - timedelta(hours=1))
    amend(Notice.objects.get(external_key="again").pk, {"deadline": NOW + timedelta(hours=2)})
    assert [(due.title, due.at) for due in next_deadlines(NOW, 10)] == [("Zenith · soon", NOW + timedelta(hours=2))]


def test_ten_at_most() -> None:
    for number in range(8):
        job(f"{number}", number + 1)
        tell(f"n{number}", number + 1.5)
    assert len(titles()) == 10
    assert titles()[:3] == ["Zenith · 0", "n0", "Zenith · 1"]


def test_only_ones_seasons_and_categories() -> None:
    job("mine", 1)
    job("older", 2, season=202526)
    tell("muted", 3, category="webinar")
    tell("for all", 4, season=None)
    tell("another's", 5, season=202526)
    mine = Standing(True, "", False, (202627,), frozenset({"webinar"}))
    assert titles(mine) == ["Zenith · mine", "for all"]
    everything = Standing(True, "", True, (), frozenset())
    assert len(titles(everything)) == len(titles()) == 5


def test_titles_name_nobody_but_to_members() -> None:
    tell("Asha Verma, fill the form", 1, category="update", roster=(ASHA,))
    assert titles() == ["…, fill the form"]
    assert titles(names=True) == ["Asha Verma, fill the form"]


def test_it_takes_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        job(f"{number}", number + 1)
        tell(f"n{number}", number + 1, roster=(ASHA,))
    with django_assert_num_queries(2):
        next_deadlines(NOW, 10, EVERYTHING)


def test_what_is_not_open_to_one_comes_last_and_what_can_not_be_told_does_not(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rule = {"name": "cgpa", "value": 7.5, "quote": "CGPA 7.5", "program": ""}
    tell("closed", 1, category="job_posting", eligibility=(rule,))
    tell("open", 3, category="job_posting", eligibility=({**rule, "value": 6.5},))
    tell("unclear", 4, category="job_posting", eligibility=({**rule, "name": "x", "value": 70},))
    tell("form", 2)
    with django_assert_num_queries(3):
        due = next_deadlines(NOW, 10, facts={"cgpa": "7.0"})
    assert [(one.title, one.closed) for one in due] == [
        ("form", False),
        ("open", False),
        ("unclear", False),
        ("closed", True),
    ]
    assert "🚫 not open to you" in due_lines(due, NOW)[-1]
    assert heading(due) == "Open now, the nearest deadline first; what is not open to you comes last:"
    assert heading(due[:3]) == "Open now, the nearest deadline first:"
    assert [one.title for one in next_deadlines(NOW, 3, facts={"cgpa": "7.0"})] == ["form", "open", "unclear"]
    assert titles()[0] == "closed"
