"""Bytes as text where no header says how."""

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(data: bytes) -> str:
    """Decode bytes by their mark, else as UTF-8, else as Windows-1252; without NUL, with one kind of line end."""
    charset = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(charset)
    except ValueError:
        text = data.decode("cp1252" if charset == "utf-8" else charset, "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
