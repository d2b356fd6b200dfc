"""HTML of a mail: as readable text with its tables a row a line, and cut to what was forwarded. Pure; never raises."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from scraping.reading.layout.header_blocks import bare, header_name, is_mark, is_ruled
from scraping.reading.layout.markup import read_markup

_PARAGRAPH_END = re.compile(r"</(?:p|h[1-6]|ul|ol|table|blockquote)\s*>|<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_GAP = "\ue000"  # a sign for private use, which no text holds; stands where a blank line goes
_LONGEST_MARK = 200  # characters
_NEAR = 40  # texts below a mark that may be its headers
_OUTLOOK_BLOCK = "divRplyFwdMsg"
_QUOTED = f"//*[contains(@class, 'gmail_quote')] | //blockquote[@type='cite'] | //*[@id='{_OUTLOOK_BLOCK}']"


def html_to_text(html: str) -> str:
    """The text of an HTML body: paragraphs parted by a blank line, a table's row one line, its cells parted by tabs.

    Not inscriptis: it pads the cells of a column, and one mail of 210 kB took 1.2 GB.
    """
    marked = _PARAGRAPH_END.sub(rf"\g<0>{_GAP}", html)
    lines = [line.replace(_GAP, "").strip(" ") for line in read_markup(marked).lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def forwarded_html(html: str) -> str:
    """The part of an HTML body after the last mark of forwarding; all of it where there is none."""
    tree = _tree(html)
    mark = None if tree is None else _last_mark(tree)
    if tree is None or mark is None:
        return html
    _drop_before(mark)
    return _source(tree)


def html_without_quotes(html: str) -> str:
    """An HTML reply without the older mail it quotes."""
    tree = _tree(html)
    quoted = [] if tree is None else tree.xpath(_QUOTED)
    for element in quoted:
        if element.get("id") == _OUTLOOK_BLOCK:  # what it quotes stands beside it
            _drop_all(element.itersiblings())
        _drop_all([element])
    return _source(tree) if tree is not None and quoted else html


def _drop_all(elements: Iterable[HtmlElement]) -> None:
    for element in list(elements):
        if element.getparent() is not None and isinstance(element.tag, str):
            element.drop_tree()


def _tree(html: str) -> HtmlElement | None:
    if not html.strip():
        return None
    try:
        return lxml_html.document_fromstring(html)
    except (LxmlError, ValueError):
        return None


def _source(tree: HtmlElement) -> str:
    return str(lxml_html.tostring(tree, encoding="unicode"))


def _last_mark(tree: HtmlElement) -> HtmlElement | None:
    """The element that says that something was forwarded, or holds the first header where none says so."""
    texts = tree.xpath("//body//text()")
    for number in range(len(texts) - 1, -1, -1):
        if len(texts[number]) < _LONGEST_MARK and _is_mark(bare(texts[number].strip()), texts[number + 1 :][:_NEAR]):
            return _element_of(texts[number])
    return None


def _is_mark(line: str, below: Sequence[str]) -> bool:
    if is_mark(line.removesuffix(":")):
        return True
    if not is_ruled(line) and header_name(line) != "from":
        return False
    return {"subject", "date"} <= {header_name(bare(text.strip())) for text in below}


def _element_of(text: Any) -> HtmlElement:
    """The element that begins with this text of the tree; what stands before a text between elements is emptied."""
    element: HtmlElement = text.getparent()
    if text.is_tail:
        _drop_all(element)
        element.text = None
    return element


def _drop_before(mark: HtmlElement) -> None:
    """Remove all that stands before an element in document order; its ancestors stay."""
    node = mark
    while (parent := node.getparent()) is not None:
        parent.text = None
        for sibling in list(node.itersiblings(preceding=True)):
            parent.remove(sibling)
        node = parent
