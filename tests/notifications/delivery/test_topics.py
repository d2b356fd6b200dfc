"""Notices to topics of forum groups, over a real socket: closed, gone, open again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Subscription
from accounts.subscribing import subscriptions, topics
from notifications.models import Delivery
from notifications.publishing.publish import publish
from notifications.publishing.topics import CLOSED, GONE, tell_refused
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_topics import TopicState
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.usefixtures("together")
FORUM, TOPIC = -1_001_000_000_077, 7


@pytest.fixture
def forum(telegram: BotApi, subscribe: Subscribe) -> Subscription:
    telegram.add_forum(FORUM, "CSE 2027", topics=(TOPIC,))
    return subscribe(address=str(FORUM), topic=TOPIC)


def said(telegram: BotApi) -> list[tuple[int, str]]:
    """Topic and first line of what was said in the group."""
    return [(message.thread, message.text.splitlines()[0]) for message in telegram.messages(FORUM)]


def publish_and_run(draft: MakeDraft, number: int) -> None:
    publish(draft(f"test:{number}", title=f"Notice {number}"))
    run()


def test_notices_go_to_the_topic(telegram: BotApi, forum: Subscription, draft: MakeDraft) -> None:
    publish_and_run(draft, 1)
    assert [thread for thread, _ in said(telegram)] == [TOPIC]


@pytest.mark.parametrize(("state", "told"), [("closed", CLOSED), ("deleted", GONE)])
def test_a_topic_that_takes_nothing_gives_way_to_general_and_the_group_is_told_once(
    telegram: BotApi, forum: Subscription, draft: MakeDraft, state: TopicState, told: str
) -> None:
    telegram.set_topic(FORUM, TOPIC, state)
    for number in (1, 2):
        publish_and_run(draft, number)
        tell_refused()
        run()
    assert [thread for thread, _ in said(telegram)] == [0, 0, 0]
    texts = [message.text for message in telegram.messages(FORUM)]
    assert [told.splitlines()[0] in text for text in texts] == [False, True, False]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_it_goes_on_in_the_topic_when_that_is_open_again(
    telegram: BotApi, forum: Subscription, draft: MakeDraft
) -> None:
    telegram.set_topic(FORUM, TOPIC, "closed")
    publish_and_run(draft, 1)
    telegram.set_topic(FORUM, TOPIC, "open")
    publish_and_run(draft, 2)
    forum.refresh_from_db()
    assert ([thread for thread, _ in said(telegram)], forum.topic_refused) == ([0, TOPIC], "")
    assert tell_refused() == 0
    telegram.set_topic(FORUM, TOPIC, "closed")
    publish_and_run(draft, 3)
    assert tell_refused() == 1, "closed once more is news"


def test_what_finds_all_topics_closed_waits_and_counts_against_nobody(
    telegram: BotApi, forum: Subscription, draft: MakeDraft, subscribe: Subscribe
) -> None:
    for topic in (TOPIC, 0):
        telegram.set_topic(FORUM, topic, "closed")
    person = subscribe()
    publish_and_run(draft, 1)
    delivery = Delivery.objects.get(subscription=forum)
    assert (delivery.state, delivery.attempts, delivery.error_code) == ("retry", 0, "topic_closed")
    assert delivery.next_attempt_at > timezone.now() + timedelta(minutes=10)
    assert len(telegram.messages(int(person.address))) == 1
    assert list(topics.mute_chats()) == [forum]
    assert tell_refused() == 0, "nothing can be said there"

    telegram.set_topic(FORUM, TOPIC, "open")
    Delivery.objects.update(next_attempt_at=timezone.now())
    run()
    assert [thread for thread, _ in said(telegram)] == [TOPIC]
    assert not topics.mute_chats()


def test_general_closed_without_a_topic_is_waited_for_too(
    telegram: BotApi, forum: Subscription, draft: MakeDraft
) -> None:
    topics.choose(FORUM, None)
    telegram.set_topic(FORUM, 0, "closed")
    publish_and_run(draft, 1)
    assert list(topics.mute_chats()) == [forum]
    topics.choose(FORUM, TOPIC)
    Delivery.objects.update(next_attempt_at=timezone.now())
    run()
    assert [thread for thread, _ in said(telegram)] == [TOPIC]


def test_an_edit_in_a_closed_topic_is_made_when_it_is_open_again(
    telegram: BotApi, forum: Subscription, draft: MakeDraft
) -> None:
    publish_and_run(draft, 1)
    telegram.set_topic(FORUM, TOPIC, "closed")
    publish(draft("test:1", title="Notice 1 moved"))
    run()
    assert Delivery.objects.get().state == "retry"
    telegram.set_topic(FORUM, TOPIC, "open")
    Delivery.objects.update(next_attempt_at=timezone.now())
    run()
    (message,) = telegram.messages(FORUM)
    assert "Notice 1 moved" in message.text
    assert Delivery.objects.get().state == "sent"


def test_the_topic_chosen_in_the_new_group_stays_when_an_old_one_has_moved(
    telegram: BotApi, forum: Subscription, subscribe: Subscribe
) -> None:
    old = subscribe(address="-77")
    subscriptions.move(-77, FORUM)
    old.refresh_from_db()
    assert (old.address, old.topic) == (str(FORUM), TOPIC)
