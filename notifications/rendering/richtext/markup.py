"""What tags and attributes mean for the text in them."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tg"})
_MAX_SPAN = 50

# fmt: off
_STYLES = {
    "b": "b", "strong": "b", "dt": "b", "th": "b", "caption": "b", "summary": "b",
    "i": "i", "em": "i", "cite": "i", "var": "i", "dfn": "i",
    "u": "u", "ins": "u",
    "s": "s", "strike": "s", "del": "s",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code",
    "tg-spoiler": "tg-spoiler",
}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = HEADINGS | {"p", "blockquote", "dl", "hr", "ol", "pre", "table", "ul"}
_BLOCKS = _PARAGRAPHS | {
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "legend", "li", "main", "nav", "section", "summary",
    "td", "th", "tr",
}
HIDDEN = frozenset({
    "audio", "canvas", "iframe", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "video", "xmp",
})
# fmt: on
DIGITS = {  # only a number alone is raised or lowered: "x²", but "2nd"
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_WEIGHT = re.compile(r"font-weight:(\w+)")
_HEAVY = re.compile(r"bold|bolder|[6-9]00")
_LIGHT = re.compile(r"normal|lighter|[1-5]00")

Attributes = Mapping[str, str]


def style_in(style: frozenset[str], tag: str, css: str) -> frozenset[str]:
    """The style of text in `tag`. The style sheet wins over the tag, as in a browser (Google Docs relies on it)."""
    if tag in _STYLES:
        style |= {_STYLES[tag]}
    if "font-style:italic" in css:
        style |= {"i"}
    if "line-through" in css:
        style |= {"s"}
    weight = _WEIGHT.search(css)
    if weight and _HEAVY.fullmatch(weight[1]):
        style |= {"b"}
    if weight and _LIGHT.fullmatch(weight[1]):
        style -= {"b"}
    return style


def breaks_at(tag: str, attributes: Attributes) -> int:
    """Return what begins and ends at `tag`: 1 for a line, 2 for a paragraph, 0 for neither."""
    if tag not in _BLOCKS:
        return 0
    # Word and Outlook write every line as a paragraph without margins.
    is_line = tag not in _PARAGRAPHS or attributes.get("class", "").startswith("Mso")
    return 1 if is_line else 2


def checked_url(href: str) -> str:
    """An absolute URL of a harmless scheme that can be opened, or nothing."""
    url = re.sub(r"[\t\r\n]", "", href.strip()).replace(" ", "%20")
    if url.lower().startswith("www."):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    opens = bool(parts.hostname) if parts.scheme in {"http", "https"} else bool(parts.netloc or parts.path)
    return url if parts.scheme in SCHEMES and opens else ""


def list_type(attributes: Attributes) -> str:
    """How a list counts: a A i I, or nothing for decimals."""
    kind = attributes.get("type", "")
    return kind if kind in {"a", "A", "i", "I"} else ""


def list_number(text: str | None, default: int) -> int:
    """A list's number, 1 to 9999."""
    return int(text) if text and re.fullmatch(r"[1-9][0-9]{0,3}", text.strip()) else default


def span(text: str | None) -> int:
    """How many rows or columns a cell takes."""
    return min(list_number(text, 1), _MAX_SPAN)
