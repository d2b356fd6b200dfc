"""Bytes of a mail → what was first sent."""

import base64
import os
import time

import pytest

from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import (
    CELL,
    OFFER,
    apple_forward,
    forwarded,
    gmail_forward,
    gmail_html,
    mail,
    multipart,
    outlook_forward,
)


def raw(*lines: str, body: bytes = b"Dear Students") -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_forwarded_mail_is_the_mail_that_was_forwarded() -> None:
    parsed = parse_mail(forwarded("Kestrel - Offers", OFFER))

    assert parsed.subject == "Kestrel - Offers"
    assert parsed.sender == CELL
    assert parsed.text == OFFER.strip()
    assert parsed.is_forwarded
    assert parsed.sent_at is not None
    assert parsed.sent_at.isoformat() == "2025-11-20T18:00:00+05:30"
    assert parsed.received_at is not None
    assert parsed.received_at.isoformat() == "2025-11-20T19:00:00+05:30"


def test_three_people_forwarding_one_mail_give_one_content_key() -> None:
    copies = [
        mail("Fwd: Kestrel - Offers", gmail_forward("Kestrel - Offers", OFFER), message_id="<a@x>"),
        mail("Fwd: Kestrel - Offers", apple_forward("Kestrel - Offers", OFFER), message_id="<b@x>"),
        mail("FW: Kestrel - Offers", "FYI\n" + outlook_forward("Kestrel - Offers", OFFER), message_id="<c@x>"),
        mail("Kestrel - Offers", OFFER, message_id="<d@x>", date="Thu, 20 Nov 2025 18:00:41 +0530", sender=CELL),
    ]

    parsed = [parse_mail(copy) for copy in copies]

    assert len({one.message_id for one in parsed}) == 4
    assert len({one.content_key for one in parsed}) == 1


def test_another_mail_on_the_same_day_has_another_content_key() -> None:
    second = OFFER.replace("22103002\tVikram Seth", "22103009\tMeera Nair")

    assert (
        parse_mail(forwarded("Kestrel - Offers", OFFER)).content_key
        != parse_mail(forwarded("Kestrel - Offers", second)).content_key
    )


def test_the_message_id_is_the_identity_also_when_malformed() -> None:
    assert parse_mail(raw("Message-ID: <a b c@x (y>", "Subject: x")).message_id == "a b c@x (y"


def test_without_message_id_date_sender_subject_and_body_are_the_identity() -> None:
    headers = ("From: a@b.example", "Date: Thu, 20 Nov 2025 18:00:00 +0530", "Subject: x")

    assert parse_mail(raw(*headers)).message_id == parse_mail(raw(*headers)).message_id
    assert parse_mail(raw(*headers)).message_id.startswith("sha256:")
    assert parse_mail(raw(*headers)).message_id != parse_mail(raw(*headers, body=b"Dear all")).message_id


@pytest.mark.parametrize(
    ("headers", "season"),
    [
        ({"to": "placement+202627@mail.example"}, 202627),
        ({"Cc": "Placements <placement+2026-27@mail.example>"}, 202627),
        ({"Delivered_To": "placement+2026_27@mail.example"}, 202627),
        ({"X_Original_To": "placement+2026-2027@mail.example"}, 202627),
        ({"to": "placement+202599@mail.example"}, None),
        ({"to": "placement+alerts@mail.example"}, None),
        ({"to": "placement@mail.example"}, None),
        ({"sender": "placement+202627@mail.example"}, None),
        ({"to": "a+202599@mail.example, a+202526@mail.example"}, 202526),
    ],
)
def test_the_season_comes_from_a_plus_alias_of_the_recipients(headers: dict[str, str], season: int | None) -> None:
    assert parse_mail(mail("x", "y", **headers)).season == season


def test_a_season_in_the_body_counts_for_nothing() -> None:
    body = gmail_forward("x", "write to placement+202627@mail.example\nTo: placement+202728@mail.example")

    assert parse_mail(mail("placement+202526@mail.example", body)).season is None


def test_a_subject_in_several_encoded_words_is_joined() -> None:
    words = "=?utf-8?q?Zephyr_=E2=80=93_?=\r\n =?utf-8?b?T2ZmZXJz?= for\r\n batch 2026"

    assert parse_mail(raw(f"Subject: {words}")).subject == "Zephyr – Offers for batch 2026"


