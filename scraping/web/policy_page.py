"""A policy's Markdown as a page: its headings can be linked to, and nothing in it runs."""

from collections.abc import Sequence
from itertools import pairwise

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def to_html(content: str, headings: Sequence[dict[str, str | int]]) -> SafeString:
    """The content with the ids of its table of contents ([{id, text, level}]) on its headings."""
    tokens = _MARKDOWN.parse(content)
    _mark(tokens, list(headings))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return mark_safe(  # noqa: S308 (cleaned just here)
        nh3.clean(html, attributes={"a": {"href", "title"}} | {name: {"id"} for name in _HEADINGS})
    )


def _mark(tokens: Sequence[Token], headings: list[dict[str, str | int]]) -> None:
    """Headings go a level down, and take the next entry with their text; without one they go without an id."""
    for token, inside in pairwise(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS[min(int(token.tag[1]), 5)]  # the page has a title of its own
        if token.type != "heading_open":
            continue
        texts = [str(heading["text"]) for heading in headings]
        if inside.content in texts:
            place = texts.index(inside.content)
            token.attrSet("id", str(headings[place]["id"]))
            del headings[: place + 1]
