"""What flows from the sources to the rows: frozen, plain, checked at the border where they are made."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that came with an item. `reference` tells it from the others of the item.

    Without bytes `state` says why it could not be had (scraping/attachments/text.py, State).
    """

    reference: str
    name: str
    data: bytes = field(default=b"", repr=False)
    state: str = ""


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One thing as a source gave it, before anyone reads it. `payload` is JSON, kept as it came.

    `fingerprint` is a hash over what tells an edit from the same thing seen again; for a job it covers the short
    form only, because that is all a listing shows.
    """

    source: str  # superset | email | official
    kind: str  # job | notice | mail | page
    key: str  # stable and unique in its source and kind
    season: int
    payload: dict[str, Any]
    fingerprint: str
    files: tuple[AttachedFile, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RejectedItem:
    """A record that can't even be told apart from others (no identifier, not an object): kept for the operator."""

    source: str
    kind: str
    season: int
    reason: str
    payload: Any


@dataclass(frozen=True, slots=True)
class PortalNotice:
    """A notice of the portal (spec: portal)."""

    identifier: str
    title: str
    content: str  # HTML, untrusted
    author: str
    published_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark a job asks for: level "UG", "CLASS_X"; 7.0 is a CGPA, 60.0 is per cent."""

    level: str
    criteria: float


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a job; `url` is signed and expires, so it is only a convenience."""

    identifier: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PortalJob:
    """A job profile of the portal, short and full form put together. Amounts are rupees, a year or a month."""

    identifier: str
    role: str
    company: str
    category_level: int | None
    category_name: str
    content: str  # HTML, untrusted
    created_at: datetime | None
    deadline: datetime | None
    description: str = ""  # HTML, untrusted
    invitation: str = ""  # HTML, untrusted
    location: str = ""
    package: Decimal | None = None
    ctc_min: Decimal | None = None
    ctc_max: Decimal | None = None
    interval: str = ""  # ANNUAL | MONTHLY
    package_info: str = ""  # HTML, untrusted
    position_type: str = ""
    marks: tuple[Mark, ...] = ()
    courses: tuple[str, ...] = ()  # "B.Tech. - Computer Science"
    genders: tuple[str, ...] = ()  # Female, Male, Other
    skills: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()  # in order
    documents: tuple[Document, ...] = ()


SIGNED = "signed; the signature was not checked"  # a note of a ParsedMail
IN_A_FILE = "all it says is in what is attached"  # why one is unreadable, unless the file is read


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as it was first sent, under whatever forwards it came.

    `sender`, `addresses` and `html` are for reading only and never shown (spec: mailbox, Privacy); what may be shown
    is scraping.reading.privacy.
    """

    message_id: str  # "sha256:…" where the mail has none
    content_key: str  # the same for every copy of one mail, whoever forwarded it
    subject: str  # without Fwd: and Re:
    sender: str
    season: int | None  # of a plus alias; None: the active one
    sent_at: datetime | None  # when the original went out
    received_at: datetime | None  # when this copy came
    text: str
    identity: str = ""  # the Message-ID and what is said: programs give different mails one Message-ID
    html: str = ""  # the HTML body from the last forwarding mark on: for its tables and anchors
    attachments: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()  # of everybody in the headers, lower case
    notes: tuple[str, ...] = ()  # for who looks after the service: "signed; the signature was not checked"
    unreadable: str = ""  # why its words can't be read: "winmail.dat", "encrypted"
    is_forwarded: bool = False
    is_reply: bool = False
    is_calendar: bool = False
    is_bounce: bool = False
    is_auto_reply: bool = False


@dataclass(frozen=True, slots=True)
class Student:
    """A student on a list. Nothing else about a person is ever kept (spec: mailbox, Privacy).

    `meaning` is that of the list (reading/facts/students/meanings.py), "" where it is unknown. It and what the list
    tells of when and where make no other student.
    """

    name: str
    enrollment: str
    meaning: str = field(default="", compare=False)
    slot: str = field(default="", compare=False)
    room: str = field(default="", compare=False)
    panel: str = field(default="", compare=False)
    time: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a notice; `label` is its visible text, "" where that is the address itself."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class RolePay:
    """A role with its pay: `package` in LPA, None where the text does not settle it; `details` says the parts."""

    role: str
    package: float | None = None
    details: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A rule on who may apply, with the words that state it (spec: reading, Eligibility).

    `name` is cgpa, ug_percent, x, xii (the least mark), backlogs, history_of_backlogs, gap_years (the most),
    branches, programs, batch (lists) or gender. `program` is "" where it holds for everybody.
    """

    name: str
    value: float | str | tuple[str, ...] | tuple[int, ...]
    quote: str
    program: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One of several deadlines or events of a text, and what it is for, in the text's words."""

    at: datetime | date
    what: str
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules read from one notice or mail. None and () mean: the text does not say.

    `category` is a value of accounts.categories.Category, or "irrelevant" for mails. `rule` is the id of the rule that
    decided it, `confidence` is 0 to 1, `evidence` quotes what was seen, a short line each.
    """

    category: str
    rule: str
    confidence: float
    evidence: tuple[str, ...] = ()
    company: str | None = None
    role: str | None = None
    stage: str | None = None  # "Stage 4 (Technical interview 1)"
    deadline: datetime | date | None = None  # aware, or a bare date where no time is stated
    event_at: datetime | date | None = None
    event_end: datetime | date | None = None
    venue: str | None = None
    links: tuple[Link, ...] = ()
    roster: tuple[Student, ...] = ()
    unread: int = 0  # enrolment numbers that stand in the text beside those of the roster
    roles: tuple[RolePay, ...] = ()
    location: tuple[str, ...] = ()
    joining_date: str | None = None  # "2026-07-01", or "2026-07" where only the month is stated
    is_final_offer: bool | None = None
    number_of_offers: int | None = None
    eligibility: tuple[Criterion, ...] = ()
    companies: tuple[str, ...] = ()  # where a text tells of several; `company` is the one it is about, if any
    deadlines: tuple[Dated, ...] = ()  # two or more
    events: tuple[Dated, ...] = ()  # two or more
    state: str = ""  # cancelled, postponed, withdrawn, past, conditional (reading/facts/states.py); "" it stands
    extra: dict[str, str] = field(default_factory=dict)  # speaker, prize, theme, eligibility, …: label → text

    @property
    def meaning(self) -> str:
        """Return what the first list says of its students; "" where it is unknown or there is none."""
        return self.roster[0].meaning if self.roster else ""

    @property
    def listed(self) -> tuple[Student, ...]:
        """The students of the first list's meaning: not those that wait beside those who were selected."""
        return tuple(student for student in self.roster if student.meaning == self.meaning)


@dataclass(frozen=True, slots=True)
class JobRef:
    """As much of a job as matching needs."""

    identifier: str
    company: str
    role: str
    created_at: datetime | None = None