def test_a_letter_cut_in_two_by_encoded_words_is_whole_again() -> None:
    first, second = base64.b64encode("नि".encode()[:4]).decode(), base64.b64encode("नि".encode()[4:]).decode()

    assert parse_mail(raw(f"Subject: =?utf-8?b?{first}?= =?utf-8?b?{second}?=")).subject == "नि"


@pytest.mark.parametrize("subject", ["=?x-none?q?Caf=E9?=", "=?utf-8?q?Caf=E9?=", "=?iso-8859-1?q?Caf=E9?="])
def test_wrong_charsets_of_subjects_are_read_as_windows_1252(subject: str) -> None:
    assert parse_mail(raw(f"Subject: {subject}")).subject == "Café"


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("x-unknown", b"Caf\xe9"),
        ("utf-8", b"Caf\xe9"),
        ("us-ascii", "Café".encode()),
        ("iso-8859-1", "Café".encode()),
        ("iso-8859-1", b"Caf\xe9"),
        ("utf-16", "Café".encode("utf-16")),
        ("punycode", "Café".encode()),
        ("idna", "Café".encode()),
        ("a\x00b", "Café".encode()),
    ],
)
def test_bodies_of_any_charset_are_text(charset: str, data: bytes) -> None:
    encoded = base64.b64encode(data)
    headers = (f'Content-Type: text/plain; charset="{charset}"', "Content-Transfer-Encoding: base64")

    assert parse_mail(raw(*headers, body=encoded)).text == "Café"


def test_html_alone_becomes_text_with_a_row_a_line() -> None:
    table = "<table><tr><th>No</th><th>Name</th></tr><tr><td>22103001</td><td><p>Asha&nbsp;Rao</p></td></tr></table>"
    parsed = parse_mail(mail("Fwd: x", html=gmail_html("Offers", f"<p>Dear Students,</p><p>See the list.</p>{table}")))

    assert parsed.subject == "Offers"
    assert parsed.text == "Dear Students,\n\nSee the list.\n\nNo\tName\n22103001\tAsha Rao"


def test_the_html_is_cut_to_what_was_forwarded() -> None:
    html = '<p>My site: <a href="https://me.example">me</a></p>' + gmail_html(
        "x", '<a href="https://apply.example">Apply</a>'
    )
    parsed = parse_mail(mail("Fwd: x", gmail_forward("x", "Apply here"), html=html))

    assert "apply.example" in parsed.html
    assert "me.example" not in parsed.html


def test_outlook_html_without_a_mark_is_cut_at_its_header_block() -> None:
    block = "<div><b>From:</b> T&amp;P<br><b>Sent:</b> Thursday<br><b>To:</b> all<br><b>Subject:</b> Offers<br></div>"
    html = f'<p><a href="https://me.example">me</a></p><hr>{block}<p>Dear Students</p>'

    parsed = parse_mail(mail("FW: Offers", html=html))

    assert parsed.text == "Dear Students"
    assert "me.example" not in parsed.html


def test_an_html_answer_leaves_off_what_it_quotes() -> None:
    quoted = (
        '<div class="gmail_quote">On Thu, 20 Nov 2025 at 18:00, T&amp;P wrote:<blockquote><a '
        'href="https://old.example">old</a></blockquote></div>'
    )

    parsed = parse_mail(mail("Re: x", html=f'<p>Use this link: <a href="https://new.example">new one</a></p>{quoted}'))

    assert parsed.is_reply
    assert "old.example" not in parsed.html
    assert parsed.text == "Use this link: new one"


def test_a_plain_body_that_only_points_to_the_html_is_none() -> None:
    html = "<p>Dear Students, <b>Kestrel</b> has selected three of you.</p>"
    parsed = parse_mail(mail("x", "This message needs an HTML viewer. Please view it in your browser.", html=html))

    assert parsed.text == "Dear Students, Kestrel has selected three of you."


def test_bold_of_plain_text_goes_and_points_of_lists_stay() -> None:
    assert (
        parse_mail(mail("x", "*Role:* Analyst\n* first point\n2 * 3 * 4")).text
        == "Role: Analyst\n* first point\n2 * 3 * 4"
    )


