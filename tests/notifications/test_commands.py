"""send, broadcast and vapid_keys from the command line."""

import ast
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import MutedCategory
from accounts.personal import profiles
from notifications.channels.webpush.vapid import Vapid
from notifications.models import Delivery, Notice
from notifications.publishing import orders
from notifications.publishing.publish import publish
from notifications.rendering.public import visible_notices
from notifications.tasks import planned_broadcast
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
    with pytest.raises(CommandError, match="Portal: "):
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
    out = said("broadcast", "Hall 2 at nine\nBring <your> card", "--yes")
    assert out.startswith("So it will look:\n\n    📣 Hall 2 at nine\n    \n    Bring <your> card\n")
    assert "\nIt goes to 2: 2 on Telegram. All are told who are subscribed. Nobody can have muted it.\n" in out
    assert out.endswith(f"Notice {Notice.objects.get().pk} is queued for 2.\ntelegram: sent 2\n")
    for person in people:
        (message,) = telegram.messages(int(person.address))
        assert message.text.startswith("📣 Hall 2 at nine\n\nBring <your> card")


@pytest.mark.django_db
def test_broadcast_refuses_to_say_nothing() -> None:
    with pytest.raises(CommandError, match="text is empty"):
        said("broadcast", "  ")


@pytest.mark.django_db
def test_broadcast_shows_and_sends_nothing_unless_it_is_confirmed(subscribe: Subscribe) -> None:
    subscribe()
    out = StringIO()
    with pytest.raises(CommandError, match="Nothing was sent: add --yes to send it"):
        call_command("broadcast", "Hall 2 at nine", stdout=out)
    assert "for everybody to read" in out.getvalue()
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_broadcast_for_nobody_says_so() -> None:
    assert "\nIt goes to nobody now. All are told who" in said("broadcast", "Hall 2 at nine", "--yes")


@pytest.mark.parametrize("words", ["send --year 2026", "update --year 202628", "webhook add a https://b.c --season x"])
def test_a_season_that_is_none_is_said_in_words(words: str) -> None:
    with pytest.raises(CommandError, match="is not a season like 202627 or 2026-27"):
        said(*words.split())


@pytest.mark.django_db
def test_a_webhook_with_a_wrong_address_was_typed_wrongly() -> None:
    with pytest.raises(CommandError, match="must start with https") as wrong:
        said("webhook", "add", "site", "http://hooks.example.edu/")
    assert wrong.value.returncode == 2


def test_broadcast_tells_a_season_and_who_has_not_muted_a_category(telegram: BotApi, subscribe: Subscribe) -> None:
    wanted = subscribe(seasons=(202526,))
    MutedCategory.objects.create(subscription=subscribe(seasons=(202526,)), category="webinar")
    subscribe(seasons=(202627,))
    out = said("broadcast", "A talk", "--to", "2025-26", "--to", "Webinar", "--not-on-site", "--yes")
    assert "It goes to 1: 1 on Telegram. All are told who follow 2025-26 and have not muted “Webinar”." in out
    assert [delivery.subscription for delivery in Delivery.objects.all()] == [wanted]
    notice = Notice.objects.get()
    assert (notice.season, notice.category, notice.private) == (202526, "webinar", True)
    with pytest.raises(CommandError, match="nowhere is neither a season") as wrong:
        said("broadcast", "A talk", "--to", "nowhere", "--yes")
    assert wrong.value.returncode == 2, "it was typed wrongly"


def test_broadcast_to_a_branch_reaches_who_told_it_and_nobody_else_sees_it(
    telegram: BotApi, subscribe: Subscribe
) -> None:
    chats = [int(subscribe().address) for _ in range(3)]
    for chat, branch in zip(chats, ("CSE", "ECE", ""), strict=True):
        if branch:
            profiles.agree(chat)
            profiles.tell(chat, "branch", branch)
    out = said("broadcast", "Lab exam moved", "--to", "computer science", "--yes")
    assert "It goes to 1: 1 on Telegram. All are told who are subscribed and told me that they are in CSE" in out
    assert [bool(telegram.messages(chat)) for chat in chats] == [True, False, False]
    assert not visible_notices().exists()


def test_a_planned_broadcast_goes_out_at_its_time_once_and_may_be_called_off(
    telegram: BotApi, subscribe: Subscribe
) -> None:
    at = timezone.localtime() + timedelta(days=1)
    assert "Planned for " in said("broadcast", "Tomorrow", "--at", f"{at:%Y-%m-%d} 18:00", "--yes")
    said("broadcast", "Never", "--at", f"{at:%Y-%m-%d} 19:00", "--yes")
    first, second = orders.planned()
    assert said("broadcast", "--planned").count("\n") == 2
    said("broadcast", "--call-off", str(second.pk))
    with pytest.raises(CommandError, match="--planned lists"):
        said("broadcast", "--call-off", str(second.pk))
    assert not Notice.objects.exists()
    subscribe()
    for _ in range(2):
        planned_broadcast(*ast.literal_eval(first.args))
    assert [notice.title for notice in Notice.objects.all()] == ["Tomorrow"]
    assert Delivery.objects.count() == 1
    assert first.schedule_type == first.ONCE


def test_a_time_of_day_is_the_next_one() -> None:
    now = datetime(2026, 11, 29, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
    for evening in ("18:00", "6 PM", "6:00pm", "2026-11-29 6PM", "2026-11-29T18:00:00"):
        assert orders.read_time(evening, now).isoformat() == "2026-11-29T18:00:00+05:30"
    assert orders.read_time("9:00", now).isoformat() == "2026-11-30T09:00:00+05:30"
    for wrong in ("noon", "25:00", "13 PM", "2026-11-29 11:59"):
        with pytest.raises(ValueError, match=r"is no time like|has passed"):
            orders.read_time(wrong, now)


def test_vapid_keys_prints_a_pair_for_the_settings() -> None:
    lines = dict(line.split("=", 1) for line in said("vapid_keys").splitlines())
    assert list(lines) == ["VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY"]
    private, public = lines.values()
    assert Vapid(private, public, "cell@example.edu").public_key == public
