"""Placements and offers over HTTP: figures for all, names for those with a key."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from scraping.models import Branch, Offer, OfferedStudent
from scraping.placements.counted import settle
from tests.conftest import MakeKey
from tests.scraping.placements.placed_offers import SEASON, write, write_branches
from tests.scraping.placements.test_reference_statistics import KESTREL, OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _placements(settings: Settings) -> None:
    settings.ACTIVE_PLACEMENT_YEAR = SEASON
    write_branches()
    write(OFFERS)


def get(client: Client, **query: str | int) -> dict[str, Any]:
    response = client.get("/api/stats/placements", query)
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def test_the_figures_of_the_active_season(client: Client) -> None:
    answer = get(client)
    assert (answer["season"], answer["season_name"]) == (SEASON, "2025-26")
    assert answer["overall"] == {
        "offers": 5,
        "students": 4,
        "eligible": 946,
        "percentage": 0.42,
        "average": 19.17,
        "median": 20.0,
        "highest": 25.5,
        "average_pay": {"low": 1_917_000, "high": 1_917_000, "text": "₹19.17 LPA"},
        "median_pay": {"low": 2_000_000, "high": 2_000_000, "text": "₹20 LPA"},
        "highest_pay": {"low": 2_550_000, "high": 2_550_000, "text": "₹25.5 LPA"},
        "companies": 3,
    }
    assert answer["branches"][0]["branch"] == "CSE"
    assert answer["companies"][0] == {
        "company": "Kestrel Systems",
        "students": 3,
        "roles": ["Analyst", "Engineer"],
        "average": 19.17,
        "highest": 25.5,
        "average_pay": {"low": 1_917_000, "high": 1_917_000, "text": "₹19.17 LPA"},
        "highest_pay": {"low": 2_550_000, "high": 2_550_000, "text": "₹25.5 LPA"},
    }


def test_filters_narrow_the_figures(client: Client) -> None:
    assert get(client, company="kestrel systems", branch="CSE")["overall"]["students"] == 2
    assert get(client, package_from="12", package_to=20)["overall"]["students"] == 2
    assert get(client, location="pune", role="engineer")["overall"]["students"] == 2
    assert get(client, q="analy")["overall"]["students"] == 2
    assert get(client, season="2026-27")["overall"]["students"] == 0
    assert [row["branch"] for row in get(client, left_out=True)["branches"]][-3:] == ["JUIT", "MTech", "Other"]


@pytest.mark.parametrize(
    "query", [{"season": "202599"}, {"package_from": "lots"}, {"package_to": "NaN"}, {"q": "x" * 201}]
)
def test_a_question_that_makes_no_sense_is_422(client: Client, query: dict[str, str]) -> None:
    assert client.get("/api/stats/placements", query).status_code == 422


def test_without_a_key_nobody_is_found_by_name_or_number(client: Client, api_key: MakeKey) -> None:
    for question in ("asha", "22103001"):
        assert get(client, q=question)["overall"]["students"] == 0
        found = client.get("/api/stats/placements", {"q": question}, headers=api_key("stats")).json()
        assert found["overall"]["students"] == 1


def test_warm_figures_cost_three_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    get(client)
    with django_assert_num_queries(3):
        get(client)


def one_head_more() -> None:
    branch = Branch.objects.filter(branch="CSE")[0]
    branch.students += 100
    branch.save()


def student_moves() -> None:
    OfferedStudent.objects.filter(name="Asha Verma").update(package=44)
    for offer in Offer.objects.all():
        settle(offer)


@pytest.mark.parametrize(
    "change",
    [
        student_moves,
        lambda: write([{**KESTREL, "company": "Quartzite"}]),
        lambda: Offer.objects.filter(company="Kestrel Systems").delete(),
        lambda: Branch.objects.create(season=SEASON, branch="BT", start=1, end=2, students=100),
        one_head_more,
    ],
    ids=["a package", "a new offer", "an offer is deleted", "a new branch", "a head count"],
)
def test_figures_follow_every_change_at_once(client: Client, change: Any) -> None:
    before = get(client)["overall"]
    change()
    assert get(client)["overall"] != before


def test_a_table_of_companies_as_csv(client: Client) -> None:
    write([{**KESTREL, "company": "=1+1 Systems"}])
    response = client.get("/api/stats/placements.csv")
    rows = list(csv.reader(StringIO(response.content.decode())))
    assert response["Content-Disposition"] == 'attachment; filename="placements-202526.csv"'
    assert rows[0] == ["Company", "Students", "Roles", "Average (LPA)", "Highest (LPA)"]
    assert rows[1][0] == "'=1+1 Systems"
    assert rows[2] == ["Kestrel Systems", "3", "Analyst; Engineer", "19.17", "25.50"]


def test_offers_are_listed_without_names(client: Client) -> None:
    body = client.get("/api/offers", {"company": "kestrel"}).json()
    assert body["count"] == 1
    assert body["items"][0]["roles"][0] == {
        "role": "Engineer",
        "package": 20.0,
        "pay": {"low": 2_000_000, "high": 2_000_000, "text": "₹20 LPA"},
        "details": "",
    }
    assert client.get("/api/offers", {"q": "analyst kestrel"}).json()["count"] == 1
    assert "Asha" not in client.get("/api/offers").content.decode()


def test_the_students_of_an_offer_are_for_a_key_with_scope_stats(client: Client, api_key: MakeKey) -> None:
    address = f"/api/offers/{Offer.objects.get(company='Kestrel Systems').pk}"
    assert client.get(address).json()["students"] is None
    shown = client.get(address, headers=api_key("stats")).json()["students"]
    assert shown[0].pop("pay") == {"low": 2_000_000, "high": 2_000_000, "text": "₹20 LPA"}
    assert shown[0] == {"name": "Asha Verma", "enrollment": "22103001", "role": "Engineer", "package": 20.0}
    expired = api_key("stats", expires_at=timezone.now() - timedelta(days=1))
    assert client.get(address, headers=expired).json()["students"] is None
    assert client.get("/api/offers/999999").status_code == 404


def test_a_list_of_offers_names_their_students_to_a_key_with_scope_stats(
    client: Client, api_key: MakeKey, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        shown = client.get("/api/offers", headers=api_key("stats"))
    assert "Asha Verma" in [student["name"] for offer in shown.json()["items"] for student in offer["students"]]
    assert shown.headers["Cache-Control"] == "private"
    assert {"X-API-Key", "Authorization"} <= set(shown.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/api/offers", "/api/stats/placements?q=asha", "/api/stats/placements.csv?q=asha"])
def test_a_key_of_another_scope_opens_what_is_open_to_all(client: Client, api_key: MakeKey, path: str) -> None:
    answer = client.get(path, headers=api_key("notify"))
    assert (answer.status_code, answer.content) == (200, client.get(path).content)


@pytest.mark.parametrize("address", ["/api/offers", "/companies/Zenith%20Works", "/api/stats/placements"])
def test_a_role_that_names_its_student_is_masked(client: Client, address: str) -> None:
    student = {"name": "Aarav Sharma", "enrollment": "22103077"}
    roles = [{"role": "SDE - Aarav Sharma", "package": 12}]
    write([{"season": SEASON, "company": "Zenith Works", "roles": roles, "students": [student]}])
    answer = client.get(address, {"season": SEASON}, headers={"Accept": "text/html"}).content.decode()
    assert "Zenith Works" in answer
    assert "SDE - …" in answer or "SDE - \\u2026" in answer
    assert "Aarav" not in answer
    assert client.get("/api/offers", {"q": "aarav"}).json()["count"] == 0
