"""XLSX, XLS and ODS (python-calamine): values only, no formula is worked out and no macro run."""

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from scraping.attachments.formats.unpacking import checked, member
from scraping.attachments.grid import MOST_COLUMNS, lines_of_grid
from scraping.attachments.text import Content, FileError, State

Value = int | float | str | bool | time | date | datetime | timedelta

_MOST_CELLS = 3_000_000  # of one sheet, empty ones among them
_MOST_ROWS = 30_000
_PLAIN_TITLE = re.compile(r"(?:sheet|sheet ?name|table|page|worksheet|tabelle|feuil)?\s*\d*", re.IGNORECASE)
_HIDDEN_ROW = re.compile(
    rb"<row\b[^>]*\shidden=\"(?:1|true)\"|<table:table-row\b[^>]*table:visibility=\"(?:collapse|filter)\""
)
_EXACT = 2**53
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001 (a time of day is added to it, no moment)


def read(data: bytes, content: Content) -> None:
    """Every visible sheet in its order."""
    if data.startswith(b"PK"):
        _look_into(data, content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.visible is not SheetVisibleEnum.Visible:
                content.remark(f"the hidden sheet {meta.name!r} was not read")
            else:
                _read_sheet(book.get_sheet_by_name(meta.name), meta.name, content)
    except PasswordError:
        raise FileError(State.ENCRYPTED) from None
    except CalamineError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise FileError(State.ENCRYPTED) from None
        raise FileError(State.BROKEN) from None


def _look_into(data: bytes, content: Content) -> None:
    """What the archive tells beside the values: hidden rows, macros, links to other files."""
    with checked(data) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/") or name == "content.xml"]
        hidden = sum(len(_HIDDEN_ROW.findall(member(archive, name))) for name in sheets[:50])
        if hidden:
            content.remark(f"{hidden} hidden row{'s' if hidden > 1 else ''} read like the others")
        if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
            content.remark("its macros were not run")
        if any(name.startswith("xl/externalLinks/") for name in names):
            content.remark("its links to other files were not followed")


def _read_sheet(sheet: CalamineSheet, title: str, content: Content) -> None:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise FileError(State.TOO_LARGE)
    rows = [[_shown(value) for value in row[:MOST_COLUMNS]] for row in sheet.to_python(nrows=_MOST_ROWS)]
    if sheet.height > _MOST_ROWS:
        content.remark(f"only the first {_MOST_ROWS:,} rows were read")
    _fill_merged(sheet, rows)
    content.add("" if _PLAIN_TITLE.fullmatch(title) else title, lines_of_grid(rows))


def _fill_merged(sheet: CalamineSheet, rows: list[list[str]]) -> None:
    """A cell that reaches down over several rows says the same for each of them."""
    top, left = sheet.start or (0, 0)
    for (first, first_column), (last, _) in sheet.merged_cell_ranges or ():
        row, column = first - top, first_column - left
        if 0 <= row < len(rows) and 0 <= column < len(rows[row]):
            for below in rows[row + 1 : last - top + 1]:
                below[column] = below[column] or rows[row][column]


def _shown(value: Value) -> str:
    """A value as a sheet shows it: whole numbers without a point, days as 28 Nov 2025, times as 10:40 AM."""
    shown = str(value)
    match value:
        case bool():
            shown = "Yes" if value else "No"
        case float():
            shown = str(int(value)) if value.is_integer() and abs(value) < _EXACT else f"{value:.10g}"
        case datetime():
            shown = _day(value) + ("" if value.time() == time() else f" {_clock(value.time())}")
        case date():
            shown = _day(value)
        case time():
            shown = _clock(value)
        case timedelta():
            shown = _clock((_MIDNIGHT + value).time())
    return shown


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _clock(value: time) -> str:
    return f"{value:%I:%M %p}".lstrip("0")
