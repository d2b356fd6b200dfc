"""Lines → the HTML that is kept, and the text with entities that Telegram takes."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, takewhile
from string import ascii_lowercase
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from notifications.rendering.messages import Entity, RichText
from notifications.rendering.richtext.lines import Container, Line, Path, Run, blank_between, common_prefix

_TYPES = {  # in the order they nest
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
}
_ONE_LINE = frozenset({"code", "pre", "text_link"})  # formats that end with their line
_INDENT = "    "
# fmt: off
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)
# fmt: on


def write_html(lines: list[Line]) -> str:
    """Paragraphs, lists and preformatted blocks one after the other; nothing nests but lists."""
    out: list[str] = []
    stack: Path = ()
    previous: Line | None = None
    for key, line in enumerate(lines):
        if previous and _continues(previous, line):
            out.append("<br>")
        else:
            wanted = line.path + _block(line, key)
            out += _switch(stack, wanted)
            stack = wanted
        out += _inline(line.runs)
        previous = line
    return "".join(out + _switch(stack, ()))


def _continues(previous: Line, line: Line) -> bool:
    is_text = "pre" not in {previous.kind, line.kind}
    return is_text and previous.path == line.path and not blank_between(previous, line)


def _block(line: Line, key: int) -> Path:
    if line.kind == "pre":
        return (Container("pre", key),)
    return () if line.item else (Container("p", key),)


def _switch(stack: Path, wanted: Path) -> list[str]:
    """The tags that lead from inside one set of containers into another."""
    kept = common_prefix(stack, wanted)
    tags = [f"</{container.name}>" for container in reversed(stack[kept:])]
    number = _next_number(stack[kept]) if kept < len(stack) else "1"
    for container in wanted[kept:]:
        tags.append(_opening(container, number))
        number = "1"
    return tags


def _next_number(item: Container) -> str:
    return str(int(item.detail) + 1) if item.name == "li" and item.detail else "1"


def _opening(container: Container, number: str) -> str:
    match container.name, container.detail:
        case "ol", kind if kind:
            return f'<ol type="{kind}">'
        case "li", own_number if own_number not in {"", number}:
            return f'<li value="{own_number}">'
        case "blockquote", "expandable":
            return "<blockquote expandable>"
        case name, _:
            return f"<{name}>"


def _inline(runs: list[Run]) -> Iterator[str]:
    for href, group in groupby(runs, key=lambda run: run.href):
        text = "".join(_styled(style, alike) for style, alike in groupby(group, key=lambda run: run.style))
        yield f'<a href="{escape(href)}">{text}</a>' if href else text


def _styled(style: frozenset[str], runs: Iterable[Run]) -> str:
    tags = [tag for tag in _TYPES if tag in style]
    opening = "".join(f"<{tag}>" for tag in tags)
    closing = "".join(f"</{tag}>" for tag in reversed(tags))
    text = escape("".join(run.text for run in runs), quote=False)
    return f"{opening}{text}{closing}"


class _Format(NamedTuple):
    """An entity to be: its type, and a link's URL or a quote's kind and key (two quotes in a row stay two)."""

    type: str
    url: str | None = None
    key: int = 0


def write_rich_text(lines: list[Line]) -> RichText:
    """The lines as one text; entities nest and never overlap (Bot API, MessageEntity)."""
    text: list[str] = []
    size = 0
    open_: list[tuple[_Format, int]] = []
    entities: list[Entity] = []

    def close_to(kept: int) -> None:
        while len(open_) > kept:
            format_, start = open_.pop()
            entities.append(Entity(format_.type, start, size - start, url=format_.url))

    for piece, formats in _pieces(lines):
        kept = common_prefix([format_ for format_, _ in open_], formats)
        close_to(kept)
        open_ += [(format_, size) for format_ in formats[kept:]]
        text.append(piece)
        size += len(piece.encode("utf-16-le")) // 2
    close_to(0)
    entities.reverse()  # the outer before the inner where both span the same
    return RichText("".join(text), tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length))))


def _pieces(lines: list[Line]) -> Iterator[tuple[str, tuple[_Format, ...]]]:
    """Return the text with its formats, the outer ones first."""
    previous: Line | None = None
    before: tuple[_Format, ...] = ()
    for line in lines:
        pieces = list(_line_pieces(line, is_first=previous is None or previous.item != line.item))
        if previous:
            shared = before[: common_prefix(before, pieces[0][1])]
            crossing = tuple(takewhile(lambda format_: format_.type not in _ONE_LINE, shared))
            yield "\n\n" if blank_between(previous, line) else "\n", crossing
        yield from pieces
        previous, before = line, pieces[-1][1]


def _line_pieces(line: Line, *, is_first: bool) -> Iterator[tuple[str, tuple[_Format, ...]]]:
    quotes = tuple(_quote(container) for container in line.path if container.name == "blockquote")
    if mark := _mark(line.path, is_first=is_first):
        yield mark, quotes
    if line.kind == "pre":
        yield line.text, (*quotes, _Format("pre"))
        return
    for run in _with_addresses(line.runs):
        link = (_Format("text_link", run.href),) if run.href else ()
        styles = tuple(_Format(kind) for tag, kind in _TYPES.items() if tag in run.style)
        yield run.text, quotes + link + styles


def _quote(container: Container) -> _Format:
    return _Format("expandable_blockquote" if container.detail else "blockquote", key=container.key)


def _with_addresses(runs: list[Run]) -> Iterator[Run]:
    """Telegram drops links to addresses, but makes addresses in the text links by itself."""
    for href, group in groupby(runs, key=lambda run: run.href):
        if not href.startswith("mailto:"):
            yield from group
            continue
        linked = [run._replace(href="") for run in group]
        yield from linked
        address = unquote(urlsplit(href).path)
        if address.lower() not in "".join(run.text for run in linked).lower():
            yield Run(f" ({address})")


def _mark(path: Path, *, is_first: bool) -> str:
    """Return what stands before the text of a list item: its indent, and a bullet or number on its first line."""
    items = [index for index, container in enumerate(path) if container.name == "li"]
    if not items:
        return ""
    indent = _INDENT * (len(items) - 1)
    if not is_first:
        return f"{indent}   "
    item = path[items[-1]]
    return f"{indent}{_numeral(int(item.detail), path[items[-1] - 1].detail)}. " if item.detail else f"{indent}• "


def _numeral(number: int, kind: str) -> str:
    """`number` as a list of `kind` (a A i I, or nothing for decimals) writes it."""
    if not kind:
        return str(number)
    numeral = _roman(number) if kind in "iI" else _letters(number)
    return numeral.upper() if kind in "AI" else numeral


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = ascii_lowercase[letter] + letters
    return letters


def _roman(number: int) -> str:
    numeral = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        numeral += sign * times
    return numeral
