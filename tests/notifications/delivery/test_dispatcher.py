"""The dispatcher against the sandbox's Bot API, over a real socket: all goes well."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from pytest_django import Settings

from notifications.channels.registry import CHANNELS
from notifications.delivery import ledger
from notifications.delivery.dispatcher import Dispatcher
from notifications.delivery.ledger import Claimed
from notifications.delivery.tally import Tally
from notifications.models import Delivery, Notice, Shard
from notifications.publishing import broadcasts
from notifications.publishing.publish import publish, withdraw
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run


def texts(telegram: BotApi, address: str) -> list[str]:
    return [message.text.splitlines()[0] for message in telegram.messages(int(address))]


def test_each_subscriber_has_the_notice_once(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    people = [subscribe() for _ in range(5)]
    publish(draft())

    assert run().sent == 5
    assert run().sent == 0
    for person in people:
        (message,) = telegram.messages(int(person.address))
        assert message.text.startswith("📌 Zenith Labs visits\n\nBe there.")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.usefixtures("together")
def test_a_long_notice_goes_in_parts_and_keeps_their_ids(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    person = subscribe()
    publish(draft(body="<p>" + "word " * 1500 + "</p>"))

    assert run().sent == 1
    messages = telegram.messages(int(person.address))
    delivery = Delivery.objects.get()
    assert delivery.message_ids == [message.message_id for message in messages]
    assert (delivery.parts_sent, len(messages)) == (2, 2)


@pytest.mark.usefixtures("together")
def test_a_chats_messages_come_in_order_and_parts_are_not_mixed(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    people = [subscribe() for _ in range(3)]
    publish(draft("test:1", title="One", body="<p>" + "one " * 1500 + "</p>"))
    publish(draft("test:2", title="Two"))
    publish(draft("test:3", title="Three"))

    run()

    for person in people:
        messages = texts(telegram, person.address)
        assert [line[:5].strip() for line in messages if not line.startswith("one")] == ["📌 One", "📌 Two", "📌 Thr"]
        assert messages[1].startswith("one")


def test_a_chat_has_a_message_a_second(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    person = subscribe()
    publish(draft("test:1"))
    publish(draft("test:2"))

    run()

    first, second = telegram.messages(int(person.address))
    assert second.received - first.received > 0.9  # at the server, after two journeys


def test_urgent_notices_go_first(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft("test:1", title="Bulk"))
    subscribe()
    publish(draft("test:2", category="shortlisting", title="Urgent"))
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk - 1).delete()

    run()

    first, second = telegram.messages()
    assert "Shortlist" in first.text
    assert "Bulk" in second.text


def test_an_edit_changes_the_message_in_place(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    person = subscribe()
    publish(draft())
    run()

    publish(draft(body="<p>Be there at nine.</p>"))
    run()

    (message,) = telegram.messages(int(person.address))
    assert message.text.startswith("✏️ Edited")
    assert "Be there at nine." in message.text
    assert Delivery.objects.get().version_sent == 2


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize(("before", "after"), [(3000, 10), (10, 1500)])
def test_an_edit_may_need_more_or_fewer_messages(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, before: int, after: int
) -> None:
    person = subscribe()
    publish(draft(body="<p>" + "word " * before + "</p>"))
    run()

    publish(draft(body="<p>" + "term " * after + "</p>"))
    run()

    messages = telegram.messages(int(person.address))
    text = " ".join(message.text for message in messages)
    assert (text.count("term"), text.count("word")) == (after, 0)
    assert len(Delivery.objects.get().message_ids) == len(messages)


@pytest.mark.usefixtures("together")
def test_an_edit_in_the_middle_of_a_long_message_reaches_all_its_parts(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    person = subscribe()
    publish(draft(body="<p>" + "word " * 1500 + "</p>"))
    (item,) = ledger.claim("telegram", "other", limit=1, lease=timedelta(minutes=1))
    half = telegram_sends_first_part(telegram, person.address)
    ledger.settle(
        "other",
        [ledger.Settlement(item.id, "retry", 0, 1, message_ids=(half,), version_sent=1)],
        lease=timedelta(minutes=1),
    )

    publish(draft(body="<p>" + "term " * 1500 + "</p>"))
    run()
    run()

    text = " ".join(message.text for message in telegram.messages(int(person.address)))
    assert "word" not in text
    assert Delivery.objects.get().version_sent == 2


def telegram_sends_first_part(telegram: BotApi, address: str) -> int:
    return telegram.post(telegram.chat(int(address)), telegram.bot, "word", []).message_id


def test_a_withdrawn_notice_is_marked_where_it_was_sent(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    person = subscribe()
    publish(draft())
    run()

    withdraw("test:1")
    run()

    (message,) = telegram.messages(int(person.address))
    assert message.text.startswith("✏️ Withdrawn")


def in_the_middle(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Do something once a batch is claimed, before it is sent."""
    claim = ledger.claim

    def claim_and_change(*args: Any, **options: Any) -> list[Claimed]:
        claimed = claim(*args, **options)
        monkeypatch.setattr("notifications.delivery.ledger.claim", claim)
        change()
        return claimed

    monkeypatch.setattr("notifications.delivery.ledger.claim", claim_and_change)


