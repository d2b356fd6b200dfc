"""What is said of a mail. Nothing of it may tell who sent or forwarded it, or a student's phone (spec: mailbox)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from email.utils import parseaddr
from html import escape
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext_noop as _noop

from accounts.categories import Category
from accounts.times import moment
from notifications.details import Label
from notifications.publishing.publish import Draft
from notifications.rendering.formats import lpa
from notifications.rendering.retold import APPLY, UNREADABLE
from scraping.items import SIGNED, Facts, ParsedMail, Student
from scraping.models import Job
from scraping.reading.layout.text import shorten
from scraping.reading.mail_page import MailPage
from scraping.reading.privacy import public_text, shown, without_contacts
from scraping.telling.facts_draft import INVITES_TO, facts_draft, moment_of, named_links, status

# What the rules name (scraping/reading/facts/details.py), as students read it.
_LABELS = {
    "job_type": Label.TYPE,
    "eligibility": "Who can apply",
    "hiring_flow": "Rounds",
    "skills": "Skills",
    "duration": "Duration",
    "bond": "Bond",
    "event": "Event",
    "topic": "Topic",
    "speaker": "Speaker",
    "theme": "Theme",
    "prize": "Prize",
    "team_size": "Team",
    "organiser": "By",
    "reminds_of": "About",
}
_INVITES_TO = {**INVITES_TO, Category.JOB_POSTING: APPLY}
_MAY_BE_PRIVATE = re.compile(r"@|(?:\d[\s-]?){7}")
_NO_DOCUMENT = re.compile(
    r"winmail\.dat|unnamed|.*\.(?:ics|vcf|asc|p7[sm])|att\d+\.\w{3,4}"
    r"|(?:image|logo|outlook|signature)[\w-]*\.(?:png|jpe?g|gif)",
    re.IGNORECASE,
)
_MOST_DOCUMENTS = 5
_UNREADABLE = f"<p>{UNREADABLE}</p>"
_HEAD_OF_A_LIST = re.compile(r"\b(?:enrol\w*|roll|name)\b", re.IGNORECASE)


def mail_draft(page: MailPage, facts: Facts, job: Job | None, season: int) -> Draft:
    """A mail as it was written, and what was read from it. The key is the caller's to fill in."""
    draft = facts_draft(facts, job, season)
    title = shown(page.mail.subject, page) or "Notice"
    return replace(
        draft,
        title=title,
        body=_UNREADABLE if page.mail.unreadable else body_html(page, facts.roster),
        author=author(page.mail),
        venue=shown(draft.venue, page),
        package=draft.package or pay_line(facts),
        details=status(facts)
        | labelled(facts.extra, page, title)
        | ends(facts)
        | documents(page)
        | signature(page.mail),
        links=named_links(facts, _INVITES_TO),
        published_at=page.mail.sent_at,
    )


def mail_key(mail: ParsedMail, season: int) -> str:
    """The external key of what a mail tells: the same for every copy of it, whoever forwarded it."""
    return f"email:{season}:{mail.content_key}"


def author(mail: ParsedMail) -> str:
    """The name of who first sent it, without the address."""
    name = parseaddr(mail.sender)[0]
    return "" if _MAY_BE_PRIVATE.search(name) else name


def labelled(extra: Mapping[str, str], page: MailPage, title: str) -> dict[str, str]:
    """The facts of this kind of mail under the labels of a message; what the title says already is left out."""
    texts = {label: shown(extra.get(name, ""), page) for name, label in _LABELS.items()}
    return {label: text for label, text in texts.items() if text and text.casefold() not in title.casefold()}


def documents(page: MailPage) -> dict[str, str]:
    """The names of what is attached: it is not read, so students must know that there is more."""
    names = (without_contacts(name, page.mail) for name in page.mail.attachments if not _NO_DOCUMENT.fullmatch(name))
    told = "\n".join(shorten(name, 80) for name in list(dict.fromkeys(names))[:_MOST_DOCUMENTS])
    return {Label.DOCUMENTS: told} if told else {}


def signature(mail: ParsedMail) -> dict[str, str]:
    """Return the line that says a mail was signed and that nobody checked by whom."""
    return {_noop("Signature"): "not checked"} if SIGNED in mail.notes else {}


def ends(facts: Facts) -> dict[str, str]:
    """When what is announced is over, where that is another day."""
    start, start_all_day = moment_of(facts.event_at)
    end, all_day = moment_of(facts.event_end)
    if end is None or (start and timezone.localtime(end).date() == timezone.localtime(start).date()):
        return {}
    return {"Until": moment(end, all_day=all_day or start_all_day)}


def pay_line(facts: Facts) -> str:
    """`₹12 LPA`, or `₹8–12 LPA` over the roles; "" where the mail does not settle it, or is no posting and no offer."""
    paid = facts.category in {Category.JOB_POSTING, Category.PLACEMENT_OFFER}
    return lpa(role.package for role in facts.roles if role.package and paid)


def body_html(page: MailPage, roster: Iterable[Student]) -> str:
    """The text as paragraphs and tables, without the students: they are told apart, in columns of their own."""
    rows = {f"{student.enrollment}  {student.name}".strip() for student in roster}
    lines = _without_rows(public_text(page).split("\n"), rows)
    return "".join(_blocks(lines))


def _without_rows(lines: Iterable[str], rows: set[str]) -> list[str]:
    """Lines that are no row of the list, nor the head above its first one."""
    kept: list[str] = []
    for line in lines:
        if line.strip() not in rows:
            kept.append(line)
        elif kept and _HEAD_OF_A_LIST.search(kept[-1]) and re.search(r"[\t|]", kept[-1]):
            kept.pop()
    return kept


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """HTML of the lines: an empty one ends a paragraph, columns parted by tabs are a table."""
    for kind, group in groupby(lines, _kind):
        block = list(group)
        if kind == "table" and len(block) > 1:
            yield f"<table>{''.join(map(_row, block))}</table>"
        elif kind:
            yield f"<p>{'<br>'.join(escape(' '.join(line.split())) for line in block)}</p>"


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    return "table" if "\t" in line.strip() else "text"


def _row(line: str) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell.strip())}</td>' for cell in line.strip().split(chr(9)))}</tr>"
