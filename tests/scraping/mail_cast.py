"""Mails of an invented placement cell, as they come in."""

from scraping.cycle.read_items import read_pending
from scraping.cycle.store import store
from scraping.sources.base import Batch
from scraping.sources.mailbox.source import as_item
from tests.conftest import SEASON
from tests.scraping.sources.mailbox.mails import CELL, gmail_forward, mail

TODAY = "Sun, 22 Nov 2026 at 10:00"
RECEIVED = "Sun, 22 Nov 2026 11:00:00 +0530"


def gmail(subject: str, text: str) -> str:
    """A text as Gmail forwards it."""
    return gmail_forward(subject, text, sent=TODAY, sender=CELL)


def receive(*mails: bytes) -> None:
    """Store mails as the mailbox would, and read them."""
    batch = Batch(items=[as_item(raw, f"1.{place}", SEASON) for place, raw in enumerate(mails, 1)])
    store(batch, {})
    read_pending()


def forwarded(subject: str, text: str, *, number: int = 1, to: str = "placement@college.example") -> bytes:
    """A mail of the cell as a student forwards it, with everything that must not be shown."""
    return mail(
        f"Fwd: {subject}",
        gmail(subject, text),
        sender=f"Rohan Gupta <rohan{number}@mail.example>",
        to=to,
        message_id=f"<{number}@mail.example>",
        date=RECEIVED,
    )


def offer(*rows: str, company: str = "Kestrel Systems", package: str = "12 LPA", number: int = 1) -> bytes:
    """A final selection; `rows` are `22103001 Asha Verma`."""
    listed = "\n".join(f"{n}\t{row.replace(' ', chr(9), 1)}" for n, row in enumerate(rows, 1))
    text = (
        f"Dear Students,\n\nCongratulations to the following students on receiving offers from {company}.\n\n"
        f"Role: Software Engineer\nPackage: INR {package}\nLocation: Noida\n\n{listed}\n\n"
        "For queries call Ms. Meera Joshi, 9876543210 or write to meera.joshi@gmail.com\n"
    )
    return forwarded(f"{company} - Hiring from Batch 2027 - Offers", text, number=number)


SHORTLIST = (
    "Dear Students,\n\nThe following students are shortlisted for the technical interview of Lumen Foundry.\n"
    "Venue: LT-3\nDate: 25 November 2026, 10:00 AM\n\n1\t22103001\tAsha Verma\n2\t22103002\tBilal Khan\n"
)
WEBINAR = (
    "Dear Students,\n\nA webinar on Careers in Chip Design by Dr. Kavya Menon will be held on 27 November 2026 at "
    "5:00 PM on Zoom.\nRegister here: https://events.example/chips\n"
)
POLICY = (
    "Dear Students,\n\nPlease find the placement policy for the batch of 2027.\n\n1. Eligibility\n"
    "Students with 60 % may register.\n2. Offers\nA student may hold one offer. Call 9876543210 for questions.\n"
)
NOC = (
    "Dear All,\n\nThe following students are going for internships and have been issued a NOC.\n\n"
    "S.No\tEnrollment No.\tName\tCompany\n1\t22103001\tAsha Verma\tKestrel Systems\n"
    "2\t22103002\tBilal Khan\tLumen Foundry\n"
)
HACKATHON = (
    "Dear Students,\n\nQuartz Labs is organising CodeStorm 2026, a national hackathon, "
    "from 12 December 2026 to 13 December 2026.\n"
    "Theme: Clean energy\nTeam size: 2-4\nPrize pool: INR 5 Lakhs\n"
    "Register by 5 December 2026: https://codestorm.example/register\nContact: Rohit 9811122233, rohit@gmail.com\n"
)
OPENING = (
    "Dear Students,\n\nTarang Analytics is hiring for the role of Data Analyst.\nCTC: 9 LPA\nLocation: Pune\n"
    "Eligibility: B.Tech CSE, IT with 7 CGPA\nSelection process: Online test, Interview\n"
    "Apply by 28 November 2026, 5 PM at https://jobs.example/tarang\n"
)
ALERT = mail(
    "Security alert: new sign-in on Linux",
    "We noticed a new sign-in to your account. If this was you, you don't need to do anything.",
    sender="Mail Provider <no-reply@accounts.provider.example>",
    message_id="<alert@provider.example>",
    date=RECEIVED,
)
