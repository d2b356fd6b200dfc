"""The files of an item: had once, read once, and what a notice says of them (spec: attachments)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from time import monotonic
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.categories import Category
from notifications.details import Label
from notifications.publishing.publish import Draft
from notifications.rendering.formats import lpa
from scraping.attachments.documents import MOST_FILES, file_name_of
from scraping.attachments.facts import facts_of
from scraping.attachments.programs import may_run
from scraping.attachments.rosters import students_of
from scraping.attachments.store import keep_files, text_of
from scraping.attachments.text import FileText, State
from scraping.items import AttachedFile, Criterion, Facts, JobRef, Link, ParsedMail, Student
from scraping.models import Attachment, Job, RawItem
from scraping.reading.facts.policies import read_policy
from scraping.reading.facts.students.joined import joined, merged
from scraping.reading.layout.text import shorten
from scraping.reading.mail_page import MailPage
from scraping.sources.files import FileLink, fetch_files
from scraping.telling.base import Reading

SECONDS_A_PASS = 60.0  # what fetching and reading files behind links may take in one pass
AGAIN_AFTER, TRIED_FOR = timedelta(minutes=10), timedelta(days=1)  # where a server gives no file for the moment
_PASSING = (State.UNREACHABLE, State.TOO_SLOW)
_UNREAD = "could not be read: open it yourself"
_NOT_PASSED_ON = "not passed on: opening it may run a program"
_MAY_BE_PRIVATE = re.compile(r"@|(?:\d[\s-]?){10}")  # of a person to call
_LABELS = {"hiring_flow": "Rounds", "eligibility": "Who can apply", "bond": "Bond"}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of an item; `digest` is "" where it could not be had."""

    name: str
    state: str
    text: FileText
    digest: str = ""

    @property
    def may_run(self) -> bool:
        """Whether it may run when it is opened: it is told, and not passed on."""
        return self.state == State.PROGRAM or may_run(self.name)

    @property
    def line(self) -> str:
        """Return what a message says of it."""
        if self.may_run:
            return f"{shorten(self.name, 80)}: {_NOT_PASSED_ON}"
        silent = {State.READ, State.WAITING}
        return shorten(self.name, 80) if self.state in silent else f"{shorten(self.name, 80)}: {_UNREAD}"


def attached_to(item: RawItem, links: Sequence[FileLink], reading: Reading) -> list[Attached]:
    """The files of an item, those behind its links fetched where they were not yet.

    What one pass has no more time for waits, and the item is read again then.
    """
    known = {row.reference: row for row in item.attachments.all()}
    due = [link for link in links[:MOST_FILES] if _is_due(known.get(link.reference), item)]
    if not (due and settings.ATTACHMENTS_FETCH):
        return files_of(item)
    start = monotonic()
    keep_files(item, _fetch(due, reading))
    files = files_of(item)
    reading.seconds_on_files += monotonic() - start
    return files


def files_of(item: RawItem) -> list[Attached]:
    """The files of an item that were had, or tried, before."""
    return read_files(item.attachments.select_related("file").order_by("pk"))


def read_files(rows: Iterable[Attachment]) -> list[Attached]:
    """Return what is read from each."""
    return [_attached(row) for row in rows]


def files_of_job(job: Job) -> list[Attached]:
    """The documents of a job that were fetched."""
    rows = Attachment.objects.filter(item__source="superset", item__kind="job", item__key=job.identifier)
    return read_files(rows.select_related("file").order_by("pk"))


def links_to_files(links: Iterable[Link]) -> list[FileLink]:
    """The links of a text that lead to files."""
    named = ((link.url, file_name_of(link.url)) for link in links)
    return [FileLink(_without_query(url), name, url) for url, name in named if name]


def listed_students(files: Sequence[Attached], title: str) -> tuple[Student, ...]:
    """The students of all files; `title` may say what they were chosen for."""
    return merged(student for file in files for student in students_of(file.text, title))


def with_lists(page: MailPage, files: Sequence[Attached]) -> MailPage:
    """A mail with the students of its files, as if they stood in its text."""
    students = listed_students(files, page.mail.subject)
    if not students:
        return page
    lines = (line for file in files for line in file.text.lines)
    return replace(page, roster=joined(page.roster, students), with_lists=(*page.with_lists, *lines))


