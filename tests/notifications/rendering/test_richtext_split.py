"""`split`: messages within Telegram's limits."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.rendering.messages import Entity, RichText
from notifications.rendering.richtext import split, to_rich_text
from tests.notifications.telegram_rules import assert_message, assert_valid, covered, spans, units

FLAG, FAMILY, THUMB, ACCENT = "🇮🇳", "👩‍👩‍👧", "👍🏽", "e\u0301"
INVISIBLE = ["", " ", "\n\n \t", "\u200b" * 9, "\x00\x1f\x7f", "\u2060\ufeff\u200d\u200e\u202e", "\u2800\u3164\ufe0f"]

texts = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\t\xa0\u200b\u200da<&_*é😀🏽🇮न्")), max_size=300
)
limits = st.integers(min_value=8, max_value=60)


TEMPLATES = [
    "{}", "{}<br>", "<b>{}</b>", "<i><b>{}</b> c</i>", '<a href="https://x.example">{}</a>', "<pre>{}</pre>",
    "<p>{}</p>", "<blockquote>{} <s>d</s></blockquote>", "<li>{}",
]  # fmt: skip
pieces = st.tuples(st.sampled_from(TEMPLATES), st.text(st.sampled_from("ab 😀é\n"), max_size=40))
rich_texts = st.lists(pieces).map(lambda drawn: to_rich_text("".join(html.format(text) for html, text in drawn)))


def words(text: str) -> str:
    return "".join(text.split())


@given(texts, limits)
def test_every_part_is_a_message_and_no_word_is_lost(text: str, limit: int) -> None:
    parts = split(RichText(text), limit)
    for part in parts:
        assert 0 < units(part.text) <= limit
        assert part.text == part.text.strip()
    whole = words(text)
    for part in parts:  # in order, with at most parts of invisible characters left out between
        _, found, whole = whole.partition(words(part.text))
        assert found


@given(rich_texts, limits, st.integers(min_value=1, max_value=5))
def test_formatting_stays_valid_in_every_part(rich: RichText, limit: int, max_entities: int) -> None:
    parts = split(rich, limit, max_entities)
    for part in parts:
        assert_message(part, limit, max_entities)
    assert words("".join(part.text for part in parts)) == words(rich.text)


@given(rich_texts, limits)
def test_every_character_keeps_its_formatting(rich: RichText, limit: int) -> None:
    def formatted(texts: tuple[RichText, ...]) -> dict[str, str]:
        pairs = [span for text in texts for span in spans(text)]
        return {kind: words("".join(part for other, part in pairs if other == kind)) for kind, _ in pairs}

    assert formatted(split(rich, limit)) == formatted((rich,))


@given(st.lists(st.sampled_from([FLAG, FAMILY, THUMB, ACCENT, "😀", "x"]), min_size=1), limits)
def test_what_people_see_as_one_character_stays_whole(characters: list[str], limit: int) -> None:
    parts = [part.text for part in split(RichText("".join(characters)), limit)]
    ends = {len("".join(characters[:index])) for index in range(len(characters) + 1)}
    assert {len("".join(parts[:index])) for index in range(len(parts) + 1)} <= ends


def test_a_text_that_fits_is_one_part() -> None:
    rich = RichText("Zenith Labs", (Entity("bold", 0, 6),))
    assert split(rich) == (rich,)


@pytest.mark.parametrize("text", INVISIBLE)
def test_nothing_to_see_is_nothing_to_send(text: str) -> None:
    assert split(RichText(text)) == ()


def test_a_stretch_of_nothing_to_see_is_left_out() -> None:
    parts = split(RichText("a" * 10 + "\u200b" * 40 + "b" * 10), 10)
    assert [part.text.strip("\u200b") for part in parts] == ["a" * 10, "b" * 10]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("one two\nthree\n\nfour five\nsix seven", "one two\nthree"),
        ("one two\nthree four five six seven", "one two"),
        ("one two three four five six seven", "one two three four five"),
        ("12345678901234567890123456789", "123456789012345678901234"),
    ],
    ids=["paragraph", "line", "word", "inside a word that is too long"],
)
def test_cuts_at_the_best_border(text: str, first: str) -> None:
    assert split(RichText(text), 24)[0].text == first


def test_a_heading_is_not_sent_alone_for_the_paragraph_after_it() -> None:
    parts = split(RichText("Title\n\n" + "word " * 1200))
    assert parts[0].text.startswith("Title\n\nword")


def test_a_word_that_fits_stays_whole_between_unbroken_ones() -> None:
    parts = split(RichText("ab " + "x" * 10 + " cd"), 10)
    assert [part.text for part in parts] == ["ab", "x" * 10, "cd"]


def test_a_link_that_fits_stays_whole() -> None:
    text = "please look here for the whole list of rooms"
    link = Entity("text_link", 12, 23, url="https://x.example/")
    first, second, third = split(RichText(text, (link,)), 24)
    assert (first.text, second.text, third.text) == ("please look", "here for the whole list", "of rooms")
    assert second.entities == (replace(link, offset=0),)


def test_a_link_glued_to_other_words_is_cut_off_before_cut_through() -> None:
    rich = RichText("xxxxxx" + "link of words", (Entity("text_link", 6, 13, url="https://x.example/"),))
    assert [part.text for part in split(rich, 14)] == ["xxxxxx", "link of words"]


def test_a_link_longer_than_a_message_goes_on_in_the_next() -> None:
    link = Entity("text_link", 0, 29, url="https://x.example/")
    parts = split(RichText("one two three four five six 7", (link,)), 12)
    assert [part.text for part in parts] == ["one two", "three four", "five six 7"]
    assert all(part.entities == (replace(link, length=len(part.text)),) for part in parts)


def test_preformatted_text_goes_on_in_the_next_part() -> None:
    roster = to_rich_text("<pre>" + "".join(f"22{row:06}  Aarav\n" for row in range(1000)) + "</pre>")
    parts = split(roster)
    assert len(parts) > 3
    assert all(part.entities == (Entity("pre", 0, len(part.text)),) for part in parts)
    assert "\n".join(part.text for part in parts) == roster.text


def test_nested_formatting_is_closed_and_opened_again() -> None:
    rich = to_rich_text("<blockquote><b>aaa <i>bbb ccc</i> ddd</b></blockquote>")
    first, second = split(rich, 8)
    assert spans(first) == [("blockquote", "aaa bbb"), ("bold", "aaa bbb"), ("italic", "bbb")]
    assert spans(second) == [("blockquote", "ccc ddd"), ("bold", "ccc ddd"), ("italic", "ccc")]


def test_more_entities_than_a_message_holds_make_more_messages() -> None:
    rich = to_rich_text("".join(f"<b>Label {row}</b> value<br>" for row in range(150)))
    first, second = split(rich)
    assert (len(first.entities), len(second.entities)) == (100, 50)
    assert second.text.startswith("Label 100")


def test_a_word_with_too_many_entities_stays_whole() -> None:
    rich = RichText("ab" * 120, tuple(Entity("bold", 2 * index, 1) for index in range(120)))
    (part,) = split(rich)
    assert len(part.entities) == 100


def test_offsets_count_utf16_units() -> None:
    rich = to_rich_text("😀😀 <b>😀 x</b>")
    first, second = split(rich, 5)
    assert (first.text, second.text) == ("😀😀", "😀 x")
    assert covered(second, second.entities[0]) == "😀 x"


def test_half_a_surrogate_pair_in_the_text_is_no_failure() -> None:
    (part,) = split(RichText("a\ud83d b"))
    assert part.text == "a\ufffd b"


@pytest.mark.parametrize("limit", [-1, 0, 1])
def test_a_limit_without_room_for_a_character_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="2 UTF-16 units"):
        split(RichText("a"), limit)


@pytest.mark.parametrize(
    "text",
    ["word " * 200_000, "x" * 1_000_000, "😀" * 250_000, FLAG * 125_000, "\u200b" * 1_000_000, "a\n" * 500_000],
    ids=["words", "one word", "emoji", "flags", "invisible", "lines"],
)
def test_a_megabyte_takes_well_under_a_second(text: str) -> None:
    started = time.process_time()
    parts = split(RichText(text, (Entity("bold", 0, len(text)),)))
    assert time.process_time() - started < 2  # 0.2 to 0.6 s on two busy cores
    for part in parts:
        assert_message(part)


@settings(max_examples=20)
@given(st.integers(min_value=1, max_value=40))
def test_parts_can_be_split_again_without_change(size: int) -> None:
    for part in split(RichText("some words in a row " * size), 50):
        assert split(part, 50) == (part,)
        assert_valid(part)
