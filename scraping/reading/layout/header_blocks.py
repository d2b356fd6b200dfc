"""The headers that mail programs write above a forwarded or quoted mail, in any language. Text in, text out. Pure.

A block is known by the words of its labels (vocabulary/mail_headers.toml), else by its shape: below a mark, lines
"word: value" of which one holds an address, one a date with a time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from scraping.reading.vocabulary import words

LONGEST_LINE = 300  # characters of a line that can still be a header
_LONGEST_HEADER = 6_000  # of one with many addresses
_MOST_BLANKS = 3  # between a mark and the headers
_MOST_HEADERS = 12
_ENGLISH_MARK = re.compile(
    r"begin\s+forwarded\s+message|(?:forwarded|original)\s+(?:message|mail|email)", re.IGNORECASE
)
_RULE = "-_=–— \t*:"
_RULED = re.compile(r"[-_=*–—]{3,}\s*[^\s\-_=*–—].{1,70}?\s*[-_=*–—]{3,}|[-–—]{5,}\s*[^\s\-–—].{1,70}")
_LINE = re.compile(r"[_=–—-]{10,}")
_RUN_TOGETHER = re.compile(r"(?P<mark>[\s>]*[-_=*]{3,}[^-_=*]{3,60}[-_=*]{3,})\s*(?P<rest>\S.*)")
_LABELLED = re.compile(r"\*?(?P<name>[^\s:：*@<\d][^:：*@<\d]{0,30}?)\s*\*?\s*[:：]\s?\*?\s?(?P<value>.*)")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_YEAR, _CLOCK = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b"), re.compile(r"\d{1,2}[:.]\d{2}")
_WROTE = re.compile(r"on\s.{6,200}\s(?:wrote|writes)\s*:", re.IGNORECASE)
_SHORT_LABEL = 3
_FIELDS = {"from": "header_from", "date": "header_date", "subject": "header_subject", "to": "header_to"}


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A mark with the headers below it: lines `start` to `end` of a text. `fields` by "from", "date", "subject"."""

    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)
    is_quotation: bool = False  # "On … wrote:"


def find_block(lines: Sequence[str], subject: str, *, is_reply: bool = False) -> HeaderBlock | None:
    """The first block of headers. `subject` is the mail's without prefixes: its repetition speaks for a block."""
    for number, raw in enumerate(lines):
        if len(raw) <= LONGEST_LINE and (line := bare(raw)):
            block = _block_at(lines, number, line, subject) or _quotation(lines, number, is_reply=is_reply)
            if block is not None:
                return block
    return None


def parted(lines: Sequence[str]) -> list[str]:
    """The lines, headers that run together on one of them (Yahoo, flattened HTML) each on a line of its own."""
    return [piece for line in lines for piece in _parted(line)]


def is_mark(line: str) -> bool:
    """Whether a line says in English that something was forwarded."""
    said = line[:LONGEST_LINE].strip(_RULE)
    ruled = line.startswith(("-", "_", "=", "*", "–", "—"))
    return _ENGLISH_MARK.fullmatch(said) is not None and (ruled or said[:5].lower() == "begin")


def is_ruled(line: str) -> bool:
    """Whether a line is words between rules, as marks of forwarding are in every language."""
    return len(line) <= LONGEST_LINE and _RULED.fullmatch(line) is not None


def header_name(line: str) -> str:
    """Which header a line states: "from", "date", "subject", "to", "other", or "" for none that is known."""
    match = _LABELLED.match(line)
    return _known().get(match["name"].strip().casefold(), "") if match else ""


def bare(line: str) -> str:
    """A line without marks of quotation."""
    return re.sub(r"^[\s>|]+", "", line).rstrip()


def _block_at(lines: Sequence[str], number: int, line: str, subject: str) -> HeaderBlock | None:
    if is_mark(line):
        return _known_block(lines, number, number + 1)
    if is_ruled(line):
        block = _known_block(lines, number, number + 1)
        return block if _is_sound(block) else _shaped_block(lines, number, subject, ruled=True)
    if _LINE.fullmatch(line):
        return _shaped_block(lines, number, subject, ruled=False)
    if header_name(line) == "from":
        block = _known_block(lines, number, number)
        return block if "subject" in block.fields and block.fields.keys() & {"date", "to"} else None
    return None


def _is_sound(block: HeaderBlock) -> bool:
    """Whether the headers below words between rules are those of a mail, not of an announcement."""
    return "from" in block.fields and bool(block.fields.keys() & {"date", "subject"})


def _known_block(lines: Sequence[str], start: int, number: int) -> HeaderBlock:
    """Headers with known labels from line `number` on; ends with the last one's line.

    A second "Date:" is of the text: where that was HTML, no empty line may part it from the headers.
    """
    fields: dict[str, str] = {}
    name = ""
    number = _first_filled(lines, number)
    while number < len(lines) and len(lines[number]) <= _LONGEST_HEADER:
        line = bare(lines[number])
        match = _LABELLED.match(line)
        key = _key(match, fields) if match else ""
        if match and key:
            name = key
            fields[name] = match["value"].strip(" *")
        elif line and name and _goes_on(lines, number, fields):
            fields[name] = f"{fields[name]} {line}"
        else:
            break
        number += 1
    return HeaderBlock(start, number, fields)


