"""A mail's bytes → ParsedMail: what was first sent, by whom, when, in which season (spec: mailbox). Pure."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from accounts.seasons import parse_season
from scraping.items import IN_A_FILE, ParsedMail
from scraping.reading.layout.forwards import Origin, find_origin, header_date, plain_subject
from scraping.sources.mailbox.bodies import said_in, says_nothing
from scraping.sources.mailbox.headers import Headers
from scraping.sources.mailbox.html_text import forwarded_html, html_without_quotes
from scraping.sources.mailbox.mime import Content, read_content

_ALIAS = re.compile(r"[^\s<>@\"',;]\+(20\d\d[-_]?(?:20)?\d\d)@")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BOUNCER = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system", re.IGNORECASE)
_BOUNCED = re.compile(
    r"^(?:undeliver\w+|delivery status notification|mail delivery failed|delivery has failed|returned mail|"
    r"failure notice|undelivered mail)",
    re.IGNORECASE,
)
_AWAY = re.compile(r"^(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|vacation)", re.IGNORECASE)
_PICTURE = re.compile(r".*\.(?:png|jpe?g|gif|bmp|webp|tiff?|heic)", re.IGNORECASE)
_SHORT = 400  # characters of what is written above an attached mail
_MORE_MAILS = "more than one mail is attached: the first was read"


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail of any shape. What can't be read is left empty."""
    content = read_content(raw)
    headers = content.headers
    received_at = _received_at(headers)
    found = _find(content, received_at)
    origin = found.origin
    title = origin.subject or plain_subject(headers.first("subject"))
    sent_at = origin.sent_at or _header_time(headers.first("date")) or received_at
    message_id = _message_id(headers, content)
    return ParsedMail(
        message_id=message_id,
        identity=f"{message_id} {_digest(*_stated(headers), _letters(_all_said(content)))[:16]}",
        content_key=_content_key(sent_at, title, origin.text),
        subject=title,
        sender=origin.sender or headers.first("from"),
        season=_season(headers),
        sent_at=sent_at,
        received_at=received_at,
        text=origin.text,
        html=found.html,
        attachments=tuple(found.attachments),
        addresses=_addresses(headers, origin),
        notes=tuple(dict.fromkeys(found.notes)),
        unreadable=found.unreadable,
        is_forwarded=origin.is_forwarded,
        is_reply=origin.is_reply,
        is_calendar=bool(content.calendars) and not origin.text.strip() and not found.unreadable,
        is_bounce=_is_bounce(headers),
        is_auto_reply=_is_auto_reply(headers),
    )


@dataclass(slots=True)
class _Found:
    """The original of a mail, and its HTML cut to it."""

    origin: Origin
    html: str
    attachments: list[str]
    notes: list[str]
    unreadable: str = ""


def _find(content: Content, received_at: datetime | None) -> _Found:
    """A message attached whole is the original, unless the mail has a longer text of its own."""
    said = said_in(content)
    if content.mails and len(said.text.strip()) < _SHORT:
        return _attached(content, received_at)
    origin = find_origin(said.text, content.headers.first("subject"), received_at)
    html = html_without_quotes(said.html) if origin.is_reply else forwarded_html(said.html)
    mails = [mail.headers.first("subject") or "mail" for mail in content.mails]
    attachments = content.attachments + [f"{subject}.eml" for subject in mails]
    return _Found(origin, html, attachments, content.notes, _unreadable(content, origin.text, said.html))


def _attached(content: Content, received_at: datetime | None) -> _Found:
    inner, *others = content.mails
    found = _find(inner, received_at)
    found.origin = replace(
        found.origin,
        subject=found.origin.subject or plain_subject(inner.headers.first("subject")),
        sender=found.origin.sender or inner.headers.first("from"),
        sent_at=found.origin.sent_at or _header_time(inner.headers.first("date")),
        is_forwarded=True,
    )
    found.attachments += content.attachments + [f"{mail.headers.first('subject') or 'mail'}.eml" for mail in others]
    found.notes += content.notes + ([_MORE_MAILS] if others else [])
    return found


def _unreadable(content: Content, text: str, html: str) -> str:
    """Why a mail without words can't be read, "" where it has words or nothing at all."""
    if not says_nothing(text):
        return ""
    if content.sealed or re.search(r"\w", text):
        return content.sealed
    pictures = [name for name in content.attachments if _PICTURE.fullmatch(name)]
    if len(pictures) < len(content.attachments):
        return IN_A_FILE
    return "all it says is in a picture" if pictures or "<img" in html.lower() else ""


def _all_said(content: Content) -> str:
    """Return all texts of a mail, as they came."""
    bodies = (body.plain or body.html for body in (*content.bodies, *content.files))
    return "\n".join([*bodies, *content.calendars, *map(_all_said, content.mails)])


def _message_id(headers: Headers, content: Content) -> str:
    """The Message-ID as it stands, else a hash of date, sender, subject and body (spec: mailbox)."""
    stated = headers.first("message-id").strip("<> ")[:500]
    if stated:
        return stated
    return "sha256:" + _digest(*_stated(headers), _letters(_all_said(content)))


def _stated(headers: Headers) -> list[str]:
    return [headers.first(name) for name in ("date", "from", "subject")]


def _content_key(sent_at: datetime | None, subject: str, text: str) -> str:
    """Over minute, original subject and words; addresses of links differ from copy to copy."""
    when = sent_at.astimezone(UTC).strftime("%Y%m%d%H%M") if sent_at else ""
    return _digest(when, _letters(subject), _letters(re.sub(r"https?://\S+", "", text)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _season(headers: Headers) -> int | None:
    """Return the season by a plus alias of the recipients, never by the body (spec: system, Seasons)."""
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