def with_policy(facts: Facts, mail: ParsedMail, files: Sequence[Attached]) -> Facts:
    """The text of a policy that came as a file beside a letter."""
    if facts.category != Category.POLICY_UPDATE or facts.extra.get("table_of_contents"):
        return facts
    texts = (read_policy(mail.subject, file.text.lines, mail.sent_at) for file in files if file.state == State.READ)
    policy = next((text for text in texts if text.get("table_of_contents")), {})
    return replace(facts, extra=facts.extra | policy)


def with_files(draft: Draft, files: Sequence[Attached]) -> Draft:
    """The draft with its files to be sent along, and a word on those that could not be read."""
    if not files:
        return draft
    lines = {file.name: file.line for file in files}
    named = [lines.pop(name, name) for name in draft.details.get(Label.DOCUMENTS, "").split("\n") if name]
    told = "\n".join([*named, *lines.values()])
    passed = [file for file in files if file.digest and not file.may_run]
    sent = tuple({"digest": file.digest, "name": file.name, "state": file.state} for file in passed)
    return replace(draft, files=sent, details=draft.details | {Label.DOCUMENTS: told})


def with_facts(draft: Draft, files: Sequence[Attached], title: str, jobs: Sequence[JobRef]) -> Draft:
    """A posting with what its files say and it leaves open; each such fact names its file."""
    for file in files:
        if file.state == State.READ:
            draft = _filled(draft, facts_of(file.text, file.name, title, jobs), shorten(file.name, 60))
    return draft


def with_files_due() -> QuerySet[RawItem]:
    """Items with files that an earlier pass had no time for, or whose server gave none for the moment."""
    now = timezone.now()
    passing = Q(state__in=_PASSING, file=None, fetched_at__lt=now - AGAIN_AFTER)
    young = Q(item__source="superset", item__changed_at__gt=now - TRIED_FOR)  # the files of mails come with them
    due = Attachment.objects.filter(Q(state=State.WAITING) | (passing & young))
    return RawItem.objects.filter(pk__in=due.values("item"))


def _is_due(row: Attachment | None, item: RawItem) -> bool:
    return row is None or row.state == State.WAITING or row.fetched_at < item.changed_at or _may_be_had_now(row)


def _may_be_had_now(row: Attachment) -> bool:
    passing = row.file_id is None and row.state in _PASSING
    return passing and row.fetched_at < timezone.now() - AGAIN_AFTER


def _fetch(links: Sequence[FileLink], reading: Reading) -> list[AttachedFile]:
    """Fetch files within the time that one pass has for them."""
    if reading.seconds_on_files >= SECONDS_A_PASS:
        return [AttachedFile(link.reference, link.name, state=State.WAITING) for link in links]
    portal = urlsplit(settings.SUPERSET_BASE_URL).hostname or ""
    return async_to_sync(fetch_files)(links, frozenset({portal}))


def _attached(row: Attachment) -> Attached:
    if row.file is None:
        return Attached(row.name, row.state, FileText(State(row.state)))
    text = text_of(row.file)
    return Attached(row.name, text.state, text, row.file.digest)


def _without_query(url: str) -> str:
    """A signed link changes in its query only."""
    return url.partition("#")[0].partition("?")[0][:200]


def _filled(draft: Draft, facts: Facts, name: str) -> Draft:
    def marked(text: str) -> str:
        return f"{text} ({name})" if text and not _MAY_BE_PRIVATE.search(text) else ""

    details = {label: marked(facts.extra.get(key, "")) for key, label in _LABELS.items()}
    details["Joining"] = marked(facts.joining_date or "")
    details["Role"] = "" if draft.role else marked(facts.role or "")
    return replace(
        draft,
        role=draft.role or facts.role or "",
        package=draft.package or marked(lpa(role.package for role in facts.roles if role.package)),
        location=draft.location or marked(", ".join(facts.location)),
        eligibility=(*draft.eligibility, *_criteria(draft, facts.eligibility, name)),
        details={label: text for label, text in details.items() if text} | draft.details,
    )


def _criteria(draft: Draft, criteria: Sequence[Criterion], name: str) -> Iterable[dict[str, object]]:
    stated = {criterion["name"] for criterion in draft.eligibility}
    return (asdict(replace(one, quote=f"{name}: {one.quote}")) for one in criteria if one.name not in stated)
