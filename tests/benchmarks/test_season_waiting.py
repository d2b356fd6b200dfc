"""The checker of a played season knows when what waits must come: errors in quiet hours, digests and browsers."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.played.inputs import DAY, HOUR, MINUTE, Act, Student, Times, next_time
from benchmarks.played.known import Trouble
from benchmarks.played.phones import Arrived
from benchmarks.played.truth import Truth
from benchmarks.played.verdict import Verdict
from benchmarks.played.waiting import rest_over, tell_at
from tests.benchmarks.season_messages import DEADLINE, ROSTER, START, also, change, check, place, says, texts, truth

NIGHT = Times(quiet=(23 * 60, 7 * 60))
SLEEPER = Student(1, "Sleeper", times=NIGHT)
DAILY = Student(2, "Daily", times=Times(digest=20 * 60))
LISTED = Student(3, *ROSTER[0], times=NIGHT)
MUTED = Student(4, "Muted", muted=frozenset({"announcement"}))
KEPT = Student(5, "Kept", filters=(("not-word", "fines"),), times=Times(quietly=True))
BROWSER = Student(6, "Browser", times=NIGHT, owner=SLEEPER.chat)
MORNING, EVENING = next_time(7 * 60, START), next_time(20 * 60, START)
FINES = "Library fines"
Plant = Callable[[list[Arrived]], object]


def waiting(acts: tuple[Act, ...] = (), troubles: tuple[Trouble, ...] = ()) -> Truth:
    return truth(list(acts), troubles, (SLEEPER, DAILY, LISTED, MUTED, KEPT, BROWSER))


def found(plant: Plant = lambda _: None, of: Truth | None = None) -> Verdict:
    return check(plant, of or waiting())


def told(student: Student) -> dict[tuple[str, str], float]:
    return {(one.key, one.what): one.due for one in waiting().expected() if one.chat == student.chat}


def test_nothing_is_found_where_all_is_right() -> None:
    assert found().findings == []


def test_what_waits_comes_at_its_time_and_what_names_the_reader_at_once() -> None:
    assert told(SLEEPER)["Office 0003", "text"] == MORNING
    assert told(DAILY)["Office 0003", "text"] == EVENING
    assert told(KEPT)["Office 0003", "text"] == EVENING, "what filters keep back, where no other time was chosen"
    assert told(KEPT)["Office 0004", "text"] == START + 4 * HOUR
    assert told(LISTED)["Office 0002", "text"] == START + 2 * HOUR
    assert ("Office 0004", "text") not in told(DAILY), "withdrawn before"
    assert ("Office 0003", "text") not in told(MUTED)


@pytest.mark.parametrize(
    ("times", "at", "date", "due"),
    [
        (NIGHT, 3, 9.5, 7),
        (NIGHT, 3, 9, 0),  # two hours after their end
        (NIGHT, 12, 13, 0),
        (Times(digest=20 * 60), 12, 30, 20),
        (Times(digest=20 * 60), 12, 21, 0),
        (Times(NIGHT.quiet, 20 * 60), 3, 12, 7),  # the digest would be too late
        (Times(NIGHT.quiet, 2 * 60), 12, 200, 31),  # it lies within quiet hours
        (Times((60, 9 * 60)), 2, 50, 9),
    ],
)
def test_what_can_not_wait_does_not(times: Times, at: float, date: float, due: float) -> None:
    midnight = next_time(0, START)

    assert tell_at(times, midnight + at * HOUR, [midnight + date * HOUR]) == (midnight + due * HOUR if due else 0)


def test_a_reminder_waits_for_the_end_of_quiet_hours_where_that_is_early_enough() -> None:
    two = next_time(2 * 60, START)

    assert rest_over(NIGHT, two, two + DAY) == next_time(7 * 60, two)
    assert rest_over(NIGHT, two, two + 3 * HOUR) == two
    assert rest_over(DAILY.times, two, two + DAY) == two


def test_a_digest_that_is_late() -> None:
    verdict = found(change(DAILY, FINES, at=EVENING + 2 * HOUR))

    assert set(verdict.by_kind) == {"late"}
    assert verdict.by_kind["late"] == 3, "all that is in it"


def test_a_digest_that_is_lost() -> None:
    def plant(messages: list[Arrived]) -> None:
        messages.pop(place(messages, SLEEPER, FINES))

    assert set(found(plant).by_kind) == {"lost"}


def test_one_notice_missing_in_a_digest() -> None:
    def plant(messages: list[Arrived]) -> None:
        at = place(messages, SLEEPER, FINES)
        words = messages[at].first
        messages[at] = replace(messages[at], first=words.replace(FINES, "Sports day"))

    assert found(plant).by_kind == {"lost": 1, "false": 1}


def test_a_digest_twice() -> None:
    def plant(messages: list[Arrived]) -> None:
        again = messages[place(messages, DAILY, FINES)]
        messages.append(replace(again, number=9000, at=again.at + 5))

    assert found(plant).by_kind == {"double": 1}, "one message, whatever it tells"
    kill = Trouble(EVENING - MINUTE, EVENING + 2 * MINUTE, "kill delivery", in_flight=16)
    assert found(plant, waiting(troubles=(kill,))).findings == []


def test_quiet_hours_that_are_broken() -> None:
    text = texts()[3]
    verdict = found(also(SLEEPER, says(SLEEPER, text, text.versions[0]), START + 4.05 * HOUR))

    assert verdict.by_kind["early"] == 1


def test_a_notice_at_once_to_who_chose_a_digest() -> None:
    assert found(change(DAILY, FINES, at=START + 3.1 * HOUR)).by_kind["early"] == 3


def test_what_names_the_reader_may_not_wait() -> None:
    assert found(change(LISTED, "Office 0002", at=MORNING)).by_kind["late"] == 1


def test_a_muted_kind_that_is_told() -> None:
    text = texts()[2]
    verdict = found(also(MUTED, says(MUTED, text, text.versions[0]), START + 3.1 * HOUR))

    assert verdict.by_kind == {"false": 1}


def test_what_was_withdrawn_before_is_in_no_digest() -> None:
    def plant(messages: list[Arrived]) -> None:
        at = place(messages, DAILY, FINES)
        messages[at].first += "\n\n9. 📣 Buses\n"

    assert found(plant).by_kind == {"false": 1}


def test_an_old_state_in_a_digest() -> None:
    moved = texts()[0].versions[1]

    def plant(messages: list[Arrived]) -> None:
        at = place(messages, DAILY, FINES)
        old = messages[at].first.replace(moved.line[0], texts()[0].versions[0].line[0])
        messages[at] = replace(messages[at], first=old, now=old)

    assert found(plant).by_kind == {"missing edit": 1}


def test_a_digest_in_a_browser_that_says_too_few_or_too_many() -> None:
    def says_so_many(count: int) -> Plant:
        def plant(messages: list[Arrived]) -> None:
            at = place(messages, BROWSER, "waited")
            messages[at] = replace(messages[at], first=f"{count} notices waited for you\n📣 Buses")

        return plant

    assert found(says_so_many(1)).by_kind == {"lost": 1}
    assert found(says_so_many(9)).by_kind == {"false": 1}


def test_a_browser_that_vanished_is_told_nothing_more() -> None:
    gone = (Act(START + HOUR / 2, BROWSER.chat, "vanish"), Act(START + 9 * HOUR, BROWSER.chat, "return"))
    expected = [one for one in waiting(gone).expected() if one.chat == BROWSER.chat and one.sure]

    assert {one.what for one in expected} == {"remind"}, "what it had before is not followed up; its owner is reminded"
    verdict = found(also(BROWSER, "Buses\nEdition 1\nOffice 0004", START + 4 * HOUR), waiting(gone))
    assert verdict.by_kind == {"false": 1}


def test_a_reminder_that_wakes_somebody() -> None:
    night = DEADLINE + DAY - 24 * HOUR
    assert rest_over(NIGHT, night, DEADLINE + DAY) > night

    assert found(change(SLEEPER, "Deadline: ", at=night)).by_kind["early"] == 1
