"""Down to the mail that was first sent, whoever forwarded it and with what."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scraping.reading.layout.forwards import find_origin, header_date, plain_subject
from tests.scraping.sources.mailbox.mails import LIST, OFFER, apple_forward, gmail_forward, outlook_forward

NEAR = datetime(2025, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("forward", [gmail_forward, apple_forward, outlook_forward])
def test_a_forward_of_any_program_gives_the_original(forward: Callable[[str, str], str]) -> None:
    origin = find_origin(forward("Kestrel Analytics - Offers", OFFER), "Fwd: Kestrel Analytics - Offers", NEAR)

    assert origin.text == OFFER.strip()
    assert origin.subject == "Kestrel Analytics - Offers"
    assert "tnp@college.example" in origin.sender
    assert origin.sent_at is not None
    assert origin.sent_at.isoformat(timespec="minutes") == "2025-11-20T18:00+05:30"
    assert origin.is_forwarded


def test_a_note_above_the_forward_is_left_off() -> None:
    text = "Dear all, please see below.\nRegards, Meera\n\n" + gmail_forward("Offers", OFFER)

    assert find_origin(text, "Fwd: Offers", NEAR).text == OFFER.strip()


def test_a_note_that_asks_for_something_by_a_day_is_kept() -> None:
    note = "Interested students fill the form by 30th August 2026, 5 PM."

    assert find_origin(f"{note}\n\n" + gmail_forward("Offers", OFFER), "Fwd: Offers", NEAR).text.startswith(note)


def test_forwards_of_forwards_lead_to_the_innermost() -> None:
    nested = gmail_forward("Fwd: Offers", outlook_forward("FW: Offers", apple_forward("Offers", OFFER)))

    origin = find_origin(nested, "Fwd: Fwd: FW: Offers", NEAR)

    assert origin.text == OFFER.strip()
    assert origin.subject == "Offers"


def test_quote_marks_of_several_levels_are_removed() -> None:
    quoted = "\n".join(f"> > {line}".rstrip() for line in OFFER.split("\n"))

    assert find_origin(quoted, "Fwd: Offers", NEAR).text == OFFER.strip()


def test_a_folded_header_block_is_removed_whole() -> None:
    block = (
        "---------- Forwarded message ---------\nFrom: T&P Cell <tnp@college.example>\n"
        "Date: Thu, 20 Nov 2025 at 18:00\n"
        "Subject: Kestrel Analytics - Hiring For Full Time Role From Batch 2026\n- Final Offers\n"
        "To: batch26 <batch26@college.example>, batch27 <\nbatch27@college.example>, mtech\n<mtech@college.example>\n\n"
        "Dear Students,"
    )

    origin = find_origin(block, "Fwd: x", NEAR)

    assert origin.text == "Dear Students,"
    assert origin.subject == "Kestrel Analytics - Hiring For Full Time Role From Batch 2026 - Final Offers"


def test_bold_headers_are_headers_too() -> None:
    block = (
        "*From:* T&P <tnp@x.example>\n*Sent:* 20 November 2025 18:00\n*To:* batch\n*Subject:* Offers\n\nDear Students,"
    )

    origin = find_origin(block, "FW: Offers", NEAR)

    assert (origin.text, origin.subject) == ("Dear Students,", "Offers")


def test_an_answer_keeps_its_own_words() -> None:
    text = (
        "The venue is now LT-4, please come.\n\nOn Thu, 20 Nov 2025 at 18:00, T&P <tnp@x.example> wrote:\n> Venue: LT-3"
    )

    origin = find_origin(text, "Re: Venue", NEAR)

    assert origin.text == "The venue is now LT-4, please come."
    assert origin.is_reply


def test_thanks_above_a_quoted_mail_are_no_answer() -> None:
    text = (
        "Thanks sir\n\nOn Thu, 20 Nov 2025 at 18:00, T&P Cell\n<tnp@x.example> wrote:\n> Dear Students,\n> come by 9 AM"
    )

    assert find_origin(text, "Re: Venue", NEAR).text == "Dear Students,\ncome by 9 AM"


def test_a_quoted_mail_that_is_passed_on_is_read() -> None:
    text = (
        "FYI students. Interviews moved to 17th. Those in the list be ready.\n\n"
        "On Thu, 20 Nov 2025 at 18:00, Orbit TA <ta@x.example> wrote:\n> The interviews are on 17 Dec."
    )

    assert find_origin(text, "RE: Drive dates", NEAR).text == "The interviews are on 17 Dec."


def test_a_schedule_with_from_and_to_is_no_header_block() -> None:
    text = "Interviews\nFrom: 10 AM\nTo: 1 PM\nDate: 22 Nov 2025\nVenue: LT-3"

    assert find_origin(text, "Interviews", NEAR).text == text


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nYou received this message because you are subscribed to a Group.\nTo unsubscribe, write to x@y.z",
        "Sent from my iPhone",
        "Disclaimer: This e-mail is confidential.",
    ],
)
def test_footers_of_groups_and_phones_are_left_off(footer: str) -> None:
    assert find_origin(f"Dear Students,\ncome.\n\n{footer}", "x", NEAR).text == "Dear Students,\ncome."


def test_a_mark_without_a_header_block_is_left_off_too() -> None:
    assert (
        find_origin("---------- Forwarded message ---------\n\nDear Students,", "Fwd: x", NEAR).text == "Dear Students,"
    )


def test_zoho_marks_the_end_of_the_headers_again() -> None:
    mark = "============ Forwarded message ============"
    head = f"From: tnp@college.example\nTo: {LIST}\nDate: Thu, 20 Nov 2025 18:00:00 +0530\nSubject: Offers"
    text = f"{mark}\n{head}\n{mark}\n\nDear Students,"

    assert find_origin(text, "Fwd: x", NEAR).text == "Dear Students,"


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Fwd: Re: FW: Offers", "Offers"),
        ("RE[2]: Offers", "Offers"),
        ("[batch26] Fwd: Offers", "Offers"),
        ("[Urgent] Offers", "[Urgent] Offers"),
        ("Refer: a friend", "Refer: a friend"),
        ("", ""),
    ],
)
def test_subjects_lose_what_forwarding_put_before_them(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 20 Nov, 2025, 4:51 pm", "2025-11-20T16:51+05:30"),
        ("Thu, 20 Nov 2025 at 13:20", "2025-11-20T13:20+05:30"),
        ("Thu, Nov 20, 2025 at 6:00 PM", "2025-11-20T18:00+05:30"),
        ("Thursday, November 20, 2025 4:51 PM", "2025-11-20T16:51+05:30"),
        ("20 November 2025 at 4:51:12 PM IST", "2025-11-20T16:51+05:30"),
        ("November 20, 2025 at 4:51:12 PM GMT+5:30", "2025-11-20T16:51+05:30"),
        ("Thu, 20 Nov 2025 16:51:00 +0000", "2025-11-20T16:51+00:00"),
        ("Thu, 20 Nov 2025 16:51:00 GMT", "2025-11-20T16:51+00:00"),
        ("20-11-2025 16:51", "2025-11-20T16:51+05:30"),
        ("2025-11-20 16:51", "2025-11-20T16:51+05:30"),
    ],
)
def test_dates_of_header_blocks(text: str, expected: str) -> None:
    when = header_date(text, NEAR)

    assert when is not None
    assert when.isoformat(timespec="minutes") == expected


@pytest.mark.parametrize("text", ["", "31 Feb 2025 10:00", "yesterday", "20 Nov 2025", "x" * 5000])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert header_date(text, NEAR) is None
