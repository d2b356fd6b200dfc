"""The checker of a played season finds what is wrong: each test plants one error among messages that are all right."""

from dataclasses import replace

import pytest

from benchmarks.played.checker import Checker
from benchmarks.played.inputs import DAY, HOUR, MINUTE, Act, shown
from benchmarks.played.known import Trouble
from benchmarks.played.phones import Arrived
from benchmarks.played.truth import Truth
from tests.benchmarks.season_messages import (
    ACTS,
    ASHA,
    BELA,
    CROWD,
    DEADLINE,
    RAVI,
    ROSTER,
    START,
    STRANGER,
    all_right,
    also,
    change,
    check,
    place,
    says,
    texts,
    truth,
)


def test_nothing_is_found_where_all_is_right() -> None:
    verdict = check()

    assert verdict.findings == []
    assert verdict.arrived == verdict.checked > 4 * len(CROWD)
    assert {one.what for one in truth().expected()} == {"text", "ping", "remind"}


def test_each_student_is_told_what_concerns_them() -> None:
    told: dict[int, set[tuple[str, str]]] = {}
    for one in truth().expected():
        told.setdefault(one.chat, set()).add((one.key, one.what))

    assert ("Office 0002", "text") in told[BELA.chat], "who mutes lists has the one that names her"
    assert not any(key == "Office 0003" for key, _ in told[RAVI.chat]), "a filter keeps it quiet"
    assert ("Office 0001", "remind") in told[BELA.chat], "who was told of a posting is reminded"


def test_lost() -> None:
    verdict = check(lambda messages: messages.pop(place(messages, ASHA, "Office 0002")))

    assert verdict.by_kind == {"lost": 1}


def test_double() -> None:
    def plant(messages: list[Arrived]) -> None:
        found = messages[place(messages, ASHA, "Office 0004")]
        messages.append(replace(found, number=9000, at=found.at + 5))

    assert check(plant).by_kind == {"double": 1}
    kill = Trouble(START + 4 * HOUR, START + 4 * HOUR + 2 * MINUTE, "kill delivery", in_flight=1)
    assert check(plant, truth(troubles=(kill,))).findings == [], "a kill explains as many as were in flight"


def test_more_doubles_than_were_in_flight() -> None:
    def plant(messages: list[Arrived]) -> None:
        for student in CROWD[:3]:
            found = messages[place(messages, student, "Office 0004")]
            messages.append(replace(found, number=9000 + student.chat, at=found.at + 5))

    kill = Trouble(START + 4 * HOUR, START + 4 * HOUR + 2 * MINUTE, "kill delivery", in_flight=2)
    assert check(plant, truth(troubles=(kill,))).by_kind == {"double": 1}


def test_the_own_line_of_somebody_else() -> None:
    line = "🎯 You are on the list: Amber Forge.\n\n📌 Amber Forge\nstudents\n"
    rows = "\n".join(f"{number}  {name}" for name, number in ROSTER)

    assert check(change(CROWD[0], "Office 0002", first=f"{line}{rows}\n\nOffice 0002")).by_kind == {"wrong person": 1}


def test_the_own_line_is_missing() -> None:
    messages = all_right(truth())
    words = messages[place(messages, ASHA, "Office 0002")].first.partition("\n\n")[2]

    assert check(change(ASHA, "Office 0002", first=words)).by_kind == {"own line missing": 1}


@pytest.mark.parametrize("words", ["22103001", "Uday Lahiri"])
def test_a_name_or_number_to_a_stranger(words: str) -> None:
    verdict = check(change(STRANGER, "Office 0002", first=f"📌 Amber Forge\nstudents\n{words}\n\nOffice 0002"))

    assert verdict.by_kind == {"names": 1}


def test_late() -> None:
    assert check(change(RAVI, "Office 0004", at=START + 6 * HOUR)).by_kind == {"late": 1}


def test_late_only_after_an_outage_is_over() -> None:
    outage = Trouble(START + 4 * HOUR, START + 5.9 * HOUR, "portal down")

    assert check(change(RAVI, "Office 0004", at=START + 6 * HOUR), truth(troubles=(outage,))).findings == []


def test_told_after_the_withdrawal() -> None:
    found = check(change(RAVI, "Office 0004", at=START + 12 * HOUR)).by_kind

    assert found == {"after withdrawal": 1, "late": 1}


def test_not_marked_as_withdrawn() -> None:
    words = says(RAVI, texts()[3], texts()[3].versions[0])

    assert check(change(RAVI, "Office 0004", now=words)).by_kind == {"missing edit": 1}


