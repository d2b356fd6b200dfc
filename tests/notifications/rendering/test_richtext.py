"""HTML from anywhere → kept HTML, text with entities, plain text."""

import json
import re
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rendering.richtext import clean_html, plain_text, split, to_rich_text
from tests.notifications.telegram_rules import assert_message, assert_valid, spans
from tests.paths import SAMPLES as ALL_SAMPLES

PORTAL = ALL_SAMPLES / "portal"
BLOCKS = ["p", "div", "h2", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", "section", "dl", "dt"]
INLINE = ["b", "i", "u", "s", "code", "span", "font", "sup", "strong", "tg-spoiler", "o:p"]
TAGS = [
    *(f"<{slash}{tag}>" for tag in BLOCKS + INLINE for slash in ("", "/")),
    '<a href="https://x.example/?a=1&amp;b">', '<a href="mailto:hr@x.example">', "</a>", "<br>", "<hr>", "&nbsp;",
    '<b style="font-weight:normal">', '<td colspan="2" rowspan=3>', '<ol start="3" type="i">', "<script>", "</script>",
    '<p class="MsoNormal">', '<div style="white-space: pre-wrap">', "<!--", "-->", "<", "<![if x]>", "<p", " ", "&lt;",
]  # fmt: skip
soup = st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=6), st.sampled_from(["word", "• ", "42", "😀"])))


def text(html: str) -> str:
    return to_rich_text(html).text


@given(soup)
def test_any_soup_gives_messages_telegram_takes(pieces: list[str]) -> None:
    rich = to_rich_text("".join(pieces))
    assert_valid(rich)
    assert "\n\n\n" not in rich.text or any(entity.type == "pre" for entity in rich.entities)
    for part in split(rich, 20, 3):
        assert_message(part, 20, 3)


@given(soup)
def test_cleaning_is_done_once(pieces: list[str]) -> None:
    html = "".join(pieces)
    cleaned = clean_html(html)
    assert clean_html(cleaned) == cleaned
    assert to_rich_text(cleaned) == to_rich_text(html)


def test_bullets_typed_twice_in_a_list_are_one() -> None:
    assert clean_html("<ul><li>• • Bring it</li></ul>") == "<ul><li>Bring it</li></ul>"


@given(soup)
def test_only_known_tags_are_kept(pieces: list[str]) -> None:
    tags = set(re.findall(r"</?([^\s>/]+)", clean_html("".join(pieces))))
    assert tags <= {"p", "br", "pre", "blockquote", "ul", "ol", "li", "a", "b", "i", "u", "s", "code", "tg-spoiler"}


@given(st.text())
def test_text_arrives_as_it_is_but_for_spaces_and_invisible_marks(raw: str) -> None:
    def visible(value: str) -> str:
        return re.sub(r"[\s\0-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffc\u202a-\u202e]", "", value)

    assert visible(text(f"<p>x {escape(raw)}</p>")) == visible(f"x {raw}")


@pytest.mark.parametrize("raw", ["Tom <3 code", "R&D_team *A*", "`x` ~y~ [a](b) ||z||", "&lt;b&gt;", "a < b > c & d"])
def test_markup_of_any_kind_in_text_is_text(raw: str) -> None:
    assert to_rich_text(f"<div>{escape(raw)}</div>").text == raw
    assert to_rich_text(f"<div>{escape(raw)}</div>").entities == ()


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>ok",
        "<style>p{color:red}</style><p>ok",
        "<head><title>Mail</title><meta charset=x></head>ok",
        '<p onclick="alert(1)" style="behavior:url(x)">ok</p>',
        "<img src=x onerror=alert(1)>ok",
        '<a href="javascript:alert(1)">ok</a>',
        '<a href=" jAva\tscript:alert(1)">ok</a>',
        '<a href="data:text/html,x">ok</a>',
        '<a href="/relative">ok</a>',
        '<a href="http://">ok</a>',
        '<a href="http://[x">ok</a>',
        "<svg><script>alert(1)</script><text>x</text></svg>ok",
        "<iframe src=x>x</iframe>ok",
        '<div style="display: none">Preview of the mail</div>ok',
        "<!--[if mso]><p>Word</p><![endif]-->ok",
        "ok<script>alert(1)",
        "ok<style>",
    ],
)
def test_nothing_active_hidden_or_dead_is_left(html: str) -> None:
    assert clean_html(html) == "<p>ok</p>"


