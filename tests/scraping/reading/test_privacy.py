"""What users may see of a mail (spec: mailbox, Privacy)."""

from collections.abc import Callable

import pytest

from scraping.reading.privacy import public_text
from tests.scraping.sources.mailbox.mails import (
    OFFER,
    apple_forward,
    forwarded,
    gmail_forward,
    gmail_html,
    html_table,
    laid_out,
    mail,
    outlook_forward,
)

PRIVATE = (
    "S.No\tEnrollment\tName\tEmail\tMobile\n"
    "1\t9922103001\tAsha Rao\tasha.rao@gmail.com\t9876543210\n"
    "2\t9922103002\tVikram Seth\tvikram@mail.example\t+91 87654 32109\n"
)


def shown(text: str, **headers: str) -> str:
    return public_text(laid_out(forwarded("Orbit - Shortlist", text, **headers)))


@pytest.mark.parametrize("forward", [gmail_forward, apple_forward, outlook_forward])
def test_headers_and_marks_of_forwarding_are_gone(forward: Callable[[str, str], str]) -> None:
    text = public_text(laid_out(mail("Fwd: Offers", forward("Offers", OFFER))))

    assert text == OFFER.strip().replace("1\t22103001\tAsha", "22103001  Asha").replace(
        "2\t22103002\tVikram", "22103002  Vikram"
    )


def test_of_students_name_and_number_stay() -> None:
    text = shown(PRIVATE)

    assert "9922103001  Asha Rao" in text
    assert "9922103002  Vikram Seth" in text
    assert "@" not in text
    assert not any(phone in text for phone in ("9876543210", "87654"))


def test_an_html_table_is_shown_the_same_way() -> None:
    text = public_text(
        laid_out(mail("Fwd: x", html=gmail_html("Orbit - Shortlist", f"<p>Come.</p>{html_table(PRIVATE)}")))
    )

    assert "9922103001  Asha Rao" in text
    assert "@" not in text
    assert "9876543210" not in text


@pytest.mark.parametrize(
    "contact",
    [
        "9876543210",
        "+91 98765 43210",
        "+91-9876543210",
        "98765-43210",
        "09876543210",
        "0120-2400973",
        "+1 415 555 2671",
    ],
)
def test_phone_numbers_are_left_out(contact: str) -> None:
    text = shown(f"For queries call Meera at {contact}.")

    assert text == "For queries call Meera at (number left out)."


def test_numbers_that_are_no_phones_stay() -> None:
    text = "Meeting ID: 9876543210\nhttps://zoom.example/j/9876543210\nINR 12,00,000 on 20-11-2025 at 10:00"

    assert shown(text) == text


def test_addresses_of_senders_and_private_ones_are_left_out() -> None:
    text = shown(
        "Write to tnp@college.example, asha.rao@mail.example or meera@gmail.com.\nAsked by hr@somewhere.example"
    )

    assert "@" not in text


def test_an_address_to_write_to_stays() -> None:
    assert (
        shown("Send your resume to careers@orbit.example by 5 PM.")
        == "Send your resume to careers@orbit.example by 5 PM."
    )


def test_a_sentence_about_a_student_stays_a_sentence() -> None:
    sentence = (
        "We are proud that Asha Rao (22103001) of our own college has won the first prize for her project this year."
    )

    assert sentence in shown(f"{sentence}\n\n22103001\tAsha Rao")


def test_stray_headers_in_the_body_are_left_out() -> None:
    text = shown("To: batch26@college.example\nMessage-ID: <abc@x>\nX-Spam: no\nDate: 22 Nov 2025\nVenue: LT-3")

    assert text == "Date: 22 Nov 2025\nVenue: LT-3"


@pytest.mark.parametrize("line", ["Ph.9876543210", "Mob-98765 43210", "Mobile:9876543210-Meera", "(M) 98765-43210"])
def test_phone_numbers_glued_to_words_are_left_out(line: str) -> None:
    assert "98765" not in shown(f"Dear Students,\n{line}")
