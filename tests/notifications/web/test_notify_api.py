"""Messages from other programs: queued on the channels they ask for, followed by an id."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import MutedCategory
from notifications.models import Delivery, Notice
from notifications.publishing import broadcasts
from tests.conftest import MakeKey, Subscribe
from tests.problems import problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def notify(client: Client, api_key: MakeKey) -> Any:
    key = api_key("notify")

    def post(path: str = "", **body: object) -> Any:
        return client.post(f"/api/notify{path}", body, content_type="application/json", headers=key)

    return post


@pytest.fixture
def audience(subscribe: Subscribe) -> None:
    for _ in range(3):
        subscribe()
    subscribe(channel="web-push", address="https://push.example.net/1")
    subscribe(state="off")


@pytest.mark.usefixtures("audience")
@pytest.mark.parametrize(
    ("path", "channels", "queued"),
    [
        ("", None, {"telegram": 3, "web-push": 1, "webhook": 0}),
        ("", ["telegram"], {"telegram": 3}),
        ("", ["web-push", "web-push"], {"web-push": 1}),
        ("", ["web_push"], {"web-push": 1}),
        ("/telegram", None, {"telegram": 3}),
        ("/web-push", None, {"web-push": 1}),
    ],
)
def test_it_is_queued_on_the_channels_asked_for(
    notify: Any, path: str, channels: list[str] | None, queued: dict[str, int]
) -> None:
    response = notify(path, message="Drive moved to LT-3 <today>.\nCome early.", title="Zenith Labs", channels=channels)
    assert response.status_code == 200
    answer = response.json()
    assert answer["success"] is True
    assert answer["results"] == {channel: {"queued": number} for channel, number in queued.items()}
    assert set(Delivery.objects.values_list("channel", flat=True)) == {
        name for name, number in queued.items() if number
    }
    notice = Notice.objects.get(pk=answer["id"])
    assert notice.title == "Zenith Labs"
    assert "&lt;today&gt;.<br>Come early." in notice.body
    assert notice.author == ""


@pytest.mark.usefixtures("audience")
def test_with_a_category_it_spares_those_who_muted_it(notify: Any, subscribe: Subscribe, client: Client) -> None:
    MutedCategory.objects.create(subscription=subscribe(), category="reminder")
    assert notify("/telegram", message="Drive at 10.", category="reminder").json()["results"]["telegram"]["queued"] == 3
    assert notify("/telegram", message="Fire drill.").json()["results"]["telegram"]["queued"] == 4
    assert notify(message="Drive at 10.", category="joke").status_code == 422


@pytest.mark.usefixtures("audience")
def test_a_broadcast_has_a_category_wherever_it_is_listed(notify: Any, client: Client) -> None:
    notify(message="For all")
    notify(message="Drive at 10.", category="reminder")
    for category, titles in (("announcement", ["For all"]), ("reminder", ["Drive at 10."])):
        found = client.get("/api/notices", {"category": category}).json()["items"]
        assert [(notice["title"], notice["category"]) for notice in found] == [(title, category) for title in titles]
    figures = client.get("/api/stats/notices").json()["by_category"]
    assert {(row["category"], row["total"]) for row in figures} == {("announcement", 1), ("reminder", 1)}


@pytest.mark.usefixtures("audience")
def test_the_scheduler_is_woken_for_channels_that_are_set_up(notify: Any, settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN, settings.VAPID_PRIVATE_KEY = "1:token", ""
    notify(message="Hello")
    assert [task.task["args"] for task in OrmQ.objects.all()] == [("telegram",)]


@pytest.mark.usefixtures("audience")
def test_a_broker_that_is_away_does_not_fail_the_request(
    notify: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(channel: str) -> None:
        raise ConnectionError("no broker")

    settings.TELEGRAM_BOT_TOKEN = "1:token"
    monkeypatch.setattr("notifications.tasks.wake", refuse)
    assert notify(message="Hello").status_code == 200
    assert "the next sweep delivers" in caplog.text


@pytest.mark.usefixtures("audience")
def test_its_cost_does_not_grow_with_the_audience(
    notify: Any, subscribe: Subscribe, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notify(message="first: the key's use is noted")
    with django_assert_num_queries(14):
        notify(message="Hello")
    for _ in range(20):
        subscribe()
    with django_assert_num_queries(14):
        notify(message="Hello")


@pytest.mark.usefixtures("audience")
def test_how_far_a_message_is_can_be_followed(notify: Any, client: Client, api_key: MakeKey) -> None:
    number = notify(message="Hello\nworld").json()["id"]
    path, key = f"/api/notify/{number}", api_key("notify")
    answer = client.get(path, headers=key).json()
    assert answer == {
        "id": number,
        "title": "Hello",
        "state": "sending",
        "recipients": 4,
        "channels": {"telegram": {"pending": 3}, "web-push": {"pending": 1}},
    }
    broadcasts.pause(number)
    assert client.get(path, headers=key).json()["state"] == "paused"
    broadcasts.cancel(number)
    assert client.get(path, headers=key).json()["state"] == "cancelled"


@pytest.mark.usefixtures("audience")
def test_it_is_done_when_nothing_waits_any_more(notify: Any, client: Client, api_key: MakeKey) -> None:
    number = notify(message="Hello").json()["id"]
    Delivery.objects.update(state="sent")
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(state="failed")
    answer = client.get(f"/api/notify/{number}", headers=api_key("notify")).json()
    assert (answer["state"], answer["recipients"]) == ("done", 4)


def test_a_notice_of_a_source_is_no_message(client: Client, api_key: MakeKey) -> None:
    notice = Notice.objects.create(external_key="superset:notice:1", title="Asha Verma", published_at=timezone.now())
    assert client.get(f"/api/notify/{notice.pk}", headers=api_key("notify")).status_code == 404


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 40])
def test_an_id_there_is_not_is_404(client: Client, api_key: MakeKey, number: str) -> None:
    assert client.get(f"/api/notify/{number}", headers=api_key("notify")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": " \n\t"},
        {"message": "\x00"},
        {"message": 7},
        {"message": ["Hello"]},
        {"message": "x" * 20_001},
        {"message": "x", "title": "x" * 201},
        {"message": "x", "channels": []},
        {"message": "x", "channels": ["fax"]},
        {"message": "x", "channels": "telegram"},
    ],
)
def test_a_message_that_makes_no_sense_is_422(notify: Any, body: dict[str, object]) -> None:
    response = notify(**body)
    assert problem_of(response)[0] == 422
    assert "pattern" not in response.json()["detail"], "an expression is nothing to show"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("body", ["[]", "null", "7", '"Hello"', '[{"message": "Hello"}]'])
def test_a_body_that_is_no_object_is_called_so(client: Client, api_key: MakeKey, body: str) -> None:
    response = client.post("/api/notify", body, content_type="application/json", headers=api_key("notify"))
    assert problem_of(response) == (422, "The body is no JSON object: it begins with { and ends with }.")


@pytest.mark.usefixtures("audience")
@pytest.mark.parametrize(
    ("path", "name", "field"),
    [
        ("", "chanels", "channels"),
        ("", "channel", "channels"),
        ("", "Channels", "channels"),
        ("/telegram", "catagory", "category"),
        ("/web-push", "titel", "title"),
    ],
)
def test_a_field_that_is_misspelt_reaches_nobody(notify: Any, path: str, name: str, field: str) -> None:
    status, detail = problem_of(notify(path, message="For Telegram alone", **{name: ["telegram"]}))
    assert (status, detail) == (422, f"{name}: There is no such field: did you mean {field}?")
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("audience")
def test_more_than_is_known_is_accepted(notify: Any) -> None:
    more = {"image": "https://example.edu/a.png", "time": "10:00", "sender": "cell", "url": None}
    assert notify(message="Hello", **more).json()["results"]["telegram"] == {"queued": 3}
    assert notify(message="Hello", channels=["telegram"], channel="telegram").status_code == 200, "it says both"


def test_a_key_may_not_flood(notify: Any) -> None:
    statuses = [notify(message="Hello").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
