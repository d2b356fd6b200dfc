"""What kind of file some bytes are. Names lie, bytes do not (spec: attachments, Kinds)."""

import re
import zipfile
from io import BytesIO

from scraping.attachments.programs import PROGRAMS, may_run
from scraping.attachments.text import FileError, State

ZIPPED_KINDS = (  # what an archive holds, by the beginning of a member's name
    ("xlsx", "xl/workbook"),
    ("docx", "word/document"),
    ("pptx", "ppt/"),
)
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_HTML = re.compile(
    rb"<(?:!doctype html|html|head|body|table|meta|div|p|br|span|h\d|tr|style|title|center|font)\b", re.IGNORECASE
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD = 4_096


def kind_of(data: bytes) -> str:
    """xlsx, xls, ods, pdf, docx, odt, html, csv, txt, zip, image; "" for any other.

    Raises FileError where the bytes are of a known kind and can't be opened: encrypted, broken, empty, a program.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise FileError(State.EMPTY)
    if data.startswith(PROGRAMS):
        raise FileError(State.PROGRAM)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound_kind(data)
    if data.startswith(_IMAGES) or data[8:12] == b"WEBP":
        return "image"
    return _text_kind(data)


def _zipped_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    return _OPEN_DOCUMENTS.get(member.read(100).strip(), "")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise FileError(State.BROKEN) from None
    inside = (kind for kind, start in ZIPPED_KINDS for name in names if name.startswith(start))
    kind = next(inside, "zip")
    if kind == "zip" and any(map(may_run, names)):
        raise FileError(State.PROGRAM)
    return kind


def _compound_kind(data: bytes) -> str:
    """The older Office formats: folders whose names are UTF-16. An encrypted XLSX or DOCX lies in one, too."""
    if _holds(data, "EncryptedPackage") or _holds(data, "EncryptionInfo"):
        raise FileError(State.ENCRYPTED)
    if _holds(data, "Workbook") or _holds(data, "Book"):
        return "xls"
    return ""


def _holds(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


def _text_kind(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    head = data[:_HEAD]
    if _BINARY.search(head):
        return ""
    if data.startswith(b"{\\rtf"):
        return ""
    if _HTML.search(head):
        return "html"
    return "csv"
