"""A page as a phone shows it: lines of formatted text. What the reader makes and the writers take."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

T = TypeVar("T")


class Container(NamedTuple):
    """What a line stands in: `ul`, `ol` (detail: its type), `li` (detail: its number) or `blockquote`.

    `key` tells two containers of one name apart.
    """

    name: str
    key: int
    detail: str = ""


Path = tuple[Container, ...]


class Run(NamedTuple):
    """Text of one format. `style` holds tags (b i u s code tg-spoiler); `href` is a checked, absolute URL."""

    text: str
    style: frozenset[str] = frozenset()
    href: str = ""


@dataclass(slots=True)
class Line:
    """One line; a `pre` holds several. `starts_paragraph` asks for a blank line before it."""

    path: Path
    runs: list[Run]
    starts_paragraph: bool = False
    kind: Literal["text", "heading", "pre"] = "text"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def item(self) -> Container | None:
        """The innermost list item it belongs to."""
        return next((container for container in reversed(self.path) if container.name == "li"), None)


def blank_between(previous: Line, line: Line) -> bool:
    """Whether a blank line reads better between the two: lists and tables sit close to what introduces them."""
    if line.item or line.kind == "pre":
        return False
    if previous.item or previous.kind == "pre":
        return True
    if previous.kind == "heading" and line.kind != "heading":
        return False
    return line.starts_paragraph


def outside_lists(path: Path) -> Path:
    """Return where preformatted text stands that came up in a list: indented, it would lose its columns."""
    return tuple(container for container in path if container.name == "blockquote")


def common_prefix(one: Sequence[T], other: Sequence[T]) -> int:
    """How many elements the two share from their start."""
    for index, (ours, theirs) in enumerate(zip(one, other, strict=False)):
        if ours != theirs:
            return index
    return min(len(one), len(other))


def width(text: str) -> int:
    """Columns `text` takes in a monospaced font: two for wide East Asian characters and emoji, none for marks."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
