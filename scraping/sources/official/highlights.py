"""Today's markup: a heading names a batch, the cards after it are its figures (spec: official-page).

Neither the classes of the sections nor their nesting matter: they are misspelt today and have moved before.
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from scraping.sources.official.markup import by_class, by_tag, outermost, text_of
from scraping.sources.official.page import Batch, Card

_HEADING = by_class("mainheading__large")
_LARGE = _HEADING | by_tag("h1", "h2")
_TITLE = _LARGE | by_tag("h3", "h4", "h5", "h6")
_HOLDS_CARDS = by_class("highlights", "student-placement-pg", "palcement-sec", "placement-sec")
_ITEM = by_class("item")
_NAMES_BATCH = re.compile(
    r"\bbatch\b|\bgraduating\b|\bclass of\b|placement highlights|\bplacements?\b.*\b20\d\d", re.IGNORECASE
)


def batches(root: Element) -> tuple[Batch, ...]:
    """The batches in the page's order, also those without a figure; a card shown twice counts once."""
    found: dict[str, dict[Card, None]] = {}
    name = ""
    for block in _blocks(root):
        if not _ITEM.matches(block):
            name = _batch_name(block, name)
        elif name and (card := _card(block)):
            found[name][card] = None
        if name:
            found.setdefault(name, {})
    return tuple(Batch(name, tuple(cards)) for name, cards in found.items())


def intro(root: Element) -> Iterator[str]:
    """The introduction's paragraphs."""
    for block in outermost(root, by_class("desc-sec")):
        yield from (text_of(paragraph, limit=5000) for paragraph in outermost(block, by_tag("p")))


def headings(root: Element) -> Iterator[str]:
    """The page's large headings."""
    return (text_of(heading) for heading in outermost(root, _HEADING))


def _blocks(root: Element) -> Iterator[Element]:
    """Headings, and the items of the blocks that hold cards, in the page's order."""
    for block in outermost(root, _HOLDS_CARDS | _TITLE):
        if _HOLDS_CARDS.matches(block):
            yield from outermost(block, _ITEM | _TITLE)
        else:
            yield block


def _batch_name(heading: Element, current: str) -> str:
    """The batch whose cards follow: a large heading of anything else ends it, a small one does not."""
    text = text_of(heading)
    if _NAMES_BATCH.search(text):
        return text
    return "" if _LARGE.matches(heading) else current


def _card(item: Element) -> Card | None:
    title, description = (
        next((text_of(part) for part in outermost(item, by_class(name))), "") for name in ("title", "desc")
    )
    return Card(title, description) if title and description else None
