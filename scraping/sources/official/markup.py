"""HTML of strangers as a tree: every reading is one walk over it, however deep, long or broken it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

_WESTERN = re.compile(rb"""charset\s*=\s*["']?(?:iso-8859-1|windows-1252)""", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_INLINE = frozenset({"a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"})
_UNSEEN = frozenset({"script", "style", "template", "noscript"})


def decode(body: bytes) -> str:
    """The page's text: UTF-8 unless it declares a Western encoding. Bytes that fit neither become U+FFFD."""
    encoding = "cp1252" if _WESTERN.search(body[:2048]) else "utf-8-sig"
    return body.decode(encoding, errors="replace")


def tree(text: str) -> Element:
    """The page as a tree, empty where there is nothing to read. Nesting beyond 2,048 levels is cut off."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    return etree.Element("html") if root is None else root


def clean(text: str, limit: int = 200) -> str:
    """Text on one line of `limit` characters at most, without what databases refuse (NUL, surrogates)."""
    return " ".join(_UNSTORABLE.sub("", text).split())[:limit].rstrip()


@dataclass(frozen=True, slots=True)
class Selector:
    """Elements with one of these tags or one of these classes; `|` joins two selectors."""

    tags: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def __or__(self, other: "Selector") -> "Selector":
        return Selector(self.tags | other.tags, self.classes | other.classes)

    def matches(self, element: Element) -> bool:
        """Whether the element is one of them."""
        if element.tag in self.tags:
            return True
        classes = element.get("class")
        return classes is not None and not self.classes.isdisjoint(classes.split())


def by_class(*names: str) -> Selector:
    """Elements with one of these classes."""
    return Selector(classes=frozenset(names))


def by_tag(*names: str) -> Selector:
    """Elements with one of these tags."""
    return Selector(tags=frozenset(names))


def outermost(root: Element, wanted: Selector) -> Iterator[Element]:
    """Wanted elements below `root`, in the page's order; what lies inside of one is not looked at."""
    walk = etree.iterwalk(root, events=("start",), tag="*")
    for _, element in walk:
        if element is not root and wanted.matches(element):
            walk.skip_subtree()
            yield element


def text_of(element: Element, limit: int = 200) -> str:
    """Return what a reader sees of an element, cleaned: blocks and line breaks part words, inline elements don't."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event in {"start", "end"} and node.tag not in _INLINE:
            pieces.append(" ")
        if event == "start":
            pieces.append("" if node.tag in _UNSEEN else node.text or "")
        elif node is not element:
            pieces.append(node.tail or "")
    return clean("".join(pieces), limit)
