"""Markdown of a policy: linkable, and harmless."""

import pytest

from scraping.placements.policies import table_of_contents
from scraping.web.policy_page import to_html


def test_headings_take_the_ids_of_the_contents_in_order() -> None:
    content = "# Rules\n\n## Rules\n\n### Not listed"
    contents = table_of_contents(content)[:2]
    html = to_html(content, contents)
    assert '<h2 id="rules">Rules</h2>' in html
    assert '<h3 id="rules-2">Rules</h3>' in html
    assert "<h4>Not listed</h4>" in html


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html,x)",
    ],
)
def test_nothing_in_it_runs(content: str) -> None:
    html = to_html(content, [])
    for bad in ("<script", "<img src=x", '<a href="javascript', '<a href="data:'):
        assert bad not in html


def test_any_text_is_a_page() -> None:
    assert to_html("", []) == ""
    assert "<p>" in to_html("#" * 400 + " x" + "\n" + ">" * 5000, [{"id": "a", "text": "", "level": 1}])
