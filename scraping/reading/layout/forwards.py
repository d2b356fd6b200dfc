"""What people do to a mail on its way: forwarding marks, header blocks, quote marks, footers. Text in, text out. Pure.

Written line by line: mail-parser-reply took 36 s of CPU over one line of 20,000 blanks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

from scraping.reading.facts.times.dates import find_moments

MAX_DEPTH = 20
_ZONES = frozenset(("GMT", "UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"))  # those RFC 5322 names
_LONGEST_HEADER = 300  # characters of a line that can still be a header

_MARK = re.compile(r"begin\s+forwarded\s+message|(?:forwarded|original)\s+(?:message|mail|email)", re.IGNORECASE)
_RULE = "-_=–— \t*:"
_HEADER = re.compile(
    r"\*?(?P<name>from|sent|date|sent on|subject|to|cc|bcc|reply-to|importance)\s*:\*?\s?(?P<value>.*)", re.IGNORECASE
)
_WROTE = re.compile(r"on\s.{6,200}\s(?:wrote|writes)\s*:", re.IGNORECASE)
_QUOTE = re.compile(r"^[ \t>]*> ?")
_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?P<kind>re|fwd?|fw|wg|aw)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*", re.IGNORECASE
)
_FOOTER = re.compile(
    r"you received this message because you are subscribed to|to unsubscribe from this group|"
    r"sent from my (?:iphone|ipad|android|samsung|mobile|galaxy|phone)\b|get outlook for (?:ios|android)|"
    r"(?:this|the information contained in this) (?:e-?mail|message).{0,80}\bconfidential|^disclaimer\b",
    re.IGNORECASE,
)
_ACKNOWLEDGED = re.compile(
    r"^\W*(?:thanks?|thank you|ok(?:ay)?|noted|received|congrat\w*|great|"
    r"fyi|fyn\w?|pfa|forward(?:ed|ing)|sharing|please see|"
    r"see below|plz|pls|kindly see)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail as it was first sent; fields that no header block stated are "" or None."""

    text: str
    subject: str = ""
    sender: str = ""
    sent_at: datetime | None = None
    is_forwarded: bool = False
    is_reply: bool = False  # `text` is an answer above an older mail, which was left off


@dataclass(frozen=True, slots=True)
class _Block:
    """A forwarding mark with its header block: lines `start` to `end` of a text."""

    start: int
    end: int
    fields: dict[str, str]
    is_quotation: bool = False  # "On … wrote:"


def plain_subject(subject: str) -> str:
    """A subject without its Fwd:, Re: and the tag of a list before them."""
    while match := _PREFIX.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def find_origin(text: str, subject: str, received_at: datetime | None) -> Origin:
    """Go down to the mail that was first sent, through forwards of forwards (spec: mailbox).

    An answer stays with its own words: what it quotes was told before.
    """
    origin = Origin(text=text, subject=subject)
    for _ in range(MAX_DEPTH):
        lines = _unquoted(origin.text.split("\n"))
        block = _first_block(lines)
        if block is None:
            return _finished(origin, lines)
        above = lines[: block.start]
        if _is_answer(origin.subject, above, block):
            return _finished(origin, above, is_reply=True)
        origin = _inside(origin, lines, block, received_at)
    return _finished(origin, origin.text.split("\n"))


def header_date(text: str, near: datetime | None) -> datetime | None:
    """A date as mail programs write it into a forward; no zone means Asia/Kolkata, a bare day is not enough.

    `Thu, 21 Aug, 2025, 4:51 pm`, `Wed, 20 Aug 2025 at 13:20`, `21 August 2025 at 4:51:12 PM GMT+5:30`.
    """
    text = " ".join(text[:_LONGEST_HEADER].split())
    zone = re.search(r"\s(?:(?:GMT|UTC)\s?)?([+-]\d{1,2}:?\d\d|[A-Z]{2,4})\W*$", text)
    found = find_moments(text[: zone.start()] if zone else text, near)
    when = found[0].value if found else None
    if not isinstance(when, datetime):
        return None
    offset = _offset(zone[1]) if zone else None
    return when if offset is None else when.replace(tzinfo=offset)


def _offset(zone: str) -> timezone | None:
    sign_and_hours, _, minutes = zone.partition(":")
    digits = f"{sign_and_hours[0]}{sign_and_hours[1:].zfill(2)}{minutes}" if zone[0] in "+-" and minutes else zone
    if digits[0] not in "+-" and digits not in _ZONES:
        return None
    parsed = parsedate_tz(f"1 Jan 2000 00:00:00 {digits}")
    seconds = parsed[9] if parsed else None
    return None if seconds is None or abs(seconds) > 86_000 else timezone(timedelta(seconds=seconds))


