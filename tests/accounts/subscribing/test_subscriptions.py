"""Joining, leaving, choosing, moving: what is stored. What people see of it is in test_bot."""

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.subscribing import forgetting, subscriptions
from accounts.subscribing.subscriptions import Chat, standing, start, switch_off
from tests.conftest import SEASON, Subscribe

pytestmark = pytest.mark.django_db

ASHA = Chat(1001, name="Asha  R\n\u202e\x00", username="asha")
GROUP = Chat(-4001, Subscriber.Kind.GROUP, "Batch of 2027")


def test_names_are_kept_on_one_line_and_without_what_cannot_be_stored() -> None:
    start(ASHA)
    assert Subscriber.objects.get().name == "Asha R"


@pytest.mark.parametrize("name", ["Tom <3 code", "ക്ഷമ ന്\u200d", "👩\u200d🎓 Meera", "نور"])
def test_names_are_kept_as_people_write_them(name: str) -> None:
    assert subscriptions.clean_name(name) == name


def test_a_new_name_is_noted() -> None:
    start(ASHA)
    start(Chat(1001, name="A" * 500))
    assert Subscriber.objects.get().name == "A" * 200


def test_starting_twice_moves_nothing() -> None:
    _, new = start(ASHA)
    since = Subscription.objects.get().active_since
    _, new_again = start(ASHA)
    assert (new, new_again) == (True, False)
    assert Subscription.objects.get().active_since == since


def test_a_subscription_that_lost_its_seasons_gets_the_default_one() -> None:
    start(ASHA)
    FollowedSeason.objects.all().delete()
    assert start(ASHA)[0].seasons == (SEASON,)


def test_a_subscription_is_switched_off_once_and_keeps_its_first_reason() -> None:
    start(ASHA)
    assert switch_off(ASHA.id, "blocked")
    assert not switch_off(ASHA.id, "stopped")
    assert Subscription.objects.get().off_reason == "blocked"


@pytest.mark.parametrize(
    ("reason", "comes_back"),
    [("blocked", True), ("removed", True), ("chat_not_found", True), ("stopped", False), ("", False)],
)
def test_what_a_block_switched_off_comes_back(reason: str, comes_back: bool) -> None:
    start(ASHA)
    switch_off(ASHA.id, reason)
    assert subscriptions.revive(ASHA.id) is comes_back


@pytest.mark.parametrize("change", [subscriptions.follow, subscriptions.mute])
def test_who_never_subscribed_has_nothing_to_choose(change: object) -> None:
    assert callable(change)
    assert change(ASHA.id, SEASON, on=True) is None


def test_a_group_that_leaves_a_season_follows_the_others(settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [202627, 202526, 202425]
    start(GROUP)
    found = subscriptions.follow(GROUP.id, 202526, on=False)
    assert found is not None
    assert (found.every_season, found.seasons) == (False, (202627, 202425))


def test_a_season_no_longer_offered_can_only_be_left(settings: Settings, subscribe: Subscribe) -> None:
    chat = int(subscribe(seasons=(202324, SEASON)).address)
    found = subscriptions.follow(chat, 202324, on=False)
    assert found is not None
    assert found.seasons == (SEASON,)
    assert subscriptions.follow(chat, 202324, on=True) == found


def test_forgetting_deletes_all_of_a_person_and_nobody_else(subscribe: Subscribe) -> None:
    other = subscribe()
    start(ASHA)
    subscriptions.mute(ASHA.id, "webinar", on=True)
    assert forgetting.forget(ASHA.id)
    assert list(Subscription.objects.all()) == [other]
    assert not forgetting.forget(ASHA.id)


def test_a_moved_group_keeps_its_choices() -> None:
    start(GROUP)
    subscriptions.mute(GROUP.id, "webinar", on=True)
    assert subscriptions.move(GROUP.id, -100777)
    assert not subscriptions.move(GROUP.id, -100777)
    assert Subscriber.objects.get().telegram_id == -100777
    moved = standing(-100777)
    assert moved is not None
    assert moved.muted == {"webinar"}


@pytest.mark.parametrize("reason", ["removed", "stopped"])
def test_a_moved_group_that_has_joined_anew_is_one_again(reason: str) -> None:
    start(GROUP)
    start(Chat(-100777, Subscriber.Kind.GROUP))
    switch_off(GROUP.id, reason)
    assert subscriptions.move(GROUP.id, -100777)
    assert Subscriber.objects.count() == 1
    moved = standing(-100777)
    assert moved is not None
    assert moved.active is (reason == "removed")


def test_the_chat_of_the_settings_gets_every_season(settings: Settings) -> None:
    settings.TELEGRAM_CHAT_ID = -1_001_234_567_890
    subscriptions.ensure_settings_chat()
    subscriptions.ensure_settings_chat()
    subscription = Subscription.objects.get()
    assert (subscription.every_season, subscription.subscriber.kind) == (True, "channel")
    assert subscription.subscriber.shown_name.startswith("Channel (chat:")


def test_the_chat_of_the_settings_may_be_a_person_who_said_stop(settings: Settings) -> None:
    settings.TELEGRAM_CHAT_ID = ASHA.id
    start(ASHA)
    switch_off(ASHA.id, "stopped")
    subscriptions.ensure_settings_chat()
    found = standing(ASHA.id)
    assert found is not None
    assert (found.active, found.every_season) == (False, True)


def test_without_that_setting_nothing_is_asked(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.TELEGRAM_CHAT_ID = 0
    with django_assert_num_queries(0):
        subscriptions.ensure_settings_chat()
