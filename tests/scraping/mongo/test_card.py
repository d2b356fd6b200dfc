"""Formatted text as Markdown."""

import pytest

from notifications.rendering.richtext import to_rich_text
from scraping.mongo.card import as_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<b>All</b>", "**All**"),
        ("a <b>bold</b> and <i>soft</i> end", "a **bold** and *soft* end"),
        ("🎯 <b>x</b>", "🎯 **x**"),
        ('<a href="https://example.com/a(b)">here</a>', "[here](https://example.com/a(b%29)"),
        ("<b>a <i>b</i></b>", "**a *b***"),
        ("1 * 2 _ [x]", "1 \\* 2 \\_ \\[x\\]"),
        ("one<br>two", "one  \ntwo"),
        ("<b>one<br>two</b>", "**one**  \n**two**"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ],
)
def test_formatting_becomes_markdown(html: str, markdown: str) -> None:
    assert as_markdown(to_rich_text(html)) == markdown
