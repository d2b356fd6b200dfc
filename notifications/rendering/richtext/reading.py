"""HTML of any quality → lines. One pass over the parser's events, so that depth and broken nesting cost nothing."""

import re
from itertools import count, groupby
from textwrap import dedent
from typing import Literal, NamedTuple

from lxml import etree

from notifications.rendering.richtext.lines import Container, Line, Path, Run, outside_lists
from notifications.rendering.richtext.markup import (
    DIGITS,
    HEADINGS,
    HIDDEN,
    Attributes,
    breaks_at,
    checked_url,
    list_number,
    list_type,
    span,
    style_in,
)
from notifications.rendering.richtext.tables import Cell, table_lines

_MAX_LIST_DEPTH = 5
_MAX_HEADING = 120  # characters; what is longer is body text in a heading's clothes

_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Soft hyphens and zero-width spaces break words and searches; embedding and override marks Telegram takes away.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff\ufffc\u202a-\u202e]")
_SPACE = re.compile(r"\s+")
_NUMERIC = re.compile(r"[0-9+-]+")
_TYPED_BULLET = re.compile(r"^(?:[•●▪◦·]\s+)+")
_WORD_BULLET = re.compile(r"^·\s+")  # how Word's symbol font writes one
_LABEL = re.compile(r"[^\W\d]:$")


class _Frame(NamedTuple):
    """What an open element means for the text in it. `breaks`: 1 starts a line, 2 a paragraph, 0 neither."""

    path: Path = ()
    style: frozenset[str] = frozenset()
    href: str = ""
    kind: Literal["text", "heading", "pre"] = "text"
    hidden: bool = False
    keeps_breaks: bool = False
    digits: dict[int, int] | None = None
    breaks: int = 0


def read(html: str) -> list[Line]:
    """The visible text of `html` as lines. Never raises; text without any tag keeps its line breaks."""
    reader = _Reader(keeps_breaks=not _MARKUP.search(html))
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
    parser.feed(f"<html>{_CONTROL.sub('', html)}".encode())
    parser.close()
    return reader.lines


