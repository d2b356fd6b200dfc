"""A text laid out once: the one thing that every rule reads, whatever it came in (spec: reading, The page)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from html import unescape

from scraping.items import Link, ParsedMail, PortalNotice
from scraping.reading.layout.fields import Field, read_fields, readable_lines
from scraping.reading.layout.forwards import find_origin
from scraping.reading.layout.markup import read_markup
from scraping.reading.layout.people import cards_joined, cells_joined
from scraping.reading.layout.sentences import Sentence, read_sentences
from scraping.reading.layout.tables import Listed, Table, read_lists, read_tables
from scraping.reading.layout.text import collapse

MOST_LINES = 30_000
_MOST_LINES_OF_A_MAIL = 5_000
_LONGEST_TITLE = 1_000


@dataclass(frozen=True)
class Page:
    """The title and the lines of a text, and what they are made of; each part is worked out once, when it is asked for.

    `lines` hold something each, cells of a row parted by tabs, digits of every script as 0 to 9, marks of emphasis
    off. `laid_out` are the lines of the same mail's HTML, where it came as plain text and HTML: its tables may be
    fuller. What is quoted from an older mail, and what is struck out, is in neither. `near` is when it was published:
    dates without a year are counted from it. `sender` is the header From of a mail, for reading only: it is never
    shown.
    """

    title: str
    lines: tuple[str, ...]
    near: datetime | None = None
    anchors: tuple[Link, ...] = ()
    laid_out: tuple[str, ...] = ()
    sender: str = ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Labelled statements: "CTC: 12 LPA", a two-column table, "📍 LT-3" (name "venue")."""
        rows = {table.first + number for table in self.tables if table.head for number in range(len(table.rows) + 1)}
        return tuple(read_fields([line for number, line in enumerate(self.lines) if number not in rows]))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Tables with typed columns."""
        return tuple(read_tables(self.lines))

    @cached_property
    def lists(self) -> tuple[Listed, ...]:
        """Lists of points with the line that heads them."""
        return tuple(read_lists(self.lines))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The title's sentences (line -1), then those of the lines."""
        title = tuple(replace(sentence, line=-1) for sentence in read_sentences((self.title,)))
        return (*title, *read_sentences(self.lines))

    @cached_property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def values(self, *names: str) -> list[str]:
        """The values stated under labels of these kinds, in the order of the text."""
        return [field.value for field in self.fields if field.name in names]

    def without(self, numbers: Collection[int]) -> "Page":
        """The page without some lines, as without the rows of a list of students."""
        if not numbers:
            return self
        return replace(self, lines=tuple(line for number, line in enumerate(self.lines) if number not in numbers))


def lay_out(title: str, content: str, near: datetime | None = None) -> Page:
    """A title and HTML or plain text of any quality. Never raises."""
    markup = read_markup(content)
    shown = collapse(unescape(title)[:_LONGEST_TITLE])
    return Page(shown, tuple(markup.lines[:MOST_LINES]), near, markup.anchors)


def page_of_notice(notice: PortalNotice) -> Page:
    """A notice of the portal."""
    return lay_out(notice.title or "", notice.content or "", _published(notice))


def page_of_mail(mail: ParsedMail) -> Page:
    """A mail as it was first sent: its plain text, and beside it the lines of its HTML."""
    markup = read_markup(mail.html)
    tables = find_origin("\n".join(markup.lines), mail.subject, None).text.split("\n")[:_MOST_LINES_OF_A_MAIL]
    lines = cells_joined(cards_joined(readable_lines(mail.text)[:_MOST_LINES_OF_A_MAIL]))
    laid_out: Sequence[str] = tables if mail.html else ()
    return Page(mail.subject, tuple(lines), mail.sent_at, markup.anchors, tuple(laid_out), mail.sender)


def _published(notice: PortalNotice) -> datetime | None:
    """A year out of reason is none."""
    moments = (notice.published_at, notice.modified_at)
    return next((moment for moment in moments if moment and 2000 < moment.year < 2100), None)
