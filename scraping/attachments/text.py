"""What was read from a file, as the child process hands it over."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

MOST_LINES = 30_000
LONGEST_LINE = 4_000
MOST_SHEETS = 60


class State(StrEnum):
    """How reading a file ended: one clear word, kept with the item (spec: attachments, Safety)."""

    READ = "read"
    EMPTY = "empty"  # it holds no text at all
    SCANNED = "scanned"  # pictures of text, and OCR is not installed or found nothing
    UNMAPPED = "unmapped"  # its fonts do not say which letters they show
    ENCRYPTED = "encrypted"
    UNKNOWN = "unknown"  # no kind that is read
    PROGRAM = "program"  # it runs when it is opened, or an archive holds what does
    BROKEN = "broken"
    BOMB = "bomb"  # a small archive that unpacks into something huge
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    CRASHED = "crashed"
    # Why a file could not be had at all
    WAITING = "waiting"  # not asked for yet: the cycle had enough to do
    UNREACHABLE = "unreachable"
    GONE = "gone"
    NEEDS_LOGIN = "needs_login"
    PRIVATE_ADDRESS = "private_address"  # it leads into somebody's own network


class FileError(Exception):
    """A file can't be read; `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, or a document as a whole: its name and its lines, the cells of a row parted by tabs."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileText:
    """A file as text. `remarks` are for people: "3 hidden rows", "macros were not run"."""

    state: State
    kind: str = ""  # xlsx, pdf, …; "" where it is unknown
    sheets: tuple[Sheet, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return all lines; each sheet that has a name of its own begins with it."""
        return tuple(line for sheet in self.sheets for line in (*filter(None, [sheet.title]), *sheet.lines))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError where `values` are not what `as_json` makes."""
        sheets = tuple(Sheet(str(sheet["title"]), tuple(map(str, sheet["lines"]))) for sheet in values["sheets"])
        return cls(State(values["state"]), str(values["kind"]), sheets, tuple(map(str, values["remarks"])))


@dataclass(slots=True)
class Content:
    """What a reader of one format collects, within the limits of a text."""

    sheets: list[Sheet] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    lines_left: int = MOST_LINES
    ocr: bool = False  # whether pictures may be read

    def add(self, title: str, lines: Iterable[str]) -> None:
        """Add a sheet. Blank lines are left out; what is beyond the limits is cut, and remarked."""
        kept: list[str] = []
        for line in lines:
            if not line.strip():
                continue
            if not self.lines_left:
                self.remark(f"only the first {MOST_LINES:,} lines were read")
                break
            self.lines_left -= 1
            kept.append(line[:LONGEST_LINE])
        if kept and len(self.sheets) < MOST_SHEETS:
            self.sheets.append(Sheet(title, tuple(kept)))

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)
