"""Web Push over HTTP: the paths and bodies existing clients use, and what strangers try."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber, Subscription
from notifications.channels.webpush.vapid import make_vapid_keys
from tests.notifications.channels.webpush.browser import Browser
from tests.problems import problem_of

pytestmark = pytest.mark.django_db
ENDPOINT = "https://push.example.net/send/abc123"


def body(**fields: object) -> dict[str, Any]:
    return {"endpoint": ENDPOINT, "keys": Browser().keys, **fields}


def post(client: Client, path: str, content: object, **headers: str) -> tuple[int, Any]:
    response = client.post(f"/api/push/{path}", content, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def test_a_browser_subscribes_chooses_and_leaves(client: Client) -> None:
    assert post(client, "subscribe", body(user_id=17, expirationTime=None)) == (200, {"success": True})
    assert post(client, "subscribe", body(categories=["shortlisting"])) == (200, {"success": True})
    subscription = Subscription.objects.get()
    assert subscription.muted.count() == 10
    assert post(client, "unsubscribe", body()) == (200, {"success": True})
    subscription.refresh_from_db()
    assert subscription.state == "off"


def test_a_browser_is_told_in_the_language_of_its_page(client: Client) -> None:
    assert post(client, "subscribe", body()) == (200, {"success": True})
    assert Subscriber.objects.get().language == ""
    assert post(client, "subscribe", body(language="hi")) == (200, {"success": True})
    assert post(client, "subscribe", body(categories=["shortlisting"])) == (200, {"success": True})
    assert Subscriber.objects.get().language == "hi"


def test_a_page_changes_nobodys_own_language(client: Client) -> None:
    post(client, "subscribe", body())
    Subscriber.objects.update(kind="person", language="en")
    assert post(client, "subscribe", body(language="hi")) == (200, {"success": True})
    assert Subscriber.objects.get().language == "en"


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": None},
        {"endpoint": 7},
        {"endpoint": "http://push.example.net/x"},
        {"endpoint": "https://2130706433/x"},
        {"endpoint": "https://[::1]/x"},
        {"endpoint": "https://localhost/x"},
        {"endpoint": "https://push.example.net/\r\nHost: evil.example"},
        {"endpoint": "https://push.example.net/" + "x" * 1000},
        {"keys": None},
        {"keys": {}},
        {"keys": {"p256dh": "x", "auth": "y"}},
        {"keys": ["p256dh", "auth"]},
        {"categories": ["everything"]},
        {"categories": "shortlisting"},
        {"categories": ["update"] * 101},
        {"seasons": []},
        {"seasons": [202599]},
        {"seasons": [209900]},
        {"seasons": 202627},
        {"language": "de"},
        {"user_id": {"$ne": 1}},
    ],
)
def test_a_body_that_does_not_fit_is_422(client: Client, wrong: dict[str, object]) -> None:
    status, answer = post(client, "subscribe", body(**wrong))
    assert (status, answer["title"]) == (422, "Unprocessable Entity")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000, b'{"endpoint": "\\ud800"}'],
    ids=["empty", "cut", "null", "list", "text", "bytes", "nested", "nested maps", "surrogate"],
)
def test_what_is_no_such_json_is_422(client: Client, content: bytes) -> None:
    status, answer = post(client, "subscribe", content)
    assert (status, answer["status"]) == (422, 422)


def test_nobody_ends_the_subscription_of_another(client: Client) -> None:
    post(client, "subscribe", body())
    stranger = body(keys=Browser(auth=b"another  secret!").keys)
    assert post(client, "unsubscribe", stranger)[0] == 404
    assert post(client, "subscribe", stranger)[0] == 409
    assert Subscription.objects.get().state == "active"


def test_a_browser_asks_whether_it_is_subscribed(client: Client) -> None:
    no, yes = (200, {"subscribed": False}), (200, {"subscribed": True})
    assert post(client, "subscribed", body()) == no
    post(client, "subscribe", body())
    assert post(client, "subscribed", body(expirationTime=None)) == yes
    assert post(client, "subscribed", body(keys=Browser(auth=b"another  secret!").keys)) == no
    assert post(client, "subscribed", body(endpoint=f"{ENDPOINT}4")) == no
    Subscription.objects.update(state="off", off_reason="blocked")
    assert post(client, "subscribed", body()) == no
    Subscription.objects.all().delete()
    assert post(client, "subscribed", body()) == no
    assert post(client, "subscribed", body(keys={"p256dh": "x", "auth": "y"}))[0] == 422
    assert not Subscription.objects.exists()


def test_one_address_can_not_ask_thousands_of_times(client: Client) -> None:
    answers = [post(client, "subscribed", body(endpoint=f"{ENDPOINT}{number}"))[0] for number in range(61)]
    assert answers == [200] * 60 + [429]


def test_one_address_can_not_register_thousands(client: Client) -> None:
    answers = [
        client.post("/api/push/subscribe", body(endpoint=f"{ENDPOINT}{number}"), content_type="application/json")
        for number in range(62)
    ]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert problem_of(answers[-1]) == (429, "Too many requests.")
    assert Subscription.objects.count() == 60
    elsewhere = client.post("/api/push/subscribe", body(), content_type="application/json", REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 200


def test_subscribing_takes_few_statements(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(18):
        post(client, "subscribe", body(categories=["shortlisting"]))


def test_the_push_key_is_worked_out_from_the_private_one(client: Client, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY, public = make_vapid_keys()
    settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL = "", "ops@example.edu"
    assert client.get("/api/push/vapid-key").json() == {"publicKey": public}


@pytest.mark.parametrize("private", ["", "broken"])
def test_without_a_usable_key_it_is_501(client: Client, settings: Settings, private: str) -> None:
    settings.VAPID_PRIVATE_KEY = private
    response = client.get("/api/push/vapid-key")
    assert problem_of(response)[0] == 501