def test_an_edit_is_missing() -> None:
    words = says(ASHA, texts()[2], texts()[2].versions[0])

    assert check(change(ASHA, "Office 0003", now=words)).by_kind == {"missing edit": 1}


def test_an_old_state_is_told() -> None:
    words = says(BELA, texts()[0], texts()[0].versions[0])
    found = check(change(BELA, "Office 0001", first=words, at=START + 25 * HOUR)).by_kind

    assert found["old state"] == 1


def test_told_although_a_filter_keeps_it_quiet() -> None:
    verdict = check(also(RAVI, says(RAVI, texts()[2], texts()[2].versions[0]), START + 3.1 * HOUR))

    assert verdict.by_kind == {"false": 1}
    assert "filters" in verdict.findings[0].why


def test_the_own_name_behind_the_many() -> None:
    def plant(messages: list[Arrived]) -> None:
        found = messages[place(messages, ASHA, "Office 0002")]
        behind = messages[place(messages, CROWD[30], "Office 0002")].number
        found.number, found.at = behind + 1000, found.at + 2
        for message in messages:
            if message is not found and message.number > behind:
                message.number += 2000

    assert check(plant).by_kind == {"behind bulk": 1}


def test_a_reminder_after_applied() -> None:
    applied = [*ACTS, Act(START + 25 * HOUR, ASHA.chat, "applied", "Office 0001")]
    words = f"⏰ Amber Forge · QA Engineer\nDeadline: {shown(DEADLINE + DAY)} (in 3 hours)"
    verdict = check(also(ASHA, words, DEADLINE + DAY - 3 * HOUR + 30), truth(applied))

    assert verdict.by_kind == {"false reminder": 1}


def test_a_reminder_of_a_deadline_that_moved() -> None:
    words = f"⏰ Amber Forge · QA Engineer\nDeadline: {shown(DEADLINE)} (in 3 hours)"

    assert check(also(ASHA, words, DEADLINE - 3 * HOUR + 30)).by_kind == {"false reminder": 1}


def test_a_reminder_is_lost_and_one_is_too_early() -> None:
    assert check(lambda messages: messages.pop(place(messages, ASHA, "Deadline: "))).by_kind == {"lost": 1}
    assert check(change(ASHA, "Deadline: ", at=START + 2 * DAY)).by_kind == {"early": 1}


def test_a_change_that_was_not_told() -> None:
    verdict = check(lambda messages: messages.pop(place(messages, BELA, "Deadline moved")))

    assert verdict.by_kind == {"lost": 1}


def test_what_follows_after_not_interested() -> None:
    declined = [Act(START + 10 * HOUR, CROWD[0].chat, "no", "Office 0001")]
    ping = f"✏️ Amber Forge · QA Engineer\nDeadline moved to {shown(DEADLINE + DAY)}"

    assert check(also(CROWD[0], ping, START + 20.1 * HOUR), truth(declined)).by_kind == {"false": 1}


def test_something_that_nobody_wrote() -> None:
    assert check(also(RAVI, "Zenith Labs visits", START + 5 * HOUR)).by_kind == {"false": 1}


def test_to_somebody_who_stopped() -> None:
    stopped = [Act(START + HOUR / 2, CROWD[0].chat, "stop")]
    words = says(CROWD[0], texts()[3], texts()[3].versions[0])

    assert check(also(CROWD[0], words, START + 4.1 * HOUR), truth(stopped)).by_kind == {"false": 1}


def test_a_season_that_is_cut_short_is_checked_so_far() -> None:
    of = truth()
    until = START + 4.5 * HOUR
    messages = [message for message in all_right(of) if message.at < until]
    for one in messages:
        one.now = one.first
    verdict = Checker(of, messages, until).check()

    assert verdict.findings == []
    assert len(messages) <= verdict.checked < 5 * len(CROWD)


@pytest.mark.parametrize(
    ("kind", "document", "may_be_added"),
    [("disk full", "list.pdf", True), ("flood", "list.pdf", False), ("disk full", "", False)],
)
def test_a_list_in_a_file_that_was_held_up_may_be_told_as_an_addition(
    kind: str, document: str, may_be_added: bool
) -> None:
    given = [replace(text, document=document if text.versions[0].roster else "") for text in texts()]
    listed = next(text for text in given if text.versions[0].roster)
    of = truth(troubles=(Trouble(listed.at, listed.at + HOUR, kind),))
    held_up = Truth(replace(of.season, texts=given), of.acts, of.troubles)

    first = [one for one in held_up.expected() if one.what == "on" and one.due == listed.at]

    assert held_up.file_was_held_up(listed, listed.at) is may_be_added
    assert bool(first) is may_be_added
    assert not any(one.sure for one in first)
