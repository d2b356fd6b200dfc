"""Starting a cycle and reading how the last ones went."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.web.authentication import sign
from scraping.cycle.runs import one_run
from scraping.models import UpdateRun
from scraping.tasks import queued_cycle
from tests.conftest import MakeKey

pytestmark = pytest.mark.django_db


def test_a_cycle_is_queued_for_the_scheduler(client: Client, api_key: MakeKey) -> None:
    response = client.post("/webhook/update", headers=api_key("update"))
    assert response.status_code == 202
    run = UpdateRun.objects.get()
    assert response.json() == {"success": True, "id": run.pk}
    assert (run.trigger, run.state) == ("webhook", "queued")
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("scraping.tasks.queued_cycle", (run.pk,))


def test_its_id_tells_how_it_goes(client: Client, api_key: MakeKey) -> None:
    run_id = client.post("/webhook/update", headers=api_key("update")).json()["id"]
    key = api_key("stats")

    def state() -> str:
        return str(client.get(f"/api/stats/runs/{run_id}", headers=key).json()["state"])

    assert state() == "queued"
    queued_cycle(run_id)
    assert state() == "ok"
    assert client.get(f"/api/stats/runs/{run_id + 1}", headers=key).status_code == 404
    assert client.get(f"/api/stats/runs/{run_id}").status_code == 401


def test_while_one_waits_it_is_answered_again(client: Client, api_key: MakeKey) -> None:
    key = api_key("update")
    first, second = (client.post("/webhook/update", headers=key) for _ in range(2))
    assert second.status_code == 202
    assert first.json() == second.json()
    assert UpdateRun.objects.count() == 1


def test_one_that_waits_is_not_the_last_run(client: Client, api_key: MakeKey) -> None:
    client.post("/webhook/update", headers=api_key("update"))
    assert client.get("/api/stats", headers=api_key("stats")).json()["last_run"] is None


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
