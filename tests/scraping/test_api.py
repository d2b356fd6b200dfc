"""Jobs over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from scraping.models import Job
from tests.problems import problem_of
from tests.season import fill_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _jobs() -> None:
    fill_jobs()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("?company=MARBLE", 1),
        ("?q=marble+analyst", 1),
        ("?q=%25", 0),
        ("?season=2026-27", 6),
        ("?season=202526", 0),
        ("?offset=6", 6),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, count: int) -> None:
    assert client.get(f"/api/jobs{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["?season=202599", "?limit=0", "?offset=-1", "?company=" + "x" * 201])
def test_a_query_that_makes_no_sense_is_422(client: Client, query: str) -> None:
    assert client.get(f"/api/jobs{query}").status_code == 422


def test_open_ones_have_their_deadline_to_come_and_the_nearest_comes_first(client: Client) -> None:
    Job.objects.filter(identifier="job-4").update(deadline=None)
    found = client.get("/api/jobs?open=true&sort=deadline").json()["items"]
    assert [job["id"] for job in found] == ["job-2", "job-3", "job-5"]
    over = client.get("/api/jobs?open=false&sort=-deadline").json()["items"]
    assert [job["id"] for job in over] == ["job-1", "job-0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("branch=CSE", {"job-0", "job-1", "job-2", "job-3", "job-4"}),
        ("branch=Computer+Science", {"job-0", "job-1", "job-2", "job-3", "job-4"}),
        ("branch=ece", {"job-4", "job-5"}),
        ("branch=Civil", {"job-4"}),
        ("pay_from=1500000", {"job-3", "job-4", "job-5"}),
        ("pay_from=300000", {"job-0", "job-1", "job-2", "job-3", "job-4", "job-5"}),
        ("branch=CSE&pay_from=1500001", {"job-4"}),
        ("branch=CSE&pay_from=10000000000", set()),
    ],
)
def test_by_branch_and_by_what_they_may_pay(client: Client, query: str, found: set[str]) -> None:
    Job.objects.filter(identifier="job-4").update(courses=[])
    Job.objects.filter(identifier="job-5").update(courses=["B.Tech - Electronics & Communication", "MCA"])
    assert {job["id"] for job in client.get(f"/api/jobs?{query}").json()["items"]} == found


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        ({"package": 1_234_567}, {"low": 1_234_567, "high": 1_234_567, "text": "₹12.35 LPA"}),
        ({"package": None, "ctc_min": 8, "ctc_max": 12.5}, {"low": 800_000, "high": 1_250_000, "text": "₹8–12.5 LPA"}),
        ({"package": 18, "ctc_max": 22}, {"low": 1_800_000, "high": 2_200_000, "text": "₹18–22 LPA"}),
        (
            {"package": 1_800_000, "ctc_min": 16, "ctc_max": 22},
            {"low": 1_600_000, "high": 2_200_000, "text": "₹16–22 LPA"},
        ),
        (
            {"package": 18, "ctc_min": 1_800_000, "ctc_max": 0},
            {"low": 1_800_000, "high": 1_800_000, "text": "₹18 LPA"},
        ),
        ({"package": 25_000, "interval": "MONTHLY"}, {"low": 300_000, "high": 300_000, "text": "₹25,000/month"}),
        ({"package": 0}, None),
    ],
)
def test_pay_is_rupees_a_year_beside_its_text(client: Client, fields: dict[str, Any], pay: object) -> None:
    Job.objects.filter(identifier="job-3").update(**fields)
    assert client.get("/api/jobs/job-3").json()["pay"] == pay


def test_its_filters_cost_a_statement_each(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):
        client.get("/api/jobs?branch=CSE&pay_from=1500000&open=true")


def test_one_comes_with_its_documents(client: Client) -> None:
    shown = client.get("/api/jobs/job-3").json()
    assert (shown["id"], shown["company"]) == ("job-3", "Nimbus Cloud")
    assert shown["documents"][0]["url"].startswith("https://")
    assert problem_of(client.get("/api/jobs/none"))[0] == 404


def test_one_is_found_whatever_signs_its_identifier_has(client: Client) -> None:
    Job.objects.filter(identifier="job-3").update(identifier="a/b c#é?")
    for spelled in (quote("a/b c#é?"), quote("a/b c#é?", safe="")):
        assert client.get(f"/api/jobs/{spelled}").json()["id"] == "a/b c#é?"


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    tag = client.get("/api/jobs").headers["ETag"]
    assert client.get("/api/jobs", headers={"If-None-Match": tag}).status_code == 304
    Job.objects.filter(identifier="job-3").delete()
    assert client.get("/api/jobs", headers={"If-None-Match": tag}).status_code == 200
