"""HTML as its sender meant it."""

import re
import time
from html import escape

import pytest

from scraping.reading.layout.markup import read_markup
from scraping.sources.html_repair import is_html, repaired

TABLE = (
    "<p>Dear Students,</p><table><tr><td>22103001</td><td>Asha Rao</td></tr>"
    "<tr><td>22103002</td><td>Bilal Khan</td></tr></table>"
)


def shown(html: str) -> list[str]:
    return list(read_markup(html).lines)


ESCAPED = {
    "once": escape(TABLE),
    "twice": escape(escape(TABLE)),
    "three times": escape(escape(escape(TABLE))),
    "by numbers": TABLE.replace("<", "&#60;").replace(">", "&#62;"),
    "by hexadecimal numbers": TABLE.replace("<", "&#x3C;").replace(">", "&#x3E;"),
    "within a paragraph": f"<p>{escape(TABLE)}</p>",
    "within a page": f"<html><body><div dir='ltr'>{escape(TABLE)}</div></body></html>",
    "capitals": escape(re.sub(r"</?\w+>", lambda tag: tag[0].upper(), TABLE)),
    "with attributes": escape(TABLE.replace("<td>", '<td style="width: 10%" class="x">')),
    "line by line": "<br>".join(escape(TABLE.replace("><", ">\n<")).split("\n")),
}


@pytest.mark.parametrize("html", ESCAPED.values(), ids=ESCAPED)
def test_html_that_was_escaped_is_read_as_html(html: str) -> None:
    assert shown(repaired(html)) == ["Dear Students,", "22103001\tAsha Rao", "22103002\tBilal Khan"]


def test_breaks_alone_that_were_escaped_are_breaks() -> None:
    assert shown(repaired("Role: GET&lt;br&gt;Venue: LT-3&lt;br/&gt;")) == ["Role: GET", "Venue: LT-3"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>CGPA &gt; 7 and backlogs &lt; 1</p>",
        "<p>Learn about the tags &lt;div&gt; and &lt;p&gt; in HTML</p>",
        "<p>A &amp; B, write to Asha &lt;asha@x.example&gt;</p>",
        "<p>vector&lt;string&gt; and map&lt;int, a&gt;</p>",
        TABLE,
    ],
)
def test_signs_that_were_escaped_rightly_stay(html: str) -> None:
    assert repaired(html) == html


HIDDEN = [
    '<{0} style="display:none">X</{0}>',
    '<{0} style="DISPLAY : None !important; color:red">X</{0}>',
    '<{0} style="display:none"><b>X</b> <i style="display:block">X</i></{0}>',
    '<{0} style="font-size:0">X</{0}>',
    '<{0} style="font-size:0px;line-height:0">X</{0}>',
    '<{0} style="color:#fff;font-size:1px">X</{0}>',
    '<{0} style="font-size: 0.0em"><b>X</b></{0}>',
    '<{0} style="visibility:hidden">X</{0}>',
    '<{0} style="opacity:0">X</{0}>',
    '<{0} style="max-height:0;overflow:hidden">X</{0}>',
    '<{0} style="height:0px;width:0px;overflow:hidden;mso-hide:all">X</{0}>',
    '<{0} style="text-indent:-9999px">X</{0}>',
    '<{0} style="position:absolute;left:-10000px">X</{0}>',
    "<{0} hidden>X</{0}>",
    '<{0} style="color:transparent">X</{0}>',
    '<style>.preheader {{ display:none !important }}</style><{0} class="a preheader">X</{0}>',
    '<style>p{{color:red}} span.gone, div.gone, td.gone{{font-size:0}}</style><{0} class="gone">X</{0}>',
    '<style>/* .x {{ }} */ #gone{{visibility:hidden}}</style><{0} id="gone">X</{0}>',
]


@pytest.mark.parametrize("tag", ["div", "span"])
@pytest.mark.parametrize("html", HIDDEN)
def test_text_that_no_reader_sees_is_dropped(html: str, tag: str) -> None:
    assert shown(repaired(f"<p>seen</p>{html.format(tag)}<p>also seen</p>")) == ["seen", "also seen"]


@pytest.mark.parametrize(
    "html",
    [
        '<td style="font-size:0px;padding:10px"><div style="font-size:13px">seen</div></td>',
        '<div style="visibility:hidden"><span style="visibility:visible">seen</span></div>',
        '<p style="font-size:0.9em">seen</p>',
        '<p style="font-size:10pt;max-height:0">seen</p>',
        '<p style="display:block;opacity:0.8;height:0">seen</p>',
        '<style>@media (max-width:600px){.wide{display:none}}</style><p class="wide">seen</p>',
        '<style>.none{display:none}</style><p class="none" style="display:block">seen</p>',
        "<p style='font-size:smaller;display:'>seen</p>",
        '<body style="display:none;font-size:12px">seen</body>',
    ],
)
def test_text_that_only_looks_hidden_is_kept(html: str) -> None:
    assert shown(repaired(f"<table><tr>{html}</tr></table>" if html.startswith("<td") else html)) == ["seen"]


def test_a_row_that_is_hidden_leaves_the_others() -> None:
    rows = "<tr><td>22103001</td><td>Asha</td></tr><tr style='display:none'><td>22103002</td><td>Bilal</td></tr>"

    assert shown(repaired(f"<table>{rows}</table>")) == ["22103001\tAsha"]


def test_text_around_what_is_hidden_stays() -> None:
    assert shown(repaired("<p>one <span style='display:none'>X</span>two</p> three")) == ["one two", "three"]


def test_pictures_within_the_page_are_left_off() -> None:
    html = f"<p>Dear <img alt='x' src=\"data:image/png;base64,{'A' * 3_000_000}\">Students</p>"

    assert len(repaired(html)) < 100
    assert shown(repaired(html)) == ["Dear Students"]


@pytest.mark.parametrize(
    "text",
    [
        f"<html><body>{TABLE}</body></html>",
        f"<!DOCTYPE html>\n<html>{TABLE}",
        f"  <div>{TABLE}</div>",
        f"<!-- made by hand --><table>{TABLE}</table>",
        f"Dear all,\n{TABLE}",
        "Dear Students,<br>Role: GET<br>Venue: LT-3<br>",
        escape(TABLE),
        "<P>Dear<BR>Students</P>",
    ],
)
def test_the_source_of_a_page_is_known(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Students,\nVenue: LT-3",
        "CGPA > 7 and < 10",
        "Write to Asha <asha@x.example> or <https://x.example/p>",
        "In this course you learn what <p>, </p>, <br> and </div> are for. " + "It takes place in LT-3. " * 20,
        "<b>",
        "",
    ],
)
def test_plain_text_is_no_page(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize(
    "piece",
    [
        "<div style='display:none'>",
        "&lt;p ",
        "&lt;p&gt;",
        "</p>",
        "<style>/*",
        "<style>@{",
        "<p",
        "&amp;",
        "<!--",
        "{}",
        "<p style='font-size:0'>x",
        "&lt;/p&gt;",
        "data:",
        "src=data:",
        "<br>",
    ],
)
def test_repetition_without_end_has_an_end(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    is_html(text)
    repaired(text)

    assert time.process_time() - start < 5


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "&#1;", "&#x1f;", "\ufffe"])
def test_control_characters_beside_hidden_text_are_dropped(sign: str) -> None:
    hidden = f"<span style='display:none'>x{sign}</span><!--{sign}-->"
    html = f"<div>{sign}Asha{sign}{hidden}{sign} Rao<b>{sign}</b>{sign}</div>"
    assert shown(repaired(html)) == ["Asha Rao"]
