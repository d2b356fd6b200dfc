"""The markup before the redesign, kept for saved pages: a tab a batch, pointers and a table in each."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from scraping.sources.official.amounts import split_pointer
from scraping.sources.official.markup import by_class, by_tag, outermost, text_of
from scraping.sources.official.page import Batch, PackageRow

_SHOWN = re.compile(r"display\s*:\s*block", re.IGNORECASE)


def batches(root: Element) -> tuple[Batch, ...]:
    """The batches of the tabs; the tab that is shown is active."""
    names = [text_of(name) for tabs in outermost(root, by_class("tab-ul")) for name in outermost(tabs, by_tag("li"))]
    contents = [
        content
        for box in outermost(root, by_class("tab-containerr", "tab-container"))
        for content in outermost(box, by_class("content"))
    ]
    shown = next((content for content in contents if _SHOWN.search(content.get("style", ""))), None)
    return tuple(
        Batch(
            name=name,
            cards=tuple(split_pointer(text_of(pointer)) for pointer in outermost(content, by_tag("li"))),
            package_distribution=tuple(_rows(content)),
            is_active=content is shown,
        )
        for name, content in zip(names, contents, strict=False)
        if name
    )


def heading(root: Element) -> str:
    """The page's heading, "" where there is none."""
    return next((text_of(block) for block in outermost(root, by_class("annouc-heading"))), "")


def intro(root: Element) -> str:
    """The introduction; "" without the earlier markup's heading, for a class named "text" proves nothing."""
    blocks = outermost(root, by_class("text")) if heading(root) else iter(())
    return next((text_of(block, limit=5000) for block in blocks), "")


def _rows(content: Element) -> Iterator[PackageRow]:
    """The table's rows below its heads: a head has no `td`, or fewer than three cells."""
    for row in outermost(content, by_tag("tr")):
        cells = list(outermost(row, by_tag("td", "th")))
        if len(cells) >= 3 and any(cell.tag == "td" for cell in cells):
            yield PackageRow(*(text_of(cell) for cell in cells[:3]))
