"""HTML from anywhere → the few tags that are kept, text with entities, plain text; and messages that fit.

Pure: no database, no network, no settings. HTML is never trusted, also where it was cleaned before.
"""

import nh3

from notifications.rendering.messages import RichText
from notifications.rendering.richtext.markup import SCHEMES
from notifications.rendering.richtext.reading import read
from notifications.rendering.richtext.splitting import is_blank, split
from notifications.rendering.richtext.writing import write_html, write_rich_text

__all__ = ["clean_html", "is_blank", "plain_text", "split", "to_rich_text"]

_TAGS = {"a", "b", "blockquote", "br", "code", "i", "li", "ol", "p", "pre", "s", "tg-spoiler", "u", "ul"}
_ATTRIBUTES = {"a": {"href"}, "blockquote": {"expandable"}, "li": {"value"}, "ol": {"type"}}


def clean_html(html: str) -> str:
    """Harmless HTML of the tags p br pre blockquote ul ol li a b i u s code tg-spoiler, from any HTML.

    Tables become aligned text or lines, headings bold, white space single; links are absolute, with the schemes
    http, https, mailto or tg. Cleaning twice changes nothing.
    """
    return nh3.clean(
        write_html(read(html)), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None
    )


def to_rich_text(html: str) -> RichText:
    """Return what a Telegram message shows for any HTML, at any length: `split` makes messages of it.

    No white space at the ends, no empty entities; offsets are UTF-16 units.
    """
    return write_rich_text(read(html))


def plain_text(html: str) -> str:
    """The words of `html`, its lists and tables as text, for Web Push and searches."""
    return to_rich_text(html).text
