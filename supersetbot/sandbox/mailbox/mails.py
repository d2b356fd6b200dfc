"""Mails of an invented placement cell, as students forward them to the group the mailbox belongs to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import count, cycle
from random import Random

from supersetbot.sandbox.made_files import sheet
from supersetbot.sandbox.mailbox.server import USER
from supersetbot.sandbox.portal.portal_world import FIRST, LAST
from supersetbot.sandbox.portal.templates import INDIA, Opening

Text = tuple[str, str]  # subject and body
_CELL = "T&P Cell <tnp@vindhya.example>"
_STARTS = (22103001, 22102001, 9922103001)  # of branches whose ranges the statistics know


class MailWriter:
    """Writes one mail after the other: offers, more of them, a shortlist, a talk, a contest, and what is no business
    of students. The job an offer is for is one of the portal's."""

    def __init__(self, jobs: Callable[[], list[Opening]], random: Random | None = None) -> None:
        self._jobs = jobs
        self._random = random or Random()
        self._numbers = count(1)
        self._kinds = cycle(
            (self._offer, self._more_offers, self._shortlist, self._talk, self._contest, self._policy, self._sheet)
        )
        self._attached: bytes = b""
        self._offered: Opening | None = None

    def next_mail(self, now: datetime) -> tuple[str, bytes]:
        """The subject of the next mail, and the mail as it lies in the mailbox."""
        self._attached = b""
        subject, text = next(self._kinds)(now.astimezone(INDIA))
        return subject, forwarded(subject, text, now.astimezone(INDIA), next(self._numbers), self._attached)

    def unclear_mail(self, now: datetime) -> bytes:
        """A mail with a list that does not say what its students are listed for: somebody has to look."""
        self._attached = b""
        company = self._random.choice(self._jobs()).company
        text = f"Dear Students,\n\nPlease see the students below for {company}.\n\n{self._list(4)}\n"
        return forwarded(f"{company} - Batch 2027", text, now.astimezone(INDIA), next(self._numbers))

    def _offer(self, _: datetime) -> Text:
        self._offered = self._random.choice(self._jobs())
        return self._offer_of(self._offered, "Offers", 5)

    def _more_offers(self, _: datetime) -> Text:
        return self._offer_of(self._offered or self._random.choice(self._jobs()), "More Offers", 2)

    def _offer_of(self, job: Opening, what: str, students: int) -> Text:
        lpa = self._random.choice((6.5, 8, 12, 14.25, 18))
        return f"{job.company} - Hiring from Batch 2027 - {what}", (
            f"Dear Students,\n\nCongratulations to the following students on receiving offers from {job.company}.\n\n"
            f"Role: {job.role}\nPackage: INR {lpa:g} LPA\nLocation: Noida, Pune\n\n{self._list(students)}\n"
        )

    def _shortlist(self, now: datetime) -> Text:
        job, day = self._random.choice(self._jobs()), now + timedelta(days=2)
        return f"{job.company} - Shortlist for Technical Interview", (
            f"Dear Students,\n\nThe following students are shortlisted for the technical interview of {job.company} "
            f"for the role of {job.role}.\nDate: {day:%d %B %Y}, 10:00 AM\nVenue: LT-3\n\n{self._list(6)}\n"
        )

    def _talk(self, now: datetime) -> Text:
        day = now + timedelta(days=4)
        return "Webinar on Careers in Chip Design", (
            "Dear Students,\n\nA webinar on Careers in Chip Design by Dr. Kavya Menon will be held on "
            f"{day:%d %B %Y} at 5:00 PM on Zoom.\nRegister here: https://events.example.com/chips\n"
        )

    def _contest(self, now: datetime) -> Text:
        last, start = now + timedelta(days=5), now + timedelta(days=9)
        return f"Hackathon: Vindhya Sprint {now.year}", (
            f"Dear Students,\n\nQuillstack is organising Vindhya Sprint, a hackathon, on {start:%d %B %Y}.\n"
            f"Theme: Clean energy\nTeam size: 2-4\nPrize pool: INR 2 Lakhs\n"
            f"Register by {last:%d %B %Y}: https://sprint.example.com/register\n"
        )

    def _policy(self, now: datetime) -> Text:
        mark = self._random.choice((55, 60, 65))
        return "Placement Policy - Batch 2027", (
            "Dear Students,\n\nPlease note the placement policy for the batch of 2027.\n\n1. Eligibility\n"
            f"Students with {mark} % and above may register.\n2. Offers\nA student may hold one offer at a time.\n"
        )

    def _sheet(self, now: datetime) -> Text:
        """A list that comes as a sheet, with the panel and the time of each student."""
        job, day = self._random.choice(self._jobs()), now + timedelta(days=3)
        rows = [line.split("\t") for line in self._list(12).split("\n")]
        told = [
            [*row, f"Panel {place % 3 + 1}", f"{10 + place // 6}:{place * 10 % 60:02} AM"]
            for place, row in enumerate(rows)
        ]
        self._attached = sheet([["S.No", "Enrollment No", "Name", "Panel", "Time"], *told])
        return f"{job.company} - Interview slots", (
            f"Dear Students,\n\nThe students shortlisted for the interview of {job.company} are in the sheet below.\n"
            f"Date: {day:%d %B %Y}\nVenue: CL1\n"
        )

    def _list(self, students: int) -> str:
        """A table as mail programs write it: serial number, enrolment number, name."""
        rows = (
            f"{row}\t{self._random.choice(_STARTS) + self._random.randrange(300)}\t"
            f"{self._random.choice(FIRST)} {self._random.choice(LAST)}"
            for row in range(1, students + 1)
        )
        return "\n".join(rows)


def forwarded(subject: str, text: str, now: datetime, number: int, attached: bytes = b"") -> bytes:
    """A mail of the cell, forwarded by a student with Gmail; `now` is in Asia/Kolkata. `attached` is a sheet."""
    message = EmailMessage()
    message["From"] = f"Student {number} <student{number}@mail.example>"
    message["To"] = USER
    message["Subject"] = f"Fwd: {subject}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="mail.example")
    head = f"From: {_CELL}\nDate: {now:%a, %d %b %Y at %H:%M}\nSubject: {subject}\nTo: batch27 <b27@vindhya.example>"
    message.set_content(f"---------- Forwarded message ---------\n{head}\n\n\n{text}")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="slots.xlsx")
    return message.as_bytes()


def spam(now: datetime) -> bytes:
    """A mail that is no business of students."""
    message = EmailMessage()
    message["From"] = "Mail Provider <no-reply@accounts.provider.example>"
    message["To"] = USER
    message["Subject"] = "Security alert: new sign-in"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="provider.example")
    message.set_content("We noticed a new sign-in to your account. If this was you, you need not do anything.")
    return message.as_bytes()
