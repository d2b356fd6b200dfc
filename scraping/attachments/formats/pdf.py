"""PDF with text (pypdfium2): the words of each page by their places, put together into lines and tables.

PDFium finds the letters; which words make a row and which a column is worked out in pdf_layout.py. pdfplumber was
measured to take five seconds for a list of 500 students, this takes a tenth of it.
"""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from scraping.attachments.formats.pdf_boxes import Box, Rules, Turn, Word
from scraping.attachments.formats.pdf_layout import read_page, rows_of_pages
from scraping.attachments.formats.pdf_words import words_of
from scraping.attachments.grid import lines_of_grid
from scraping.attachments.text import Content, FileError, State

_MOST_PAGES = 100
_MOST_SCANNED = 4
_SCALE = 1.5  # pixels a point
_MOST_LETTERS = 600_000
_MOST_SHAPES = 20_000  # of a page; a drawing has more, and is no table
_STRANGE = re.compile(r"[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_THIN = 2.5  # points; a rule is drawn as a line or as a narrow rectangle
_SHORT = 4.0


def read(data: bytes, content: Content) -> None:
    """The pages in their order. Raises FileError: encrypted, broken, scanned, unmapped."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        is_locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise FileError(State.ENCRYPTED if is_locked else State.BROKEN) from None
    count = len(document)
    if count > _MOST_PAGES:
        content.remark(f"only the first {_MOST_PAGES} of its {count} pages were read")
    pages = list(_pages(document, min(count, _MOST_PAGES)))
    letters = "".join(word.text for words, _ in pages for word in words)
    if not letters.strip():
        _read_scan(document, content)
    elif len(_STRANGE.findall(letters)) > len(letters) / 5:
        raise FileError(State.UNMAPPED)
    else:
        laid_out = [read_page(words, rules) for words, rules in pages]
        content.add("", lines_of_grid(rows_of_pages(laid_out)))


def _pages(document: pdfium.PdfDocument, count: int) -> Iterator[tuple[list[Word], Rules]]:
    left = _MOST_LETTERS
    for number in range(count):
        try:
            page = document[number]
            text = page.get_textpage()
        except pdfium.PdfiumError:  # this page alone is broken
            continue
        letters = min(text.count_chars(), max(left, 0))
        left -= letters
        turn = _turn(page)
        yield words_of(text, letters, turn), _rules(page, turn)
        text.close()
        page.close()


def _turn(page: pdfium.PdfPage) -> Turn:
    left, bottom, right, top = page.get_mediabox()
    return Turn(page.get_rotation(), right - left, top - bottom)


def _rules(page: pdfium.PdfPage, turn: Turn) -> Rules:
    """The straight lines of a page: where rows and columns of a ruled table part."""
    boxes = []
    for number, shape in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number >= _MOST_SHAPES:
            return Rules((), ())
        try:
            boxes += _segments(shape) or [Box(*shape.get_bounds())]
        except pdfium.PdfiumError:
            continue
    boxes = [turn.box(box) for box in boxes]
    across = tuple(box for box in boxes if box.height <= _THIN and box.width >= _SHORT)
    down = tuple(box for box in boxes if box.width <= _THIN and box.height >= _SHORT)
    return Rules(across, down)


def _segments(shape: pdfium.PdfObject) -> list[Box]:
    """The edges of a shape of several straight strokes, as a whole grid in one path, or a cell's frame."""
    count = raw.FPDFPath_CountSegments(shape.raw)
    if not 2 < count <= 4_000:
        return []
    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    boxes: list[Box] = []
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape.raw, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            boxes.append(Box.of(last, point))
        if raw.FPDFPathSegment_GetClose(segment):
            boxes.append(Box.of(point, start))
        last = point
    return boxes


def _read_scan(document: pdfium.PdfDocument, content: Content) -> None:
    """A scanned list. Raises FileError (scanned) where OCR is not to be used, or finds nothing."""
    from scraping.attachments.formats.image import read_pictures

    if not any(True for page in document for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        return
    if not content.ocr:
        raise FileError(State.SCANNED)
    if len(document) > _MOST_SCANNED:
        content.remark(f"only the first {_MOST_SCANNED} of its {len(document)} scanned pages were read")
    pages = (document[number] for number in range(min(len(document), _MOST_SCANNED)))
    read_pictures([page.render(scale=_SCALE).to_pil() for page in pages], content)
