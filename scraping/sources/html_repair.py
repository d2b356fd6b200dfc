"""HTML as its sender meant it: known where it came as plain text, unescaped where it was escaped twice, without what
no reader sees. Pure; never raises.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape

from lxml import etree, html
from lxml.html import HtmlElement

_BLOCK = r"(?:html|body|table|tbody|tr|t[dh]|div|p|ul|ol|li|h[1-6]|blockquote|center)"
_INLINE = r"(?:span|b|strong|i|em|u|a|font)"
_STARTS_AS_HTML = re.compile(
    rf"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|{_BLOCK}|meta|style)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rf"</?(?:{_BLOCK}|{_INLINE}|br|hr)\b[^<>]{{0,2000}}>", re.IGNORECASE)
_CLOSING = re.compile(rf"</{_BLOCK}\s*>|<br\b[^<>]{{0,200}}>", re.IGNORECASE)
_LESS, _MORE = r"&(?:amp;)*(?:lt|#0*60|#x0*3c);", r"&(?:amp;)*(?:gt|#0*62|#x0*3e);"
_ESCAPED_BREAK = re.compile(rf"{_LESS}br\s*/?\s*{_MORE}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML 1.0, 2.2
_ESCAPED_OPEN = re.compile(
    rf"{_LESS}(?P<tag>{_BLOCK}|{_INLINE})(?:\s(?:(?!{_LESS}|{_MORE}).){{0,2000}})?{_MORE}", re.IGNORECASE | re.DOTALL
)
_ESCAPED_CLOSE = re.compile(rf"{_LESS}/(?P<tag>{_BLOCK}|{_INLINE})\s*{_MORE}", re.IGNORECASE)
_IS_BLOCK = re.compile(_BLOCK, re.IGNORECASE)
_MOST_TIMES = 4
_DATA_ADDRESS = re.compile(r"""(?P<before>\b(?:src|href|background)\s*=\s*["']?)data:[^"'\s>]*""", re.IGNORECASE)
_MAY_HIDE = re.compile(
    r"display|visibility|font-size|opacity|max-height|text-indent|\bhidden\b|transparent|mso-hide|-\d{3,}px",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"[a-z0-9]*[.#][\w-]+", re.IGNORECASE)
_NUMBER = re.compile(r"([+-]?[\d.]+)\s*([a-z%]*)", re.IGNORECASE)
_UNSEEN_BELOW = {"": 0.001, "px": 2.0, "pt": 1.5, "em": 0.1, "rem": 0.1, "%": 10.0}
_OFF_THE_PAGE = -300.0  # px

Styles = dict[str, str]


def is_html(text: str) -> bool:
    """Whether plain text is the source of a page."""
    text = text[:200_000]
    if _is_escaped(text):
        return True
    ends = _CLOSING.findall(text)
    if _STARTS_AS_HTML.match(text[:20_000]):
        return bool(ends)
    return len(ends) > 2 and 20 * sum(map(len, _TAG.findall(text))) > len(text)


def repaired(source: str) -> str:
    """HTML without double escaping, hidden text and embedded pictures; as it is where it holds none of these."""
    for _ in range(_MOST_TIMES):
        if not _is_escaped(source):
            break
        source = unescape(source)
    source = _DATA_ADDRESS.sub(r"\g<before>data:,", source)
    return _without_hidden(source) if _MAY_HIDE.search(source) else source


def _is_escaped(source: str) -> bool:
    """Whether tags stand in the text of a page with words between them: `&lt;p&gt;Venue&lt;/p&gt;`."""
    if len(_ESCAPED_BREAK.findall(source)) > 1:
        return True
    opened = {match["tag"].lower() for match in _ESCAPED_OPEN.finditer(source)}
    closed = [match["tag"].lower() for match in _ESCAPED_CLOSE.finditer(source) if match["tag"].lower() in opened]
    return len(closed) > 1 or any(map(_IS_BLOCK.fullmatch, closed))


def _without_hidden(source: str) -> str:
    """Drop what is not displayed or has no size, as the style of an element or of its class says."""
    try:
        tree = html.document_fromstring(source, parser=html.HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError):
        return source
    _drop_control_characters(tree)
    if not _drop_hidden(tree, dict(_style_rules(tree))):
        return source
    body = tree.body
    return escape(body.text or "") + "".join(html.tostring(child, encoding="unicode") for child in body)


def _style_rules(tree: HtmlElement) -> Iterator[tuple[str, Styles]]:
    """Return what style sheets within the page say of single classes and ids, whatever the medium."""
    for sheet in tree.iter("style"):
        for selectors, declarations in _flat_rules(sheet.text or ""):
            for selector in selectors.split(","):
                if _SIMPLE.fullmatch(selector.strip()):
                    yield selector.strip().lower(), _declarations(declarations)


def _flat_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of a style sheet; what is within @media and the like is passed over."""
    first, *commented = sheet.split("/*")
    depth, before, selectors = 0, "", ""
    for piece in re.split(r"([{}])", first + "".join(part.partition("*/")[2] for part in commented)):
        if piece == "{":
            depth += 1
            selectors = before.rpartition(";")[2].strip() if depth == 1 else selectors
        elif piece == "}":
            if depth == 1 and not selectors.startswith("@"):
                yield selectors, before
            depth = max(depth - 1, 0)
        else:
            before = piece


def _drop_control_characters(tree: HtmlElement) -> None:
    """HTML may hold them (`&#1;`), and lxml reads them, but does not let a text with one be moved."""
    for element in tree.iter():  # comments too: their tail is text
        if element.text and _CONTROL.search(element.text):
            element.text = _CONTROL.sub("", element.text)
        if element.tail and _CONTROL.search(element.tail):
            element.tail = _CONTROL.sub("", element.tail)


def _drop_hidden(tree: HtmlElement, rules: Mapping[str, Styles]) -> bool:
    """Whether anything was dropped. Text of no size or no visibility comes back within an element that has them."""
    dropped = False
    unseen: dict[HtmlElement, bool] = {}
    for element in list(tree.iter(etree.Element)):
        parent = element.getparent()
        if parent is not None and parent not in unseen:
            continue  # within what was dropped
        styles = _styles(element, rules)
        if _is_dropped(element, styles) and parent is not None:
            element.tail = None if unseen[parent] else element.tail
            element.drop_tree()
            dropped = True
            continue
        above = parent is not None and unseen[parent]
        unseen[element] = _is_unseen(styles, inherited=above)
        dropped |= _drop_text(element, unseen=unseen[element], tail_unseen=above)
    return dropped


def _drop_text(element: HtmlElement, *, unseen: bool, tail_unseen: bool) -> bool:
    before = element.text, element.tail
    if unseen and element.text:
        element.text = None
    if tail_unseen and element.tail:
        element.tail = None
    return (element.text, element.tail) != before


def _styles(element: HtmlElement, rules: Mapping[str, Styles]) -> Styles:
    names = [f".{name}" for name in (element.get("class") or "").lower().split()]
    names += [f"#{(element.get('id') or '').lower()}"]
    styles: Styles = {}
    for name in names if rules else ():
        styles |= rules.get(name, {}) | rules.get(f"{element.tag}{name}", {})
    return styles | _declarations(element.get("style") or "")


def _declarations(text: str) -> Styles:
    pairs = (each.partition(":") for each in text.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def _is_dropped(element: HtmlElement, styles: Styles) -> bool:
    """Whether neither the element nor anything in it is displayed."""
    if element.tag in {"html", "body"}:
        return False
    clipped = "hidden" in styles.get("overflow", "")
    flat = any(_size(styles.get(name, "")) == 0 for name in ("max-height", "max-width", "height", "width"))
    return (
        element.get("hidden") is not None
        or styles.get("display") == "none"
        or (clipped and flat)
        or _size(styles.get("opacity", "")) == 0
        or any(_is_off_the_page(styles.get(name, "")) for name in ("text-indent", "left", "top", "margin-left"))
    )


def _is_unseen(styles: Styles, *, inherited: bool) -> bool:
    """Whether the text right in an element has no size or visibility."""
    if "visibility" in styles:
        inherited = styles["visibility"] in {"hidden", "collapse"}
    if "font-size" in styles:
        size, unit = _measure(styles["font-size"])
        inherited = inherited if size is None else size < _UNSEEN_BELOW.get(unit, 0.001)
    return inherited or styles.get("color") == "transparent"


def _is_off_the_page(value: str) -> bool:
    size, unit = _measure(value)
    return size is not None and unit == "px" and size <= _OFF_THE_PAGE


def _size(value: str) -> float | None:
    return _measure(value)[0]


def _measure(value: str) -> tuple[float | None, str]:
    match = _NUMBER.fullmatch(value.strip())
    try:
        return (float(match[1]), match[2]) if match else (None, "")
    except ValueError:
        return None, ""
