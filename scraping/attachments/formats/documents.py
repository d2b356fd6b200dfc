"""DOCX and ODT: paragraphs and tables in their order, read from the XML; fields, macros and links are left alone."""

from collections.abc import Iterator

from lxml import etree

from scraping.attachments.formats.unpacking import checked, member
from scraping.attachments.grid import lines_of_grid
from scraping.attachments.text import Content, FileError, State

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True}
_MOST_SPAN = 40
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_TEXT}line-break": "\n", f"{_TEXT}tab": " "}
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_TEXT}tracked-changes"))


def read(data: bytes, content: Content) -> None:
    """The document's body. What a tracked change took out is not read."""
    with checked(data) as archive:
        document = member(archive, "word/document.xml") or member(archive, "content.xml")
        if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
            content.remark("its macros were not run")
    try:
        root = etree.fromstring(document, etree.XMLParser(**_PARSER))
    except etree.XMLSyntaxError:
        raise FileError(State.BROKEN) from None
    content.add("", _lines(root))


def _lines(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in {f"{_W}tbl", f"{_TABLE}table"}:
            yield from lines_of_grid(_rows(child))
        elif child.tag in {f"{_W}p", f"{_TEXT}p", f"{_TEXT}h"}:
            yield from _text(child).split("\n")
        elif child.tag not in _GONE:
            yield from _lines(child)


def _rows(table: etree._Element) -> Iterator[list[str]]:
    above: list[str] = []
    for row in table.iter(f"{_W}tr", f"{_TABLE}table-row"):
        if next(row.iterancestors(f"{_W}tbl", f"{_TABLE}table")) is table:
            above = list(_cells(row, above))
            yield above


def _cells(row: etree._Element, above: list[str]) -> Iterator[str]:
    """The texts of a row by column; a cell that goes on from the row above says the same."""
    column = 0
    for cell in row:
        if cell.tag not in {f"{_W}tc", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merged is not None and merged.get(f"{_W}val") != "restart"
        text = above[column] if goes_on and column < len(above) else " ".join(_lines(cell))
        width = _width(cell)
        yield from (text, *[""] * (width - 1))
        column += width


def _width(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    stated = span.get(f"{_W}val") if span is not None else cell.get(f"{_TABLE}number-columns-repeated")
    return min(int(stated), _MOST_SPAN) if stated and stated.isdecimal() and len(stated) < 7 else 1


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _GONE:
            walk.skip_subtree()
        elif element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif element.tag in _BREAKS:
            parts.append(_BREAKS[element.tag] + (element.tail or "") * (element.tag[:9] != _W[:9]))
    return "".join(parts) if paragraph.tag.startswith(_W) else "".join(paragraph.itertext())
