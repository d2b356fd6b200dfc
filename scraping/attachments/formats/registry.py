"""The reader of each kind of file. A new kind is a module here, a line in `_READERS` and its bytes in kinds.py."""

from collections.abc import Callable
from importlib import import_module

from scraping.attachments.text import Content, FileError, FileText, State

_READERS = {
    "xlsx": "spreadsheets",
    "xls": "spreadsheets",
    "ods": "spreadsheets",
    "csv": "plain",
    "html": "markup",
    "docx": "documents",
    "odt": "documents",
    "pdf": "pdf",
    "zip": "archive",
    "image": "image",
}
Reader = Callable[[bytes, Content], None]


def reader_of(kind: str) -> Reader:
    """Raises FileError (unknown) for a kind that nobody reads."""
    if kind not in _READERS:
        raise FileError(State.UNKNOWN)
    reader: Reader = import_module(f"scraping.attachments.formats.{_READERS[kind]}").read
    return reader


def read_file(kind: str, data: bytes, *, ocr: bool = False) -> FileText:
    """The text of a file of this kind. Raises FileError with the word for what stands in the way."""
    content = Content(ocr=ocr)
    reader_of(kind)(data, content)
    state = State.READ if content.sheets else State.EMPTY
    return FileText(state, kind, tuple(content.sheets), tuple(content.remarks))