def test_a_mail_attached_whole_is_the_mail() -> None:
    inner = mail("Kestrel - Offers", OFFER, sender=CELL, date="Thu, 20 Nov 2025 18:00:00 +0530")
    outer = multipart(b"FYI", b"Content-Type: message/rfc822\r\n\r\n" + inner, subject="Fwd")

    parsed = parse_mail(outer)

    assert (parsed.subject, parsed.sender, parsed.text) == ("Kestrel - Offers", CELL, OFFER.strip())


def test_attachments_are_named_and_not_decoded() -> None:
    start = time.process_time()
    big = base64.encodebytes(os.urandom(19_000_000))
    pdf = b'Content-Disposition: attachment; filename="../../etc/JD.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    note = b"Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.txt\r\n\r\nnot read"
    body = multipart(b"See the list.", b"Content-Type: application/pdf\r\n" + pdf + big, note)

    parsed = parse_mail(body)

    assert len(body) > 25_000_000
    assert parsed.text == "See the list."
    assert parsed.attachments == ("JD.pdf", "café.txt")
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("headers", "flag"),
    [
        ({"sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"}, "is_bounce"),
        ({"subject": "Delivery Status Notification (Failure)"}, "is_bounce"),
        ({"Auto_Submitted": "auto-replied"}, "is_auto_reply"),
        ({"subject": "Out of Office: back on Monday"}, "is_auto_reply"),
    ],
)
def test_what_machines_send_is_told(headers: dict[str, str], flag: str) -> None:
    assert getattr(parse_mail(mail(**{"subject": "x", "text": "y", **headers})), flag)


@pytest.mark.parametrize("date", ["Thu, 20 Nov, 2025, 4:51\u202fpm", "Wed, 20 Nov 2025 at 16:51"])
def test_narrow_spaces_in_dates_are_spaces(date: str) -> None:
    parsed = parse_mail(mail("Fwd: x", gmail_forward("x", "y", sent=date)))

    assert parsed.sent_at is not None
    assert parsed.sent_at.isoformat(timespec="minutes") == "2025-11-20T16:51+05:30"


@pytest.mark.parametrize(
    "stated", ["", "Mon, 99 Foo 2025 99:99:99 +0530", "Fri, 31 Dec 9999 23:59:59 -1200", "x" * 9999]
)
def test_a_date_that_is_none_is_none(stated: str) -> None:
    assert parse_mail(mail("x", "y", date=stated)).received_at is None


def test_the_last_hop_says_when_a_mail_came() -> None:
    parsed = parse_mail(
        raw("Received: from a by b; Thu, 20 Nov 2025 19:05:00 +0530", "Date: Thu, 20 Nov 2025 18:00:00 +0530")
    )

    assert parsed.received_at is not None
    assert parsed.sent_at is not None
    assert (parsed.received_at.hour, parsed.sent_at.hour) == (19, 18)


def test_nothing_at_all_is_an_empty_mail() -> None:
    parsed = parse_mail(b"")

    assert (parsed.subject, parsed.text, parsed.sent_at) == ("", "", None)


def test_an_outlook_answer_leaves_off_what_it_quotes() -> None:
    block = "<b>From:</b> T&amp;P<br><b>Sent:</b> Thursday<br><b>Subject:</b> Venue"
    quoted = f'<div id="divRplyFwdMsg">{block}</div><div><a href="https://old.example">old link</a></div>'

    parsed = parse_mail(mail("Re: Venue", html=f"<p>The venue is now LT-4, please come there.</p>{quoted}"))

    assert parsed.text == "The venue is now LT-4, please come there."
    assert "old.example" not in parsed.html


def test_text_in_several_parts_is_read_in_order() -> None:
    assert parse_mail(multipart(b"Dear Students,", b"come by 9 AM.")).text == "Dear Students,\ncome by 9 AM."


def test_a_mail_cut_off_in_the_middle_keeps_its_first_part() -> None:
    whole = multipart(b"Dear Students, come.", b"Content-Type: application/pdf\r\n\r\n" + b"x" * 5000)

    assert parse_mail(whole[:400]).text == "Dear Students, come."


def test_raw_bytes_in_headers_are_read() -> None:
    parsed = parse_mail("Subject: Café – offers\r\nFrom: Zoë <z@x.example>\r\n\r\nhello".encode())

    assert (parsed.subject, parsed.sender) == ("Café – offers", "Zoë <z@x.example>")
