"""Notices in figures: open to all, in a fixed number of statements."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.publishing.publish import Draft, publish, withdraw

pytestmark = pytest.mark.django_db


def test_notices_are_counted_by_category_season_and_day(client: Client, draft: Callable[..., Draft]) -> None:
    now = timezone.now()
    publish(draft("a", category="shortlisting", published_at=now))
    publish(draft("b", category="shortlisting", published_at=now - timedelta(days=20)))
    publish(draft("c", category="update", season=202526, published_at=now - timedelta(days=400)))
    publish(draft("d"))
    withdraw("d")
    answer = client.get("/api/stats/notices").json()
    assert (answer["total"], answer["recent"]) == (3, 1)
    assert answer["by_category"] == [
        {"category": "shortlisting", "total": 2, "recent": 1},
        {"category": "update", "total": 1, "recent": 0},
    ]
    assert answer["by_season"] == [{"season": 202627, "total": 2}, {"season": 202526, "total": 1}]
    assert [row["total"] for row in answer["by_day"]] == [1, 1]


def test_without_notices_it_is_all_zero(client: Client) -> None:
    answer = client.get("/api/stats/notices").json()
    assert answer == {"total": 0, "recent": 0, "newest_at": None, "by_category": [], "by_season": [], "by_day": []}


def test_more_notices_take_no_more_statements(
    client: Client, draft: Callable[..., Draft], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        publish(draft(f"n{number}"))
    with django_assert_num_queries(4):
        client.get("/api/stats/notices")
