"""Codes over a real mail server: held against guessing, replay, another's chat and strange addresses."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.models import EmailCode, Subscriber
from accounts.subscribing import email_codes, members
from accounts.subscribing.email_codes import AddressError, WrongCodeError
from tests.mail_server import Inbox, mail_server

pytestmark = pytest.mark.django_db
ADDRESS = "asha.verma@example.edu"


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    with mail_server() as handler:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
        yield handler


@pytest.fixture(autouse=True)
def domains(settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    for telegram_id in (1, 2):
        Subscriber.objects.create(telegram_id=telegram_id)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_that_was_mailed_makes_a_member(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    assert inbox.mails[-1][0] == ADDRESS
    email_codes.verify(1, inbox.code())
    assert members.sees_names(1)
    assert Subscriber.objects.get(telegram_id=1).membership_by == "email"


def test_neither_address_nor_code_is_stored(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    stored = f"{EmailCode.objects.values().get()}"
    assert ADDRESS not in stored
    assert inbox.code() not in stored


def test_five_wrong_codes_end_the_right_one_too(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCodeError, match=f"You have {left} more tries"):
            email_codes.verify(1, wrong(inbox.code()))
    with pytest.raises(WrongCodeError, match="no longer valid"):
        email_codes.verify(1, inbox.code())
    assert not members.sees_names(1)


def test_a_code_counts_once_and_only_in_its_chat(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    email_codes.send(2, "bilal@example.edu")
    of_second = inbox.code()
    with pytest.raises(WrongCodeError, match="not the code"):
        email_codes.verify(1, of_second)
    email_codes.verify(2, of_second)
    with pytest.raises(WrongCodeError, match="no longer valid"):
        email_codes.verify(2, of_second)
    assert (members.sees_names(1), members.sees_names(2)) == (False, True)


def test_a_code_ends_after_ten_minutes(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    with (
        time_machine.travel(timezone.now() + email_codes.VALID),
        pytest.raises(WrongCodeError, match="no longer valid"),
    ):
        email_codes.verify(1, inbox.code())


def test_a_new_code_ends_the_older_one(inbox: Inbox) -> None:
    email_codes.send(1, ADDRESS)
    older = inbox.code()
    email_codes.send(1, ADDRESS)
    if older != inbox.code():
        with pytest.raises(WrongCodeError, match="not the code"):
            email_codes.verify(1, older)
    email_codes.verify(1, inbox.code())


def test_whom_an_admin_refused_no_code_admits(inbox: Inbox) -> None:
    members.ask(1)
    members.refuse(members.waiting())
    email_codes.send(1, ADDRESS)
    with pytest.raises(WrongCodeError, match="An admin has to decide"):
        email_codes.verify(1, inbox.code())
    assert not members.sees_names(1)
    assert Subscriber.objects.get(telegram_id=1).email_digest is None


def test_an_address_belongs_to_one_chat(inbox: Inbox) -> None:
    for telegram_id in (1, 2):
        email_codes.send(telegram_id, email_codes.normal_address(ADDRESS.replace("@", f"+{telegram_id}@")))
        code = inbox.code()
        if telegram_id == 1:
            email_codes.verify(telegram_id, code)
    with pytest.raises(WrongCodeError, match="belongs to another chat"):
        email_codes.verify(2, code)
    assert not members.sees_names(2)


def test_a_mail_server_that_is_away_is_an_error_of_its_own(settings: Settings, unused_tcp_port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
    with pytest.raises(OSError, match="refused"):
        email_codes.send(1, ADDRESS)
    assert not members.sees_names(1)


@pytest.mark.parametrize("typed", ["१२३४५६", "123 456", " 12-34-56 ", "१२३ 456", "code: 123456"])
def test_a_code_is_its_digits_in_any_script(typed: str) -> None:
    assert email_codes.digits(typed) == "123456"


@pytest.mark.parametrize("typed", [" Asha.Verma@Example.EDU ", "asha.verma+me@example.edu"])
def test_one_student_has_one_address(typed: str) -> None:
    assert email_codes.normal_address(typed) == ADDRESS


@pytest.mark.parametrize("typed", ["as\u212aa@example.edu", "aska@e\u212aample.edu"])
def test_a_sign_whose_small_letter_is_ours_names_no_other_mailbox(typed: str) -> None:
    """The Kelvin sign is a K to `lower`: the mail goes to the address as it is compared, in ASCII."""
    try:
        address = email_codes.normal_address(typed)
    except AddressError:
        return
    assert address == "aska@example.edu"


def test_dots_tell_addresses_apart() -> None:
    """Only some mail servers ignore them, and the institute's gives each student one address."""
    assert email_codes.normal_address("a.sha@example.edu") != email_codes.normal_address("asha@example.edu")


@pytest.mark.parametrize(
    "typed",
    [
        "asha@evil.example",
        "asha@sub.example.edu",
        "asha@example.edu.evil.example",
        "аsha@example.edu",  # a Cyrillic letter
        "asha@exаmple.edu",
        "asha@example.edu\nBcc: all@example.edu",
        "asha@example.edu, b@example.edu",
        "@example.edu",
        "+x@example.edu",
        '"asha"@example.edu',
        '"a+b"@example.edu',
        "asha@notexample.edu",
        "asha@example.edu.",
        ".asha@example.edu",
        "asha.@example.edu",
        "as..ha@example.edu",
        "asha@ex\u200bample.edu",  # a space of no width
        "asha\uff20example.edu",  # a wide @
        "asha@example.edu\u2028b@example.edu",
        "asha\r\n@example.edu",
        "asha@example.edu\x00",
        "asha@[127.0.0.1]",
        "asha(comment)@example.edu",
        "a" * 65 + "@example.edu",
        "asha",
        "",
    ],
)
def test_addresses_that_are_none_of_ours_are_refused(typed: str) -> None:
    with pytest.raises(AddressError):
        email_codes.normal_address(typed)
