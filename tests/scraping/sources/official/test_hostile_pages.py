"""Whatever comes over the wire: a page or a ValueError, in bounded time."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraping.sources.official.document import content_hash
from scraping.sources.official.figures import differences, figures
from scraping.sources.official.parse import parse_page
from tests.scraping.sources.official.pages import URL, component, flight, legacy, page, pushes, section, tab, today

PAGES = [
    page(pushes(flight(component("Batch 2027", [("9", "Offers")])))),
    legacy(["Batch 2025"], [tab(["9 Offers"], [("Upto Rs. 5 Lacs", "4", "3")])]),
    today(),
]
MARKUP = (
    "<div class=highlights>", "<div class=item>", "<div class=title>", "<div class=desc>", "</div>", "<h2>", "<ul>",
    "<li>", "<div class=mainheading__large>Batch 2027</div>", "<ul class=tab-ul>", "<div class=tab-containerr>",
    "<table><tr><td>", "<div class=content>", "<div class=placements-items>", "<img src=//[ >", "<img src='&#0;'>",
    "<!--", "]]>", "<?x ", 'self.__next_f.push([1,"', '"])', '\\"placement-highlights\\"', "{", "}", "\\u", ":Tff,",
    "\0", "\ud83d", "9", "Rs. 5 Lacs",
)  # fmt: skip


def read(body: bytes | str) -> None:
    """Read it and use what was read; a ValueError is the one permitted refusal."""
    with suppress(ValueError):
        found = parse_page(body, URL)
        assert found.active_batch in found.batches
        assert all(figures(batch) for batch in found.batches)
        assert differences(found, found) == ()
        assert content_hash(found).isalnum()


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_page_or_a_value_error(body: bytes) -> None:
    read(body)


@given(st.lists(st.sampled_from(MARKUP), max_size=60).map("".join))
def test_any_pile_of_markup_is_a_page_or_a_value_error(body: str) -> None:
    read(body)


@given(st.sampled_from(PAGES), st.integers(0, 3000), st.integers(0, 300), st.text(max_size=5))
@settings(max_examples=200)
def test_a_page_cut_or_overwritten_anywhere_is_a_page_or_a_value_error(
    body: str, start: int, size: int, text: str
) -> None:
    read(body[:start] + text + body[start + size :])


HOSTILE = {
    "nothing": "",
    "one character": "a",
    "angle brackets": "<",
    "nested blocks": "<div class=item>",
    "sections": '<div class="mainheading__large">Batch 2027</div><div class=highlights><p class=item>',
    "comments": "<!--",
    "entities": "&#0;&amp;",
    "pushes": 'self.__next_f.push([1,"',
    "escaped pushes": 'self.__next_f.push([1,"\\"',
    "objects": '{"a":{"b":"placement-highlights"},"c":"placement-highlights"',
    "text rows": ":Tffffff,",
    "digits": "<ul class=tab-ul><li>2025</ul><div class=tab-containerr><div class=content><li>1,1 1",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_no_faster_than_the_page(piece: str) -> None:
    def seconds(size: int) -> float:
        body = piece * (size // max(len(piece), 1))
        started = time.process_time()
        read(body.encode())
        read(pushes(body, size))
        return time.process_time() - started

    small = max(seconds(100_000), 0.02)
    assert seconds(800_000) < 8 * small * 4


def test_ten_megabytes_of_a_page_are_read() -> None:
    filler = '<div class="card"><p>Some words about nothing in particular.</p></div>\n' * 150_000
    body = today().replace("<body>", f"<body>{filler}").encode()
    assert len(body) > 10_000_000
    assert len(parse_page(body, URL).batches) == 2


def test_a_batch_below_a_thousand_levels_is_found() -> None:
    deep = page("<div>" * 1000, section("Batch 2027", [("9", "Offers")]))
    assert parse_page(deep, URL).active_batch.graduating_year == 2027


def test_a_stream_nested_too_deeply_leaves_the_batches_beside_it() -> None:
    deep = '{"__component":"x.placement-highlights","list":' + "[" * 100_000 + "]" * 100_000 + "}\n"
    stream = deep + flight(component("Batch 2027", [("9", "Offers")]))
    assert parse_page(page(pushes(stream)), URL).active_batch.name == "Batch 2027"
