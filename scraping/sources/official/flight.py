"""The page's facts in the Next.js flight fragments its scripts push: `self.__next_f.push([1, "…"])`.

The fragments are pieces of one stream, cut anywhere, of rows `id:JSON` and `id:Tsize,text`. The objects sought
are picked out of it by a mark they carry, so a broken row costs only itself.
"""

import json
import re
from collections.abc import Callable, Iterator

from scraping.sources.official.markup import clean
from scraping.sources.official.page import Batch, Card, Recruiter

_HIGHLIGHTS = "placement-highlights"
_PUSH = re.compile(r"""__next_f\b[^"\n]{0,40}?push\(\s*\[\s*1\s*,\s*(?=("(?:[^"\\]|\\.)*+"))""", re.DOTALL)
_TOKEN = re.compile(r""""(?:[^"\\\n]|\\.)*+"?|[{}]|:T(?P<size>[0-9a-f]{1,8}),""")


def stream(html: str) -> str:
    """Return all fragments of a page put together; one that is no JSON text is left out."""
    text = "".join(_fragments(html))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def batches(flight: str) -> tuple[Batch, ...]:
    """The batches of a stream, in its order."""
    named: dict[str, tuple[Card, ...]] = {}
    for value in _objects(flight, lambda string: string.endswith(f'{_HIGHLIGHTS}"')):
        name = _text(value.get("title"))
        if name and str(value.get("__component")).endswith(_HIGHLIGHTS):
            named[name] = named.get(name) or tuple(_cards(value.get("list")))
    return tuple(Batch(name, cards) for name, cards in named.items())


def images(flight: str) -> tuple[Recruiter, ...]:
    """Recruiters of a stream; `src` as it stands there, relative or not."""
    found = _objects(flight, lambda string: string == '"Images"')
    entries = (entry for value in found for entry in _dicts(value.get("Images")))
    named = (Recruiter(_text(entry.get("image")), _text(entry.get("name"))) for entry in entries)
    return tuple(recruiter for recruiter in named if recruiter.src)


def _fragments(html: str) -> Iterator[str]:
    for push in _PUSH.finditer(html):
        try:
            yield json.loads(push[1], strict=False)
        except ValueError:
            continue


def _objects(flight: str, marked: Callable[[str], bool]) -> Iterator[dict[str, object]]:
    """The JSON objects that directly hold a marked string, each character decoded once at most.

    An object around one already found is not read again: so a hostile page can't cost the square of its size.
    """
    decoder = json.JSONDecoder()
    opened: list[int] = []
    wanted = position = 0
    while token := _TOKEN.search(flight, position):
        position = token.end()
        if token["size"]:
            position = _after_text(flight, position, int(token["size"], 16))
        elif token[0] == "{":
            opened.append(token.start() + 1)
        elif token[0] == "}":
            start = opened.pop() if opened else 0
            if start and start == wanted:
                opened.clear()
                yield from _decoded(decoder, flight, start - 1)
        elif opened and marked(token[0]):
            wanted = opened[-1]


def _decoded(decoder: json.JSONDecoder, text: str, start: int) -> Iterator[dict[str, object]]:
    try:
        yield decoder.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return


def _after_text(flight: str, start: int, size: int) -> int:
    """Return where a text row ends: it states its size in bytes of UTF-8."""
    return start + len(flight[start : start + size].encode()[:size].decode(errors="ignore"))


def _cards(entries: object) -> Iterator[Card]:
    for entry in _dicts(entries):
        card = Card(_text(entry.get("title")), _text(entry.get("description")))
        if card.title and card.description:
            yield card


def _dicts(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _text(value: object) -> str:
    return clean(str(value)) if isinstance(value, str | int | float) else ""
