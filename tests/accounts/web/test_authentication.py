"""Guards of the API: a key in either header, or a signature that is good once and for a while."""

import time
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Router
from ninja.testing import TestClient
from pytest_django import Settings

from accounts.web.authentication import Signature, needs, sign
from accounts.web.keys import Scope
from tests.conftest import MakeKey

pytestmark = pytest.mark.django_db
SECRET = "shared with the caller"

router = Router()


@router.post("/guarded", auth=needs(Scope.NOTIFY))
def guarded(request: HttpRequest) -> str:
    return str(request.auth)  # type: ignore[attr-defined]  # django-ninja sets it


@router.post("/signed", auth=[*needs(Scope.UPDATE), Signature()])
def signed(request: HttpRequest) -> str:
    return str(request.auth)  # type: ignore[attr-defined]  # django-ninja sets it


api = NinjaAPI(urls_namespace="test-guards")
api.add_router("", router)
client = TestClient(router)


def post_signed(body: bytes = b"{}", *, at: float | None = None, secret: str = SECRET, **overrides: str) -> int:
    timestamp = str(int(time.time() if at is None else at))
    headers = {
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": sign(secret, timestamp, body),
        **{name.replace("_", "-"): value for name, value in overrides.items()},
    }
    # arg-type: the test varies the arguments
    return int(client.post("/signed", data=body, headers=headers).status_code)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def secret(settings: Settings) -> None:
    settings.WEBHOOK_SECRET = SECRET


def test_a_key_is_taken_from_either_header(api_key: MakeKey) -> None:
    text = api_key("notify")["X-API-Key"]
    for headers in ({"X-API-Key": text}, {"Authorization": f"Bearer {text}"}, {"Authorization": f"bearer  {text} "}):
        assert client.post("/guarded", headers=headers).status_code == 200


def test_without_a_good_key_it_is_401(api_key: MakeKey) -> None:
    past = timezone.now() - timedelta(minutes=1)
    refused = [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "guessed"},
        {"Authorization": "Basic Zm9vOmJhcg=="},
        {"Authorization": "Bearer"},
        api_key("notify", revoked_at=past),
        api_key("notify", expires_at=past),
    ]
    assert [client.post("/guarded", headers=headers).status_code for headers in refused] == [401] * len(refused)


def test_without_the_scope_it_is_403(api_key: MakeKey) -> None:
    response = client.post("/guarded", headers=api_key("stats", "update"))
    assert (response.status_code, response.json()) == (403, {"detail": "This key has no scope notify."})


def test_a_signed_request_passes_once() -> None:
    assert post_signed() == 200
    assert post_signed() == 401
    assert post_signed(b'{"other": 1}') == 200


@pytest.mark.parametrize("off", [-301, 301, -(10**15), 10**15])
def test_a_timestamp_far_off_is_refused(off: int) -> None:
    assert post_signed(at=max(0, time.time() + off)) == 401


@pytest.mark.parametrize("off", [-290, 290])
def test_a_clock_may_be_a_little_off(off: int) -> None:
    assert post_signed(at=time.time() + off) == 200


def test_a_signature_of_something_else_is_refused() -> None:
    assert post_signed(secret="guessed") == 401
    assert post_signed(X_Webhook_Timestamp=str(int(time.time()) + 1)) == 401
    assert post_signed(X_Webhook_Timestamp="soon") == 401
    assert post_signed(X_Webhook_Signature="sha256=é") == 401


def test_without_a_secret_no_signature_counts(settings: Settings) -> None:
    settings.WEBHOOK_SECRET = ""
    assert post_signed(secret="") == 401
