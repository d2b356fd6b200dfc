"""What Telegram takes as a message (Bot API: sendMessage, MessageEntity), to check texts against."""

from itertools import combinations

from notifications.rendering.messages import Entity, RichText
from notifications.rendering.richtext import is_blank

EVERYWHERE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote", "expandable_blockquote"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def covered(rich: RichText, entity: Entity) -> str:
    """The text of an entity. Fails where a border lies inside of a surrogate pair."""
    raw = rich.text.encode("utf-16-le")
    return raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def spans(rich: RichText) -> list[tuple[str, str]]:
    return [(entity.type, covered(rich, entity)) for entity in rich.entities]


def assert_valid(rich: RichText) -> None:
    """Entities in order, on characters, not empty, nested as Telegram allows."""
    rich.text.encode("utf-8")
    assert rich.text == rich.text.strip()
    assert list(rich.entities) == sorted(rich.entities, key=lambda entity: (entity.offset, -entity.length))
    for entity in rich.entities:
        assert 0 <= entity.offset < entity.offset + entity.length <= units(rich.text)
        assert covered(rich, entity).strip()
        assert (entity.url is not None) == (entity.type == "text_link")
    for outer, inner in combinations(rich.entities, 2):
        if inner.offset < outer.offset + outer.length:
            assert inner.offset + inner.length <= outer.offset + outer.length
            assert may_nest(outer.type, inner.type)


def may_nest(outer: str, inner: str) -> bool:
    if outer in QUOTES or inner in QUOTES:
        return inner not in QUOTES
    return outer != inner and {outer, inner} & EVERYWHERE != set() and not {outer, inner} & {"pre", "code"}


def assert_message(part: RichText, limit: int = 4096, max_entities: int = 100) -> None:
    assert_valid(part)
    assert not is_blank(part.text)
    assert units(part.text) <= limit
    assert len(part.entities) <= max_entities
