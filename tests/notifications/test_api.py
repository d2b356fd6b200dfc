"""Notices over HTTP: what is there to read, filtered, paged and cacheable, without the students they name."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from notifications.models import Notice
from notifications.publishing.publish import Draft, publish, withdraw
from tests.problems import problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def notices(draft: Callable[..., Draft]) -> list[Notice]:
    roster = ({"name": "Aarav Sharma", "enrollment": "22103001"},)
    return [
        publish(drafted).notice
        for drafted in (
            draft("a", title="Zenith Labs visits", company="Zenith Labs", category="update", body="Bring a laptop"),
            draft(
                "b",
                title="Shortlist",
                company="Orbit",
                category="shortlisting",
                roster=roster,
                body="<b>Be</b> in LT-3",
            ),
            draft("c", title="Old", season=202526),
        )
    ]


def titles(client: Client, query: str = "") -> list[str]:
    return sorted(item["title"] for item in client.get(f"/api/notices{query}").json()["items"])


@pytest.mark.usefixtures("notices")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Old", "Shortlist", "Zenith Labs visits"]),
        ("?category=shortlisting", ["Shortlist"]),
        ("?season=202526", ["Old"]),
        ("?company=zenith", ["Zenith Labs visits"]),
        ("?q=laptop", ["Zenith Labs visits"]),
        ("?q=orbit+shortlist", ["Shortlist"]),
        ("?q=orbit+zenith", []),
        ("?q=%25", []),
        ("?season=2025-26", ["Old"]),
        ("?season=202425", []),
        ("?limit=1&offset=9999999", []),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, found: list[str]) -> None:
    assert titles(client, query) == found


def test_no_company_tells_which_student_it_names(client: Client, draft: Callable[..., Draft]) -> None:
    roster = ({"name": "Aarav Sharma", "enrollment": "22103001"},)
    publish(draft("d", title="Result", company="Aarav Sharma", category="shortlisting", roster=roster))
    for address in ("/api/notices?company=Aarav", "/api/notices?company=22103001"):
        assert client.get(address).json()["items"] == []
    assert "Result" not in client.get("/?company=Aarav", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    "query",
    [
        "?category=none",
        "?season=x",
        "?season=202599",
        "?season=99999999999999999999",
        "?limit=0",
        "?limit=1001",
        "?offset=-1",
        "?offset=99999999999999999999",
        "?q=" + "x" * 201,
    ],
)
def test_a_query_that_makes_no_sense_is_422(client: Client, query: str) -> None:
    response = client.get(f"/api/notices{query}")
    assert problem_of(response)[0] == 422


def test_students_are_counted_not_named(client: Client, notices: list[Notice]) -> None:
    for path in ("/api/notices", f"/api/notices/{notices[1].pk}"):
        text = client.get(path).text
        assert "Aarav" not in text
        assert "22103001" not in text
    answer = client.get(f"/api/notices/{notices[1].pk}").json()
    assert (answer["students"], answer["text"]) == (1, "Be in LT-3")


def test_a_withdrawn_notice_is_gone(client: Client, notices: list[Notice]) -> None:
    withdraw("a")
    assert titles(client) == ["Old", "Shortlist"]
    assert client.get(f"/api/notices/{notices[0].pk}").status_code == 404


@pytest.mark.usefixtures("notices")
def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get("/api/notices")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/api/notices", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    withdraw("a")
    assert client.get("/api/notices", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.usefixtures("notices")
def test_a_page_takes_three_statements(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        assert client.get("/api/notices?limit=2").json()["count"] == 3
