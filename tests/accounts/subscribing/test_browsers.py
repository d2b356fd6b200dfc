"""Browsers: valid keys only, one row an endpoint, and nobody but the browser itself changes it."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber, Subscription
from accounts.subscribing.browsers import OtherKeysError, check_keys, is_subscribed, subscribe, unsubscribe
from tests.notifications.channels.webpush.browser import Browser, encoded

ENDPOINT = "https://push.example.net/send/abc123"
P384_POINT = (
    ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)


def only() -> Subscription:
    return Subscription.objects.get(channel="web-push")


def muted() -> set[str]:
    return set(only().muted.values_list("category", flat=True))


def test_keys_are_kept_in_one_spelling() -> None:
    keys = Browser(auth=b"\xff\xfe" * 8).keys
    padded = {name: value.replace("-", "+").replace("_", "/") + "==" for name, value in keys.items()}
    assert check_keys(**padded) == check_keys(**keys) == keys


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "not base64 at all"},
        {"p256dh": encoded(b"\x04" + b"\x01" * 64)},
        {"p256dh": encoded(P384_POINT)},
        {"auth": ""},
        {"auth": encoded(b"short")},
        {"auth": encoded(b"x" * 17)},
        {"auth": "ключ"},
    ],
)
def test_keys_that_nothing_can_be_encrypted_for_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be"):
        check_keys(**Browser().keys | wrong)


@pytest.mark.django_db
def test_a_new_browser_is_told_of_everything_in_the_default_season() -> None:
    subscribe(ENDPOINT, Browser().keys)
    assert only().subscriber.kind == Subscriber.Kind.BROWSER
    assert list(only().seasons.values_list("season", flat=True)) == [202627]
    assert muted() == set()


@pytest.mark.django_db
def test_seasons_are_chosen_among_those_offered_and_kept_where_none_are_named(settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [202627, 202526]
    keys = Browser().keys
    for asked, followed in (([202526], [202526]), (None, [202526]), ([202627, 202526], [202526, 202627])):
        subscribe(ENDPOINT, keys, seasons=asked)
        assert sorted(only().seasons.values_list("season", flat=True)) == followed
    with pytest.raises(ValueError, match="The season 2024-25 is not offered"):
        subscribe(ENDPOINT, keys, seasons=[202425])


@pytest.mark.django_db
def test_subscribing_again_changes_what_it_wants_and_nothing_else() -> None:
    keys = Browser().keys
    subscribe(ENDPOINT, keys, ["shortlisting", "job_posting"])
    assert {"update", "webinar"} <= muted()
    subscribe(ENDPOINT, keys)
    assert "webinar" in muted()
    subscribe(ENDPOINT, keys, ["shortlisting", "webinar"])
    assert "webinar" not in muted()
    assert "job_posting" in muted()
    assert Subscriber.objects.count() == 1


@pytest.mark.django_db
def test_a_strangers_keys_change_nothing() -> None:
    keys = Browser().keys
    subscribe(ENDPOINT, keys)
    with pytest.raises(OtherKeysError):
        subscribe(ENDPOINT, Browser(auth=b"another  secret!").keys, [])
    assert only().keys == keys
    assert muted() == set()
    assert not unsubscribe(ENDPOINT, Browser(auth=b"another  secret!").keys["auth"])
    assert only().state == "active"


@pytest.mark.django_db
def test_a_browser_leaves_and_comes_back_with_new_keys() -> None:
    old, new = Browser(), Browser(auth=b"another  secret!")
    subscribe(ENDPOINT, old.keys)
    before = only().active_since
    assert unsubscribe(ENDPOINT, old.keys["auth"])
    assert (only().state, only().off_reason) == ("off", "stopped")
    assert unsubscribe(ENDPOINT, old.keys["auth"]), "leaving twice is no fault"
    subscribe(ENDPOINT, new.keys)
    assert (only().state, only().off_reason, only().keys) == ("active", "", new.keys)
    assert only().active_since > before


@pytest.mark.django_db
def test_whether_a_browser_is_subscribed_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    keys, others = Browser().keys, Browser(auth=b"another  secret!").keys
    subscribe(ENDPOINT, keys)
    with django_assert_num_queries(1):
        assert is_subscribed(ENDPOINT, keys["auth"])
    assert not is_subscribed(ENDPOINT, others["auth"])
    unsubscribe(ENDPOINT, keys["auth"])
    assert not is_subscribed(ENDPOINT, keys["auth"])


@pytest.mark.django_db
def test_an_unknown_browser_can_not_leave() -> None:
    assert not unsubscribe(ENDPOINT, Browser().keys["auth"])


@pytest.mark.django_db
def test_an_endpoint_inside_our_network_is_refused() -> None:
    with pytest.raises(ValueError, match="private network"):
        subscribe("https://10.0.0.1/push", Browser().keys)
    assert not Subscriber.objects.exists()