class _Reader:
    """Target of lxml's parser, which balances the tags: every start has its end."""

    def __init__(self, *, keeps_breaks: bool) -> None:
        self.lines: list[Line] = []
        self._flows = [self.lines]  # where lines go: a cell collects its own
        self._tables: list[list[list[Cell]]] = []
        self._frames = [_Frame(keeps_breaks=keeps_breaks)]
        self._line: Line | None = None
        self._starts_paragraph = False
        self._saw_nbsp = False
        self._keys = count(1)
        self._numbers: dict[int, int] = {}  # of the items, by the list's key

    def start(self, tag: str, attributes: Attributes) -> None:
        frame = self._inside(self._frames[-1], tag, attributes)
        self._frames.append(frame)
        if frame.hidden:
            return
        if frame.breaks:
            self._break(frame.breaks)
        if tag == "br":
            self._newline(frame)
        elif tag == "img":
            self._write_image(attributes.get("alt", ""))
        elif tag == "table":
            self._tables.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in {"td", "th"} and self._tables:
            self._open_cell(attributes)

    def end(self, tag: str) -> None:
        frame = self._frames.pop()
        if frame.hidden:
            return
        if frame.breaks:
            self._break(frame.breaks)
        if tag == "table":
            self._flows[-1] += _opened(table_lines(self._tables.pop(), frame.path))
        elif tag in {"td", "th"} and self._tables:
            self._flows.pop()

    def data(self, text: str) -> None:
        frame = self._frames[-1]
        if frame.hidden:
            return
        text = _INVISIBLE.sub("", text)
        if frame.kind == "pre":
            self._write(text, frame)
        elif frame.keeps_breaks:
            first, *others = text.split("\n")
            self._write_words(first, frame)
            for other in others:
                self._newline(frame)
                self._write_words(other, frame)
        else:
            self._write_words(text, frame)

    def close(self) -> None:
        self._close_line()

    def _inside(self, frame: _Frame, tag: str, attributes: Attributes) -> _Frame:
        """The frame of an element in `frame`."""
        css = attributes.get("style", "").lower().replace(" ", "")
        if frame.hidden or tag in HIDDEN or "hidden" in attributes or "display:none" in css:
            return frame._replace(hidden=True)
        frame = frame._replace(
            path=self._path(frame.path, tag, attributes),
            style=style_in(frame.style, tag, css),
            breaks=breaks_at(tag, attributes),
            keeps_breaks=frame.keeps_breaks or "white-space:pre" in css,
        )
        if tag == "a":
            return frame._replace(href=checked_url(attributes.get("href", "")))
        if tag in DIGITS:
            return frame._replace(digits=DIGITS[tag])
        if tag == "pre":
            return frame._replace(kind="pre")
        if tag in HEADINGS and frame.kind == "text" and not self._tables:
            return frame._replace(kind="heading")
        return frame

    def _path(self, path: Path, tag: str, attributes: Attributes) -> Path:
        lists = [index for index, container in enumerate(path) if container.name in {"ul", "ol"}]
        if tag in {"ul", "ol"} and len(lists) < _MAX_LIST_DEPTH:
            key = next(self._keys)
            self._numbers[key] = list_number(attributes.get("start"), 1) - 1
            return (*path, Container(tag, key, list_type(attributes)))
        if tag == "li":
            base = path[: lists[-1] + 1] if lists else (*path, Container("ul", 0))
            return (*base, Container("li", next(self._keys), self._number(base[-1], attributes)))
        if tag == "blockquote" and not path:
            return (Container(tag, next(self._keys), "expandable" if "expandable" in attributes else ""),)
        return path

    def _number(self, parent: Container, attributes: Attributes) -> str:
        if parent.name == "ul":
            return ""
        number = list_number(attributes.get("value"), self._numbers[parent.key] + 1)
        self._numbers[parent.key] = number
        return str(number)

    def _open_cell(self, attributes: Attributes) -> None:
        cell = Cell([], span(attributes.get("colspan")), span(attributes.get("rowspan")))
        rows = self._tables[-1]
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self._flows.append(cell.lines)
        self._starts_paragraph = False

    def _write_words(self, text: str, frame: _Frame) -> None:
        """Text as HTML shows it: white space collapsed, none at a line's start."""
        words = _SPACE.sub(" ", text)
        if self._line is None:
            self._saw_nbsp = self._saw_nbsp or (words == " " and "\xa0" in text)
            words = words.lstrip()
        elif self._line.runs[-1].text.endswith(" "):
            words = words.lstrip()
        if frame.digits and _NUMERIC.fullmatch(words):
            words = words.translate(frame.digits)
        if words:
            self._write(words, frame)

    def _write_image(self, alt: str) -> None:
        """Emoji are often images; a picture that is a link stands for its words; others say nothing."""
        frame = self._frames[-1]
        if frame.href or not any(character.isalnum() for character in alt):
            self._write_words(alt, frame)

    def _write(self, text: str, frame: _Frame) -> None:
        if self._line is None:
            path = outside_lists(frame.path) if frame.kind == "pre" else frame.path
            self._line = Line(path, [], self._starts_paragraph, frame.kind)
            self._starts_paragraph = self._saw_nbsp = False
        runs = self._line.runs
        run = _run(text, frame)
        if text == " " and runs and runs[-1][1:] != run[1:]:
            run = Run(text)
        elif runs and _needs_space(runs[-1], run):
            run = run._replace(text=f" {text}")
        runs.append(run)

    def _newline(self, frame: _Frame) -> None:
        if frame.kind == "pre":
            self._write("\n", frame)
        elif self._line is None:
            self._starts_paragraph = True
        else:
            self._close_line()

    def _break(self, breaks: int) -> None:
        self._close_line()
        self._starts_paragraph = self._starts_paragraph or self._saw_nbsp or breaks > 1
        self._saw_nbsp = False

    def _close_line(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        tidied = _tidied(line)
        if tidied.text:
            self._flows[-1].append(tidied)
        else:
            self._starts_paragraph = True


def _run(text: str, frame: _Frame) -> Run:
    """Preformatted text has no styles, a link no code, code nothing else (Bot API, MessageEntity)."""
    if frame.kind == "pre":
        return Run(text)
    style = frame.style
    if "code" in style:
        style = style - {"code"} if frame.href else frozenset({"code"})
    return Run(text, style, frame.href)


def _needs_space(label: Run, value: Run) -> bool:
    """Editors lose the space after a bold label: `<b>Venue:</b>Lab 2`."""
    return "b" in label.style - value.style and bool(_LABEL.search(label.text)) and value.text[0].isalnum()


def _tidied(line: Line) -> Line:
    if line.kind == "pre":
        text = dedent(line.text.replace("\xa0", " ").expandtabs())
        line.runs = [Run("\n".join(row.rstrip() for row in text.split("\n")).strip())]
        return line
    line.runs = _merged(line.runs)
    first = line.runs[0]
    bullet = _TYPED_BULLET.sub("", first.text) if line.item else _WORD_BULLET.sub("• ", first.text)
    line.runs[:1] = [first._replace(text=bullet)] if bullet else []
    if line.kind == "heading":
        _style_heading(line)
    return line


def _merged(runs: list[Run]) -> list[Run]:
    """Runs that differ, without the space after the last."""
    if runs[-1].text == " ":
        runs = runs[:-1]
    runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
    if len(runs) == 1:
        return runs
    return [Run("".join(run.text for run in alike), *kind) for kind, alike in groupby(runs, key=lambda run: run[1:])]


def _style_heading(line: Line) -> None:
    if len(line.text) > _MAX_HEADING:
        line.kind = "text"
    else:
        line.runs = [run._replace(style=run.style - {"code"} | {"b"}) for run in line.runs]


def _opened(lines: list[Line]) -> list[Line]:
    for line in lines[:1]:
        line.starts_paragraph = True
    return lines
