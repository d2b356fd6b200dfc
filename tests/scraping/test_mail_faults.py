"""What students and operators are told of mails that are hard to read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import time_machine
from django.core.management import call_command

from notifications.models import Notice
from notifications.rendering.render import telegram_text
from scraping.items import SIGNED
from scraping.models import RawItem
from scraping.sources.mailbox.source import as_item
from tests.conftest import SEASON
from tests.scraping import mail_cast as cast
from tests.scraping.mail_cast import RECEIVED, forwarded, receive
from tests.scraping.sources.mailbox.mails import CELL, PDF, TNEF, calendar, mail, multipart, opaque
from tests.scraping.sources.mailbox.signing import signed

pytestmark = pytest.mark.django_db
SUBJECT = "Lumen Foundry - Shortlist for Technical Interview"
OPEN_IT = "What this mail says can't be read here: open the mail."


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 6, tzinfo=UTC), tick=True):
        yield


def from_cell(raw: bytes) -> bytes:
    """A mail with the headers of one that the cell sent."""
    return f"From: {CELL}\r\nDate: {RECEIVED}\r\nMessage-ID: <cell@college.example>\r\n".encode() + raw


@pytest.mark.parametrize("subject", [SUBJECT, "Document", ""])
def test_a_mail_that_cant_be_read_is_told_and_flagged(subject: str) -> None:
    receive(from_cell(multipart(TNEF, subject=subject)))

    notice = Notice.objects.get()
    assert notice.title == (subject or "Notice")
    assert OPEN_IT in telegram_text(notice).text
    item = RawItem.objects.get()
    assert (item.state, item.doubt) == (RawItem.State.DONE, "can't be read: open the mail (winmail.dat)")


def test_a_mail_that_is_all_attachment_names_it() -> None:
    receive(from_cell(multipart(PDF, subject=SUBJECT)))

    text = telegram_text(Notice.objects.get()).text
    assert OPEN_IT in text
    assert "📎 JD.pdf" in text


@pytest.mark.parametrize(
    "subject", ["Undelivered Mail Returned to Sender", "Security alert", "Out of office: back soon"]
)
def test_what_machines_send_is_not_told_because_it_cant_be_read(subject: str) -> None:
    receive(from_cell(multipart(TNEF, subject=subject)))

    assert not Notice.objects.exists()
    assert RawItem.objects.get().state == RawItem.State.IRRELEVANT


def test_a_signed_mail_says_that_nobody_checked_its_signature() -> None:
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + cast.SHORTLIST.encode()
    receive(from_cell(f"Subject: {SUBJECT}\r\n".encode() + opaque(signed(inner))))

    notice = Notice.objects.get()
    assert len(notice.roster) == 2
    assert notice.details["Signature"] == "not checked"
    assert RawItem.objects.get().doubt == ""


def test_an_event_that_comes_as_a_calendar_file_is_told_with_day_and_place() -> None:
    receive(from_cell(multipart(calendar(day="20261127"), subject="Pre-Placement Talk of Kestrel")))

    notice = Notice.objects.get()
    assert notice.event_at is not None
    assert (notice.event_at.isoformat(), notice.venue) == ("2026-11-27T11:30:00+00:00", "LT-3")


def test_an_invitation_of_google_calendar_is_told_where_it_is_about_placements() -> None:
    text = (
        "You have been invited to the following event.\nPre-Placement Talk of Kestrel, 27 November 2026, 5:00 PM, LT-3"
    )
    invitation = "Invitation: Pre-Placement Talk @ Fri Nov 27, 2026 5pm - 6pm (IST)"
    receive(from_cell(multipart(text.encode(), calendar(), subject=invitation, kind="alternative")))

    assert Notice.objects.get().title.startswith("Invitation: Pre-Placement Talk")


@pytest.mark.parametrize("subject", ["Accepted: Placement talk", "Invitation: Dentist @ Fri Nov 27, 2026 5pm"])
def test_answers_and_private_invitations_are_not_told(subject: str) -> None:
    receive(from_cell(multipart(b"See you", calendar("REPLY"), subject=subject, kind="alternative")))

    assert not Notice.objects.exists()


# Two mails with one Message-ID, and one mail met twice.

ONE = forwarded("Session on chips", cast.WEBINAR)
OTHERS = {
    "another text": forwarded("Session on chips", cast.SHORTLIST),
    "another subject": forwarded("Session on motors", cast.WEBINAR),
    "another day": mail("Session on chips", cast.WEBINAR, message_id="<1@mail.example>"),
    "another list": forwarded("Session on chips", cast.WEBINAR + "\n22103009 Dev Rao"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_two_mails_with_one_message_id_are_two(other: bytes) -> None:
    receive(ONE, other)

    assert RawItem.objects.filter(key__startswith="1@mail.example ").count() == 2
    assert Notice.objects.count() == 2


AGAIN = {
    "byte for byte": ONE,
    "with other hops": b"Received: from a by b; Sun, 22 Nov 2026 12:00:00 +0530\r\nDelivered-To: x@y.example\r\n" + ONE,
    "with other line ends": ONE.replace(b"\n", b"\r\n"),
    "with an empty line at its end": ONE + b"\n\n",
}


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_one_mail_from_two_folders_is_one(again: bytes) -> None:
    assert as_item(ONE, "1.5", SEASON).key == as_item(again, "2.9", SEASON).key
    receive(ONE)
    receive(again)

    assert RawItem.objects.count() == Notice.objects.count() == 1


def test_a_message_id_of_any_length_fits_its_column() -> None:
    key = as_item(mail("x", "y", message_id=f"<{'a' * 400}@x.example>"), "1.1", SEASON).key

    assert len(key) <= 200


# manage.py explain


def explained(path: Path, raw: bytes, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    path.write_bytes(raw)
    call_command("explain", "--source", "email", str(path))
    (found,) = orjson.loads(capsys.readouterr().out)
    return dict(found)


def test_explain_says_why_a_mail_cant_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = explained(tmp_path / "a.eml", from_cell(multipart(TNEF, subject="Document")), capsys)

    assert (found["kind"], found["unreadable"]) == ("announcement", "can't be read: open the mail (winmail.dat)")


def test_explain_says_that_a_signature_was_not_checked(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = opaque(signed(b"\r\n" + cast.SHORTLIST.encode()))
    found = explained(tmp_path / "a.eml", from_cell(b"Subject: Shortlist\r\n" + data), capsys)

    assert (found["kind"], found["notes"]) == ("shortlisting", [SIGNED])
