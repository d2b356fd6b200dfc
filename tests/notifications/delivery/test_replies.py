"""What tells of a change answers the message that it is about, in each chat its own."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from notifications.delivery import ledger
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.django_db(transaction=True)

DEADLINE = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)


def test_a_moved_deadline_answers_the_message_that_said_it(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    people = [int(subscribe().address) for _ in range(2)]
    publish(draft("other", title="Another one"))
    publish(draft("told", title="Zenith Labs", deadline=DEADLINE))
    run()
    publish(draft("told", title="Zenith Labs", deadline=DEADLINE + timedelta(days=1)))
    run()
    for person in people:
        first, ping = (message for message in telegram.messages(person) if "Zenith Labs" in message.text)
        assert "Deadline moved from" in ping.text
        assert (first.reply_to, ping.reply_to) == (0, first.message_id)


def test_whose_message_is_on_its_way_when_the_deadline_moves_is_told_too(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    """The old date may be in the chat, though nobody has written down yet that it is."""
    person = int(subscribe().address)
    publish(draft("told", deadline=DEADLINE))
    ledger.claim("telegram", "another", limit=1, lease=timedelta(minutes=1))
    publish(draft("told", deadline=DEADLINE + timedelta(days=1)))
    assert ledger.release("another") == 1
    run()
    assert "Deadline moved from" in telegram.messages(person)[1].text


def test_a_message_that_was_deleted_is_answered_by_nothing(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    person = int(subscribe().address)
    publish(draft("told", deadline=DEADLINE))
    run()
    telegram.messages(person)[0].deleted = True
    publish(draft("told", deadline=DEADLINE + timedelta(days=1)))
    run()
    ping = telegram.messages(person)[-1]
    assert "Deadline moved from" in ping.text
    assert ping.reply_to == 0


def test_nothing_is_asked_where_nothing_follows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert ledger.first_messages([], [1, 2]) == {}
