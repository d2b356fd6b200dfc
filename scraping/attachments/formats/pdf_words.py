"""The words of a PDF page with their places, from the letters that PDFium finds."""

import ctypes

import pypdfium2 as pdfium
from pypdfium2 import raw

from scraping.attachments.formats.pdf_boxes import Box, Turn, Word

_GAP = 0.4  # of the letters' height: more than that between two letters is a space
_SPACES = frozenset(" \t\r\n\xa0\u2002\u2003\u2009\u200b")


def words_of(text: pdfium.PdfTextPage, count: int, turn: Turn) -> list[Word]:
    """Letters that stand close to one another on a line make a word. Letters outside of any space are left out."""
    words: list[Word] = []
    letters: list[str] = []
    box: Box | None = None
    for sign, place in _letters(text, count, turn):
        if sign in _SPACES or (box and not _goes_on(box, place)):
            _end(words, letters, box)
            letters, box = [], None
        if sign not in _SPACES:
            letters.append(sign)
            box = place if box is None else box.joined(place)
    _end(words, letters, box)
    return words


def _end(words: list[Word], letters: list[str], box: Box | None) -> None:
    if box and letters:
        words.append(Word("".join(letters), box))


def _letters(text: pdfium.PdfTextPage, count: int, turn: Turn) -> "list[tuple[str, Box]]":
    """Each letter with the box that its font gives it: as high for a dot as for a capital."""
    place = raw.FS_RECTF()
    found = []
    before = Box(0, 0, 0, 0)
    for index in range(count):
        sign = chr(raw.FPDFText_GetUnicode(text.raw, index) or 0xFFFD)
        if raw.FPDFText_GetLooseCharBox(text.raw, index, ctypes.byref(place)) and place.right > place.left:
            before = turn.box(Box(place.left, place.bottom, place.right, place.top))
        found.append((sign, before))
    return found


def _goes_on(box: Box, place: Box) -> bool:
    """Whether a letter continues the word so far: on its line, and close behind it."""
    height = max(box.height, place.height, 4.0)
    middle = (place.bottom + place.top) / 2
    on_line = box.bottom - height / 2 <= middle <= box.top + height / 2
    return on_line and -height < place.left - box.right <= _GAP * height + 1.0
