"""Keys: made once, known by digest, good until they expire or are revoked."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import ApiKey
from accounts.web.keys import Scope, identify, make_key

pytestmark = pytest.mark.django_db


def saved(**fields: object) -> tuple[ApiKey, str]:
    key, text = make_key("campus site", ["stats", "notify"])
    for name, value in fields.items():
        setattr(key, name, value)
    key.save()
    return key, text


def test_a_key_is_known_by_its_text_and_its_text_is_stored_nowhere() -> None:
    key, text = saved()
    caller = identify(text)
    assert caller is not None
    assert (caller.name, caller.scopes) == ("campus site", frozenset({"notify", "stats"}))
    stored = str(ApiKey.objects.filter(pk=key.pk).values())
    assert text not in stored
    assert text[-20:] not in stored


@pytest.mark.parametrize(
    "fields",
    [
        {"revoked_at": timezone.now() - timedelta(seconds=1)},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["revoked", "expired"],
)
def test_a_key_that_is_over_is_nobody(fields: dict[str, object]) -> None:
    assert identify(saved(**fields)[1]) is None


def test_a_key_that_expires_later_is_good() -> None:
    assert identify(saved(expires_at=timezone.now() + timedelta(hours=1))[1]) is not None


@pytest.mark.parametrize("text", ["", "ssb_", "ssb__", "ssb_00000000_x", "bearer", "ключ", "ssb_%_x", "a" * 10_000])
def test_anything_else_is_nobody(text: str) -> None:
    saved()
    assert identify(text) is None


def test_a_prefix_alone_is_not_enough() -> None:
    key, text = saved()
    assert identify(f"ssb_{key.prefix}_{'x' * 43}") is None
    assert identify(text[:-1]) is None
    assert identify(text + "x") is None


def test_the_key_of_the_settings_may_everything(settings: Settings) -> None:
    settings.WEBHOOK_API_KEY = "from-the-settings"
    caller = identify("from-the-settings")
    assert caller is not None
    assert caller.scopes == set(Scope.values)


def test_without_a_key_in_the_settings_the_empty_key_is_nobody(settings: Settings) -> None:
    settings.WEBHOOK_API_KEY = ""
    assert identify("") is None


def test_the_last_use_is_noted_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key, text = saved()
    with django_assert_num_queries(2):
        identify(text)
    with django_assert_num_queries(1):
        identify(text)
    key.refresh_from_db()
    assert key.last_used_at is not None
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    with django_assert_num_queries(2):
        identify(text)


@pytest.mark.parametrize("scopes", [[], ["everything"], ["notify", "root"]])
def test_a_key_needs_scopes_there_are(scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="notify, update, stats, metrics"):
        make_key("x", scopes)
