"""Which text of a mail is the mail."""

import pytest

from scraping.items import ParsedMail
from scraping.sources.mailbox.bodies import says_nothing
from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import (
    CELL,
    OFFER,
    PDF,
    PICTURE,
    TNEF,
    calendar,
    gmail_forward,
    html_table,
    mail,
    multipart,
    part,
)

ROWS = "1\t22103001\tAsha Rao\n2\t22103002\tVikram Seth"
HTML = (
    "<p>Dear Students,</p><p>The following students are shortlisted by Kestrel Analytics.</p>"
    f"<p>Role: Data Analyst<br>Venue: LT-3<br>Date: 25 November 2025, 10:00 AM</p>{html_table(ROWS)}"
)
WORDS = "Role: Data Analyst\nVenue: LT-3\nDate: 25 November 2025, 10:00 AM"


STUBS = {
    "a picture's name": "[cid:image001.png@01DC5A1B.7D3A0B10]",
    "pictures": "[image: logo.png]\n[cid:a@b]\n",
    "Outlook's own words": "Sent from Outlook for Android<https://aka.ms/AAb9ysg>",
    "Get Outlook": "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "a phone's": "Sent from my iPhone",
    "a greeting": "Dear Students,",
    "a greeting and a signature": "Hi all,\n\nThanks & Regards,\nAsha Rao\nCoordinator\nABC Institute",
    "a signature": "-- \nPlacement Cell\nABC Institute",
    "graphics": "This email contains graphics. If you can't see it, click the link.",
    "a browser": "Your mail program does not support HTML. View this email in your browser: https://x.example/v/123",
    "in HTML": "Please find the mail in HTML.",
    "nothing": " ",
    "invisible signs": "\u200b\u200b\u2060\n",
    "only a link": "<https://x.example/a/b/c>",
    "a disclaimer": "This e-mail is confidential and intended solely for the individual. If you are not the "
    "intended recipient please delete it and tell the sender. The institute accepts no liability.",
    "the text without its list": f"Dear Students,\n{WORDS}",
    "lost letters": "???? ????????\n???? ?? ????",
    "an advert of the mail program": "Sent with Proton Mail secure email.",
}


@pytest.mark.parametrize("plain", STUBS.values(), ids=STUBS)
def test_html_is_read_where_the_plain_text_is_a_stub(plain: str) -> None:
    parsed = parse_mail(mail("x", plain, html=HTML))

    assert WORDS in parsed.text
    assert ROWS in parsed.text


PLAIN = {
    "the same words": f"Dear Students,\nThe following students are shortlisted by Kestrel Analytics.\n{WORDS}\n{ROWS}",
    "with links written out": f"Dear Students,\nThe following students are shortlisted by Kestrel Analytics "
    f"<https://kestrel.example/a/b/c>.\n*Role:* Data Analyst\n{WORDS}\n{ROWS}\n[cid:logo@x]",
    "with more words": f"Dear Students,\nThe following students are shortlisted by Kestrel Analytics.\n{WORDS}\n{ROWS}"
    "\nBring two copies of your resume, and your identity card.",
}


@pytest.mark.parametrize("plain", PLAIN.values(), ids=PLAIN)
def test_the_plain_text_is_read_where_it_says_as_much(plain: str) -> None:
    assert parse_mail(mail("x", plain, html=HTML)).text.startswith("Dear Students,\nThe following")


@pytest.mark.parametrize("html", ["<p></p>", "<img src='cid:x'>", "<p>Please enable images</p>", "<style>p{}</style>"])
def test_the_plain_text_is_read_where_the_html_is_a_stub(html: str) -> None:
    assert parse_mail(mail("x", f"Dear Students,\n{WORDS}", html=html)).text == f"Dear Students,\n{WORDS}"


def test_texts_of_a_mixed_mail_are_read_one_after_the_other() -> None:
    """Apple Mail parts a text at each file in it, and sends the rest as HTML."""
    raw = multipart(
        b"Dear Students,", part("application/pdf", b"%PDF", name="JD.pdf"), part("text/html", HTML.encode())
    )

    parsed = parse_mail(raw)

    assert parsed.text.startswith("Dear Students,\nDear Students,\n\nThe following")
    assert parsed.attachments == ("JD.pdf",)


def test_what_gmail_shows_on_its_cards_is_no_text() -> None:
    raw = multipart(f"Dear Students,\n{WORDS}".encode(), part("text/x-amp-html", b"<p>AMP"), kind="alternative")

    assert parse_mail(raw).text == f"Dear Students,\n{WORDS}"


