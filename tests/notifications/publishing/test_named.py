"""Whom a list names: told first, told once, and told of each change of their place; nobody else is told of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import MutedCategory, Subscriber, Subscription, Timing
from accounts.personal import profiles
from accounts.subscribing import members
from accounts.times import moment
from notifications.models import Delivery, Notice
from notifications.my_time.calendar_links import link_token
from notifications.my_time.own_calendar import own_calendar
from notifications.publishing.named import fan_out_named, mark_late
from notifications.publishing.publish import Draft, bring_back, publish, withdraw
from notifications.rendering.own import Reader, own_words
from notifications.rendering.places import lists_naming
from notifications.rendering.render import telegram_text
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("together")]
Student = Callable[..., Subscription]
ROSTER = (
    {"name": "Asha Verma", "enrollment": "22103001", "panel": "Panel 2", "time": "10:40 AM", "room": "CL1"},
    {"name": "Bela Rao", "enrollment": "22-103-002"},
    {"name": "Chitra Nair", "enrollment": "22103003"},
)


@pytest.fixture(autouse=True)
def approve(settings: Settings) -> None:
    settings.MEMBERSHIP = "approve"


@pytest.fixture
def student(subscribe: Subscribe) -> Student:
    """Makes a member with this number."""

    def make(number: str = "", *, member: bool = True, name: str = "", **fields: object) -> Subscription:
        subscription = subscribe(**fields)
        person = subscription.subscriber
        person.membership = "member" if member else "none"
        person.name = name or person.name
        person.save()
        if number:
            assert person.telegram_id
            profiles.agree(person.telegram_id)
            profiles.tell(person.telegram_id, "number", number)
        return subscription

    return make


@pytest.fixture
def shortlist(draft: MakeDraft) -> Callable[..., Draft]:
    def make(*key: str, **fields: object) -> Draft:
        known = {"category": "shortlisting", "company": "Zenith Labs", "stage": "Technical interview", "roster": ROSTER}
        return draft(*key, **{**known, **fields})

    return make


def said(telegram: BotApi, who: Subscription) -> list[str]:
    return [message.text for message in telegram.messages(int(who.address))]


def test_who_is_listed_comes_first_whatever_they_muted(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    others = [student(f"2310300{n}") for n in range(5)]
    mine = student("2210 3002", seasons=())
    MutedCategory.objects.create(subscription=mine, category="shortlisting")
    event = timezone.now() + timedelta(days=2)
    published = publish(shortlist(role="Engineer", event_at=event, event_all_day=True, venue="LT-3"))
    assert published.queued == 6
    run()
    assert telegram.sent_by_chat.keys() == {int(each.address) for each in (mine, *others)}
    assert next(iter(telegram.sent_by_chat)) == int(mine.address)
    (message,) = said(telegram, mine)
    first, _, rest = message.partition("\n\n")
    assert first.startswith("🎯 You are on the list: Zenith Labs, Engineer, Technical interview, ")
    assert first.endswith(", LT-3. 3 students.")
    assert rest.startswith("Be there.\n22103001    Asha Verma"), "nothing is said twice"
    assert not any("You are" in text for other in others for text in said(telegram, other))


def test_a_slot_of_ones_own_is_said(telegram: BotApi, student: Student, shortlist: Callable[..., Draft]) -> None:
    mine = student("22103001")
    publish(shortlist())
    run()
    assert "Technical interview, Panel 2, 10:40 AM, CL1. 3 students." in said(telegram, mine)[0]


@pytest.mark.parametrize(
    ("own", "line", "below"),
    [
        ({"room": "CL4"}, "Tue 1 Dec, 9:00 AM, CL4", "LT-3"),
        ({"room": "LT-3"}, "Tue 1 Dec, 9:00 AM, LT-3", ""),
        ({"slot": "2"}, "Tue 1 Dec, 9:00 AM, 2, LT-3", ""),
        ({"slot": "10-11 AM"}, "Tue 1 Dec, 10-11 AM, LT-3", "Tue 1 Dec, 9:00 AM"),
        ({"time": "10:40 AM", "room": "CL1"}, "Tue 1 Dec, 10:40 AM, CL1", "Tue 1 Dec, 9:00 AM · LT-3"),
        ({"time": "2 Dec, 10:40 AM"}, "2 Dec, 10:40 AM, LT-3", "Tue 1 Dec, 9:00 AM"),
        ({"time": "02/12/2026 10:40"}, "02/12/2026 10:40, LT-3", "Tue 1 Dec, 9:00 AM"),
    ],
)
def test_a_room_or_time_of_ones_own_takes_the_place_of_the_notices_and_the_day_stays(
    shortlist: Callable[..., Draft], own: dict[str, str], line: str, below: str
) -> None:
    year = timezone.localtime().year
    event = datetime(year, 12, 1, 9, tzinfo=timezone.get_current_timezone())
    day = moment(event, all_day=True)
    roster = ({"name": "Asha Verma", "enrollment": "22103001", **own},)
    publish(shortlist(event_at=event, venue="LT-3", roster=roster))
    notice = Notice.objects.get()
    words = own_words(notice, Reader(facts={"number": "22103001"}), Delivery.Named.BY_NUMBER)
    assert words
    said = line.replace("Tue 1 Dec", day)
    assert words.text == f"🎯 You are on the list: Zenith Labs, Technical interview, {said}. 1 student."
    shown = telegram_text(notice, said=words.says).text
    assert shown.startswith(f"{below.replace('Tue 1 Dec', day)}\n\nBe there." if below else "Be there.")


def test_what_the_own_line_leaves_out_stands_below(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103001")
    publish(shortlist(venue="Main block", package="₹12 LPA"))
    publish(shortlist("n:2", category="update", title="Bring your forms", company="Zenith Labs"))
    run()
    (slot, update) = (text.partition("\n\n")[2] for text in said(telegram, mine))
    assert slot.startswith("₹12 LPA\nMain block\n\nBe there.")
    assert update.startswith("📌 Bring your forms\n\nBe there.")


def test_names_are_for_members_so_is_the_own_name(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    stranger = student("22103001", member=False)
    publish(shortlist())
    run()
    (message,) = said(telegram, stranger)
    assert "You are" not in message
    assert "Asha" not in message


@pytest.mark.parametrize(
    "case",
    [
        ("selected", "shortlisting", "🎯 You are selected: Zenith Labs"),
        ("shortlisted", "shortlisting", "🎯 You are on the list: Zenith Labs"),
        ("", "placement_offer", "🎉 Congratulations, you are on the list of offers: Zenith Labs"),
        ("waitlisted", "shortlisting", "⏳ You are on the waiting list: "),
        ("not_selected", "shortlisting", "You are listed as not selected: "),
        ("absent", "update", "⚠️ You are listed as absent: "),
        ("action_required", "update", "⚠️ You are asked to do something: "),
        ("withdrawn", "update", "⚠️ Your offer is listed as withdrawn: "),
        ("unknown", "update", "📋 You are listed: "),
        ("what nobody knows yet", "update", "📋 You are listed: "),
    ],
)
def test_a_list_says_what_it_is(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft], case: tuple[str, str, str]
) -> None:
    meaning, category, first = case
    mine = student("22103003")
    publish(shortlist(roster_meaning=meaning, category=category))
    run()
    assert said(telegram, mine)[0].startswith(first)


def test_a_meaning_of_one_row_counts_for_that_row(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103003")
    publish(shortlist(roster=(*ROSTER[:2], {**ROSTER[2], "meaning": "waitlisted"})))
    run()
    assert said(telegram, mine)[0].startswith("⏳ You are on the waiting list: ")
    assert "1 student." in said(telegram, mine)[0]


def test_a_name_without_a_number_is_said_as_unsure(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, other = student(name="A Sani Mallick"), student(name="Sani")
    publish(shortlist(roster=({"name": "A SANI MALLICK", "enrollment": ""}, {"name": "Sani", "enrollment": ""})))
    run()
    assert said(telegram, mine)[0].startswith("📋 A Sani Mallick is listed, without a number. Check whether it is you.")
    assert "without a number" not in said(telegram, other)[0]


def test_who_comes_on_and_who_is_taken_off_is_told_once(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    gone, stays, comes, other = (student(number) for number in ("22103001", "22103002", "22103009", "23103000"))
    publish(shortlist())
    run()
    changed = shortlist(roster=(*ROSTER[1:], {"name": "Dev", "enrollment": "22103009"}))
    for _ in range(2):
        publish(changed)
        run()
    assert [len(said(telegram, who)) for who in (gone, stays, comes, other)] == [2, 1, 2, 1]
    assert said(telegram, gone)[1].endswith("You are no longer on this list: ask the placement cell")
    assert "🎯 You are on the list" not in said(telegram, gone)[0], "the first message is edited"
    assert said(telegram, comes)[1].split("\n\n") == [
        "🎯 You are on the list: Technical interview. 3 students.",
        "✏️ Zenith Labs\nYou were added to this list",
    ]
    assert "You were added to this list" in said(telegram, comes)[1]
    assert said(telegram, comes)[0].startswith("🎯 You are on the list")
    assert said(telegram, stays)[0].startswith("🎯 You are on the list")


def test_a_list_of_the_past_takes_nobody_off(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    gone = student("22103001")
    past = timezone.now() - timedelta(hours=1)
    publish(shortlist(event_at=past))
    run()
    publish(shortlist(event_at=past, roster=ROSTER[1:]))
    run()
    assert len(said(telegram, gone)) == 1


def test_a_moved_date_and_a_new_place_on_the_list_are_one_message(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    comes = student("22103009")
    publish(shortlist())
    run()
    event = timezone.now() + timedelta(days=3)
    publish(shortlist(event_at=event, roster=(*ROSTER, {"name": "Dev", "enrollment": "22103009"})))
    run()
    assert len(said(telegram, comes)) == 2
    assert said(telegram, comes)[1].startswith("🎯 You are on the list")
    assert "Date is" in said(telegram, comes)[1]


def test_a_date_that_moves_is_told_to_whom_the_list_names_whatever_they_muted(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, other = student("22103001"), student("23103000", seasons=())
    publish(shortlist())
    run()
    for who in (mine, other):
        MutedCategory.objects.create(subscription=who, category="shortlisting")
    changed = shortlist(event_at=timezone.now() + timedelta(days=3))
    for _ in range(2):
        publish(changed)
        run()
    assert [text.split("\n")[1][:8] for text in said(telegram, mine)[1:]] == ["Date is "]
    assert said(telegram, other)[1:] == []


def test_a_list_that_comes_later_tells_who_is_on_it(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103001")
    publish(shortlist(roster=()))
    run()
    publish(shortlist())
    run()
    assert len(said(telegram, mine)) == 2
    assert said(telegram, mine)[1].startswith("🎯 You are on the list")


def test_a_withdrawn_list_is_told_to_those_on_it(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, other = student("22103001"), student("23103000")
    publish(shortlist())
    run()
    withdraw("test:1")
    run()
    assert said(telegram, mine)[1].endswith("This list was withdrawn: ask the placement cell")
    assert said(telegram, mine)[0].startswith("✏️ Withdrawn")
    assert len(said(telegram, other)) == 1


def test_a_list_that_is_brought_back_is_told_to_those_who_heard_that_it_was_withdrawn(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, other = student("22103001"), student("23103000")
    publish(shortlist())
    run()
    withdraw("test:1", stays=True)
    run()
    assert bring_back("test:1")
    run()
    back = said(telegram, mine)[2]
    assert back.startswith("🎯 You are on the list")
    assert back.endswith("This list stands again")
    assert not said(telegram, mine)[0].startswith("✏️ Withdrawn")
    assert len(said(telegram, other)) == 1


def test_a_withdrawal_that_was_not_sent_is_not_told_once_the_list_stands_again(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103001")
    publish(shortlist())
    run()
    withdraw("test:1")
    publish(shortlist())  # its source has it again
    run()
    assert len(said(telegram, mine)) == 1


def test_who_changes_the_number_was_not_taken_off(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103001")
    publish(shortlist())
    run()
    profiles.tell(int(mine.address), "number", "23103000")
    publish(shortlist(roster=ROSTER[1:]))
    run()
    assert len(said(telegram, mine)) == 1


def test_a_lost_key_tells_nothing_false(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft], settings: Settings
) -> None:
    mine = student("22103001")
    publish(shortlist())
    settings.SECRET_KEY = "another one"
    run()
    assert said(telegram, mine)[0].startswith("📋 You may be on this list. Look for your number.")


def taken(number: str, other: Subscription) -> None:
    Subscriber.objects.filter(pk=other.subscriber_id).update(email_digest="a" * 64)
    assert other.subscriber.telegram_id
    profiles.tell(other.subscriber.telegram_id, "number", number)


@pytest.mark.parametrize(
    "lose",
    [
        lambda mine, _: profiles.delete(mine),
        lambda mine, _: profiles.drop(mine, "number"),
        lambda mine, _: profiles.tell(mine, "number", "22103077"),
        lambda _, other: taken("22103001", other),
    ],
    ids=["deleted", "dropped", "changed", "taken"],
)
def test_a_number_that_is_gone_leaves_no_trace_on_lists(
    telegram: BotApi,
    student: Student,
    shortlist: Callable[..., Draft],
    lose: Callable[[int, Subscription], object],
) -> None:
    mine, other = student("22103001"), student("22103055")
    publish(shortlist())
    publish(shortlist(key="test:2", company="Kestrel"))
    run()
    assert said(telegram, mine)[0].startswith("🎯 You are on the list")
    lose(int(mine.address), other)
    assert not Delivery.objects.filter(subscription=mine).exclude(named="").exists()
    run()
    publish(shortlist(venue="LT-9"))
    run()
    lists = [text for text in said(telegram, mine) if "Technical interview" in text]
    assert len(lists) == 2
    assert [text for text in lists if "ou are" in text or "ou may be" in text] == []


def test_a_long_list_is_one_statement_and_the_own_words_have_a_message_of_their_own(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine = student("22103999")
    long = tuple({"name": f"Student {n}", "enrollment": str(22_103_000 + n)} for n in range(7000))
    notice = publish(shortlist(roster=long), announce=False).notice
    with CaptureQueriesContext(connection) as queries:
        assert fan_out_named(notice) == 1
    assert len(queries) == 1
    notice.roster = notice.roster[940:1060]
    notice.save()
    run()
    assert said(telegram, mine)[0].startswith("🎯 You are on the list")
    assert all(len(text) <= 4096 for text in said(telegram, mine))


def test_may_apply_stands_above_a_posting(telegram: BotApi, student: Student, draft: MakeDraft) -> None:
    able, unable, silent = student("22103001"), student("22103002"), student()
    for who, cgpa in ((able, "7.5"), (unable, "7.495")):
        profiles.tell(int(who.address), "cgpa", cgpa)
    rules = ({"name": "cgpa", "value": 7.5, "quote": "CGPA 7.5 and above", "program": ""},)
    publish(draft(category="job_posting", company="Zenith Labs", role="SDE", eligibility=rules))
    run()
    assert said(telegram, able)[0].startswith("✅ You may apply, as I read it.\n\n💼")
    assert said(telegram, unable)[0].startswith("🚫 Not open to you, as I read it: CGPA ≥ 7.5, you have 7.495.\n\n💼")
    assert said(telegram, silent)[0].startswith("💼")
    assert not Delivery.objects.exclude(named="").exists()


def test_a_group_and_a_person_who_stopped_are_not_named(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    stopped = student("22103001", state="off")
    group = student(name="Asha Verma")
    Subscriber.objects.filter(pk=group.subscriber_id).update(kind="group")
    publish(shortlist(roster=({"name": "Asha Verma", "enrollment": ""}, ROSTER[0])))
    run()
    assert said(telegram, stopped) == []
    assert "without a number" not in said(telegram, group)[0]


def test_the_rest_of_a_long_list_lets_others_ahead(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, also = student("22103001"), student("22103002")
    long = tuple({"name": f"Student {n}", "enrollment": str(22_103_000 + n)} for n in range(400))
    publish(shortlist(roster=long))
    run()
    firsts, seconds = zip(
        *(sorted(m.message_id for m in telegram.messages(int(who.address)))[:2] for who in (mine, also)), strict=True
    )
    assert max(firsts) < min(seconds)
    assert len(said(telegram, mine)) == len(said(telegram, also)) > 2
    assert not Delivery.objects.exclude(state="sent").exists()


def tells_number(who: Subscription, number: str = "22103001") -> None:
    profiles.agree(int(who.address))
    profiles.tell(int(who.address), "number", number)


def becomes_member(who: Subscription) -> None:
    members.admit(Subscriber.objects.filter(pk=who.subscriber_id), by=members.BY_INVITATION)


def named_on(who: Subscription) -> list[str]:
    return list(
        Delivery.objects.filter(subscription=who).exclude(named="").values_list("notice__external_key", flat=True)
    )


def test_lists_from_before_the_number_was_told_name_its_owner(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, other = student(), student("22103077")
    event = timezone.now() + timedelta(days=2)
    notice = publish(shortlist(event_at=event)).notice
    publish(shortlist(key="test:2", roster=ROSTER[1:]))
    old = publish(shortlist(key="test:3")).notice
    type(old).objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=15))
    run()
    before = [message.text for message in telegram.messages(int(mine.address))]
    tells_number(mine)
    assert named_on(mine) == ["test:1"]
    assert named_on(other) == []
    assert list(lists_naming(mine.subscriber_id)) == [notice]
    calendar = own_calendar(link_token(mine.subscriber), "https://bot.example.edu")
    assert calendar
    assert b"Zenith Labs: Technical interview" in calendar
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
    run()
    assert said(telegram, mine) == before
    profiles.drop(int(mine.address), "number")
    assert named_on(mine) == []


def test_lists_from_before_somebody_was_a_member_name_them(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft]
) -> None:
    mine, stranger = student("22103001", member=False), student("22103002", member=False)
    publish(shortlist())
    run()
    tells_number(stranger, "22103003")
    assert (named_on(mine), named_on(stranger)) == ([], [])
    becomes_member(mine)
    assert (named_on(mine), named_on(stranger)) == (["test:1"], [])
    run()
    (message,) = said(telegram, mine)
    assert message.startswith("🎯 You are on the list: Zenith Labs")
    assert "You are" not in said(telegram, stranger)[0]


@pytest.mark.parametrize("late", ["number", "membership"])
def test_a_list_that_waits_for_a_digest_comes_at_once_when_it_turns_out_to_name_its_reader(
    telegram: BotApi, student: Student, shortlist: Callable[..., Draft], late: str
) -> None:
    mine = student() if late == "number" else student("22103001", member=False)
    other = student()
    for who in (mine, other):
        Timing.objects.create(subscriber=who.subscriber, muted_until=timezone.now() + timedelta(days=1))
    publish(shortlist())
    run()
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.DEFERRED}
    (tells_number if late == "number" else becomes_member)(mine)
    own = Delivery.objects.get(subscription=mine)
    assert (own.state, own.priority) == (Delivery.State.PENDING, Delivery.Priority.OWN)
    assert Delivery.objects.get(subscription=other).state == Delivery.State.DEFERRED
    run()
    (message,) = said(telegram, mine)
    assert message.startswith("🎯 You are on the list: Zenith Labs")
    assert said(telegram, other) == []


def test_many_who_become_members_at_once_take_five_statements(
    student: Student, shortlist: Callable[..., Draft]
) -> None:
    several = [student(f"2210300{number}", member=False) for number in (1, 2, 3)]
    for number in range(4):
        publish(shortlist(key=f"test:{number}"))
    Subscriber.objects.update(membership="member")
    with CaptureQueriesContext(connection) as queries:
        assert mark_late([each.subscriber_id for each in several]) == 12
    assert len(queries) == 5
