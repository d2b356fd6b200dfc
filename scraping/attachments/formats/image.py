"""Pictures of text by OCR, where the optional extra is installed (requirements-ocr.txt; its models come with it).

OCR takes seconds a page and hundreds of megabytes, so it runs with limits of its own (process.py): a first reading
without it says `scanned`.
"""

from functools import cache
from io import BytesIO
from typing import Any

from scraping.attachments.formats.pdf_boxes import Box, Rules, Word
from scraping.attachments.formats.pdf_layout import Page, read_page, rows_of_pages
from scraping.attachments.grid import lines_of_grid
from scraping.attachments.text import Content, FileError, State

_MOST_PIXELS = 40_000_000
_LEAST_CERTAIN = 0.5


def read(data: bytes, content: Content) -> None:
    """Raises FileError: scanned (no OCR, or it finds nothing), broken, bomb."""
    if not content.ocr:
        raise FileError(State.SCANNED)
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(BytesIO(data)) as picture:
            read_pictures([picture.convert("RGB")], content)
    except UnidentifiedImageError:
        raise FileError(State.BROKEN) from None
    except Image.DecompressionBombError:
        raise FileError(State.BOMB) from None


def read_pictures(pictures: list[Any], content: Content) -> None:
    """Add the text of pictures, which may be the pages of one table. Raises FileError (scanned) where there is none."""
    content.add("", lines_of_grid(rows_of_pages([_page(picture) for picture in pictures])))
    if not content.sheets:
        raise FileError(State.SCANNED)
    content.remark("read by OCR: names and numbers may be misread")


def _page(picture: Any) -> Page:
    import numpy

    found, _ = _engine()(numpy.asarray(picture), use_cls=False)
    words = [Word(text, _box(corners)) for corners, text, certainty in found or () if certainty >= _LEAST_CERTAIN]
    return read_page(words, Rules((), ()))


def _box(corners: list[list[float]]) -> Box:
    """Pictures count from the top."""
    xs, ys = [x for x, _ in corners], [-y for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