NAMED = {
    "a name": part("text/plain", WORDS.encode(), name="mail.txt", disposition="inline"),
    "an attachment": part("text/plain", WORDS.encode(), name="mail.txt"),
    "an attachment without a name": part("text/plain", WORDS.encode(), disposition="attachment"),
    "HTML": part("text/html", WORDS.replace("\n", "<br>").encode(), name="message.html"),
    "octet-stream by its name": part("application/octet-stream", WORDS.encode(), name="mail.txt"),
    "octet-stream with HTML": part("application/octet-stream", WORDS.replace("\n", "<br>").encode(), name="mail.HTM"),
    "octet-stream without a name": part("application/octet-stream", WORDS.encode()),
    "Markdown": part("text/markdown", WORDS.encode(), name="mail.md"),
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_the_only_text_is_read_whatever_it_is_called(named: bytes) -> None:
    assert parse_mail(b"Subject: x\r\n" + named).text == WORDS
    assert parse_mail(multipart(named)).text == WORDS
    assert parse_mail(multipart(named, part("application/pdf", b"%PDF", name="JD.pdf"))).text == WORDS
    assert parse_mail(multipart(b"\r\n", named)).text == WORDS
    assert (
        parse_mail(multipart(named, b"You received this message because you are subscribed to the group.")).text
        == WORDS
    )


def test_a_text_beside_the_text_is_a_file() -> None:
    notes = part("text/plain", b"not read", name="notes.txt")

    parsed = parse_mail(multipart(WORDS.encode(), notes))

    assert (parsed.text, parsed.attachments) == (WORDS, ("notes.txt",))


INNER = mail(
    "Kestrel - Offers", OFFER, sender=CELL, date="Thu, 20 Nov 2025 18:00:00 +0530", message_id="<in@x.example>"
)
FORWARD = mail("Fwd: Kestrel - Offers", gmail_forward("Kestrel - Offers", OFFER))
RFC822 = b"Content-Type: message/rfc822\r\n"
NAMED_MAIL = b'Content-Type: message/rfc822; name="a.eml"\r\nContent-Disposition: attachment\r\n\r\n'


def within(inner: bytes) -> bytes:
    """A mail with another attached to it."""
    return multipart(b"See below", inner).replace(b"--b", b"--i").replace(b'"b"', b'"i"')


ATTACHED = {
    "message/rfc822": RFC822 + b"\r\n" + INNER,
    "message/rfc822 with a name": NAMED_MAIL + INNER,
    "message/rfc822 in base64": part("message/rfc822", INNER, name="a.eml"),
    "message/rfc822 in quoted-printable": RFC822
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + INNER.replace(b"=", b"=3D"),
    "message/rfc822 wrongly called base64": RFC822 + b"Content-Transfer-Encoding: base64\r\n\r\n" + INNER,
    "message/global": b"Content-Type: message/global\r\n\r\n" + INNER,
    "octet-stream": part("application/octet-stream", INNER, name="Shortlist.eml"),
    "octet-stream in capitals": part("application/octet-stream", INNER, name="SHORTLIST.EML"),
    "application/x-eml": part("application/x-eml", INNER, name="a.eml"),
    "text/plain": part("text/plain", INNER, name="a.eml"),
    "octet-stream as it is": part("application/octet-stream", INNER, name="a.eml", encode=False),
    "within an attached mail": RFC822 + b"\r\n" + within(part("application/octet-stream", INNER, name="a.eml")),
    "a forward": part("message/rfc822", FORWARD, name="a.eml"),
}


@pytest.mark.parametrize("note", [b"Please see attached mail.", b"FYI", b"\r\n"])
@pytest.mark.parametrize("attached", ATTACHED.values(), ids=ATTACHED)
def test_an_attached_mail_is_read_as_a_forwarded_one(attached: bytes, note: bytes) -> None:
    parsed = parse_mail(multipart(note, attached, subject="Fwd: see the mail"))

    assert (parsed.subject, parsed.sender, parsed.text) == ("Kestrel - Offers", CELL, OFFER.strip())
    assert parsed.is_forwarded
    assert parsed.sent_at is not None
    assert parsed.sent_at.isoformat(timespec="minutes") == "2025-11-20T18:00+05:30"


def test_of_several_attached_mails_the_first_is_read_and_the_others_are_told() -> None:
    other = part("application/octet-stream", mail("Nimbus - Offers", "Dear all"), name="b.eml")

    parsed = parse_mail(multipart(b"FYI", ATTACHED["octet-stream"], other))

    assert parsed.subject == "Kestrel - Offers"
    assert parsed.attachments == ("Nimbus - Offers.eml",)
    assert parsed.notes == ("more than one mail is attached: the first was read",)


def test_a_mail_with_a_text_of_its_own_names_the_mail_attached_to_it() -> None:
    own = f"Dear Students,\n{WORDS}\n" + "Please read this carefully. " * 20

    parsed = parse_mail(multipart(own.encode(), ATTACHED["octet-stream"], subject="Reminder"))

    assert (parsed.subject, parsed.attachments) == ("Reminder", ("Kestrel - Offers.eml",))
    assert parsed.text.startswith(f"Dear Students,\n{WORDS}")


# Calendar files.


@pytest.mark.parametrize("kind", ["text/calendar", "application/ics", "application/octet-stream"])
@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST", "CANCEL", "REPLY"])
@pytest.mark.parametrize("layout", ["mixed", "alternative"])
def test_a_calendar_never_hides_the_text_beside_it(kind: str, method: str, layout: str) -> None:
    text = f"Dear Students,\n{WORDS}"

    parsed = parse_mail(multipart(text.encode(), calendar(method, name="invite.ics", kind=kind), kind=layout))

    assert (parsed.text, parsed.is_calendar) == (text, False)


ALONE = {
    "alone": b"Subject: Talk\r\n" + calendar(),
    "alone with a name": b"Subject: Talk\r\n" + calendar(name="invite.ics"),
    "in a multipart": multipart(calendar(), subject="Talk"),
    "as application/ics": multipart(calendar(name="a.ics", kind="application/ics"), subject="Talk"),
    "as octet-stream": multipart(b"\r\n", calendar(name="a.ics", kind="application/octet-stream"), subject="Talk"),
    "with a greeting": multipart(b"Hi all,\r\n\r\nRegards,\r\nAsha", calendar(), subject="Talk"),
    "twice": multipart(calendar(), calendar(name="invite.ics"), subject="Talk", kind="alternative"),
}


@pytest.mark.parametrize("raw", ALONE.values(), ids=ALONE)
def test_a_calendar_alone_is_read(raw: bytes) -> None:
    parsed = parse_mail(raw)

    assert parsed.text == "Event: Pre-Placement Talk\nDate: 27 November 2025, 5:00 PM to 6:00 PM\nVenue: LT-3"
    assert not parsed.is_calendar


def test_a_text_that_names_no_day_is_told_with_the_calendars() -> None:
    parsed = parse_mail(multipart(b"All eligible students must join the talk of Kestrel.", calendar()))

    assert parsed.text.startswith("All eligible students must join the talk of Kestrel.\n\nEvent: Pre-Placement Talk")


def test_an_answer_to_an_invitation_says_nothing() -> None:
    parsed = parse_mail(multipart(calendar("REPLY"), subject="Accepted: Talk"))

    assert (parsed.text, parsed.is_calendar, parsed.unreadable) == ("", True, "")


# What can't be read.

ENVELOPED = part("application/pkcs7-mime; smime-type=enveloped-data", b"\x30\x80", name="smime.p7m")
IN_A_FILE = "all it says is in what is attached"
SEALED = {
    "winmail.dat": (TNEF, "winmail.dat"),
    "winmail.dat as a file": (part("application/octet-stream", b"\x78\x9f", name="WINMAIL.DAT"), "winmail.dat"),
    "an Outlook mail": (part("application/vnd.ms-outlook", b"\xd0\xcf", name="mail.msg"), IN_A_FILE),
    "encrypted": (ENVELOPED, "S/MIME that"),
    "a PDF": (PDF, IN_A_FILE),
    "a picture": (PICTURE, "all it says is in a picture"),
    "a broken calendar": (part("text/calendar", b"BEGIN:VCALENDAR\nEND:VEVENT", name="a.ics"), "a calendar file"),
    "a piece of a mail": (b'Content-Type: message/partial; id="x"; total=3\r\n\r\nand so on', "one piece of a mail"),
}


@pytest.mark.parametrize(("sealed", "reason"), SEALED.values(), ids=SEALED)
@pytest.mark.parametrize("note", [None, b"\r\n", b"Sent from Outlook for iOS"])
def test_a_mail_of_which_nothing_can_be_read_says_so(sealed: bytes, reason: str, note: bytes | None) -> None:
    parsed = parse_mail(multipart(*([note] if note else []), sealed))

    assert parsed.unreadable.startswith(reason)


def test_pgp_encrypted_mail_says_so() -> None:
    data = part("application/octet-stream", b"-----BEGIN PGP MESSAGE-----", name="e.asc")

    assert (
        parse_mail(multipart(part("application/pgp-encrypted", b"Version: 1"), data, kind="encrypted")).unreadable
        == "encrypted"
    )


def test_html_of_a_picture_alone_says_so() -> None:
    assert parse_mail(mail("x", html='<p><img src="cid:poster"></p>')).unreadable == "all it says is in a picture"


@pytest.mark.parametrize("sealed", [TNEF, PICTURE, PDF])
def test_a_mail_with_words_can_be_read_whatever_is_beside_them(sealed: bytes) -> None:
    assert readable(parse_mail(multipart(f"Dear Students,\n{WORDS}".encode(), sealed)))


def test_an_empty_mail_is_empty_not_unreadable() -> None:
    assert readable(parse_mail(b"Subject: x\r\n\r\n\r\n"))


def readable(parsed: ParsedMail) -> bool:
    return not parsed.unreadable


def test_a_text_longer_than_can_be_read_says_so() -> None:
    parsed = parse_mail(b"Subject: x\r\n\r\n" + b"Dear Students, come. " * 110_000)

    assert parsed.notes == ("longer than can be read: its beginning was read",)


@pytest.mark.parametrize(
    "text", ["Venue: LT-4", "Many thanks to all who applied on time, the list follows.", "PPT at 5 PM"]
)
def test_few_words_may_say_something(text: str) -> None:
    assert not says_nothing(f"Dear all,\n\n{text}\n\nRegards,\nAsha")


def test_a_signature_above_a_forward_is_not_its_end() -> None:
    assert not says_nothing(f"FYI\n\nRegards,\nAsha\n\n{gmail_forward('Offers', 'Come.')}")
