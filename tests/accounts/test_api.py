"""Subscribers in figures: for keys alone, and never who they are."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import MutedCategory, Subscriber
from tests.conftest import MakeKey, Subscribe

pytestmark = pytest.mark.django_db


def test_subscribers_are_counted(client: Client, subscribe: Subscribe, api_key: MakeKey) -> None:
    subscribe()
    muted = subscribe(seasons=(202627, 202526))
    MutedCategory.objects.create(subscription=muted, category="webinar")
    subscribe(state="off", off_reason="blocked")
    subscribe(channel="web-push", address="https://push.example.net/1")
    response = client.get("/api/stats/users", headers=api_key("stats"))
    assert response.json() == {
        "subscribers": 4,
        "active": 3,
        "by_kind": {"person": 4},
        "by_channel": [
            {"channel": "telegram", "active": 2, "off": 1},
            {"channel": "web-push", "active": 1, "off": 0},
        ],
        "off_reasons": {"blocked": 1},
        "seasons": {"202526": 1, "202627": 3},
        "muted": {"webinar": 1},
        "joined_by_day": [{"day": str(timezone.localdate()), "total": 4}],
    }
    assert "Student" not in response.text


def test_of_programs_nobody_says_that_they_joined(client: Client, subscribe: Subscribe, api_key: MakeKey) -> None:
    Subscriber.objects.filter(pk=subscribe().subscriber_id).update(kind="program")
    found = client.get("/api/stats/users", headers=api_key("stats")).json()
    assert (found["subscribers"], found["by_kind"], found["joined_by_day"]) == (1, {"program": 1}, [])


def test_more_subscribers_take_no_more_statements(
    client: Client, subscribe: Subscribe, api_key: MakeKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        subscribe()
    key = api_key("stats", last_used_at=timezone.now())
    with django_assert_num_queries(9):
        client.get("/api/stats/users", headers=key)