@pytest.mark.usefixtures("together", "two_at_a_time")
def test_a_notice_edited_in_the_middle_of_its_broadcast_is_the_same_for_all_in_the_end(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        subscribe()
    publish(draft())
    in_the_middle(monkeypatch, lambda: publish(draft(body="<p>At nine.</p>")))

    run()

    assert all("At nine." in message.text for message in telegram.messages())
    assert set(Delivery.objects.values_list("state", "version_sent")) == {("sent", 2)}


@pytest.mark.usefixtures("together", "two_at_a_time")
def test_a_notice_withdrawn_in_the_middle_goes_to_nobody_else(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        subscribe()
    publish(draft())
    in_the_middle(monkeypatch, lambda: withdraw("test:1"))

    run()

    assert len(telegram.messages()) <= 2
    assert all("Withdrawn" in message.text for message in telegram.messages())
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"sent", "skipped"}


def test_a_subscription_deleted_in_the_middle_is_no_trouble(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = subscribe(), subscribe()
    publish(draft())
    in_the_middle(monkeypatch, gone.subscriber.delete)

    run()

    assert Delivery.objects.get().subscription == stays
    assert Delivery.objects.get().state == "sent"


@pytest.mark.usefixtures("two_at_a_time")
def test_a_broadcast_paused_in_the_middle_goes_on_when_it_is_resumed(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        subscribe()
    notice = publish(draft()).notice
    in_the_middle(monkeypatch, lambda: broadcasts.pause(notice.pk))

    assert run().sent <= 2
    broadcasts.resume(notice.pk)
    run()

    assert telegram.calls["sendMessage"] == 6


def test_one_that_was_given_back_meets_the_pause_when_it_is_claimed_again(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    subscribe()
    publish(draft())
    Notice.objects.update(broadcast=Notice.Broadcast.PAUSED)
    run()
    assert Delivery.objects.get().state == "held"


def test_a_slow_group_does_not_hold_up_people(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    telegram.add_group(-77)
    group = subscribe(address="-77")
    for number in range(60):
        publish(draft(f"test:{number}"))
    subscribe()
    publish(draft("test:last", title="For all"))

    run(seconds=0.5)

    assert "For all" in telegram.messages()[1].text
    assert len(telegram.messages(int(group.address))) == 1


def test_two_dispatchers_send_nothing_twice(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    for _ in range(30):
        subscribe()
    publish(draft())
    telegram.latency = 0.02

    tallies = async_to_sync(both)()

    assert sorted(tally.sent for tally in tallies) == [0, 30]
    assert [tally.busy_elsewhere for tally in tallies].count(True) == 1
    assert telegram.calls["sendMessage"] == 30


async def both() -> list[Tally]:
    return await asyncio.gather(*(Dispatcher(CHANNELS["telegram"]()).run() for _ in range(2)))


def test_shards_send_side_by_side_and_nothing_twice(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_SHARDS = 2
    for _ in range(30):
        subscribe()
    publish(draft())
    telegram.latency = 0.02

    tallies = async_to_sync(both)()

    assert sum(tally.sent for tally in tallies) == 30
    assert all(tally.sent for tally in tallies)
    assert telegram.calls["sendMessage"] == 30


def test_one_alone_sends_the_shards_one_after_the_other(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_SHARDS = 3
    for _ in range(9):
        subscribe()
    publish(draft())
    assert run().sent == 9


def test_the_shard_of_one_that_died_elsewhere_is_taken_over_when_its_lease_ends(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_SHARDS = 2
    for _ in range(6):
        subscribe()
    publish(draft())
    Shard.objects.create(
        channel="telegram", number=0, owner="elsewhere/1:1:1:x", leased_until=timezone.now() + timedelta(minutes=1)
    )
    ledger.claim("telegram", "elsewhere/1:1:1:x", limit=2, lease=timedelta(seconds=60), shards=2)

    first = run()
    assert (first.sent, first.busy_elsewhere) == (3, True)

    Shard.objects.filter(number=0).update(leased_until=timezone.now())
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now())
    assert run().sent == 3
