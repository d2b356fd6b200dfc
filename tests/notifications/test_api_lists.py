"""Lists of the API: in an order, from a cursor on that does not shift, and only what is asked for."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.web.cursors import after, cursor_of, ordered
from notifications.models import Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.rendering.public import visible_notices
from tests.problems import misfits_of, problem_of

pytestmark = pytest.mark.django_db
SORTS = ["-published_at", "published_at", "-updated_at", "updated_at", "deadline", "-deadline"]
MANY = 5_000
INDEXES = {
    "-published_at": "notice_visible",
    "published_at": "notice_visible",
    "-updated_at": "notice_updated",
    "updated_at": "notice_updated",
    "deadline": "notice_deadline",
}


def get(client: Client, **query: object) -> Any:
    return client.get(f"/api/notices?{urlencode(query)}")


def keys(client: Client, **query: object) -> list[str]:
    return [item["key"] for item in get(client, **query).json()["items"]]


def pages(client: Client, **query: object) -> Iterator[list[str]]:
    """Page after page, as a program walks them."""
    found = get(client, **query).json()
    yield [item["key"] for item in found["items"]]
    while found["next"]:
        found = get(client, **query, cursor=found["next"]).json()
        yield [item["key"] for item in found["items"]]


@pytest.fixture
def nine(draft: Callable[..., Draft]) -> list[Notice]:
    """Three published at each of three times; of each three one without a deadline, one that is open, one over."""
    now = timezone.now()
    deadlines = (None, now + timedelta(days=1), now - timedelta(days=1))
    return [
        publish(
            draft(str(number), published_at=now - timedelta(hours=number // 3), deadline=deadlines[number % 3])
        ).notice
        for number in range(9)
    ]


@pytest.mark.usefixtures("nine")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 9])
def test_each_entry_comes_once_in_the_same_order_whatever_the_page(client: Client, sort: str, limit: int) -> None:
    walked = [key for page in pages(client, sort=sort, limit=limit) for key in page]
    assert walked == keys(client, sort=sort)
    assert sorted(walked) == [str(number) for number in range(9)]


@pytest.mark.usefixtures("nine")
def test_what_is_added_or_withdrawn_meanwhile_shifts_nothing(client: Client, draft: Callable[..., Draft]) -> None:
    walk = pages(client, limit=3)
    assert next(walk) == ["2", "1", "0"]
    publish(draft("new", published_at=timezone.now()))
    withdraw("4")
    assert [key for page in walk for key in page] == ["5", "3", "8", "7", "6"]


@pytest.mark.usefixtures("nine")
def test_what_has_no_deadline_comes_last(client: Client) -> None:
    assert keys(client, sort="deadline") == ["2", "5", "8", "1", "4", "7", "0", "3", "6"]
    assert keys(client, sort="-deadline") == ["7", "4", "1", "8", "5", "2", "6", "3", "0"]


@pytest.mark.usefixtures("nine")
def test_open_is_what_has_its_deadline_to_come(client: Client) -> None:
    assert sorted(keys(client, open="true")) == ["1", "4", "7"]
    assert sorted(keys(client, open="false")) == ["2", "5", "8"]


@pytest.mark.usefixtures("nine")
def test_since_is_by_publication(client: Client) -> None:
    moment = timezone.now() - timedelta(minutes=90)
    for written in (moment.isoformat(), moment.strftime("%Y-%m-%dT%H:%M:%SZ")):
        assert sorted(keys(client, since=written)) == ["0", "1", "2", "3", "4", "5"]


def test_a_plus_that_nobody_escaped_is_understood_and_a_time_without_zone_is_indian(
    client: Client, draft: Callable[..., Draft]
) -> None:
    moment = timezone.localtime().replace(microsecond=0) - timedelta(hours=1)
    publish(draft("a", published_at=moment))
    for written, found in (
        (f"{moment:%Y-%m-%dT%H:%M:%S}+05:30", ["a"]),
        (f"{moment:%Y-%m-%dT%H:%M:%S}", ["a"]),
        (f"{moment + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}", []),
    ):
        response = client.get(f"/api/notices?since={written}")
        assert [item["key"] for item in response.json()["items"]] == found, written


def test_updated_after_finds_what_is_new_or_changed_even_where_nobody_was_told(
    client: Client, draft: Callable[..., Draft]
) -> None:
    for key in "abc":
        publish(draft(key))
    seen = get(client).json()["items"][0]["updated_at"]
    assert keys(client, updated_after=seen) == []
    publish(draft("a", body="Another text"))
    publish(draft("b", body="Another text"), announce=False)
    publish(draft("d"))
    assert sorted(keys(client, updated_after=seen)) == ["a", "b", "d"]
    assert keys(client, updated_after=seen, sort="updated_at", limit=1) == ["a"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("catgory=update", "catgory: There is no such parameter: did you mean category?"),
        ("Limit=3", "Limit: There is no such parameter: did you mean limit?"),
        ("updated_since=2026-11-29", "updated_since: There is no such parameter: did you mean updated_after?"),
        (
            "since=yesterday",
            "since: A time such as 2026-11-29T08:00:00Z is expected, or a day such as 2026-11-29",
        ),
        (
            "updated_after=2026-13-01",
            "updated_after: A time such as 2026-11-29T08:00:00Z is expected, or a day such as 2026-11-29",
        ),
        ("since=1999-01-01", "since: The year must be from 2000 to 2099"),
        (
            "x=1",
            "x: There is no such parameter: there are category, company, cursor, limit, offset, open, q, season, "
            "since, sort, updated_after.",
        ),
    ],
)
def test_a_parameter_that_is_wrong_is_422_and_says_what_is_expected(client: Client, query: str, detail: str) -> None:
    assert problem_of(client.get(f"/api/notices?{query}")) == (422, detail)


@pytest.mark.parametrize("path", ["/api/notices", "/api/jobs", "/api/offers", "/api/stats/placements"])
def test_every_list_refuses_what_it_does_not_know(client: Client, path: str) -> None:
    assert misfits_of(client.get(f"{path}?seasn=202627&y=1")) == ["query seasn", "query y"]


def forged(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.usefixtures("nine")
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        forged("[]"),
        forged('["-published_at", 7, 1]'),
        forged('["-published_at", "2026", 1]'),
        forged('["-published_at", null, 1]'),
        forged('["-published_at", "0001-01-01T00:00:00+14:00", 1]'),
        forged(f'["-published_at", "2026-11-29T00:00:00Z", {2**63}]'),
        forged('["-published_at", "2026-11-29T00:00:00Z", "1"]'),
        forged('["deadline", null, 1]'),
        "A" * 501,
    ],
)
def test_what_is_no_cursor_of_this_list_is_422(client: Client, cursor: str) -> None:
    assert misfits_of(get(client, cursor=cursor)) == ["query cursor"]


@pytest.mark.usefixtures("nine")
def test_a_cursor_takes_no_offset(client: Client) -> None:
    assert misfits_of(get(client, cursor=get(client, limit=1).json()["next"], offset=1)) == ["query offset"]


@pytest.mark.usefixtures("nine")
def test_a_page_behind_a_cursor_takes_three_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cursor = get(client, limit=2).json()["next"]
    with django_assert_num_queries(3):
        assert get(client, limit=2, cursor=cursor).json()["count"] == 9


@pytest.fixture
def many() -> None:
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            external_key=str(number),
            title="A notice",
            published_at=now - timedelta(minutes=number),
            deadline=now + timedelta(minutes=number),
        )
        for number in range(MANY)
    )
    Notice.objects.update(updated_at=F("published_at"))
    with connection.cursor() as cursor:
        # What tests before this one left in the indexes makes one of them dearer than its like.
        cursor.execute(f"REINDEX {'TABLE ' * (connection.vendor == 'postgresql')}{Notice._meta.db_table}")
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("many")
def test_the_index_leads_to_a_page_in_the_middle_of_5000() -> None:
    """It gives the order, and leads to the page's first row where no null may follow. Nothing is sorted."""
    middle = visible_notices().get(external_key=str(MANY // 2))
    for sort, index in INDEXES.items():
        plan = after(ordered(visible_notices(), sort), sort, cursor_of(middle, sort))[:51].explain()
        assert index in plan, sort
        assert not re.search(r"Seq Scan|Sort|SCAN notifications_notice$|B-TREE FOR ORDER", plan, re.MULTILINE), plan
        assert sort == "deadline" or "SEARCH" in plan or "Index Cond" in plan, plan
