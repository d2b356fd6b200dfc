"""The page's facts in flight fragments."""

import json

import pytest

from scraping.sources.official import flight
from scraping.sources.official.page import Batch, Card, Recruiter
from scraping.sources.official.parse import parse_page
from tests.scraping.sources.official.pages import (
    FINISHED,
    HEADING_2026,
    HEADING_2027,
    RUNNING,
    URL,
    component,
    images,
    page,
    pushes,
)
from tests.scraping.sources.official.pages import flight as rows

STREAM = rows(component(HEADING_2027, RUNNING), component(HEADING_2026, FINISHED), images(("/up/a.webp", "Acmé 🚀")))


def names(stream: str) -> list[str]:
    return [batch.name for batch in flight.batches(stream)]


def test_a_page_of_fragments_only_is_read_whole() -> None:
    read = parse_page(page(pushes(STREAM)).encode(), URL)
    assert read.active_batch == Batch(HEADING_2027, tuple(Card(*card) for card in RUNNING), is_active=True)
    assert [batch.name for batch in read.batches] == [HEADING_2027, HEADING_2026]
    assert read.recruiters == (Recruiter("https://institute.example/up/a.webp", "Acmé 🚀"),)
    assert (read.main_heading, read.intro_text) == ("", "")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 331])
def test_fragments_may_be_cut_anywhere_also_inside_of_an_escape(size: int) -> None:
    stream = flight.stream(pushes(STREAM, size))
    assert names(stream) == [HEADING_2027, HEADING_2026]
    assert flight.images(stream) == (Recruiter("/up/a.webp", "Acmé 🚀"),)


def test_rows_need_no_line_break_between_them() -> None:
    assert names(flight.stream(pushes(STREAM.replace("\n", "")))) == [HEADING_2027, HEADING_2026]


@pytest.mark.parametrize(
    "push",
    ["self.__next_f.push([0])", "(self.__next_f=self.__next_f||[]).push([0])", 'self.__next_f.push([1,"\\x"])',
     'self.__next_f.push([1,"0:I[\\"a\\",{]', 'self.__next_f.push([1,{"a":2}])'],
)  # fmt: skip
def test_other_and_broken_pushes_cost_nothing_else(push: str) -> None:
    assert names(flight.stream(f"<script>{push}</script>{pushes(STREAM)}")) == [HEADING_2027, HEADING_2026]


def test_the_first_push_may_make_the_list_it_pushes_to() -> None:
    first = f"<script>(self.__next_f=self.__next_f||[]).push({json.dumps([1, STREAM])})</script>"
    assert names(flight.stream(first)) == [HEADING_2027, HEADING_2026]


@pytest.mark.parametrize("broken", ['4:["$",{"a":"b\n', "4:{{{{\n", '4:["$","}}}"]\n', '4:"\\\n', "4:}}}]]\n"])
def test_a_broken_row_costs_only_itself(broken: str) -> None:
    assert names(broken + STREAM) == [HEADING_2027, HEADING_2026]


def test_a_row_of_text_is_skipped_by_its_size_in_bytes() -> None:
    text = 'Ünbalanced " and { and "é'
    assert names(f"a:T{len(text.encode()):x},{text}{STREAM}") == [HEADING_2027, HEADING_2026]


def test_a_broken_batch_leaves_the_others() -> None:
    broken = STREAM.replace('"list"', '"list":,"x"', 1)
    assert names(broken) == [HEADING_2026]


def test_the_mark_may_stand_after_other_keys_and_nested_objects() -> None:
    value = {"a": {"b": [{}]}, "title": "Batch 2027", "list": [{"title": "9", "description": "Offers"}]}
    stream = json.dumps({"outer": {**value, "__component": "x.placement-highlights"}})
    assert flight.batches(stream) == (Batch("Batch 2027", (Card("9", "Offers"),)),)


def test_the_mark_inside_of_a_text_is_none() -> None:
    quoted = json.dumps({"title": "Batch 2020", "html": json.dumps(component("Batch 2019", FINISHED))})
    assert names(quoted + "\n" + STREAM) == [HEADING_2027, HEADING_2026]


def test_a_batch_streamed_twice_counts_once_with_the_cards_it_has() -> None:
    stream = rows(component("Batch 2027", RUNNING), component("Batch 2027", ()))
    assert flight.batches(stream) == (Batch("Batch 2027", tuple(Card(*card) for card in RUNNING)),)


@pytest.mark.parametrize("entries", [None, "$12", {"title": "1"}, [None, 3, "x"], [{"title": None}], [{}]])
def test_a_list_of_the_wrong_type_has_no_cards(entries: object) -> None:
    stream = json.dumps({"__component": "x.placement-highlights", "title": "Batch 2027", "list": entries})
    assert flight.batches(stream) == (Batch("Batch 2027"),)


def test_a_number_may_stand_where_a_text_is_expected() -> None:
    entries = [{"title": 81, "description": "Offers"}]
    stream = json.dumps({"__component": "x.placement-highlights", "title": "Batch 2027", "list": entries})
    assert flight.batches(stream)[0].cards == (Card("81", "Offers"),)


@pytest.mark.parametrize("entries", [None, "x", [1], [{"name": "Acme"}], [{"image": None, "name": "Acme"}]])
def test_images_of_the_wrong_type_are_left_out(entries: object) -> None:
    assert flight.images(json.dumps({"Images": entries})) == ()
