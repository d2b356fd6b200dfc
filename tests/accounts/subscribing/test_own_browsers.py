"""A person's own browsers: told what the chat is told, by the same choices, each for itself."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Subscriber, Subscription
from accounts.personal import filters, profiles
from accounts.subscribing import subscriptions
from accounts.subscribing.browsers import MOST_OWN, OtherKeysError, own, stop_own, subscribe, subscribe_own
from accounts.subscribing.forgetting import forget
from accounts.subscribing.subscriptions import Chat
from notifications.models import Delivery
from notifications.publishing.publish import publish
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft, draft

__all__ = ["draft"]
pytestmark = pytest.mark.django_db

ENDPOINT = "https://push.example.net/send/abc123"
ASHA, RAVI = 1001, 1002
KEYS = Browser().keys


@pytest.fixture
def asha(settings: Settings) -> Subscriber:
    return person(ASHA, settings)


def person(telegram_id: int, settings: Settings) -> Subscriber:
    settings.MEMBERSHIP = "approve"
    settings.PLACEMENT_YEARS = [202627, 202526]
    subscriptions.start(Chat(telegram_id, name=f"Student {telegram_id}"))
    return Subscriber.objects.get(telegram_id=telegram_id)


def choices(channel: str) -> tuple[set[int], set[str]]:
    found = Subscription.objects.get(channel=channel)
    seasons = set(found.seasons.values_list("season", flat=True))
    return seasons, set(found.muted.values_list("category", flat=True))


def told() -> list[tuple[str, int, str]]:
    """Channel, priority and how the list names the reader, of each delivery."""
    return sorted(Delivery.objects.values_list("channel", "priority", "named"))


def test_it_has_the_choices_of_the_chat_and_follows_them(asha: Subscriber) -> None:
    subscriptions.mute(ASHA, "webinar", on=True)
    subscribe_own(asha, ENDPOINT, KEYS, "Firefox on Linux")
    assert [each.browser for each in own(asha)] == ["Firefox on Linux"]
    assert choices("web-push") == choices("telegram") == ({202627}, {"webinar"})
    subscriptions.follow(ASHA, 202526, on=True)
    subscriptions.mute(ASHA, "update", on=True)
    assert choices("web-push") == choices("telegram") == ({202627, 202526}, {"webinar", "update"})
    subscriptions.choose(ASHA, [202526], ["shortlisting"])
    assert choices("web-push") == choices("telegram")
    Subscription.objects.filter(channel="telegram").update(every_season=True)
    subscriptions.mute(ASHA, "update", on=True)
    assert Subscription.objects.get(channel="web-push").every_season


def test_ones_own_name_comes_first_to_chat_and_browser_once_each(asha: Subscriber, draft: MakeDraft) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    subscribe("https://push.example.net/send/nobody", Browser(auth=b"n" * 16).keys)
    Subscriber.objects.filter(pk=asha.pk).update(membership="member")
    profiles.agree(ASHA)
    profiles.tell(ASHA, "number", "22103001")
    publish(draft(category="shortlisting", roster=({"name": "A", "enrollment": "22103001"},)))
    urgent, mine = Delivery.Priority.URGENT, Delivery.Priority.OWN
    assert told() == [("telegram", mine, "number"), ("web-push", mine, "number"), ("web-push", urgent, "")]
    publish(draft(category="shortlisting", roster=({"name": "A", "enrollment": "22103001"},)))
    assert len(told()) == 3


def test_filters_keep_both_quiet(asha: Subscriber, draft: MakeDraft) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    filters.add(ASHA, filters.parse("not-company", "Zenith"))
    publish(draft("a", company="Zenith"))
    assert told() == []
    publish(draft("b", company="Kestrel"))
    assert [channel for channel, *_ in told()] == ["telegram", "web-push"]


def test_a_nameless_browser_goes_on_as_ones_own(asha: Subscriber, draft: MakeDraft) -> None:
    subscribe(ENDPOINT, KEYS)
    publish(draft("a"))
    subscribe_own(asha, ENDPOINT, KEYS, "")
    assert Delivery.objects.filter(subscription__subscriber=asha, channel="web-push").count() == 1
    assert not Subscriber.objects.filter(kind="browser").exists()
    subscribe_own(asha, ENDPOINT, KEYS, "")
    assert len(own(asha)) == 1


def test_only_the_browser_itself_is_taken(asha: Subscriber) -> None:
    subscribe(ENDPOINT, KEYS)
    with pytest.raises(OtherKeysError):
        subscribe_own(asha, ENDPOINT, Browser(auth=b"x" * 16).keys, "")
    with pytest.raises(ValueError, match="https"):
        subscribe_own(asha, "http://127.0.0.1/", KEYS, "")
    assert own(asha) == []


def test_on_a_shared_computer_nothing_of_the_one_before_is_left(
    asha: Subscriber, settings: Settings, draft: MakeDraft
) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    publish(draft("a"))
    ravi = person(RAVI, settings)
    subscribe_own(ravi, ENDPOINT, KEYS, "")
    assert (own(asha), len(own(ravi))) == ([], 1)
    assert not Delivery.objects.filter(channel="web-push").exists()


def test_it_is_stopped_by_its_owner_alone_and_starts_again(asha: Subscriber, settings: Settings) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    (mine,) = own(asha)
    assert not stop_own(person(RAVI, settings), mine.pk)
    assert stop_own(asha, mine.pk)
    assert own(asha) == []
    subscribe_own(asha, ENDPOINT, Browser(auth=b"x" * 16).keys, "")
    assert [each.pk for each in own(asha)] == [mine.pk]


def test_a_person_has_so_many(asha: Subscriber) -> None:
    for number in range(MOST_OWN):
        subscribe_own(asha, f"{ENDPOINT}{number}", KEYS, "")
    subscribe_own(asha, f"{ENDPOINT}0", KEYS, "")
    with pytest.raises(ValueError, match="at most"):
        subscribe_own(asha, ENDPOINT, KEYS, "")


def test_it_stays_ones_own_at_a_new_address_of_its_push_service(asha: Subscriber, client: Client) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    new = Browser(auth=b"x" * 16).keys
    stolen = {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": new["auth"]}}
    for before, owners in ((stolen, 0), ({"endpoint": ENDPOINT, "keys": KEYS}, 1)):
        address = f"{ENDPOINT}/{owners}"
        body = {"endpoint": address, "keys": new, "replaces": before}
        assert client.post("/api/push/subscribe", body, content_type="application/json").status_code == 200
        assert [each.address for each in own(asha)] == [address if owners else ENDPOINT]


def test_forget_removes_it(asha: Subscriber) -> None:
    subscribe_own(asha, ENDPOINT, KEYS, "")
    forget(ASHA)
    assert not Subscription.objects.exists()
