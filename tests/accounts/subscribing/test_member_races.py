"""Many ask for the same thing at once: one wins, and nothing is given away twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import EmailCode, Invitation, Subscriber
from accounts.subscribing import email_codes, members

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = range(1, 9)


@pytest.fixture(autouse=True)
def people() -> None:
    Subscriber.objects.bulk_create(Subscriber(telegram_id=number) for number in PEOPLE)


def at_once(tries: list[Callable[[], object]]) -> list[object]:
    """What each returned, or the error it raised; each in a thread and on a connection of its own."""

    def attempt(one: Callable[[], object]) -> object:
        try:
            return one()
        except ValueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(attempt, tries))


def member_count() -> int:
    return Subscriber.objects.filter(membership=members.Membership.MEMBER).count()


def test_the_last_use_of_an_invitation_admits_one() -> None:
    token = members.invite(uses=1, valid=timedelta(days=1))
    accepted = at_once([partial(members.accept, number, token) for number in PEOPLE])
    assert sorted(map(bool, accepted)) == [False] * 7 + [True]
    assert (member_count(), Invitation.objects.get().uses_left) == (1, 0)


def test_one_address_makes_one_of_two_chats_a_member() -> None:
    for number in PEOPLE:
        person = Subscriber.objects.get(telegram_id=number)
        EmailCode.objects.create(
            subscriber=person,
            address_digest="a" * 64,
            code_digest=email_codes.digest_of("code", f"{person.pk}:123456"),
            expires_at=timezone.now() + email_codes.VALID,
            tries_left=email_codes.TRIES,
        )
    answers = at_once([partial(email_codes.verify, number, "123456") for number in PEOPLE])
    assert sum(answer is None for answer in answers) == 1
    assert member_count() == 1


def test_five_tries_are_five_however_many_come_at_once() -> None:
    person = Subscriber.objects.get(telegram_id=1)
    EmailCode.objects.create(
        subscriber=person,
        address_digest="a" * 64,
        code_digest=email_codes.digest_of("code", f"{person.pk}:123456"),
        expires_at=timezone.now() + email_codes.VALID,
        tries_left=email_codes.TRIES,
    )
    answers = at_once([partial(email_codes.verify, 1, f"00000{number}") for number in range(8)])
    assert sum("not the code" in str(answer) for answer in answers) == email_codes.TRIES
    assert EmailCode.objects.get().tries_left == 0


def test_two_admins_decide_once() -> None:
    members.ask(1)
    decided = at_once([partial(members.admit, members.waiting(), by=members.BY_APPROVAL) for _ in PEOPLE])
    assert sum(len(keys) for keys in decided if isinstance(keys, list)) == 1
