"""send, broadcast and vapid_keys from the command line."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from notifications.channels.webpush.vapid import Vapid
from notifications.models import Delivery, Notice
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft


def said(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_send_delivers_what_is_pending(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft())
    assert said("send") == "telegram: sent 1\n"
    assert said("send", "--telegram") == "telegram: nothing to send\n"


def test_send_is_silent_when_asked_to_be(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft())
    assert said("send", verbosity=0) == ""
    assert Delivery.objects.get().state == "sent"


def test_send_keeps_to_the_seasons_it_is_given(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe(seasons=(202526, 202627))
    for season in (202526, 202627):
        publish(draft(external_key=f"test:{season}", season=season))
    assert said("send", "--year", "2025-26") == "telegram: sent 1\n"
    assert Delivery.objects.get(state="sent").notice.season == 202526
    assert said("send", "--year", "202526") == "telegram: nothing to send\n"
    assert said("send") == "telegram: sent 1\n"


def test_what_is_pending_is_delivered_though_the_portal_is_down(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.SUPERSET_BASE_URL = "http://127.0.0.1:9"
    settings.SUPERSET_CREDENTIALS = [{"email": "cse@example.edu", "password": "not-a-word"}]
    subscribe()
    publish(draft())
    with pytest.raises(CommandError, match="superset: "):
        said("send", "--fetch")
    assert Delivery.objects.get().state == "sent"


def test_send_says_how_long_a_channel_rests(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft())
    telegram.faults.plan("flood", retry_after=3600, times=1)
    assert "resting for another 3" in said("send")


def test_send_fails_in_one_line_where_the_token_is_wrong(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    subscribe()
    publish(draft())
    telegram.token = "999999:another"
    with pytest.raises(CommandError, match="telegram: Telegram refuses TELEGRAM_BOT_TOKEN"):
        said("send")


@pytest.mark.parametrize("flags", [["--web"], ["--both"]])
def test_send_refuses_a_channel_that_is_not_set_up(telegram: BotApi, flags: list[str]) -> None:
    with pytest.raises(CommandError, match="Not set up: web-push"):
        said("send", *flags)


@pytest.mark.django_db
def test_send_without_any_channel_says_what_is_missing(settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = settings.VAPID_PRIVATE_KEY = ""
    with pytest.raises(CommandError, match="TELEGRAM_BOT_TOKEN is not set"):
        said("send")


def test_broadcast_tells_everybody(telegram: BotApi, subscribe: Subscribe) -> None:
    people = [subscribe(), subscribe(seasons=(202526,))]
    assert said("broadcast", "Hall 2 at nine\nBring <your> card") == (
        f"Notice {Notice.objects.get().pk} is queued for 2.\ntelegram: sent 2\n"
    )
    for person in people:
        (message,) = telegram.messages(int(person.address))
        assert message.text.startswith("📣 Hall 2 at nine\n\nBring <your> card")


@pytest.mark.django_db
def test_broadcast_refuses_to_say_nothing() -> None:
    with pytest.raises(CommandError, match="text is empty"):
        said("broadcast", "  ")


def test_vapid_keys_prints_a_pair_for_the_settings() -> None:
    lines = dict(line.split("=", 1) for line in said("vapid_keys").splitlines())
    assert list(lines) == ["VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY"]
    private, public = lines.values()
    assert Vapid(private, public, "cell@example.edu").public_key == public
