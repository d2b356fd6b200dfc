"""/metrics: for keys and allow-listed addresses, readable by Prometheus."""

from ipaddress import ip_network

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from accounts.models import Subscription
from notifications.models import ChannelState, Delivery, Notice
from scraping.cycle.runs import one_run
from tests.conftest import MakeKey, Subscribe

pytestmark = pytest.mark.django_db


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_shows_what_there_is(client: Client, api_key: MakeKey, subscribe: Subscribe) -> None:
    subscription: Subscription = subscribe()
    subscribe(state="off")
    notice = Notice.objects.create(external_key="a", title="x", published_at="2026-11-22T10:00:00Z")
    Delivery.objects.create(notice=notice, subscription=subscription, channel="telegram", state="sent")
    ChannelState.objects.create(channel="telegram", stopped_reason="The token is wrong")
    with one_run("schedule") as run:
        run.sources = {"superset": {"new": 2, "unchanged": 40, "seconds": 1.5, "errors": []}, "read": {"done": 2}}
    found = samples(client.get("/metrics", headers=api_key("metrics")).text)
    assert found["supersetbot_subscriptions", "telegram", "active"] == 1
    assert found["supersetbot_subscriptions", "telegram", "off"] == 1
    assert found["supersetbot_deliveries", "telegram", "sent"] == 1
    assert found["supersetbot_channel_stopped", "telegram"] == 1
    assert found["supersetbot_check_ok", "database"] == 1
    assert found["supersetbot_check_ok", "channels"] == 0
    assert found["supersetbot_last_run_items", "new", "superset"] == 2
    assert found["supersetbot_last_run_seconds", "superset"] == 1.5


@pytest.mark.parametrize(
    ("address", "status"),
    [("10.1.2.3", 200), ("::ffff:10.1.2.3", 200), ("203.0.113.7", 401), ("fd00::1", 401), ("", 401)],
)
def test_an_allowed_address_needs_no_key(client: Client, settings: Settings, address: str, status: int) -> None:
    settings.METRICS_ADDRESSES = [ip_network("10.0.0.0/8")]
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_an_address_can_not_be_made_up(client: Client, settings: Settings) -> None:
    settings.METRICS_ADDRESSES = [ip_network("10.0.0.0/8")]
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 401
