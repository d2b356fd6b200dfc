"""What people do to a mail on its way: forwarding marks, quote marks, footers. Text in, text out. Pure.

Written line by line: mail-parser-reply took 36 s of CPU over one line of 20,000 blanks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

from scraping.reading.facts.times.dates import INDIA, find_moments
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.header_blocks import LONGEST_LINE, HeaderBlock, bare, find_block, is_mark, parted
from scraping.reading.vocabulary import alternatives, words

MAX_DEPTH = 20
_ZONES = frozenset(("GMT", "UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"))  # those RFC 5322 names
_LONGEST_DATE = 100
_QUOTE = re.compile(r"^[ \t>]*> ?")
_PREFIX = re.compile(
    rf"^\s*(?:\[[^\]]{{0,60}}\]\s*)?(?P<kind>{alternatives('reply_prefixes', 'forward_prefixes')})"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_FOOTER = expression(
    r"you received this message because you are subscribed to|to unsubscribe from this group|"
    r"sent from my (?:iphone|ipad|android|samsung|mobile|galaxy|phone)\b|get outlook for (?:ios|android)|"
    r"^sent (?:from|via|with|using) (?:\w+ ){0,3}(?:outlook|mail|gmail|proton|yahoo|e-?mail)\b.{0,60}$|"
    r"(?:this|the information contained in this) (?:e-?mail|message).{0,80}\bconfidential|^disclaimer\b",
    re.IGNORECASE,
)
_ACKNOWLEDGED = re.compile(
    r"^\W*(?:(?:thanks?|thank you|ok(?:ay)?|noted|received|congrat\w*|great|plz|pls)\b.{0,60}"
    r"|(?:fyi|fyn\w?|pfa|forward(?:ed|ing)|sharing|(?:please |kindly )?see|see (?:below|trail\w*))\b.{0,200})$",
    re.IGNORECASE | re.DOTALL,
)


_CHANGED = re.compile(
    r"\b(?:extended|changed|postponed|preponed|re-?scheduled|revised|shifted|cancelled|instead|correction"
    r"|ignore the)\b",
    re.IGNORECASE,
)
# "Interested students fill the form by 30th August, 5 PM" above a company's mail.
_ASKED = expression(
    r"\b(?:fill|apply|register|submit|confirm|report|assemble|attend)\b[^\n]{0,80}(?:\b(?:today|tomorrow|tonight|eod)\b"
    r"|\d\s?(?:[ap]\.?m\b|st\b|nd\b|rd\b|th\b|[/.-]\d|(?:jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec))|https?://)",
    re.IGNORECASE,
)
_LEAST_NEWS = 6  # words


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail as it was first sent; fields that no header block stated are "" or None."""

    text: str
    subject: str = ""
    sender: str = ""
    sent_at: datetime | None = None
    is_forwarded: bool = False
    is_reply: bool = False  # `text` is an answer above an older mail, which was left off


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
        lines = parted(_unquoted(origin.text.split("\n")))
        block = find_block(lines, plain_subject(origin.subject), is_reply=_is_reply(origin.subject))
        if block is None:
            return _finished(origin, lines)
        above = lines[: block.start]
        if _is_answer(origin.subject, above, block):
            return _finished(origin, above, is_reply=True)
        origin = _inside(origin, lines, block, received_at, _news("\n".join(above)))
    return _finished(origin, origin.text.split("\n"))


def header_date(text: str, near: datetime | None) -> datetime | None:
    """A date as mail programs write it into a forward; no zone means Asia/Kolkata, a bare day is not enough.

    `Thu, 21 Aug, 2025, 4:51 pm`, `Wed, 20 Aug 2025 at 13:20`, `21 August 2025 at 4:51:12 PM GMT+5:30`.
    """
    text = " ".join(text[:LONGEST_LINE].split())
    zone = re.search(r"\s(?:(?:GMT|UTC)\s?)?([+-]\d{1,2}:?\d\d|[A-Z]{2,4})\W*$", text)
    found = find_moments(text[: zone.start()] if zone else text, near)
    when = found[0].value if found else None
    if not isinstance(when, datetime):
        when = _foreign_date(text[: zone.start()] if zone and _offset(zone[1]) else text)
    if when is None:
        return None
    offset = _offset(zone[1]) if zone else None
    return when if offset is None else when.replace(tzinfo=offset)