def _inside(origin: Origin, lines: list[str], block: _Block, received_at: datetime | None) -> Origin:
    fields = block.fields
    return Origin(
        text="\n".join(lines[block.end :]),
        subject=fields.get("subject") or origin.subject,
        sender=fields.get("from") or origin.sender,
        sent_at=header_date(fields.get("date", ""), received_at) or origin.sent_at,
        is_forwarded=True,
    )


def _finished(origin: Origin, lines: Sequence[str], *, is_reply: bool = False) -> Origin:
    kept = [_QUOTE.sub("", line).rstrip() for line in _before_footer(lines) if not _is_mark(_bare(line))]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    return Origin(text, plain_subject(origin.subject), origin.sender, origin.sent_at, origin.is_forwarded, is_reply)


def _before_footer(lines: Sequence[str]) -> Sequence[str]:
    for number, line in enumerate(lines):
        if len(line) < _LONGEST_HEADER * 2 and _FOOTER.search(line.strip()):
            above = lines[:number]
            return above[:-1] if above and above[-1].strip() in {"--", "__"} else above
    return lines


def _unquoted(lines: list[str]) -> list[str]:
    """Without ">" where most lines carry it: then the whole text is one quotation."""
    filled = [line for line in lines if line.strip()]
    quoted = sum(1 for line in filled if line.lstrip().startswith(">"))
    return lines if quoted < 0.8 * len(filled) else [_QUOTE.sub("", line) for line in lines]


def _is_answer(subject: str, above: Sequence[str], block: _Block) -> bool:
    match = _PREFIX.match(subject)
    answers = block.is_quotation or (match is not None and match["kind"].lower() in {"re", "aw"})
    own = "\n".join(above).strip()
    return answers and bool(own) and not _ACKNOWLEDGED.match(own)


def _first_block(lines: Sequence[str]) -> _Block | None:
    for number, raw in enumerate(lines):
        if len(raw) > _LONGEST_HEADER:
            continue
        line = _bare(raw)
        if _is_mark(line):
            return _header_block(lines, number, number + 1)
        if line[:6].lower().startswith(("from:", "*from:", "from :")):
            block = _header_block(lines, number, number)
            if "subject" in block.fields and block.fields.keys() & {"date", "to"}:
                return block
        if line[:3].lower() == "on " and (quotation := _quotation(lines, number)):
            return quotation
    return None


def _is_mark(line: str) -> bool:
    words = line[:_LONGEST_HEADER].strip(_RULE)
    ruled = line.startswith(("-", "_", "=", "*", "–", "—"))
    return _MARK.fullmatch(words) is not None and (ruled or words[:5].lower() == "begin")


def _bare(line: str) -> str:
    return re.sub(r"^[\s>|]+", "", line).rstrip()


def _quotation(lines: Sequence[str], number: int) -> _Block | None:
    """ "On Thu, 21 Aug 2025 at 18:00, T&P Cell <…> wrote:", on one line or broken over three."""
    for last in range(number, min(number + 3, len(lines))):
        joined = " ".join(_bare(line) for line in lines[number : last + 1])
        if len(joined) < _LONGEST_HEADER and _WROTE.fullmatch(joined):
            return _Block(number, last + 1, {"date": joined[3:].split("<")[0]}, is_quotation=True)
    return None


def _header_block(lines: Sequence[str], start: int, number: int) -> _Block:
    """Headers from line `number` on, blank lines before them passed over; ends with the last header's line.

    A second "Date:" is of the text: where that was HTML, no empty line may part it from the headers.
    """
    fields: dict[str, str] = {}
    name = ""
    while number < len(lines) and not _bare(lines[number]) and number - start < 4:
        number += 1
    while number < len(lines) and len(lines[number]) <= 20 * _LONGEST_HEADER:
        line = _bare(lines[number])
        match = _HEADER.match(line)
        if match and _field(match) not in fields:
            name = _field(match)
            fields[name] = match["value"].strip(" *")
        elif line and name and _goes_on(lines, number, fields[name], fields):
            fields[name] = f"{fields[name]} {line}"
        else:
            break
        number += 1
    return _Block(start, number, fields)


def _goes_on(lines: Sequence[str], number: int, value: str, fields: Mapping[str, str]) -> bool:
    """A folded header: a list of addresses, or the tail of a subject with other headers right below."""
    if value.endswith((",", ";", "<")) or _bare(lines[number]).startswith("<"):
        return True
    below = [_bare(line) for line in lines[number + 1 : number + 4]]
    headers = [i for i, line in enumerate(below) if (match := _HEADER.match(line)) and _field(match) not in fields]
    return bool(headers) and all(below[: headers[0]])


def _field(header: re.Match[str]) -> str:
    name = header["name"].lower()
    return {"sent": "date", "sent on": "date"}.get(name, name)
