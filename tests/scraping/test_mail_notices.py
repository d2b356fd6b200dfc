"""What students read of each kind of mail, and what they must never read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts.categories import Category
from notifications.models import Notice
from notifications.rendering.render import push_parts, telegram_text
from scraping.items import ParsedMail
from scraping.models import Offer, Policy, RawItem
from scraping.reading.page import Page, page_of_mail
from scraping.sources.mailbox.source import raw_of
from tests.paths import SAMPLES as ALL_SAMPLES
from tests.scraping import mail_cast as cast
from tests.scraping.mail_cast import forwarded, offer, receive
from tests.scraping.sources.mailbox.mails import (
    apple_forward,
    gmail_forward,
    gmail_html,
    mail,
    multipart,
    outlook_forward,
)

pytestmark = pytest.mark.django_db
SAMPLES = ALL_SAMPLES / "mailbox"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 6, tzinfo=UTC), tick=True):
        yield


def told(*mails: bytes) -> list[str]:
    """The messages of what the mails became, in order, without the last line, which says who and when."""
    receive(*mails)
    assert not RawItem.objects.filter(state=RawItem.State.SET_ASIDE).exists()
    texts = [telegram_text(notice).text for notice in Notice.objects.order_by("pk")]
    return [text.rpartition("\n\nT&P Cell · ")[0] or text for text in texts]


def test_an_offer() -> None:
    assert told(offer("22103001 Asha Verma", "22103002 Bilal Khan")) == [
        "🎉 2 placed at Kestrel Systems\nSoftware Engineer · 2 offers · ₹12 LPA\nNoida\n\n"
        "2 students\n22103001  Asha Verma\n22103002  Bilal Khan"
    ]


def test_more_offers_of_a_known_company() -> None:
    receive(offer("22103001 Asha Verma"))
    Offer.objects.update(told_at=datetime(2026, 11, 18, 6, tzinfo=UTC))
    assert told(offer("22103001 Asha Verma", "22102003 Chitra Rao", package="14 LPA", number=2))[1] == (
        "🎉 1 more placed at Kestrel Systems\n2 in all, with the one told before (Wednesday)\n"
        "Software Engineer · 2 offers · ₹14 LPA\nNoida\n\n1 student\n22102003  Chitra Rao"
    )


def test_each_student_has_the_package_of_their_row() -> None:
    listed = "Roll No\tName\tCTC (LPA)\n22103001\tAsha Verma\t12\n22103002\tBilal Khan\t8.5 LPA"
    receive(forwarded("Kestrel - Final Offers", f"Congratulations on receiving offers from Kestrel.\n\n{listed}"))
    packages = Offer.objects.get().students.order_by("enrollment").values_list("package", flat=True)
    assert [float(package or 0) for package in packages] == [12.0, 8.5]


def test_an_offer_that_three_people_forward_stays_as_it_was_told() -> None:
    rows = "22103001 Asha Verma", "22103002 Bilal Khan"
    once = told(offer(*rows))

    assert told(offer(*rows, number=2), offer(*rows, number=3), offer(*rows, number=1)) == once


def test_an_offer_that_names_nobody_is_told_as_written_once() -> None:
    text = "Dear Students,\n\nKestrel Systems has made final offers. The package is 12 LPA. The list will follow.\n"
    mails = [forwarded("Kestrel Systems - Offers", text, number=number) for number in (1, 2)]
    if len(messages := told(*mails)) == 1:
        assert messages[0].startswith("🎉 Kestrel Systems - Offers\n")
    assert not Notice.objects.filter(title__contains="0 students").exists()


def test_a_shortlist_shows_its_students_once() -> None:
    (text,) = told(forwarded("Lumen Foundry - Shortlist", cast.SHORTLIST))
    assert text.startswith("🎯 Shortlist · Lumen Foundry\ntechnical interview · Wed 25 Nov, 10:00 AM · LT-3\n")
    assert text.endswith("\n\n2 students\n22103001  Asha Verma\n22103002  Bilal Khan")
    assert text.count("Asha Verma") == 1


def test_a_webinar_has_its_facts_and_a_button() -> None:
    (text,) = told(forwarded("Session on chips", cast.WEBINAR))
    assert text.startswith(
        "🎤 Session on chips\nFri 27 Nov, 5:00 PM · Zoom\n\nTopic Careers in Chip Design\nSpeaker Dr. Kavya"
    )
    assert Notice.objects.get().links == [{"url": "https://events.example/chips", "label": "Register"}]


def test_a_hackathon_says_from_when_until_when() -> None:
    (text,) = told(forwarded("Hackathon: CodeStorm 2026", cast.HACKATHON))
    assert text.startswith(
        "🏆 Hackathon: CodeStorm 2026\nSat 12 Dec\nDeadline Sat 5 Dec\n\nTheme Clean energy\nPrize INR 5"
    )
    assert "\nUntil Sun 13 Dec\n" in text


def test_a_job_posting_says_what_it_is_worth_and_until_when() -> None:
    (text,) = told(forwarded("Hiring: Tarang Analytics - Data Analyst - Batch 2027", cast.OPENING))
    assert text.startswith(
        "💼 Tarang Analytics · Data Analyst\n₹9 LPA · Pune\nApply by Sat 28 Nov, 5:00 PM (in 6 days)\n\nWho can apply"
    )


@pytest.mark.parametrize("border", ["\t", " | "])
def test_an_internship_noc_keeps_who_goes_where(border: str) -> None:
    (text,) = told(forwarded("NOC for internship", cast.NOC.replace("\t", border)))
    assert "Enrollment" not in text
    notice = Notice.objects.get()
    assert notice.category == Category.INTERNSHIP_NOC
    assert notice.roster == [
        {"name": "Asha Verma", "enrollment": "22103001", "company": "Kestrel Systems"},
        {"name": "Bilal Khan", "enrollment": "22103002", "company": "Lumen Foundry"},
    ]


def test_a_policy_is_told_and_then_what_changed_in_it() -> None:
    first, second = told(
        forwarded("Placement Policy - Batch 2027", cast.POLICY),
        forwarded("Placement Policy - Batch 2027", cast.POLICY.replace("60 %", "65 %"), number=2),
    )
    assert first.startswith("📘 Placement policy 2027\n")
    assert "Students with 60 % may register." in first
    assert second.startswith("📘 Placement policy 2027 updated\n")
    assert second.endswith("➖ Students with 60 % may register.\n➕ Students with 65 % may register.")
    newest = Policy.objects.first()
    assert newest is not None
    assert (newest.year, newest.version, [entry["id"] for entry in newest.toc]) == (
        2027,
        2,
        ["1-eligibility", "2-offers"],
    )


def test_a_late_copy_of_an_older_policy_is_no_version() -> None:
    mails = [
        forwarded("Placement Policy - Batch 2027", text, number=number)
        for number, text in enumerate((cast.POLICY, cast.POLICY.replace("60 %", "65 %"), cast.POLICY), start=1)
    ]
    assert len(told(*mails)) == 2
    assert Policy.objects.count() == 2


def test_a_policy_that_comes_as_a_document_is_told_with_its_name_and_is_no_version() -> None:
    letter = b"Content-Type: text/plain\r\n\r\nDear Students,\r\nPlease find attached the revised placement policy.\r\n"
    files = (
        b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="%s"\r\n\r\n%%PDF' % name
        for name in (b"Policy 2027, ask 9876543210.pdf", b"image001.png", b"winmail.dat")
    )
    (text,) = told(multipart(letter, *files, subject="Placement Policy - Batch 2027"))
    assert text.startswith("📘 Placement Policy - Batch 2027\n")
    assert "📎 Policy 2027, ask (number left out).pdf" in text
    assert text.count("📎") == 1
    assert not Policy.objects.exists()


@pytest.mark.parametrize("text", [cast.SHORTLIST, cast.WEBINAR, cast.OPENING, f"Date: 25 November 2026\n{cast.NOC}"])
def test_one_mail_forwarded_with_many_programs_is_told_once(text: str) -> None:
    subject = "Kestrel Systems"
    bodies = [
        {"text": gmail_forward(subject, text)},
        {"text": outlook_forward(subject, text)},
        {"text": apple_forward(subject, text)},
        {"html": gmail_html(subject, text.replace("\n", "<br>"))},
    ]
    told(*(mail(f"Fwd: {subject}", message_id=f"<{number}@x.example>", **body) for number, body in enumerate(bodies)))
    assert Notice.objects.count() == 1


def test_an_announcement_keeps_its_lists_and_tables() -> None:
    (text,) = told(
        forwarded(
            "Bus timings for the placement drive",
            "Dear Students,\n\nBuses leave as follows:\nGate\tTime\n2\t7:30\n5\t8:15\n\n• bring ID\n• be early\n",
        )
    )
    assert "Gate  Time\n2     7:30\n5     8:15" in text
    assert "• bring ID\n• be early" in text


# --- privacy ----------------------------------------------------------------------

CONTACTS = (
    "\nRegards,\nMeera Joshi\nPlacement coordinator\nMob: +91 98765 43210 / 9811122233\nmeera.joshi@gmail.com\n"
    "tnp@college.example\n"
)
TEXTS = {
    "offer": "Congratulations to the following students on receiving offers from Kestrel Systems.\nPackage: 12 LPA\n\n"
    "1\t22103001\tAsha Verma\t9876512345\tasha@students.example\n"
    "2\t22103002\tBilal Khan\t9876512346\tb@students.example\n",
    "shortlist": cast.SHORTLIST,
    "webinar": cast.WEBINAR,
    "hackathon": cast.HACKATHON,
    "opening": cast.OPENING,
    "noc": cast.NOC,
    "policy": cast.POLICY,
    "other": "The drive begins at 9 AM. Ask Rohit (9811122233) or write to rohit@college.example.\n",
}
SUBJECTS = {
    "offer": "Kestrel Systems - Offers",
    "policy": "Placement Policy - Batch 2027",
    "noc": "NOC for internship",
    "other": "Drive on Monday, call 9811122233",
}
SHAPES = {
    "gmail": lambda subject, text: {"text": cast.gmail(subject, text)},
    "apple": lambda subject, text: {"text": apple_forward(subject, text)},
    "outlook": lambda subject, text: {"text": outlook_forward(subject, text)},
    "html": lambda subject, text: {"html": gmail_html(subject, f"<pre>{text}</pre>")},
    "twice": lambda subject, text: {"text": cast.gmail(f"Fwd: {subject}", cast.gmail(subject, text))},
}
FORBIDDEN = (
    re.compile(r"forwarded message|^\s*(?:from|to|cc|sent|date)\s*:.*@", re.IGNORECASE | re.MULTILINE),
    re.compile(r"(?<!\d)(?:\+?91[ -]?)?[6-9]\d{4}[ -]?\d{5}(?!\d)"),
    re.compile(r"[\w.]+@(?:gmail|mail|college|students|groups)\.\w+"),
)


def shown_to_anybody(client: Client) -> Iterator[str]:
    """Everything that reaches a user: messages, pushes, and what the open API answers."""
    for notice in Notice.objects.all():
        yield telegram_text(notice).text
        yield from (f"{part.title}\n{part.body}" for part in push_parts(notice))
        yield client.get(f"/api/notices/{notice.pk}").content.decode()
    yield client.get("/api/notices").content.decode()
    yield client.get("/api/stats/placements").content.decode()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", TEXTS)
def test_nobody_reads_who_sent_it_or_anybodys_phone(client: Client, kind: str, shape: str) -> None:
    subject = SUBJECTS.get(kind, kind)
    body = SHAPES[shape](subject, TEXTS[kind] + CONTACTS)
    receive(mail(f"Fwd: {subject}", **body))
    assert Notice.objects.exists()
    for text in shown_to_anybody(client):
        for pattern in FORBIDDEN:
            assert not pattern.search(text), text


def test_the_open_api_names_no_student(client: Client) -> None:
    receive(offer("22103001 Asha Verma"), forwarded("Lumen Foundry - Shortlist", cast.SHORTLIST, number=2))
    answers = [text for text in shown_to_anybody(client) if text.startswith(("{", "["))]
    assert not any("Asha" in text or "22103001" in text for text in answers)


def test_the_samples_reach_nobody_with_more_than_they_may(client: Client) -> None:
    mails = sorted(SAMPLES.glob("*.eml"))
    if not mails:
        pytest.skip(f"*** no sample mails at {SAMPLES} ***")
    receive(*(path.read_bytes() for path in mails))
    numbers = {str(row["enrollment"]) for notice in Notice.objects.all() for row in notice.roster}
    for text in shown_to_anybody(client):
        found = {match[0] for pattern in FORBIDDEN for match in pattern.finditer(text)}
        assert found <= numbers, text
    assert Offer.objects.exists()


def test_what_is_stored_is_the_mail_as_it_came() -> None:
    raw = offer("22103001 Asha Verma")
    receive(raw)
    assert raw_of(RawItem.objects.get().payload) == raw


def test_a_mail_is_laid_out_once_for_all_that_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[str] = []

    def counted(mail: ParsedMail) -> Page:
        laid_out.append(mail.subject)
        return page_of_mail(mail)

    monkeypatch.setattr("scraping.reading.mail_page.page_of_mail", counted)

    receive(forwarded("Orbit - Offers", "Role: Analyst\nCTC: 9 LPA\nSelected students:\n22103001 Asha Rao"))

    assert laid_out == ["Orbit - Offers"]
