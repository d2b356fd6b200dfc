"""The admin: every list opens, with as many statements for many rows as for few."""

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from notifications.models import Delivery, Notice
from scraping.models import RawItem, UpdateRun
from tests.conftest import MakeKey
from tests.season import fill

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def rows(first: int, count: int) -> None:
    """More of what there is most of."""
    now = timezone.now()
    for number in range(first, first + count):
        subscriber = Subscriber.objects.create(telegram_id=number, name=f"Student {number}")
        subscription = Subscription.objects.create(subscriber=subscriber, channel="telegram", address=f"{number}")
        notice = Notice.objects.create(external_key=f"n{number}", title="x", published_at=now)
        Delivery.objects.create(notice=notice, subscription=subscription, channel="telegram", state="sent")
        RawItem.objects.create(source="superset", kind="notice", key=f"{number}", season=202627, payload={})
        UpdateRun.objects.create(trigger="schedule", state="ok", process="x", lease_until=now)


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_asks_no_more_for_more_rows(admin_client: Client, api_key: MakeKey, model: type[Model]) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    fill()
    api_key("stats")
    rows(1, 3)
    few = statements(admin_client, url)
    api_key("stats")
    rows(100, 12)
    assert statements(admin_client, url) <= few


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched(admin_client: Client, model: type[Model]) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert admin_client.get(url, {"q": "zenith ' % \\"}).status_code == 200


def test_a_run_says_what_each_source_brought_and_what_went_wrong(admin_client: Client) -> None:
    sources = {
        "superset": {"fetched": 38, "new": 2, "seconds": 1.5, "errors": []},
        "email": {"fetched": 0, "failed_whole": True, "errors": ["login: refused <b>"]},
    }
    run = UpdateRun.objects.create(trigger="schedule", state="partly", lease_until=timezone.now(), sources=sources)
    page = admin_client.get(reverse("admin:scraping_updaterun_change", args=[run.pk])).text
    assert "<strong>superset</strong>: 38 fetched, 2 new, 1.5 seconds</p>" in page
    assert "<strong>email</strong>: 0 fetched</p><pre>login: refused &lt;b&gt;</pre>" in page
