"""HTML as lines a person would read, rows of tables as cells parted by tabs, and its anchors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

from lxml import etree
from lxml.html import defs

from scraping.items import Link
from scraping.reading.layout.text import LONGEST_LINE, collapse, lines_of_text

_BLOCKS = frozenset(defs.block_tags) | {"br", "caption", "dd", "dt", "li", "td", "th", "tr"}
# Text struck out is what no longer holds: an old date, a student taken off the list.
_UNREAD = frozenset(("del", "head", "noscript", "s", "script", "strike", "style", "template", "title"))
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_HAS_TAG = re.compile(r"<(?:[a-zA-Z][\w-]*[\s/>]|/[a-zA-Z]|!)")
_TOO_DEEP = "depth"
_MOST_SPAN = 1000
_MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page shows: `lines` top to bottom, none empty; `anchors` with raw address and visible text.

    Of a line longer than any written by people the beginning is kept.
    """

    lines: tuple[str, ...] = ()
    anchors: tuple[Link, ...] = ()


def read_markup(html: str) -> Markup:
    """Read HTML of any quality; text without a tag is read as plain lines. Never raises."""
    if not _HAS_TAG.search(html):
        return Markup(tuple(lines_of_text(unescape(html))))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.replace("\x00", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or any(_TOO_DEEP in entry.message.lower() for entry in parser.error_log):
        return Markup(tuple(lines_of_text(_without_tags(html))))  # libxml2 gives up at 256 levels and drops the rest
    page = _Page()
    page.read(root)
    return Markup(tuple(page.lines), tuple(page.anchors))


def _without_tags(html: str) -> str:
    text = re.sub(r"</?(?:br|p|div|li|tr|h\d|table)\b[^<>]*>", "\n", html, flags=re.IGNORECASE)
    text = re.sub(r"</t[dh]\s*>", "\t", text, flags=re.IGNORECASE)
    return unescape(re.sub(r"<[^<>]*>", "", text))


@dataclass(slots=True)
class _Page:
    """The walk over a tree. Inside a row with several cells blocks don't break the line, cells part it."""

    lines: list[str] = field(default_factory=list)
    anchors: list[Link] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    row: "_Row | None" = None
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)  # column → rows still to fill, text
    label: list[str] | None = None

    def read(self, root: etree._Element) -> None:
        self.walk(root)
        self.end_line()

    def walk(self, element: etree._Element) -> None:
        """An element with all it holds; no tree is deeper than libxml2's 256 levels."""
        tag = element.tag
        if not _is_unread(element, tag):
            self.enter(element, tag)
            for child in element:
                self.walk(child)
            self.leave(element, tag)
        self.say(element.tail)

    def enter(self, element: etree._Element, tag: str) -> None:
        if tag == "table":
            self.spans = {}
        if tag in _BLOCKS:
            self.end_line()
        if tag == "tr" and self.row is None and _is_record(element):
            self.row = _Row()
        if tag == "a":
            self.label = []
        self.say(element.text, preformatted=tag == "pre")

    def leave(self, element: etree._Element, tag: str) -> None:
        if self.row is not None and tag in {"td", "th"}:
            self.row.cells.append((self.take(), _span(element, "colspan"), _span(element, "rowspan")))
        elif self.row is not None and tag == "tr":
            self.end_row(self.row)
        elif tag in _BLOCKS:
            self.end_line()
        if tag == "a":
            self.end_anchor(element.get("href") or "")

    def say(self, text: str | None, *, preformatted: bool = False) -> None:
        if not text:
            return
        self.text.append(text)
        if self.label is not None:
            self.label.append(text)
        if preformatted and self.row is None:
            self.lines += lines_of_text(self.take(raw=True))

    def take(self, *, raw: bool = False) -> str:
        text = "".join(self.text)
        self.text.clear()
        return text if raw else collapse(text)

    def end_line(self) -> None:
        if self.row is not None:
            self.text.append(" ")
        elif line := self.take():
            self.lines.append(line[:LONGEST_LINE])

    def end_row(self, row: "_Row") -> None:
        self.row = None
        cells = list(islice(_spread(row.cells, self.spans), _MOST_COLUMNS))
        if any(cells):
            self.lines.append("\t".join(cell.replace("\t", " ") for cell in cells)[:LONGEST_LINE])

    def end_anchor(self, href: str) -> None:
        label = collapse("".join(self.label or ()))
        self.label = None
        if href.strip():
            self.anchors.append(Link(href.strip(), label))


@dataclass(slots=True)
class _Row:
    cells: list[tuple[str, int, int]] = field(default_factory=list)  # text, columns, rows


def _is_unread(element: etree._Element, tag: str) -> bool:
    style = element.get("style")
    return tag in _UNREAD or (style is not None and bool(_STRUCK.search(style)))


def _is_record(row: etree._Element) -> bool:
    """A row that tells of one thing, not one that only lays out the page."""
    cells = sum(1 for cell in row if cell.tag in {"td", "th"})
    return cells > 1 and next(row.iter("table"), None) is None


def _span(cell: etree._Element, name: str) -> int:
    if not (value := cell.get(name)):
        return 1
    value = value.strip()
    return min(int(value), _MOST_SPAN) if value.isdecimal() and len(value) < 7 else 1


def _spread(cells: list[tuple[str, int, int]], spans: dict[int, tuple[int, str]]) -> Iterator[str]:
    """The texts of a row by column, cells that reach down from rows above included."""
    column = 0
    for text, columns, rows in cells:
        while column in spans:
            yield _from_above(column, spans)
            column += 1
        if rows > 1 and column < _MOST_COLUMNS:
            spans[column] = (rows - 1, text)
        yield text
        column += 1
        for _ in range(min(columns, _MOST_COLUMNS) - 1):
            yield ""
            column += 1
    while column in spans:
        yield _from_above(column, spans)
        column += 1


def _from_above(column: int, spans: dict[int, tuple[int, str]]) -> str:
    left, text = spans.pop(column)
    if left > 1:
        spans[column] = (left - 1, text)
    return text
