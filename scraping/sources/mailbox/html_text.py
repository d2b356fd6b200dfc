"""HTML of a mail: as readable text with its tables a row a line, and cut to what was forwarded. Pure; never raises."""

import re
from collections.abc import Iterable

from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from scraping.reading.layout.markup import read_markup

_MARK = re.compile(
    r"^[\s>*]*(?:begin\s+forwarded\s+message\b|[-_=–—]+\s*(?:forwarded|original)\s+(?:message|mail)\b)",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"^\s*from\s*:", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:p|h[1-6]|ul|ol|table|blockquote)\s*>|<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_GAP = "\ue000"  # a sign for private use, which no text holds; stands where a blank line goes
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
    marks = [e for e in tree.iter() if isinstance(e.tag, str) and (_is_mark(e.text) or _opens_header_block(e))]
    return marks[-1] if marks else None


def _is_mark(text: str | None) -> bool:
    return text is not None and len(text) < 200 and _MARK.match(text) is not None


def _opens_header_block(element: HtmlElement) -> bool:
    """Outlook and Apple set no mark, only "From:" in bold with "Sent:" and "Subject:" near."""
    if not (element.text and len(element.text) < 200 and _HEADER_LINE.match(element.text)):
        return False
    around = element
    for _ in range(3):
        around = around.getparent() if around.getparent() is not None else around
        shown = around.text_content()[:2000].lower()
        if "subject:" in shown and ("sent:" in shown or "date:" in shown):
            return True
    return False


def _drop_before(mark: HtmlElement) -> None:
    """Remove all that stands before an element in document order; its ancestors stay."""
    node = mark
    while (parent := node.getparent()) is not None:
        parent.text = None
        for sibling in list(node.itersiblings(preceding=True)):
            parent.remove(sibling)
        node = parent
