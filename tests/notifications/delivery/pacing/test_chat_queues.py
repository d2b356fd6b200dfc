"""What waits in memory: order and spacing a chat, turns between chats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.delivery.pacing.chat_queues import ChatQueues, telegram_spacing


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queues(clock: Clock) -> ChatQueues[str]:
    return ChatQueues(telegram_spacing, clock)


def test_a_chat_has_one_message_at_a_time(queues: ChatQueues[str], clock: Clock) -> None:
    queues.add("7", "first")
    queues.add("7", "second")
    assert queues.take() == ("7", "first")
    clock.now = 50.0
    assert (queues.take(), queues.delay()) == (None, None)


def test_the_next_one_follows_a_second_after_the_first_was_done(queues: ChatQueues[str], clock: Clock) -> None:
    queues.add("7", "first")
    queues.add("7", "second")
    queues.take()
    clock.now = 0.4
    queues.done("7")
    assert queues.delay() == pytest.approx(1.0)
    clock.now = 1.4
    assert queues.take() == ("7", "second")


def test_a_group_has_twenty_a_minute(queues: ChatQueues[str]) -> None:
    queues.add("-100", "first")
    queues.add("-100", "second")
    queues.take()
    queues.done("-100")
    assert queues.delay() == pytest.approx(3.0)


def test_spacing_is_kept_where_the_queue_ran_empty_in_between(queues: ChatQueues[str]) -> None:
    queues.add("7", "first")
    queues.take()
    queues.done("7")
    queues.add("7", "second")
    assert queues.delay() == pytest.approx(1.0)


def test_one_put_back_is_the_next_of_its_chat(queues: ChatQueues[str], clock: Clock) -> None:
    queues.add("7", "long")
    queues.add("7", "other")
    queues.take()
    queues.put_back("7", "long, part 2")
    queues.done("7", rest=5.0)
    assert queues.delay() == pytest.approx(5.0)
    clock.now = 5.0
    assert queues.take() == ("7", "long, part 2")


def test_a_slow_chat_holds_up_nobody(queues: ChatQueues[str]) -> None:
    queues.add("-1", "a")
    queues.add("-1", "b")
    queues.add("7", "c")
    assert [queues.take(), queues.take(), queues.take()] == [("-1", "a"), ("7", "c"), None]


def test_what_is_not_wanted_any_more_is_forgotten(queues: ChatQueues[str]) -> None:
    for chat, item in (("1", "lost"), ("2", "kept"), ("2", "lost"), ("3", "kept")):
        queues.add(chat, item)
    queues.take()  # chat 1 is busy
    queues.add("1", "lost")

    queues.keep(lambda item: item == "kept")

    assert (queues.waiting, len(queues)) == (2, 3)
    queues.done("1")
    assert [queues.take(), queues.take(), queues.take()] == [("2", "kept"), ("3", "kept"), None]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["add", "take", "back", "done"])), max_size=60))
def test_whatever_happens_a_chats_items_stay_in_order(steps: list[tuple[str, str]]) -> None:
    clock = Clock()
    queues: ChatQueues[int] = ChatQueues(lambda _: 1.0, clock)
    number, busy, seen = 0, {}, {"a": 0, "b": 0, "c": 0}
    for chat, step in steps:
        clock.now += 0.5
        if step == "add":
            number += 1
            queues.add(chat, number)
        elif step == "take":
            if taken := queues.take():
                address, item = taken
                assert address not in busy
                assert item >= seen[address]
                busy[address] = seen[address] = item
        elif chat in busy:
            if step == "back":
                queues.put_back(chat, busy[chat])
            queues.done(chat)
            del busy[chat]
    assert queues.waiting >= 0
