import pytest

from scraping.items import Link
from scraping.reading.layout.markup import read_markup


def lines(html: str) -> list[str]:
    return list(read_markup(html).lines)


def test_blocks_and_breaks_make_lines_inline_marks_do_not() -> None:
    html = "<h4>One</h4><p>Two <b>bold</b>, 15<sup>th</sup> July<br/>Three</p><ul><li>Four</li></ul>"
    assert lines(html) == ["One", "Two bold, 15th July", "Three", "Four"]


def test_line_breaks_of_the_source_are_none_of_the_text() -> None:
    assert lines("<p>Deadline\n\t\tfor applications\n\t</p>") == ["Deadline for applications"]


def test_a_row_is_one_line_its_cells_parted_by_tabs() -> None:
    html = "<table><tr><td><p>1</p></td><td>&nbsp;</td><td><p>Asha<br>Rao</p></td></tr></table>"
    assert lines(html) == ["1\t\tAsha Rao"]


def test_a_table_that_only_lays_out_keeps_the_lines_in_it() -> None:
    html = "<table><tr><td><p>One</p><table><tr><td>a</td><td>b</td></tr></table></td><td>x</td></tr></table>"
    assert lines(html) == ["One", "a\tb", "x"]


def test_cells_that_reach_over_rows_and_columns_keep_the_columns_straight() -> None:
    html = (
        "<table><tr><td rowspan='2'>Acme</td><td>Asha</td><td>1</td></tr><tr><td>Ravi</td><td>2</td></tr>"
        "<tr><td colspan='2'>x</td><td>3</td></tr></table>"
    )
    assert lines(html) == ["Acme\tAsha\t1", "Acme\tRavi\t2", "x\t\t3"]


@pytest.mark.parametrize("span", ["99999999999", "-1", "0", "x", ""])
def test_a_senseless_span_is_no_span(span: str) -> None:
    assert lines(f"<table><tr><td rowspan='{span}' colspan='{span}'>a</td><td>b</td></tr></table>")[0].startswith("a")


def test_what_is_struck_out_or_a_script_is_not_read() -> None:
    html = "<p>by <s>15 May</s> <span style='text-decoration: line-through'>16 May</span> 17 May</p><script>x</script>"
    assert lines(html) == ["by 17 May"]


def test_text_without_a_tag_is_read_line_by_line() -> None:
    assert lines("Asha Rao &amp; Co\n1\t23510417\tAsha\n<https://x.example/a>") == [
        "Asha Rao & Co",
        "1\t23510417\tAsha",
        "<https://x.example/a>",
    ]


def test_preformatted_text_keeps_its_lines() -> None:
    assert lines("<pre>one\ntwo</pre><p>three</p>") == ["one", "two", "three"]


def test_an_address_broken_for_the_screen_is_whole() -> None:
    assert lines("<p>https://meet.<wbr>example/<wbr>abc</p>") == ["https://meet.example/abc"]


def test_anchors_come_with_their_label() -> None:
    html = "<a href=' https://x.example/a '>Click <b>here</b></a><a name='top'>no</a>"
    assert read_markup(html).anchors == (Link("https://x.example/a", "Click here"),)


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "<",
        "<!-- ",
        "<p",
        "&#0;",
        "<a href='",
        "\ud800",
        "<table><td>",
        "<?xml version='1.0' encoding='x'?><p>",
    ],
)
def test_rubbish_is_no_error(html: str) -> None:
    read_markup(html)


def test_nesting_deeper_than_the_parser_goes_still_gives_the_text() -> None:
    html = "<div>" * 5000 + "<p>Asha Rao (23510417)</p><p>Ravi</p>" + "</div>" * 5000
    assert lines(html) == ["Asha Rao (23510417)", "Ravi"]
