"""manage.py rotate_field_keys: what an operator reads, and its exit codes."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Profile, Subscriber
from accounts.personal import profiles
from accounts.subscribing import webhooks
from supersetbot.operations.doctor.database import check_profiles
from supersetbot.operations.doctor.results import CheckFailedError, Skipped

pytestmark = pytest.mark.django_db
OLD, NEW = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZCE=", "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="


@pytest.fixture(autouse=True)
def one_profile(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    Subscriber.objects.create(telegram_id=1)
    profiles.agree(1)
    profiles.tell(1, "cgpa", "8")


def test_it_says_how_many_and_doctor_agrees(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_profiles() == "1, all encrypted by the first of FIELD_KEYS"
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(Skipped, match="1 of 1 are encrypted by an older key"):
        check_profiles()
    call_command("rotate_field_keys")
    assert "Encrypted by the first key now: 1 profile." in capsys.readouterr().out
    settings.FIELD_KEYS = [NEW]
    assert check_profiles() == "1, all encrypted by the first of FIELD_KEYS"


def test_a_lost_key_is_one_error_and_doctor_names_it(settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW]
    key = Profile.objects.get().key
    with pytest.raises(CommandError, match=rf"lacks the key of 1 profile \(1 by key {key}\)"):
        call_command("rotate_field_keys", verbosity=0)
    with pytest.raises(CheckFailedError, match=f"1 by key {key}"):
        check_profiles()


def test_without_field_keys_doctor_says_what_that_means(settings: Settings) -> None:
    settings.FIELD_KEYS = []
    with pytest.raises(CheckFailedError):
        check_profiles()
    Profile.objects.all().delete()
    assert check_profiles().startswith("0, encrypted by a key made from SECRET_KEY")


def test_secrets_of_webhooks_go_along(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    secret = webhooks.add("site", "https://hooks.example.edu/x")[1]
    settings.FIELD_KEYS = [NEW, OLD]
    call_command("rotate_field_keys")
    settings.FIELD_KEYS = [NEW]
    assert webhooks.secret_of(webhooks.named("site").get().keys) == secret
    Profile.objects.all().delete()
    settings.FIELD_KEYS = [OLD]
    call_command("rotate_field_keys")
    assert "lacks the key of 1 webhook:" in capsys.readouterr().err
    settings.FIELD_KEYS = [NEW]
    assert webhooks.secret_of(webhooks.named("site").get().keys) == secret
