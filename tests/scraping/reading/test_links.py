import pytest

from scraping.reading.facts.links import read_links
from scraping.reading.layout.markup import read_markup


def links(html: str) -> list[str]:
    markup = read_markup(html)
    return [link.url for link in read_links(markup.anchors, markup.lines)]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<a href='https://x.example/a'>Click here</a>", "https://x.example/a"),
        ("See (https://x.example/a).", "https://x.example/a"),
        ("Link:https://x.example/wiki/A_(b), please", "https://x.example/wiki/A_(b)"),
        ("<p>&lt;https://x.example/a&gt;</p>", "https://x.example/a"),
        ("Visit www.x.example/jobs", "https://www.x.example/jobs"),
        ("careers.acme.com/campus", "https://careers.acme.com/campus"),
        ("forms.gle/abcDEF", "https://forms.gle/abcDEF"),
        ("<a href='acme.in/a'>x</a>", "https://acme.in/a"),
        ("<a href=' HTTPS://x.example/a b '>x</a>", "https://x.example/a%20b"),
        ("<a href='https://www.google.com/url?q=https://forms.gle/abc&amp;sa=D'>form</a>", "https://forms.gle/abc"),
        (
            "<a href='https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fa&data=1'>go</a>",
            "https://x.example/a",
        ),
        ("<a href='https://click.mail.example/xyz'>https://x.example/apply</a>", "https://x.example/apply"),
        ("<a href='https://x.example/short'>https://x.example/very/<wbr>long</a>", "https://x.example/short"),
        (
            "<a href='https://t.example/1'>A</a> <a href='http://www.t.example/1/'>B</a> https://t.example/1",
            "https://t.example/1",
        ),
        ("https://app.portal.example//#/surveys/1/submit", "https://app.portal.example//#/surveys/1/submit"),
    ],
)
def test_one_link(html: str, url: str) -> None:
    assert links(html) == [url]


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='mailto:tpo@college.example'>x</a>",
        "<a href='tel:98'>x</a>",
        "<a href='#top'>x</a>",
        "<a href='http://[bad'>x</a>",
        "<a href='/a/b'>x</a>",
        "<a href='https:///a'>x</a>",
        "<a href='https://localhost/a'>x</a>",
        "<a href='https://app.portal.example/support/#/student/349'>these instructions</a>",
        "B.Tech/M.Tech CSE/IT hr@x.com/y 10.00/12 Acme.ai",
        "mail tpo@college.example",
    ],
)
def test_no_link(html: str) -> None:
    assert links(html) == []


def test_a_label_is_kept_unless_it_is_the_address() -> None:
    markup = read_markup(
        "<a href='https://x.example/a'>Apply</a> <a href='https://x.example/b'>https://x.example/b</a>"
    )
    assert [link.label for link in read_links(markup.anchors, markup.lines)] == ["Apply", ""]


def test_no_more_links_than_anyone_reads() -> None:
    assert len(links(" ".join(f"https://x.example/{number}" for number in range(500)))) == 50