def test_hostile_text_is_escaped_in_what_is_kept() -> None:
    assert clean_html("&lt;script&gt;&amp;lt;") == "<p>&lt;script&gt;&amp;lt;</p>"
    assert clean_html('<a href="https://x.example/?&quot;&gt;<b>">y</a>').count("<b>") == 0


@pytest.mark.parametrize(
    "html", ["", "  \n ", "&nbsp;", "<p></p>", "<ul><li></li></ul>", "<table><tr><td></table>", "\u200b"]
)
def test_nothing_to_read_gives_nothing(html: str) -> None:
    assert (clean_html(html), text(html), plain_text(html)) == ("", "", "")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div><span>two</span></div>", "one\ntwo"),
        ("one<br>two<br/><br/><br>three", "one\ntwo\n\nthree"),
        ("<p>one</p><p>&nbsp;</p>\n<p> </p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>&nbsp;</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("  a  \n b&nbsp;&nbsp; <b> c </b>  d ", "a b c d"),
        ('<p class="MsoNormal">one</p><p class="MsoNormal">two<o:p></o:p></p>', "one\ntwo"),
        ("<h3>Title</h3><p>text</p><h3>Next</h3><p>more</p>", "Title\ntext\n\nNext\nmore"),
        ("<dl><dt>Venue</dt><dd>LT-3</dd></dl>", "Venue\nLT-3"),
        ("one\ntwo\n\n\nthree", "one\ntwo\n\nthree"),
        ('<div style="white-space: pre-wrap">one\ntwo</div>', "one\ntwo"),
        ("2<sup>nd</sup> x<sup>2</sup> H<sub>2</sub>O", "2nd x² H₂O"),
        ("to<wbr>get\u200bher\xad", "together"),
        ("<p>unclosed <b>bold <p>next", "unclosed bold\n\nnext"),
    ],
)
def test_white_space_reads_as_in_a_browser_with_one_blank_line_at_most(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Steps:</p><ul><li>a</li><li><p>b</p></li></ul><p>End</p>", "Steps:\n• a\n• b\n\nEnd"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c"),
        ('<ol type="a"><li>x</ol><ol type="I" start="4"><li>y</ol>', "a. x\nIV. y"),
        ("<ol><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ol>", "1. a\n    • b\n        1. c\n2. d"),
        ("<ul><li>one<br>two</li></ul>", "• one\n   two"),
        ("<ul><li>• typed</li><li></li><li>· again</li></ul>", "• typed\n• again"),
        ("<ol><ul><li>x</li></ul></ol><li>stray", "• x\n• stray"),
        ('<p class="MsoListParagraph"><![if !supportLists]>·<span>&nbsp;&nbsp;</span><![endif]>Word', "• Word"),
    ],
)
def test_lists_stay_lists(html: str, expected: str) -> None:
    assert text(html) == expected
    assert text(clean_html(html)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<strong>a</strong> <em>b</em> <ins>c</ins> <del>d</del> <kbd>e</kbd>",
         [("bold", "a"), ("italic", "b"), ("underline", "c"), ("strikethrough", "d"), ("code", "e")]),
        ("<h2>Title</h2>", [("bold", "Title")]),
        (f"<h4>{'long text ' * 20}</h4>", []),
        ('<span style="font-weight: 700">a</span> <b style="font-weight:normal">b</b>', [("bold", "a")]),
        ("<b>one<br>two</b>", [("bold", "one\ntwo")]),
        ("<b></b><i> </i><u><br></u><a href='https://x.example'></a>", []),
        ("<b>a<i>b</b>c</i>", [("bold", "ab"), ("italic", "b")]),
        ("<b>x <code>y</code> z</b>", [("bold", "x "), ("code", "y"), ("bold", " z")]),
        ("<pre>a <b>b</b>  c</pre>", [("pre", "a b  c")]),
        ("<blockquote expandable>a<blockquote>b</blockquote></blockquote>", [("expandable_blockquote", "a\n\nb")]),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", [("blockquote", "a"), ("blockquote", "b")]),
        ("<tg-spoiler>a</tg-spoiler>", [("spoiler", "a")]),
        ("😀 <b>é😀</b>", [("bold", "é😀")]),
        ("<p dir=rtl>مرحبا <b>بكم</b> Zenith</p>", [("bold", "بكم")]),
    ],
)  # fmt: skip
def test_formatting_becomes_entities(html: str, expected: list[tuple[str, str]]) -> None:
    rich = to_rich_text(html)
    assert_valid(rich)
    assert spans(rich) == expected


