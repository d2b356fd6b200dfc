"""What anybody may read of a notice: all of it but the students it names.

Their list is known (`roster`), yet the text may repeat it, or hold one that could not be read. So lines with a name or
an enrolment number are left out, and where a list is expected and none was read, the whole text is.
"""

import re
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from accounts.categories import Category
from notifications.models import Notice
from notifications.rendering.richtext import clean_html, plain_text

NAMING = (Category.SHORTLISTING, Category.PLACEMENT_OFFER)
_ENROLMENT = re.compile(r"(?<!\d)(?:99)?2\d{7}(?!\d)")  # 22103001 and 9922103001 (spec: statistics)
# Numbers of other shapes, as 21BCE1234, 1RV20CS001 or 2K20/CO/123: looked for where a list was not read whole.
_NUMBER_LIKE = re.compile(
    r"(?<![\w@./%=?&#-])(?=[A-Z/-]*\d)(?=(?:[A-Z/-]*\d){4})[A-Z\d][A-Z\d/-]{5,18}[A-Z\d](?![\w@])", re.IGNORECASE
)
_IDENTIFYING = ("name", "enrollment")
_SHORTEST_NAME = 3
_WORDS_SEARCHED = 8


def visible_notices() -> QuerySet[Notice]:
    """Notices there are to read: not withdrawn, not for some alone, not only the ping about another one's change."""
    return Notice.objects.filter(withdrawn_at=None, follows=None, private=False)


def version() -> object:
    """Return a value that changes whenever a notice is added, changed or removed."""
    table = Notice._meta.db_table
    with connection.cursor() as cursor:  # asked on every request: the ORM takes ten times as long
        # S608: names of our own
        cursor.execute(f"SELECT (SELECT MAX(id) FROM {table}), (SELECT MAX(edited_at) FROM {table})")  # noqa: S608
        return cursor.fetchone()


def holding(words: str) -> Q:
    """Notices with all of these words; no text that may name students is looked into, or it would tell who is in it."""
    wanted = Q()
    for word in words.split()[:_WORDS_SEARCHED]:
        in_text = Q(body__icontains=word, roster=[]) & ~Q(category__in=NAMING)
        wanted &= Q(title__icontains=word) | Q(company__icontains=word) | Q(role__icontains=word) | in_text
    return wanted


def without_names(notice: Notice) -> Notice:
    """Return the notice as who is no member reads it: a copy without names and numbers of students.

    `students_withheld` counts those on its lists; `students_expected` is set where the whole text had to be left out.
    """
    public = PublicNotice(notice)
    shown = copy(notice)
    shown.title = public.title
    shown.body = str(public.html)
    shown.details = public.details
    shown.roster = []
    shown.links = [link for link in notice.links if not public.names_someone(str(link.get("label", "")))]
    for name in _FREE_TEXTS:
        if public.names_someone(getattr(notice, name)):
            setattr(shown, name, "")
    vars(shown).update(students_withheld=len(notice.roster), students_expected=public.text_withheld)
    return shown


_FREE_TEXTS = ("author", "company", "role", "stage", "location", "package", "venue", "edit_note")


@dataclass(frozen=True)
class PublicNotice:
    """A notice as strangers see it."""

    notice: Notice

    @property
    def text_withheld(self) -> bool:
        """A list of students is expected, none could be read: who knows what the text holds."""
        return self.notice.category in NAMING and not self.notice.roster and bool(self.notice.body)

    @cached_property
    def title(self) -> str:
        title = self.notice.title
        folded = " ".join(title.casefold().split())
        known = (str(student.get(part, "")).casefold() for student in self._roster for part in _IDENTIFYING)
        named = any(text and text in folded for text in known)
        return self._students.sub("…", title) if named else _ENROLMENT.sub("…", title)

    @cached_property
    def details(self) -> dict[str, str]:
        return {label: text for label, text in self.notice.details.items() if not self._names(f"{label}\n{text}")}

    @cached_property
    def text(self) -> str:
        """Return the plain text without the lines that name students."""
        if self.text_withheld:
            return ""
        text = plain_text(self.notice.body)
        naming: set[int] = set()
        for match in self._students.finditer(text):  # a name may go on in the next line
            naming.update(range(text.count("\n", 0, match.start()), text.count("\n", 0, match.end()) + 1))
        return "\n".join(line for number, line in enumerate(text.split("\n")) if number not in naming).strip()

    @cached_property
    def html(self) -> SafeString:
        """The text with its formatting, where it names nobody; else its lines."""
        if self.text_withheld:
            return SafeString()
        cleaned = clean_html(self.notice.body)
        if self.notice.roster or self._names(plain_text(cleaned)):
            return mark_safe(urlize(linebreaks(self.text, autoescape=True), nofollow=True))  # noqa: S308 (escaped)
        return mark_safe(cleaned)  # noqa: S308 (cleaned just above)

    def names_someone(self, text: str) -> bool:
        """Whether a text, as the name of a file, names one of its students."""
        return self._names(text)

    def _names(self, text: str) -> bool:
        return bool(self._students.search(text))

    @property
    def _roster(self) -> list[dict[str, str]]:
        """The list of the notice; that of the notice it follows where it only tells of a change."""
        roster: list[dict[str, str]] = self.notice.roster or (self.notice.follows.roster if self.notice.follows else [])
        return roster

    @cached_property
    def _students(self) -> re.Pattern[str]:
        """Return a pattern for its students' names and numbers, and for whatever looks like an enrolment number."""
        roster = self._roster
        known = {str(student.get(part, "")).strip() for student in roster for part in _IDENTIFYING}
        spelled = (re.escape(text).replace(r"\ ", r"\s+") for text in known if len(text) >= _SHORTEST_NAME)
        words = "|".join(sorted(spelled, key=len, reverse=True))
        named = rf"(?<!\w)(?:{words})(?!\w)|" if words else ""
        numbers = f"{_ENROLMENT.pattern}|{_NUMBER_LIKE.pattern}" if self.notice.roster_unread else _ENROLMENT.pattern
        return re.compile(named + numbers, re.IGNORECASE)
