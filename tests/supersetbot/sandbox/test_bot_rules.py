"""What the sandbox's Telegram takes in a message, and how it words its refusals."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supersetbot.sandbox.telegram.bot_markup import parse
from supersetbot.sandbox.telegram.bot_rules import (
    BotApiError,
    Json,
    Span,
    accept_keyboard,
    accept_text,
    check_link,
    read_entities,
    units,
)


def bold(offset: int, length: int) -> Span:
    return Span("bold", offset, length)


def kinds(spans: list[Json]) -> list[tuple[object, object, object]]:
    return [(span["type"], span["offset"], span["length"]) for span in spans]


# Text


def test_text_is_trimmed_and_its_spans_move_along() -> None:
    assert accept_text("  \n Zenith Labs \n", [bold(4, 6)]) == ("Zenith Labs", [bold(0, 6).json()])


def test_a_span_over_the_trimmed_end_is_cut() -> None:
    assert accept_text(" ab  ", [bold(0, 5)]) == ("ab", [bold(0, 2).json()])


def test_a_span_of_nothing_but_trimmed_space_goes() -> None:
    assert accept_text("ab   ", [bold(2, 3)]) == ("ab", [])


@pytest.mark.parametrize("text", ["x" * 4096, "🎯" * 2048])
def test_4096_utf16_units_fit(text: str) -> None:
    assert accept_text(text, []) == (text, [])


@pytest.mark.parametrize("text", ["x" * 4097, "🎯" * 2048 + "x"])
def test_more_is_too_long(text: str) -> None:
    with pytest.raises(BotApiError, match="message is too long"):
        accept_text(text, [])


def test_a_caption_has_its_own_limit() -> None:
    with pytest.raises(BotApiError, match="message caption is too long"):
        accept_text("x" * 1025, [], 1024)


# Entities


@pytest.mark.parametrize(
    ("text", "span", "error"),
    [
        ("abc", bold(3, 1), "entity begins after the end of the text at UTF-16 offset 3"),
        ("abc", bold(1, 3), "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4"),
        ("a🎯b", bold(2, 2), "entity begins in a middle of a UTF-16 symbol at byte offset 5"),
        (
            "a🎯b",
            bold(0, 2),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5",
        ),
    ],
)
def test_a_span_out_of_the_text_or_inside_a_symbol_is_refused(text: str, span: Span, error: str) -> None:
    with pytest.raises(BotApiError) as refusal:
        accept_text(text, [span])
    assert str(refusal.value) == f"Bad Request: {error}"


def test_spans_come_back_in_order_the_longer_first() -> None:
    _, spans = accept_text("Zenith Labs", [bold(7, 4), bold(0, 3), Span("italic", 0, 11)])
    assert kinds(spans) == [("italic", 0, 11), ("bold", 0, 3), ("bold", 7, 4)]


def test_a_span_that_crosses_an_earlier_one_goes() -> None:
    _, spans = accept_text("Zenith Labs", [bold(0, 6), Span("italic", 3, 8)])
    assert kinds(spans) == [("bold", 0, 6)]


def test_nothing_is_formatted_inside_code() -> None:
    _, spans = accept_text("Zenith Labs", [bold(0, 11), Span("pre", 0, 11), Span("italic", 2, 3)])
    assert kinds(spans) == [("pre", 0, 11)]


def test_only_a_hundred_spans_count() -> None:
    _, spans = accept_text("x" * 300, [bold(2 * i, 1) for i in range(120)])
    assert len(spans) == 100


@given(st.text("ab 🎯\n", max_size=60), st.data())
def test_accepted_spans_nest_within_the_text(text: str, data: st.DataObject) -> None:
    size = units(text)
    spans = data.draw(st.lists(st.builds(bold, st.integers(0, 70), st.integers(1, 70)), max_size=6))
    try:
        kept_text, kept = accept_text(text, spans)
    except BotApiError:
        assert spans
        return
    assert all(span.end <= size for span in spans)
    borders = [(int(str(span["offset"])), int(str(span["offset"])) + int(str(span["length"]))) for span in kept]
    assert all(0 <= start < end <= units(kept_text) for start, end in borders)
    assert not any(a[0] < b[0] < a[1] < b[1] for a in borders for b in borders)


def test_links_and_languages_are_kept() -> None:
    read = read_entities(
        [
            {"type": "text_link", "offset": 0, "length": 2, "url": "example.org/x"},
            {"type": "pre", "offset": 3, "length": 2, "language": "python"},
        ]
    )
    assert [span.json() for span in read] == [
        {"type": "text_link", "offset": 0, "length": 2, "url": "http://example.org/x"},
        {"type": "pre", "offset": 3, "length": 2, "language": "python"},
    ]


def test_what_the_server_finds_itself_is_passed_over() -> None:
    assert read_entities([{"type": "mention", "offset": 0, "length": 2}]) == []


@pytest.mark.parametrize(
    ("entities", "error"),
    [
        ("x", "can't parse entities: Array expected"),
        (["x"], "can't parse MessageEntity: expected an Object"),
        ([{"type": "blink", "offset": 0, "length": 1}], "can't parse MessageEntity: Unsupported type specified"),
        ([{"type": "bold", "offset": -1, "length": 1}], "receive an entity with incorrect offset -1"),
        ([{"type": "bold", "offset": 0}], "receive an entity with incorrect length None"),
        (
            [{"type": "text_link", "offset": 0, "length": 1, "url": "ftp://example.org"}],
            "entity URL 'ftp://example.org' is invalid: Unsupported URL protocol",
        ),
    ],
)
def test_entities_of_another_shape_are_refused(entities: object, error: str) -> None:
    with pytest.raises(BotApiError) as refusal:
        read_entities(entities)
    assert str(refusal.value) == f"Bad Request: {error}"


# Links and buttons


@pytest.mark.parametrize(
    "link", ["https://example.org/a?b=c#d", "HTTP://127.0.0.1:8000", "tg://user?id=1", "http://[::1]/"]
)
def test_a_usable_link_is_kept(link: str) -> None:
    assert check_link(link) == link


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("javascript://example.org", "Unsupported URL protocol"),
        ("http://localhost/x", "Wrong HTTP URL"),
        ("http://", "URL host is empty"),
        ("http://[::1", "Wrong HTTP URL"),
        ("two words.org", "Wrong HTTP URL"),
    ],
)
def test_another_is_refused_for_a_reason(link: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_link(link)


def test_a_keyboard_is_kept_as_it_came() -> None:
    rows = [[{"text": "Open", "url": "https://example.org"}], [{"text": "Yes", "callback_data": "y" * 64}]]
    assert accept_keyboard({"inline_keyboard": rows}) == {"inline_keyboard": rows}


@pytest.mark.parametrize("markup", [None, {}, {"remove_keyboard": True}, {"inline_keyboard": []}])
def test_a_message_without_inline_buttons_has_no_keyboard(markup: object) -> None:
    assert accept_keyboard(markup) is None


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "x", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "url": "https://example.org"}, 'Field "text" must be a non-empty String'),
        ({"text": "x", "url": "http://localhost"}, "inline keyboard button URL 'http://localhost' is invalid"),
        ("x", "InlineKeyboardButton must be an Object"),
    ],
)
def test_a_button_that_does_nothing_is_refused(button: object, error: str) -> None:
    with pytest.raises(BotApiError, match="Bad Request: ") as refusal:
        accept_keyboard({"inline_keyboard": [[button]]})
    assert error in str(refusal.value)


# Markup


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("<b>Zenith</b> &lt;3 &amp; &#8377;12", "Zenith <3 & ₹12", [("bold", 0, 6)]),
        ("🎯 <i>a <u>b</u></i>", "🎯 a b", [("underline", 5, 1), ("italic", 3, 3)]),
        ("<span class='tg-spoiler'>x</span>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>fish & chips", "fish & chips", []),
        ('<a href="nowhere">x</a>', "x", []),
    ],
)
def test_html(source: str, text: str, spans: list[tuple[str, int, int]]) -> None:
    read, found = parse(source, "HTML")
    assert (read, kinds([span.json() for span in found])) == (text, spans)


def test_html_links_and_code_with_a_language() -> None:
    source = '<a href="https://example.org/?a=1&amp;b=2">x</a><pre><code class="language-sql">y</code></pre>'
    _, spans = parse(source, "html")
    assert spans == [Span("text_link", 0, 1, "https://example.org/?a=1&b=2"), Span("pre", 1, 1, language="sql")]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("Tom <3 code>", 'Unsupported start tag "3" at byte offset 4'),
        ("₹12 <b>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("₹</b>", "Unexpected end tag at byte offset 3"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused(source: str, error: str) -> None:
    with pytest.raises(BotApiError) as refusal:
        parse(source, "HTML")
    assert str(refusal.value) == f"Bad Request: can't parse entities: {error}"


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("*Zenith* _Labs_", "Zenith Labs", [("bold", 0, 6), ("italic", 7, 4)]),
        (r"C\_plus ~ 1", "C_plus ~ 1", []),
        ("`a*b` ```sql\nx```", "a*b x", [("code", 0, 3), ("pre", 4, 1)]),
        ("[JD](https://example.org) 🎯", "JD 🎯", [("text_link", 0, 2)]),
    ],
)
def test_markdown(source: str, text: str, spans: list[tuple[str, int, int]]) -> None:
    read, found = parse(source, "Markdown")
    assert (read, kinds([span.json() for span in found])) == (text, spans)


@pytest.mark.parametrize(("source", "offset"), [("₹ snake_case", 9), ("a*b", 1), ("[x", 0), ("`", 0)])
def test_unbalanced_markdown_is_refused(source: str, offset: int) -> None:
    error = f"Bad Request: can't parse entities: Can't find end of the entity starting at byte offset {offset}"
    with pytest.raises(BotApiError) as refusal:
        parse(source, "Markdown")
    assert str(refusal.value) == error


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        (r"*a _b_* \(c\)", "a b (c)", [("italic", 2, 1), ("bold", 0, 3)]),
        ("__u__ ~s~ ||h||", "u s h", [("underline", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
        ("`a.b` ```py\nx_1```", "a.b x_1", [("code", 0, 3), ("pre", 4, 3)]),
        (r"[J\.D](https://example.org/\))", "J.D", [("text_link", 0, 3)]),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
    ],
)
def test_markdown_v2(source: str, text: str, spans: list[tuple[str, int, int]]) -> None:
    read, found = parse(source, "MarkdownV2")
    assert (read, kinds([span.json() for span in found])) == (text, spans)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("12.5 LPA", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("₹ *a", "Can't find end of Bold entity at byte offset 4"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_bad_markdown_v2_is_refused(source: str, error: str) -> None:
    with pytest.raises(BotApiError) as refusal:
        parse(source, "MarkdownV2")
    assert str(refusal.value) == f"Bad Request: can't parse entities: {error}"


def test_another_parse_mode_is_refused() -> None:
    with pytest.raises(BotApiError, match="unsupported parse_mode"):
        parse("x", "bbcode")


@given(st.text("ab<>&/_*`[]()~|\\>\n🎯", max_size=40), st.sampled_from(["HTML", "Markdown", "MarkdownV2"]))
def test_any_markup_is_read_or_refused(source: str, mode: str) -> None:
    text, spans = "", list[Span]()
    with suppress(BotApiError):
        text, spans = parse(source, mode)
    assert all(0 <= span.offset < span.end <= units(text) for span in spans)
