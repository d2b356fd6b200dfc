"""Text as it should have been: mojibake mended, invisible signs gone, white space made one."""

import re
import unicodedata

_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00\ud800-\udfff]")
_SPACE_WITH_BREAK = re.compile(r"[^\S\n]*\n\s*")
_SPACE = re.compile(r"[^\S\t]+")
_TABS = re.compile(r" ?\t[ \t]*")
_COLUMN_GAP = re.compile(r"\S[ \xa0]{2,}(?=\S)")
_WIDE_GAPS = re.compile("(?<=\\S)(?:\u2003+|\xa0{3,})(?=\\S)")  # em spaces, as pages use them between columns
_LONE_NUMBER = re.compile(r"(?:^|(?<!\s)\s{2,})(?=\S{4,20}(?:\s{2,}|$))(?:[A-Za-z/-]*\d){3,}\w*(?:\s{2,}|$)")
LONGEST_LINE = 10_000
# Digits of other scripts, Devanagari's among them, and letters made bold by other signs ("𝗛𝗶𝗿𝗶𝗻𝗴").
_PLAIN = {
    code: unicodedata.normalize("NFKC", chr(code)) if code >= 0x1D400 else str(unicodedata.digit(chr(code)))
    for code in (*range(0x660, 0x1C60), *range(0xA620, 0xAC00), *range(0xFF10, 0xFF1A), *range(0x1D400, 0x1D800))
    if code >= 0x1D400 or unicodedata.category(chr(code)) == "Nd"
}
# What WhatsApp shows bold, slanted, or struck out: that no longer holds.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,300})(?<=[^\s*])\1(?![\w*])")
_SLANTED = re.compile(r"(?<!\S)_(?=[^\s_])([^_\n]{1,300})(?<=[^\s_])_(?=[\s.,:;!]|$)")
_STRUCK = re.compile(r"(?<!\S)~{1,2}(?=[^\s~])[^~\n]{1,200}(?<=[^\s~])~{1,2}(?=[\s.,:;!]|$)")
_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3)+|\U0001f51f")  # a number of a list as a key: "1" with U+20E3
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")


def mend(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 ("Noida â€“ 201301"); other text stays as it is."""
    return _NOT_ASCII.sub(_mend_run, text)


def _mend_run(match: re.Match[str]) -> str:
    try:
        return b"".join(_windows_byte(sign) for sign in match[0]).decode("utf-8")
    except UnicodeError:
        return match[0]


def _windows_byte(sign: str) -> bytes:
    """The five bytes Windows-1252 leaves open pass through as control signs, as browsers do it."""
    return sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode("cp1252")


def collapse(text: str) -> str:
    """One space for a run of white space; tabs inside a line, the border of columns, become one tab."""
    text = without_emphasis(text.strip())
    if text.isascii() and "\t" not in text and "\x00" not in text:
        return " ".join(text.split())  # nearly all there is
    shown = _KEYCAPS.sub(_as_serial, _INVISIBLE.sub("", mend(text))).translate(_PLAIN)
    shown = _SPACE.sub(" ", _SPACE_WITH_BREAK.sub(" ", _WIDE_GAPS.sub("\t", shown) if _has_columns(shown) else shown))
    return _TABS.sub("\t", shown).strip()


def _has_columns(line: str) -> bool:
    """Whether wide blanks set two cells or more apart: "1&emsp;11023456&emsp;Asha Rao"."""
    return len(_WIDE_GAPS.findall(line)) > 1


def _as_serial(keys: re.Match[str]) -> str:
    return f"{''.join(filter(str.isdigit, keys[0])) or '10'}. "


def without_emphasis(text: str) -> str:
    """ "*Company:* Orbit" without its stars; what is struck out, as in "~24 Nov~ 25 Nov", is left out."""
    if "*" in text:
        text = _EMPHASIS.sub(r"\2", text)
    if "~" in text:
        text = _STRUCK.sub("", text)
    return _SLANTED.sub(r"\1", text) if "_" in text else text


def lines_of_text(text: str) -> list[str]:
    """The lines of plain text that hold something; columns parted by several blanks become parted by tabs."""
    return [line for raw in text.splitlines() if (line := collapse(_tabbed(raw[:LONGEST_LINE])))]


def _tabbed(line: str) -> str:
    if not _LONE_NUMBER.search(line):
        return line
    return _COLUMN_GAP.sub(lambda gap: gap[0].rstrip() + "\t", line)


def straight(text: str) -> str:
    """Curly apostrophes made straight, length kept, so that spans found here hold in the original."""
    return text.translate(_APOSTROPHES)


def shorten(text: str, width: int = 120) -> str:
    """At most `width` signs on one line, with an ellipsis where something was left off."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
