"""What the Bot API takes in a message, and the errors it answers with where it does not. Pure.

The rules and the wording are those of Telegram's own server (tdlib/telegram-bot-api, and MessageEntity.cpp of
tdlib/td), because a client tells errors apart by their text. Offsets and lengths count UTF-16 units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

Json = dict[str, object]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
CALLBACK_DATA_LIMIT = 64  # bytes

_FORMATS = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link"}
    | {"blockquote", "expandable_blockquote"}
)
_FOUND_BY_THE_SERVER = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "text_mention", "custom_emoji"}
)
_OTHER_BUTTONS = ("copy_text", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat")
_SPACE = " \t\r\n"


class BotApiError(Exception):
    """A refusal, as the Bot API words it: `code` is the HTTP status too, `parameters` go into the answer."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    def json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": str(self)}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(text: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {text}")


@dataclass(frozen=True, slots=True)
class Span:
    """A formatted span of a text (MessageEntity)."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def json(self) -> Json:
        answer: Json = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url:
            answer["url"] = self.url
        if self.language:
            answer["language"] = self.language
        return answer


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def accept_text(text: str, spans: list[Span], limit: int = TEXT_LIMIT) -> tuple[str, list[Json]]:
    """The text and its entities as Telegram keeps them: trimmed, in order, at most 100, none crossing another.

    An empty text is left to the caller. Raises BotApiError where the text is too long or a span is out of it.
    """
    if spans:
        _check_bounds(text, spans)
    text, spans = _trim(text, spans)
    if units(text) > limit:
        raise bad_request("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return text, [span.json() for span in _untangle(spans)] if spans else []


def _check_bounds(text: str, spans: Iterable[Span]) -> None:
    encoded = text.encode("utf-16-le")
    size = len(encoded) // 2
    for span in spans:
        if span.offset >= size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {span.offset}")
        if span.end > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {span.offset} ends after the end of the text "
                f"at UTF-16 offset {span.end}"
            )
        if _cuts_a_pair(encoded, span.offset):
            raise bad_request(
                f"entity begins in a middle of a UTF-16 symbol at byte offset {_byte_offset(encoded, span.offset)}"
            )
        if _cuts_a_pair(encoded, span.end):
            raise bad_request(
                f"entity beginning at UTF-16 offset {span.offset} ends in a middle of a UTF-16 symbol "
                f"at byte offset {_byte_offset(encoded, span.end)}"
            )


def _cuts_a_pair(encoded: bytes, offset: int) -> bool:
    """Whether the unit at `offset` is the second half of a surrogate pair (U+DC00 to U+DFFF)."""
    return 2 * offset < len(encoded) and encoded[2 * offset + 1] & 0xFC == 0xDC


def _byte_offset(encoded: bytes, offset: int) -> int:
    """Return where the symbol that `offset` cuts ends in UTF-8, which is where Telegram says it is."""
    return len(encoded[: 2 * (offset + 1)].decode("utf-16-le").encode())


def _trim(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    kept = text.strip(_SPACE)
    if kept == text or not spans:
        return kept, spans
    before = len(text) - len(text.lstrip(_SPACE))
    size = units(kept)
    moved = []
    for span in spans:
        start = max(0, span.offset - before)
        end = min(size, span.end - before)
        if end > start:
            moved.append(Span(span.type, start, end - start, span.url, span.language))
    return kept, moved


def _untangle(spans: list[Span]) -> list[Span]:
    """Sorted, the longer first; what crosses an earlier span or stands inside code is dropped."""
    kept: list[Span] = []
    around: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.offset, -s.length, s.type not in ("code", "pre"))):
        while around and around[-1].end <= span.offset:
            around.pop()
        if around and (span.end > around[-1].end or around[-1].type in ("code", "pre")):
            continue
        kept.append(span)
        around.append(span)
    return kept[:ENTITY_LIMIT]


def read_entities(value: object) -> list[Span]:
    """The spans of a parsed `entities` parameter. Raises BotApiError on a shape that is none."""
    if not value:
        return []
    if not isinstance(value, list):
        raise bad_request("can't parse entities: Array expected")
    return [span for item in value if (span := _read_entity(item))]


def _read_entity(item: object) -> Span | None:
    if not isinstance(item, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if kind in _FOUND_BY_THE_SERVER:
        return None
    if kind not in _FORMATS:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if not isinstance(offset, int) or offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if not isinstance(length, int) or length < 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    url = _entity_url(item.get("url")) if kind == "text_link" else ""
    language = str(item.get("language") or "") if kind == "pre" else ""
    return Span(kind, offset, length, url, language) if length else None


def _entity_url(url: object) -> str:
    try:
        return check_link(str(url or ""))
    except ValueError as error:
        raise bad_request(f"entity URL '{url}' is invalid: {error}") from None


@lru_cache(maxsize=4096)  # one notice sends the same links to everybody
def check_link(link: str) -> str:
    """A link as Telegram keeps it, `http://` put before a bare host. Raises ValueError with Telegram's reason."""
    link = link.strip()
    if link.lower().startswith("tg:"):
        return link
    scheme, separator, _ = link.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        raise ValueError("Unsupported URL protocol")
    url = link if separator else f"http://{link}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        raise ValueError("Wrong HTTP URL") from None
    if not host:
        raise ValueError("URL host is empty")
    if ("." not in host and ":" not in host) or any(character.isspace() for character in host):
        raise ValueError("Wrong HTTP URL")
    return url


def accept_keyboard(markup: object) -> Json | None:
    """An inline keyboard as it is kept; None without one, and for the keyboards that belong to no message.

    Raises BotApiError for a button that does nothing, an unusable URL, or callback data over 64 bytes.
    """
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array of Arrays')
    kept = [[_accept_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _accept_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text, url, data = button.get("text"), button.get("url"), button.get("callback_data")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    if url:
        return {"text": text, "url": _button_url(str(url))}
    if isinstance(data, str) and data:
        if len(data.encode()) > CALLBACK_DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text, "callback_data": data}
    for kind in _OTHER_BUTTONS:
        if kind in button:
            return {"text": text, kind: button[kind]}
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _button_url(url: str) -> str:
    try:
        return check_link(url)
    except ValueError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from None