def _key(match: re.Match[str], fields: dict[str, str]) -> str:
    """Under which name a header is kept, "" where it is none or was there already."""
    label = match["name"].strip().casefold()
    known = _known().get(label, "")
    is_recipient = not known and "from" in fields and not label.isascii() and _ADDRESS.search(match["value"])
    key = label if is_recipient or (known in {"to", "other"} and "to" in fields) else known
    return "" if key in fields else key


def _goes_on(lines: Sequence[str], number: int, fields: dict[str, str]) -> bool:
    """A folded header: a list of addresses, or the tail of a subject with other headers right below."""
    value = next(reversed(fields.values()))
    if value.endswith((",", ";", "<")) or bare(lines[number]).startswith("<"):
        return True
    below = [bare(line) for line in lines[number + 1 : number + 4]]
    headers = [i for i, line in enumerate(below) if (match := _LABELLED.match(line)) and _key(match, fields)]
    return bool(headers) and all(below[: headers[0]])


def _shaped_block(lines: Sequence[str], start: int, subject: str, *, ruled: bool) -> HeaderBlock | None:
    """Headers in a language that is not known, by what their values look like."""
    number = _first_filled(lines, start + 1)
    fields: dict[str, str] = {}
    labels: list[str] = []
    while number < len(lines) and len(labels) < _MOST_HEADERS:
        match = _LABELLED.match(bare(lines[number][:_LONGEST_HEADER]))
        key = _key_by_value(match["value"], fields) if match else ""
        if not match or not key:
            break
        fields[key] = match["value"].strip(" *")
        labels.append(match["name"])
        number += 1
    repeats = bool(subject) and fields.get("subject", "").casefold().endswith(subject.casefold())
    is_foreign = ruled and not "".join(labels).isascii()
    two_addresses = ruled and len(labels) > 3 and "to" in fields
    is_block = {"from", "date"} <= fields.keys() and (repeats or (is_foreign and "subject" in fields) or two_addresses)
    return HeaderBlock(start, number, fields) if is_block else None


def _key_by_value(value: str, fields: dict[str, str]) -> str:
    if _ADDRESS.search(value):
        return next(key for key in ("from", "to", f"to {len(fields)}") if key not in fields)
    is_date = _YEAR.search(value) and _CLOCK.search(value)
    key = "date" if is_date else "subject"
    return "" if key in fields else key


def _quotation(lines: Sequence[str], number: int, *, is_reply: bool) -> HeaderBlock | None:
    """ "On Thu, 21 Aug 2025 at 18:00, T&P Cell <…> wrote:", on one line or broken over three, in any language."""
    for last in range(number, min(number + 3, len(lines))):
        joined = " ".join(bare(line) for line in lines[number : last + 1])
        if len(joined) >= LONGEST_LINE or not bare(lines[last]):
            return None
        if joined.endswith((":", "：")) and _is_quotation(joined, lines[last + 1 :][:3], is_reply=is_reply):
            return HeaderBlock(number, last + 1, {"date": joined[3:].split("<")[0]}, is_quotation=True)
    return None


def _is_quotation(line: str, below: Sequence[str], *, is_reply: bool) -> bool:
    if _WROTE.fullmatch(line):
        return True
    quoted = not line[-2:-1].isdigit() and (is_reply or any(text.lstrip().startswith(">") for text in below))
    stated = _ADDRESS.search(line) and _YEAR.search(line) and _CLOCK.search(line)
    return quoted and stated is not None and not header_name(line)


def _first_filled(lines: Sequence[str], number: int) -> int:
    end = min(number + _MOST_BLANKS, len(lines))
    return next((n for n in range(number, end) if bare(lines[n])), end)


def _parted(line: str) -> list[str]:
    if len(line) > _LONGEST_HEADER or ":" not in line.replace("：", ":"):
        return [line]
    mark = _RUN_TOGETHER.fullmatch(line)
    rest = mark["rest"] if mark else line
    starts = _label_starts(rest)
    if len(starts) < (2 if mark else 4) or starts[0] > 0:
        return [line]
    pieces = [rest[a:b].strip() for a, b in zip(starts, [*starts[1:], len(rest)], strict=True)]
    return [mark["mark"], *pieces, ""] if mark else [*pieces, ""]


def _label_starts(text: str) -> list[int]:
    """Where labels of headers begin, each header once."""
    starts: dict[str, int] = {}
    for match in _label().finditer(text):
        field_name = _known()[match[1].casefold()]
        is_glued = text[: match.start()][-1:].islower()
        if not (is_glued and len(match[1]) <= _SHORT_LABEL) and field_name != "other":
            starts.setdefault(field_name if field_name != "to" else match[1].casefold(), match.start())
    return list(starts.values()) if {"from", "subject"} <= starts.keys() else []


@cache
def _known() -> dict[str, str]:
    """Label → header."""
    known = dict.fromkeys(words("header_other"), "other")
    for name, group in reversed(_FIELDS.items()):
        known |= dict.fromkeys(words(group), name)
    return known


@cache
def _label() -> re.Pattern[str]:
    """A label within a line, as programs write it: with a capital where its script has them."""
    labels = sorted((label[:1].upper() + label[1:] for label in _known()), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, labels))})\s?[:：]")
