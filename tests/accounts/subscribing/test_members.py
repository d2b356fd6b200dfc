"""Who becomes a member, how, and that a race for the same thing has one winner."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Invitation, Subscriber
from accounts.subscribing import members
from accounts.subscribing.members import Membership

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def approve(settings: Settings) -> None:
    settings.MEMBERSHIP = "approve"


def person(telegram_id: int = 1, **fields: object) -> Subscriber:
    return Subscriber.objects.create(telegram_id=telegram_id, **fields)


def stands(telegram_id: int = 1) -> str:
    return members.standing(telegram_id)


def everybody() -> list[int]:
    return members.admit(Subscriber.objects.all(), by="approval")


def test_nobody_is_a_member_at_first_and_asking_puts_on_the_list() -> None:
    person()
    assert (stands(), members.sees_names(1)) == (Membership.NONE, False)
    assert members.ask(1) == members.ask(1) == Membership.WAITING
    assert [waiting.telegram_id for waiting in members.waiting()] == [1]
    assert not members.sees_names(1)


def test_who_never_subscribed_and_what_is_no_person_can_not_ask() -> None:
    person(-5, kind="group")
    assert (members.ask(99), members.ask(-5)) == ("", Membership.NONE)


def test_an_admission_counts_once() -> None:
    person()
    members.ask(1)
    assert len(everybody()) == 1
    assert everybody() == []
    assert members.sees_names(1)


def test_a_refused_person_does_not_come_back_on_the_list_but_may_be_admitted() -> None:
    person()
    members.ask(1)
    members.refuse(members.waiting())
    assert members.ask(1) == Membership.REFUSED
    everybody()
    assert members.sees_names(1)


def test_whom_an_admin_refused_or_ended_no_invitation_admits() -> None:
    token = members.invite(uses=5, valid=WEEK)
    for number in (1, 2):
        person(number)
    members.ask(1)
    members.refuse(members.waiting())
    everybody_but_first = Subscriber.objects.filter(telegram_id=2)
    members.admit(everybody_but_first, by=members.BY_APPROVAL)
    members.end(everybody_but_first)
    assert not members.accept(1, token)
    assert not members.accept(2, token)
    assert Invitation.objects.get().uses_left == 5


def test_an_admin_of_the_bot_reads_names(settings: Settings) -> None:
    person(1)
    settings.ADMIN_TELEGRAM_USER_IDS = [1]
    assert members.sees_names(1)


def test_refusing_does_not_touch_who_is_a_member_already() -> None:
    person()
    everybody()
    assert members.refuse(Subscriber.objects.all()) == []
    assert members.sees_names(1)


def test_an_ended_membership_reads_no_names() -> None:
    person()
    everybody()
    members.end(Subscriber.objects.all())
    assert not members.sees_names(1)


@pytest.mark.parametrize(("kind", "sees"), [("person", True), ("browser", True), ("group", False), ("channel", False)])
def test_open_is_for_persons_and_browsers(settings: Settings, kind: str, *, sees: bool) -> None:
    settings.MEMBERSHIP = "open"
    person(kind=kind)
    assert members.sees_names(1) is sees


def test_an_invitation_has_so_many_uses() -> None:
    token = members.invite(uses=2, valid=WEEK)
    assert token not in str(Invitation.objects.values().get())
    for number in (1, 2, 3):
        person(number)
    assert [members.accept(number, token) for number in (1, 2, 3)] == [True, True, False]
    assert members.accept(1, token)  # a member already: none is used up


def test_an_invitation_that_is_forged_or_expired_admits_nobody() -> None:
    person()
    token = members.invite(uses=2, valid=WEEK)
    assert not members.accept(1, "forged\ud800")
    with time_machine.travel(timezone.now() + WEEK + timedelta(seconds=1)):
        assert not members.accept(1, token)
    assert stands() == Membership.NONE
    assert Invitation.objects.get().uses_left == 2


def test_thousands_are_admitted_at_once() -> None:
    Subscriber.objects.bulk_create(Subscriber(telegram_id=number) for number in range(1, 1702))
    assert len(everybody()) == 1701
    assert not Subscriber.objects.exclude(membership=Membership.MEMBER).exists()


def test_who_never_subscribed_uses_up_no_invitation() -> None:
    token = members.invite(uses=1, valid=WEEK)
    assert not members.accept(77, token)
    assert Invitation.objects.get().uses_left == 1


@pytest.mark.parametrize(("uses", "days"), [(0, 7), (501, 7), (1, 0), (1, 31)])
def test_an_invitation_out_of_range_is_not_made(uses: int, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 500 uses and 1 to 30 days"):
        members.invite(uses=uses, valid=timedelta(days=days))
