"""HTML, Markdown and MarkdownV2 as the Bot API reads them (parse_mode): strictly, and with its errors. Pure."""

import html
import re
from collections.abc import Callable

from supersetbot.sandbox.telegram.bot_rules import BotApiError, Span, bad_request, check_link, units

_TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_HTML = re.compile(
    r"(?P<text>[^<&]+)"
    r"|&(?P<character>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|lt|gt|amp|quot);?|(?P<lone>&)"
    r"|<(?P<slash>/?)(?P<name>[^\s>]*)(?P<attributes>[^>]*)(?P<closed>>?)"
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|[\w.-]+))?")

_V2 = re.compile(r"\\(?P<escaped>[\x01-\x7e])|(?P<mark>```|\|\||__|[_*~`\[\]()>#+\-=|{}.!\n])|(?P<text>.)", re.DOTALL)
_V2_ADDRESS = re.compile(r"\(((?:\\.|[^)\\])*)\)", re.DOTALL)
_V2_TYPES = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
    "[": "text_link",
}
_V2_END = {"[": "]"}


class Marked:
    """The text read so far without its markup, and the spans found in it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.length = 0
        self.spans: list[Span] = []

    def add(self, text: str) -> None:
        self.text += text
        self.length += units(text)

    def since(self, start: int) -> str:
        """The text from the UTF-16 offset `start` on."""
        return self.text.encode("utf-16-le")[2 * start :].decode("utf-16-le")

    def close(self, kind: str, start: int, url: str = "", language: str = "") -> None:
        """Keep a span that ends here; an empty one and a link to nowhere are dropped, as Telegram does."""
        if self.length == start:
            return
        if kind == "text_link":
            try:
                url = check_link(url)
            except ValueError:
                return
        self.spans.append(Span(kind, start, self.length - start, url, language))

    def error(self, text: str, position: int | None = None) -> BotApiError:
        """`position` is an index into the source; Telegram counts bytes."""
        where = "" if position is None else f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {text}{where}")


def parse(source: str, mode: str) -> tuple[str, list[Span]]:
    """Text and spans of a marked-up message. Raises BotApiError on bad markup and on a mode there is none of."""
    parser = _PARSERS.get(mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    marked = parser(source)
    return marked.text, marked.spans


def _parse_html(source: str) -> Marked:
    marked = Marked(source)
    around: list[tuple[str, dict[str, str], int]] = []  # tag, its attributes, where its text begins
    for token in _HTML.finditer(source):
        if token["name"] is None:
            text = token["text"] or token["lone"]
            marked.add(text or html.unescape(f"&{token['character']};"))
        elif token["slash"]:
            _end_tag(marked, token, around)
        else:
            around.append((*_start_tag(marked, token), marked.length))
    if around:
        raise marked.error(f'Can\'t find end tag corresponding to start tag "{around[-1][0]}"')
    return marked


def _start_tag(marked: Marked, token: re.Match[str]) -> tuple[str, dict[str, str]]:
    name = token["name"].lower()
    if not token["closed"]:
        raise marked.error("Unclosed start tag", token.start())
    if name not in _TAGS:
        raise marked.error(f'Unsupported start tag "{name}"', token.start())
    attributes = {
        key.lower(): html.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(token["attributes"])
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise marked.error('Tag "span" must have class "tg-spoiler"', token.start())
    return name, attributes


def _end_tag(marked: Marked, token: re.Match[str], around: list[tuple[str, dict[str, str], int]]) -> None:
    if not around:
        raise marked.error("Unexpected end tag", token.start())
    if not token["closed"]:
        raise marked.error("Unclosed end tag", token.start())
    name, attributes, start = around.pop()
    found = token["name"].lower()
    if found and found != name:
        at = len(marked.source[: token.start()].encode())
        raise marked.error(f'Unmatched end tag at byte offset {at}, expected "</{name}>", found "</{found}>"')
    kind = _TAGS[name]
    if kind == "text_link":
        address = attributes.get("href") or marked.since(start)
        marked.close(kind, start, url=address)
    elif kind == "pre":
        marked.close(kind, start, language=_language_of(marked, start))
    elif kind == "code":
        marked.close(kind, start, language=attributes.get("class", "").removeprefix("language-"))
    else:
        marked.close("expandable_blockquote" if "expandable" in attributes else kind, start)


def _language_of(marked: Marked, start: int) -> str:
    """`<pre><code class="language-x">` is one span: the code inside gives its language and goes."""
    inner = marked.spans[-1] if marked.spans else None
    if inner is None or inner.type != "code" or (inner.offset, inner.end) != (start, marked.length):
        return ""
    marked.spans.pop()
    return inner.language


def _parse_markdown(source: str) -> Marked:
    """The old Markdown: no nesting, and only `_`, `*`, `` ` `` and `[` mean something."""
    marked = Marked(source)
    at = 0
    while at < len(source):
        mark = "```" if source.startswith("```", at) else source[at]
        if mark == "\\" and source[at + 1 : at + 2] in ("_", "*", "`", "["):
            marked.add(source[at + 1])
            at += 2
        elif mark in _V2_TYPES and mark != "~":
            at = _markdown_span(marked, at, mark)
        else:
            marked.add(mark)
            at += 1
    return marked


def _markdown_span(marked: Marked, at: int, mark: str) -> int:
    """Read the span that `mark` opens at `at`; where it ends is returned."""
    source, start = marked.source, marked.length
    closing = source.find(_V2_END.get(mark, mark), at + len(mark))
    if closing < 0:
        raise marked.error("Can't find end of the entity starting", at)
    inside = source[at + len(mark) : closing]
    end = closing + len(mark)
    language = ""
    if mark == "```":
        language, inside = _split_language(inside)
    marked.add(inside)
    url = inside
    if mark == "[" and source.startswith("(", end):
        address_end = source.find(")", end)
        address_end = len(source) if address_end < 0 else address_end
        url, end = source[end + 1 : address_end], address_end + 1
    marked.close(_V2_TYPES[mark], start, url=url, language=language)
    return end


def _split_language(inside: str) -> tuple[str, str]:
    """The language after ```` ``` ````, and the code: the first line names it where it is one word."""
    first, newline, rest = inside.partition("\n")
    return (first, rest) if newline and not re.search(r"\s", first) else ("", inside)


class _MarkdownV2:
    """MarkdownV2: everything reserved must be escaped, marks nest."""

    def __init__(self, source: str) -> None:
        self.marked = Marked(source)
        self.around: list[tuple[str, int, int]] = []  # mark, its place in the source, where its text begins
        self.quote = -1  # where the block quotation being read begins
        self.at = 0

    def read(self) -> Marked:
        while token := _V2.match(self.marked.source, self.at):
            self.at = token.end()
            self._take(token)
        if self.around:
            mark, at, _ = self.around[-1]
            raise self.marked.error(f"Can't find end of {_name(mark)} entity", at)
        self._end_quote()
        return self.marked

    def _take(self, token: re.Match[str]) -> None:
        mark = token["mark"]
        inside = self.around[-1][0] if self.around else ""
        if mark is None:
            self.marked.add(token["escaped"] or token["text"])
        elif inside in ("`", "```") and not mark.startswith(inside):
            self.marked.add(mark)  # inside code only a backtick is reserved
        elif mark == _V2_END.get(inside, inside) or inside == "`":
            self.at = token.start() + len(inside)
            self._close()
        elif mark == "\n":
            self.marked.add(mark)
            if self.quote >= 0 and not self.marked.source.startswith(">", self.at):
                self._end_quote()
        elif mark == ">" and self.marked.source[: token.start()][-1:] in ("", "\n"):
            self.quote = self.marked.length if self.quote < 0 else self.quote
        elif mark in _V2_TYPES:
            self.around.append((mark, token.start(), self.marked.length))
        else:
            raise self.marked.error(f"Character '{mark}' is reserved and must be escaped with the preceding '\\'")

    def _close(self) -> None:
        mark, _, start = self.around.pop()
        url = (self._address() or self.marked.since(start)) if mark == "[" else ""
        language = self._take_language(start) if mark == "```" else ""
        self.marked.close(_V2_TYPES[mark], start, url=url, language=language)

    def _address(self) -> str:
        source = self.marked.source
        if not source.startswith("(", self.at):
            return ""
        address = _V2_ADDRESS.match(source, self.at)
        if address is None:
            raise self.marked.error("Can't find end of a URL", self.at + 1)
        self.at = address.end()
        return re.sub(r"\\(.)", r"\1", address[1])

    def _take_language(self, start: int) -> str:
        """The language was read as the first line of the code: take it out again."""
        marked = self.marked
        code = marked.since(start)
        language, rest = _split_language(code)
        marked.text = marked.text[: len(marked.text) - len(code)] + rest
        marked.length = start + units(rest)
        return language

    def _end_quote(self) -> None:
        if self.quote >= 0:
            self.marked.close("blockquote", self.quote)
            self.quote = -1


def _name(mark: str) -> str:
    return {"text_link": "TextUrl"}.get(_V2_TYPES[mark], _V2_TYPES[mark].title())


_PARSERS: dict[str, Callable[[str], Marked]] = {
    "html": _parse_html,
    "markdown": _parse_markdown,
    "markdownv2": lambda source: _MarkdownV2(source).read(),
}
