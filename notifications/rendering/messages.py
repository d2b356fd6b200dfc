"""A notice rendered for a channel: plain values that know no database and no network."""

from dataclasses import dataclass, field

_IN_A_ROW = 5  # buttons; more of them are too narrow on a phone


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted span, offset and length in UTF-16 code units (Bot API, MessageEntity)."""

    type: str  # bold italic underline strikethrough spoiler code pre text_link blockquote expandable_blockquote
    offset: int
    length: int
    url: str | None = None  # text_link only
    language: str | None = None  # pre only


@dataclass(frozen=True, slots=True)
class RichText:
    """Text and its formatting, entities sorted by offset, the longer first."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """An inline keyboard button: it opens a link, or sends `data` of at most 64 bytes to the bot.

    A link stands in a row of its own, those to our pages `beside` each other; so does one that is `wide`.
    """

    text: str
    url: str = ""
    data: str = ""
    beside: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class TelegramPart:
    """One Telegram message: at most 4096 UTF-16 units and 100 entities.

    `reply_to` is the id of a message in the same chat; it is left out where that is gone.
    """

    body: RichText
    buttons: tuple[Button, ...] = ()
    reply_to: int = 0

    @property
    def rows(self) -> list[list[Button]]:
        """Return the buttons as they stand: links one a row, our pages beside each other, then what the bot answers."""
        links = [[button] for button in self.buttons if button.url and not button.beside]
        pages = [button for button in self.buttons if button.beside]
        answers = [button for button in self.buttons if not (button.url or button.wide)]
        rows = [answers[start : start + _IN_A_ROW] for start in range(0, len(answers), _IN_A_ROW)]
        wide = [[button] for button in self.buttons if button.wide]
        return [*links, *([pages] if pages else []), *rows, *wide]


@dataclass(frozen=True, slots=True)
class PushPart:
    """One Web Push message (spec: delivery, Web Push). `ttl` in seconds; `urgency` as in RFC 8030, 5.3."""

    title: str
    body: str
    url: str
    tag: str
    topic: str
    ttl: int
    urgency: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A file as a Telegram message of its own (spec: attachments, Telling).

    `path` is its name in the storage of attachments, `telegram_id` the file_id under which Telegram has it already.
    """

    digest: str
    name: str
    path: str
    telegram_id: str = ""


@dataclass(frozen=True, slots=True)
class WebhookPart:
    """One message to a program: JSON, and an id by which the program knows it again (Standard Webhooks)."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery that a message of a digest tells, and the version of its notice that is shown."""

    delivery: int
    version: int


Part = TelegramPart | PushPart | DocumentPart | WebhookPart


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes: a chat id with a topic of it, if any, or a URL with its keys."""

    address: str
    keys: dict[str, str] = field(default_factory=dict)
    topic: int | None = None
