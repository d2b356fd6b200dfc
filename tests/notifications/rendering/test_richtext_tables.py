"""Tables as a phone shows them."""

import pytest

from notifications.rendering.messages import RichText
from notifications.rendering.richtext import clean_html, to_rich_text
from tests.notifications.telegram_rules import assert_valid, spans


def table(*rows: list[str], head: list[str] | None = None) -> str:
    def row(cells: list[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    return (
        f"<table>{row(head, 'th') if head else ''}<tbody>{''.join(row(cells, 'td') for cells in rows)}</tbody></table>"
    )


def shown(html: str) -> RichText:
    rich = to_rich_text(html)
    assert_valid(rich)
    assert to_rich_text(clean_html(html)) == rich
    return rich


def test_a_short_table_is_aligned() -> None:
    rich = shown(table(["Base pay", "10,00,000"], ["Joining bonus", "1,00,000"], head=["Part", "Rupees"]))
    assert rich.text == "Part           Rupees\nBase pay       10,00,000\nJoining bonus  1,00,000"
    assert [kind for kind, _ in spans(rich)] == ["pre"]


def test_columns_of_wide_characters_stay_aligned() -> None:
    assert shown(table(["東京", "1"], ["Pune", "2"])).text == "東京  1\nPune  2"


def test_a_first_cell_without_text_does_not_shift_its_row() -> None:
    assert shown(table(["", "9"], ["a", "8"])).text == "–  9\na  8"


def test_one_long_name_does_not_cost_the_alignment() -> None:
    rows = [[f"221030{number:02}", "Aarav", "LT-3"] for number in range(10, 30)]
    long = ["22103050", "Venkata Subramanian Krishnamurthy", "LT-3"]
    assert shown(table(*rows, long)).text.split("\n")[-2:] == [
        "22103029  Aarav  LT-3",
        "22103050  Venkata Subramanian Krishnamurthy  LT-3",
    ]


def test_a_head_too_wide_for_its_columns_stands_above_them() -> None:
    rich = shown(
        table(["22103001", "Aarav Sharma"], ["22103002", "Diya"], head=["Enrolment number", "Name of the student"])
    )
    assert rich.text == "Enrolment number · Name of the student\n22103001  Aarav Sharma\n22103002  Diya"
    assert [kind for kind, _ in spans(rich)] == ["bold", "pre"]


def test_a_head_is_known_by_its_words_above_figures() -> None:
    html = table(["Enrolment number", "Name of the student"], ["22103001", "Aarav"], ["22103002", "Diya"])
    assert shown(html).text == "Enrolment number · Name of the student\n22103001  Aarav\n22103002  Diya"


def test_what_every_row_repeats_is_said_once() -> None:
    rows = [[f"2210300{number}", "Institute of Somewhere", name] for number, name in enumerate(["Om", "Ria", "Dev"])]
    text = shown(table(*rows, head=["Roll", "College", "Name"])).text
    assert text == "College: Institute of Somewhere\nRoll      Name\n22103000  Om\n22103001  Ria\n22103002  Dev"


def test_equal_words_over_different_links_are_not_the_same() -> None:
    rows = [["Day one of the event", f'<a href="https://x.example/{day}">Join</a>', "a"] for day in range(3)]
    urls = [entity.url for entity in shown(table(*rows, head=["Day", "Link", "Note"])).entities if entity.url]
    assert urls == ["https://x.example/0", "https://x.example/1", "https://x.example/2"]


def test_serial_numbers_give_way_to_columns() -> None:
    rows = [["1", "22103001", "Aarav Venkatesan Sharma"], ["2", "22103002", "Diya"]]
    assert shown(table(*rows)).text == "22103001  Aarav Venkatesan Sharma\n22103002  Diya"


def test_other_numbers_stay() -> None:
    rows = [["4", "22103001", "Aarav Venkatesan Sharma"], ["7", "22103002", "Diya"]]
    assert shown(table(*rows)).text == "4 · 22103001 · Aarav Venkatesan Sharma\n7 · 22103002 · Diya"


def test_two_wide_columns_are_labels_and_values() -> None:
    rich = shown(table(["Role:", "Engineer for platforms and data"], ["Place", "Noida"], ["Bonus", "None this year"]))
    assert rich.text == "Role: Engineer for platforms and data\nPlace: Noida\nBonus: None this year"
    assert spans(rich) == [("bold", "Role: "), ("bold", "Place: "), ("bold", "Bonus: ")]


def test_a_row_of_sentences_is_a_paragraph_under_its_heads() -> None:
    html = table(["A", "word " * 20, "<ul><li>x<li>y</ul>"], ["B", "word " * 20, "z"], head=["Team", "Does", "Needs"])
    first, second = shown(html).text.split("\n\n")
    assert first == f"Team: A\nDoes: {'word ' * 19}word\nNeeds:\n• x\n• y"
    assert second.startswith("Team: B\nDoes: word")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (table(["one"], ["<p>two</p><p>lines</p>"], ["three"]), "one\n\ntwo\n\nlines\n\nthree"),
        ("<table><tr><td><p>Dear all,</p><p>come</p></td><td>Menu</td></tr></table>", "Dear all,\n\ncome\n\nMenu"),
        ("<table><tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><td>e", "a  b\nc  d\n\ne"),
        ("<table><tr><td>&nbsp;<td>x<td>&nbsp;<tr><td><td>y<td></table>", "x\ny"),
        ("<table>" + "<td>x" * 100 + "</table>", "\n".join("x" * 100)),
        ("<tr><td>no table</td></tr>", "no table"),
        ("before<table>stray<tr><td>a<td>b<tr><td>c<td>d</table>after", "before\n\nstray\na  b\nc  d\n\nafter"),
    ],
    ids=["one column", "page layout", "nested", "empty columns", "very wide", "without a table", "text between"],
)
def test_tables_that_hold_no_data_become_lines(html: str, expected: str) -> None:
    assert shown(html).text == expected


def test_a_cell_over_several_rows_is_repeated_and_a_title_stands_alone() -> None:
    html = "<table><tr><td colspan=2>Monday<tr><td rowspan=2>Hall<td>Talk<tr><td>Test</table>"
    assert shown(html).text == "Monday\nHall  Talk\nHall  Test"


def test_tables_in_quotes_stay_in_them() -> None:
    html = "<blockquote>see<table><tr><td>1<td>2<tr><td>3<td>4</table></blockquote>"
    assert spans(shown(html)) == [("blockquote", "see\n1  2\n3  4"), ("pre", "1  2\n3  4")]
