"""What anybody may read of a notice: all of it but the students it names.

Their list is known (`roster`), yet the text may repeat it, or hold one that could not be read. So lines with a part of
a name or with an enrolment number are left out, and where a list is expected and none was read, the whole text is.
Links to files that may hold a list are left out as well.
"""

import re
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.categories import Category
from accounts.models import Subscription
from accounts.times import moment
from notifications.models import DIGESTS, Delivery, Notice
from notifications.rendering.headline import headline, headline_of
from notifications.rendering.naming import Names, names_of, visible
from notifications.rendering.richtext import clean_html, plain_text

NAMING = (Category.SHORTLISTING, Category.PLACEMENT_OFFER)
_MAY_LIST = (*NAMING, Category.UPDATE, Category.REMINDER, Category.ANNOUNCEMENT)
Row = TypeVar("Row", bound=Model)
_DOCUMENT = re.compile(r".*\.(?:xlsx?|xlsm|ods|csv|tsv|pdf|docx?|odt|zip|png|jpe?g)", re.IGNORECASE)
_DOCUMENT_HOST = re.compile(
    r"drive\.google\.com|docs\.google\.com(?!/forms)|(?:[\w-]+\.)*sharepoint\.com|1drv\.ms|onedrive\.live\.com"
    r"|(?:www\.)?dropbox\.com",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_ANCHOR = re.compile(r'<a\b[^>]*\bhref="(?P<url>[^"]*)"[^>]*>(?P<label>.*?)</a>', re.IGNORECASE | re.DOTALL)
_OWN_TEXTS = ("company", "role", "stage", "location", "venue")
_FREE_TEXTS = (*_OWN_TEXTS, "author", "package", "edit_note")


def public(notice: Notice) -> "PublicNotice":
    """The notice as strangers see it, worked out once for each row that was read."""
    found = vars(notice).setdefault("_public", PublicNotice(notice))
    assert isinstance(found, PublicNotice)  # noqa: S101 (for the types: what was put there)
    return found


def called(notice: Notice, *, names: bool) -> str:
    """Return what a notice is called, for whoever may read `names` of students or for everybody."""
    return str(headline_of(notice)) if names else public(notice).headline


def to_call(rows: QuerySet[Row], *, names: bool, path: str = "") -> QuerySet[Row]:
    """Leave out of rows what `called` need not read of their notices, which `path` leads to ("notice__")."""
    return rows.defer(f"{path}body", f"{path}roster") if names else rows


def stage_of(notice: Notice, *, names: bool) -> str:
    """Return the stage of a notice, such as its round; "" where its headline says it."""
    return _unsaid(notice.stage, str(headline_of(notice))) if names else public(notice).stage_beside


def kind_of(notice: Notice, *, names: bool) -> str:
    """Return the stage of a notice, else its category, for the line below its headline; "" where that says it."""
    if not names:
        return public(notice).kind
    return stage_of(notice, names=True) or _unsaid(_category(notice), str(headline_of(notice)))


def told_line(notice: Notice, *, names: bool) -> str:
    """Return the line below a headline: its stage or kind, and when it was published, which is no event's time."""
    published = _("published %(when)s") % {"when": moment(notice.published_at)}
    return capfirst(" · ".join(filter(None, (kind_of(notice, names=names), published))))


def _category(notice: Notice) -> str:
    """Return its category; a broadcast without one is an announcement, as everywhere."""
    known = Category(notice.category) if notice.category in Category.values else Category.ANNOUNCEMENT
    return str(known.label)


def _unsaid(text: str, headline: str) -> str:
    return "" if text.casefold() in headline.casefold() else " ".join(text.split())


def visible_notices() -> QuerySet[Notice]:
    """Notices there are to read: not withdrawn, not for some alone, not only the ping about another one's change."""
    return Notice.objects.filter(withdrawn_at=None, follows=None, private=False)


def readable_in(chat_id: int) -> QuerySet[Notice]:
    """Notices there are to read in a Telegram chat: those for all, and what was for some alone and was sent to it."""
    sent = Delivery.objects.filter(
        notice=OuterRef("pk"),
        subscription__channel=Subscription.Channel.TELEGRAM,
        subscription__address=str(chat_id),
        state=Delivery.State.SENT,
    )
    found = Notice.objects.filter(withdrawn_at=None, follows=None)
    return found.exclude(external_key__startswith=DIGESTS).filter(Q(private=False) | Exists(sent))


def version() -> object:
    """Return a value that changes whenever a notice is added, changed or removed."""
    table = Notice._meta.db_table
    with connection.cursor() as cursor:  # asked on every request: the ORM takes ten times as long
        # S608: names of our own
        cursor.execute(f"SELECT (SELECT MAX(id) FROM {table}), (SELECT MAX(updated_at) FROM {table})")  # noqa: S608
        return cursor.fetchone()


def without_names(notice: Notice) -> Notice:
    """Return the notice as who is no member reads it: a copy without names and numbers of students.

    `students_withheld` counts those on its lists; `students_expected` is set where the whole text had to be left out.
    """
    seen = public(notice)
    shown = copy(notice)
    vars(shown).pop("_public")
    for name in _FREE_TEXTS:
        setattr(shown, name, seen.plain(name))
    shown.title, shown.body, shown.details = seen.title, str(seen.html), seen.details
    shown.links, shown.url = seen.links, seen.url
    shown.roster = []
    vars(shown).update(students_withheld=len(notice.roster), students_expected=seen.text_withheld)
    return shown


@dataclass(frozen=True)
class PublicNotice:
    """A notice as strangers see it."""

    notice: Notice

    @property
    def text_withheld(self) -> bool:
        """A list of students is expected, none could be read: who knows what the text holds."""
        return self.notice.category in NAMING and not self.notice.roster and bool(self.notice.body)

    @cached_property
    def facts(self) -> dict[str, str]:
        """The short texts of the notice by their names; "" for one that names somebody."""
        return {name: self.plain(name) for name in _FREE_TEXTS}

    @cached_property
    def title(self) -> str:
        return self._names.masked(visible(self.notice.title))

    @property
    def headline(self) -> str:
        """What it is called, as its message begins."""
        facts = {name: self.plain(name) for name in ("company", "role")}
        return str(headline(self.notice, title=self.title, details=self.details, **facts))

    @property
    def company_beside(self) -> str:
        """The company, "" where the headline names it."""
        return self._beside("company")

    @property
    def role_beside(self) -> str:
        """The role, "" where the headline names it."""
        return self._beside("role")

    @property
    def stage_beside(self) -> str:
        """The stage, "" where the headline names it."""
        return self._beside("stage")

    @property
    def kind(self) -> str:
        """The stage, else the category; "" where the headline says it."""
        return self.stage_beside or _unsaid(_category(self.notice), self.headline)

    def _beside(self, name: str) -> str:
        return _unsaid(self.facts[name], self.headline)

    def plain(self, name: str) -> str:
        """A short text of the notice, such as its company; "" where it names somebody."""
        text = visible(str(getattr(self.notice, name)))
        return "" if self._names.name_somebody(text) else text

    @cached_property
    def details(self) -> dict[str, str]:
        return {
            label: text
            for label, text in self.notice.details.items()
            if not self._names.stand_in(visible(f"{label}\n{text}"))
        }

    @cached_property
    def links(self) -> list[dict[str, str]]:
        shown = (link for link in self.notice.links if not self._is_withheld(link.get("url", "")))
        return [link for link in shown if not self.names_someone(link.get("label", ""))]

    @property
    def url(self) -> str:
        return "" if self.names_someone(unquote(self.notice.url)) else self.notice.url

    @cached_property
    def text(self) -> str:
        """Return the plain text without the lines that name students."""
        if self.text_withheld:
            return ""
        text = self._names.lines_without(visible(plain_text(self.notice.body)))
        return _URL.sub(lambda match: "" if self._is_withheld(match[0]) else match[0], text)

    @cached_property
    def html(self) -> SafeString:
        """The text with its formatting, where it names nobody; else its lines."""
        if self.text_withheld:
            return SafeString()
        cleaned = visible(clean_html(self.notice.body))
        if self.notice.roster or self._names.stand_in(visible(plain_text(cleaned))):
            return mark_safe(urlize(linebreaks(self.text, autoescape=True), nofollow=True))  # noqa: S308 (escaped)
        linked = _ANCHOR.sub(lambda tag: tag["label"] if self._is_withheld(tag["url"]) else tag[0], cleaned)
        plain = _URL.sub(lambda match: "" if self._is_withheld(match[0]) else match[0], linked)
        return mark_safe(plain)  # noqa: S308 (cleaned just above)

    def names_someone(self, text: str) -> bool:
        """Whether a text, as the name of a file, names one of its students."""
        return self._names.stand_in(visible(text))

    def _is_withheld(self, url: str) -> bool:
        """Whether a link names somebody, or leads to a file that may."""
        address = unquote(url)
        if self.names_someone(address):
            return True
        lists = bool(self.notice.files or self.notice.roster_unread or self._roster)
        return (lists or self.notice.category in _MAY_LIST) and _is_document(address)

    @property
    def _roster(self) -> list[dict[str, str]]:
        """The list of the notice; that of the notice it follows where it only tells of a change."""
        roster: list[dict[str, str]] = self.notice.roster or (self.notice.follows.roster if self.notice.follows else [])
        return roster

    @cached_property
    def _names(self) -> Names:
        own = [str(getattr(self.notice, name)) for name in _OWN_TEXTS]
        return names_of(self._roster, own=own, any_number=bool(self.notice.roster_unread))


def _is_document(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_DOCUMENT.fullmatch(parts.path) or _DOCUMENT_HOST.match(f"{parts.netloc}{parts.path}"))
