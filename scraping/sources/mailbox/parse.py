"""A mail's bytes → ParsedMail: what was first sent, by whom, when, in which season (spec: mailbox). Pure."""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from accounts.seasons import parse_season
from scraping.items import ParsedMail
from scraping.reading.layout.forwards import Origin, find_origin, header_date, plain_subject
from scraping.sources.mailbox.html_text import forwarded_html, html_to_text, html_without_quotes
from scraping.sources.mailbox.mime import Content, Headers, read_content

_ALIAS = re.compile(r"[^\s<>@\"',;]\+(20\d\d[-_]?(?:20)?\d\d)@")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BOUNCER = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system", re.IGNORECASE)
_BOUNCED = re.compile(
    r"^(?:undeliver\w+|delivery status notification|mail delivery failed|delivery has failed|returned mail|"
    r"failure notice|undelivered mail)",
    re.IGNORECASE,
)
_AWAY = re.compile(r"^(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|vacation)", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300})(?<=[^\s*])\*(?![\w*])")
_STUB = re.compile(
    r"(?:html|view|display|support).{0,60}(?:browser|html|mail client|viewer)", re.IGNORECASE | re.DOTALL
)


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail of any shape. What can't be read is left empty."""
    content = read_content(raw)
    headers = content.headers
    received_at = _received_at(headers)
    subject = headers.first("subject")
    origin, html = _origin(content, subject, received_at)
    title = origin.subject or plain_subject(subject)
    sent_at = origin.sent_at or _header_time(headers.first("date")) or received_at
    return ParsedMail(
        message_id=_message_id(headers, content),
        content_key=_content_key(sent_at, title, origin.text),
        subject=title,
        sender=origin.sender or headers.first("from"),
        season=_season(headers),
        sent_at=sent_at,
        received_at=received_at,
        text=origin.text,
        html=html,
        attachments=tuple(_attachments(content)),
        addresses=_addresses(headers, origin),
        is_forwarded=origin.is_forwarded,
        is_reply=origin.is_reply,
        is_calendar=content.has_calendar,
        is_bounce=_is_bounce(headers),
        is_auto_reply=_is_auto_reply(headers),
    )


def _origin(content: Content, subject: str, received_at: datetime | None) -> tuple[Origin, str]:
    """The original of a mail, and its HTML cut to it. A message attached whole is the original."""
    if content.forwarded is not None and _bodies_are_short(content):
        return _attached_origin(content.forwarded, received_at)
    origin = find_origin(_readable(content), subject, received_at)
    html = html_without_quotes(content.html) if origin.is_reply else forwarded_html(content.html)
    return origin, html


def _bodies_are_short(content: Content) -> bool:
    return len(_readable(content).strip()) < 400


def _attached_origin(content: Content, received_at: datetime | None) -> tuple[Origin, str]:
    headers = content.headers
    origin, html = _origin(content, headers.first("subject"), received_at)
    return (
        Origin(
            text=origin.text,
            subject=origin.subject,
            sender=origin.sender or headers.first("from"),
            sent_at=origin.sent_at or _header_time(headers.first("date")),
            is_forwarded=True,
            is_reply=origin.is_reply,
        ),
        html,
    )


def _readable(content: Content) -> str:
    """The plain body, else the HTML one as text; a plain body that only says "look at the HTML" is none."""
    plain = content.plain.strip("\n")
    if plain.strip() and not (content.html and len(plain) < 300 and _STUB.search(plain)):
        return _EMPHASIS.sub(r"\1", plain)
    return html_to_text(content.html) or plain


def _attachments(content: Content) -> list[str]:
    inner = _attachments(content.forwarded) if content.forwarded else []
    return content.attachments + inner


def _message_id(headers: Headers, content: Content) -> str:
    """The Message-ID as it stands, else a hash of date, sender, subject and body (spec: mailbox)."""
    stated = headers.first("message-id").strip("<> ")[:500]
    if stated:
        return stated
    names = ("date", "from", "subject")
    return "sha256:" + _digest(*(headers.first(name) for name in names), _letters(content.plain or content.html))


def _content_key(sent_at: datetime | None, subject: str, text: str) -> str:
    """Over minute, original subject and words; addresses of links differ from copy to copy."""
    when = sent_at.astimezone(UTC).strftime("%Y%m%d%H%M") if sent_at else ""
    return _digest(when, _letters(subject), _letters(re.sub(r"https?://\S+", "", text)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _season(headers: Headers) -> int | None:
    """From a plus alias of the recipients only, never from the body (spec: system, Seasons)."""
    for value in headers.every("to", "cc", "delivered-to", "x-original-to"):
        for alias in _ALIAS.findall(value[:20_000]):
            try:
                return parse_season(alias)
            except ValueError:
                continue
    return None


def _received_at(headers: Headers) -> datetime | None:
    """The time of the last hop, else the sender's own."""
    _, _, stamp = headers.first("received").rpartition(";")
    return _header_time(stamp) or _header_time(headers.first("date"))


def _header_time(value: str) -> datetime | None:
    """A Date header, aware; one that is no RFC 5322 date is read as mail programs write them."""
    if not value.strip():
        return None
    try:
        when = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return header_date(value, None)
    return _in_range(when if when.tzinfo else when.replace(tzinfo=UTC))


def _in_range(when: datetime) -> datetime | None:
    """Year 1 and year 9999 can't be shown in every zone."""
    return when if 1970 <= when.year <= 2200 else None


def _addresses(headers: Headers, origin: Origin) -> frozenset[str]:
    values = headers.every("from", "to", "cc", "reply-to", "sender", "delivered-to", "list-id", "x-original-to")
    found = (address for value in (*values, origin.sender) for address in _ADDRESS.findall(value[:20_000]))
    return frozenset(address.lower() for address in found)


def _is_bounce(headers: Headers) -> bool:
    report = "report-type=delivery-status" in headers.first("content-type").replace('"', "").lower()
    return report or bool(_BOUNCER.search(headers.first("from")) or _BOUNCED.match(headers.first("subject")))


def _is_auto_reply(headers: Headers) -> bool:
    stated = headers.first("auto-submitted").lower().startswith("auto-replied") or headers.first("x-autoreply")
    return bool(stated) or bool(_AWAY.match(headers.first("subject")))