@lru_cache(maxsize=256)
def _foreign_date(text: str) -> datetime | None:
    """A moment in another language: `Sa., 21. Dez. 2025 um 09:00 Uhr`."""
    names = set(re.findall(r"[^\W\d_]+", text.casefold())) - words("months", "weekdays") - {"am", "pm", "at"}
    if not (names and re.search(r"\d{4}", text) and re.search(r"\d[:.]\d\d", text)):
        return None
    import dateparser  # the first date takes it three seconds, and few forwards need it

    said = re.sub(r"\b(?:kl|klo|o)\.?\s(?=\d)", "", text[:_LONGEST_DATE])
    settings = {"TIMEZONE": str(INDIA), "RETURN_AS_TIMEZONE_AWARE": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    try:
        found: datetime | None = dateparser.parse(said, settings=settings)
    except (ValueError, OverflowError, TypeError, re.error):  # it is written for tidy texts
        return None
    return found if found and 1970 <= found.year <= 2200 else None


def _offset(zone: str) -> timezone | None:
    sign_and_hours, _, minutes = zone.partition(":")
    digits = f"{sign_and_hours[0]}{sign_and_hours[1:].zfill(2)}{minutes}" if zone[0] in "+-" and minutes else zone
    if digits[0] not in "+-" and digits not in _ZONES:
        return None
    parsed = parsedate_tz(f"1 Jan 2000 00:00:00 {digits}")
    seconds = parsed[9] if parsed else None
    return None if seconds is None or abs(seconds) > 86_000 else timezone(timedelta(seconds=seconds))


def _news(above: str) -> str:
    """What who forwards a mail says has changed in it since; "" where they only pass it on."""
    own = above.strip()
    says_more = _CHANGED.search(own) or _ASKED.search(own)
    return own if says_more and len(own.split()) >= _LEAST_NEWS and not _ACKNOWLEDGED.match(own) else ""


def _inside(origin: Origin, lines: list[str], block: HeaderBlock, received_at: datetime | None, news: str) -> Origin:
    fields = block.fields
    return Origin(
        text="\n".join([*([news, ""] if news else []), *lines[block.end :]]),
        subject=fields.get("subject") or origin.subject,
        sender=fields.get("from") or origin.sender,
        sent_at=header_date(fields.get("date", ""), received_at) or origin.sent_at,
        is_forwarded=True,
    )


def _finished(origin: Origin, lines: Sequence[str], *, is_reply: bool = False) -> Origin:
    kept = [_QUOTE.sub("", line).rstrip() for line in before_footer(lines) if not is_mark(bare(line))]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    return Origin(text, plain_subject(origin.subject), origin.sender, origin.sent_at, origin.is_forwarded, is_reply)


def before_footer(lines: Sequence[str]) -> Sequence[str]:
    """The lines above what groups, phones and lawyers put below a mail."""
    for number, line in enumerate(lines):
        if len(line) < 2 * LONGEST_LINE and _FOOTER.search(line.strip()):
            above = lines[:number]
            return above[:-1] if above and above[-1].strip() in {"--", "__"} else above
    return lines


def _unquoted(lines: list[str]) -> list[str]:
    """Without ">" where most lines carry it: then the whole text is one quotation."""
    filled = [line for line in lines if line.strip()]
    quoted = sum(1 for line in filled if line.lstrip().startswith(">"))
    return lines if quoted < 0.8 * len(filled) else [_QUOTE.sub("", line) for line in lines]


def _is_answer(subject: str, above: Sequence[str], block: HeaderBlock) -> bool:
    own = "\n".join(above).strip()
    answers = block.is_quotation or _is_reply(subject)
    return answers and bool(own) and not _ACKNOWLEDGED.match(own)


def _is_reply(subject: str) -> bool:
    match = _PREFIX.match(subject)
    return match is not None and match["kind"].casefold() in words("reply_prefixes")
