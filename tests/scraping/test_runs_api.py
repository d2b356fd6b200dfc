"""Starting a cycle and reading how the last ones went."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.api_auth import sign
from scraping.models import UpdateRun
from scraping.runs import one_run
from tests.conftest import MakeKey

pytestmark = pytest.mark.django_db


def test_a_cycle_is_queued_for_the_scheduler(client: Client, api_key: MakeKey) -> None:
    response = client.post("/webhook/update", headers=api_key("update"))
    assert response.status_code == 202
    answer = response.json()
    task = OrmQ.objects.get().task
    assert (answer["success"], answer["id"]) == (True, task["id"])
    assert (task["func"], task["args"]) == ("scraping.tasks.run_cycle", ("webhook",))


def test_while_one_runs_it_is_409(client: Client, api_key: MakeKey) -> None:
    with one_run("schedule"):
        response = client.post("/webhook/update", headers=api_key("update"))
    assert response.status_code == 409
    assert "Another update is running since" in response.json()["detail"]
    assert client.post("/webhook/update", headers=api_key("update")).status_code == 202


def test_one_that_died_does_not_count(client: Client, api_key: MakeKey) -> None:
    UpdateRun.objects.create(trigger="schedule", process="elsewhere:1:1", lease_until=timezone.now() - timedelta(1))
    assert client.post("/webhook/update", headers=api_key("update")).status_code == 202


def test_a_signature_takes_the_place_of_a_key_once(client: Client, settings: Settings) -> None:
    settings.WEBHOOK_SECRET = "shared with the caller"
    body, timestamp = b'{"why": "new notices"}', str(int(time.time()))
    headers = {
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": sign(settings.WEBHOOK_SECRET, timestamp, body),
    }
    statuses = [
        client.post("/webhook/update", body, content_type="application/json", headers=headers).status_code
        for _ in range(2)
    ]
    assert statuses == [202, 401]
    assert OrmQ.objects.count() == 1


def test_runs_are_listed_newest_first(
    client: Client, api_key: MakeKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for trigger in ("schedule", "webhook"):
        with one_run(trigger) as run:
            run.sources = {"superset": {"fetched": 3, "new": 1, "errors": []}}
    key = api_key("stats", last_used_at=timezone.now())
    with django_assert_num_queries(3):
        answer = client.get("/api/stats/runs", headers=key).json()
    assert [item["trigger"] for item in answer["items"]] == ["webhook", "schedule"]
    assert answer["items"][0]["sources"]["superset"]["new"] == 1
    assert answer["items"][0]["state"] == "ok"