def test_a_link_keeps_its_address_and_formatting() -> None:
    rich = to_rich_text('Go <a href="HTTPS://x.example/a b?c=1&amp;d=é">to <b>the</b> page</a>')
    assert spans(rich) == [("text_link", "to the page"), ("bold", "the")]
    assert rich.entities[0].url == "HTTPS://x.example/a%20b?c=1&d=é"


def test_an_address_without_a_scheme_is_completed() -> None:
    assert to_rich_text('<a href="www.x.example">site</a>').entities[0].url == "https://www.x.example"


def test_mail_addresses_stay_readable_where_telegram_drops_their_links() -> None:
    assert text('<a href="mailto:hr@x.example?subject=Hi">write to us</a>') == "write to us (hr@x.example)"
    assert text('<a href="mailto:hr@x.example">hr@x.example</a>') == "hr@x.example"


def test_a_picture_says_something_only_as_emoji_or_link() -> None:
    html = '<img alt="🎉"> <img alt="Company logo"> <a href="https://x.example"><img alt="Apply now"></a>'
    assert spans(to_rich_text(html)) == [("text_link", "Apply now")]
    assert text(html) == "🎉 Apply now"


def test_a_space_lost_after_a_bold_label_is_put_back() -> None:
    assert text("<b>Venue:</b>Lab 2, <b>10:</b>30") == "Venue: Lab 2, 10:30"


def test_preformatted_text_keeps_its_columns() -> None:
    assert text("<pre>\n  a   b\n  cc\td\n</pre>") == "a   b\ncc    d"


def test_preformatted_text_in_a_list_stands_outside_of_it() -> None:
    html = "<ol><li>a<table><tr><td>1<td>2<tr><td>3<td>4</table><li>b</ol>"
    assert clean_html(html) == '<ol><li>a</li></ol><pre>1  2\n3  4</pre><ol><li value="2">b</li></ol>'


def test_what_is_kept_is_small_and_flat() -> None:
    html = "<div><div><font color=red><span>Dear <b>all</b>,</span></font></div><p>come</p></div><ul><li><div>now</ul>"
    assert clean_html(html) == "<p>Dear <b>all</b>,</p><p>come</p><ul><li>now</li></ul>"


def test_plain_text_has_lists_and_links_as_words() -> None:
    assert plain_text('<p>See <a href="https://x.example">this</a></p><ul><li>a</ul>') == "See this\n• a"


@pytest.mark.parametrize(
    "tag", ["<div>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<p><i>", "<ol>", "<a href=x>"]
)
def test_nesting_of_any_depth_is_read(tag: str) -> None:
    started = time.process_time()
    assert text(tag * 10_000 + "deep").endswith("deep")
    assert clean_html(tag * 10_000 + "deep").count("deep") == 1
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "html",
    ["<p>word</p>" * 4_000, "<li>x" * 9_000, "<" * 50_000, "<!--" * 12_000, "&" * 50_000, "<td>x" * 9_000,
     "<b>a</b><i>b</i>" * 3_000, "<table><tr>" + "<td colspan=50 rowspan=50>x" * 1_600, "<p " + "a=b " * 12_000 + ">"],
    ids=lambda html: html[:12],
)  # fmt: skip
def test_fifty_kilobytes_of_anything_take_seconds_at_most(html: str) -> None:
    started = time.process_time()
    for part in split(to_rich_text(html)):
        assert_message(part)
    assert time.process_time() - started < 5


def samples() -> list[str]:
    if not PORTAL.is_dir():
        return []
    notices = json.loads((PORTAL / "notices.json").read_text())
    jobs = json.loads((PORTAL / "job_details.json").read_text())
    return [notice["content"] for notice in notices] + [
        job["jobProfile"].get("jobDescription") or "" for job in jobs.values()
    ]


@pytest.mark.skipif(not PORTAL.is_dir(), reason=f"*** no samples at {PORTAL} ***")
def test_every_sample_renders_and_splits() -> None:
    for html in samples():
        rich = to_rich_text(html)
        assert to_rich_text(clean_html(html)) == rich
        for part in split(rich):
            assert_message(part)
