"""A text laid out once: lines, fields, tables, lists, sentences."""

import pytest

from scraping.reading.page import lay_out

TABLE = "<table><tr><td>{}</td><td>{}</td></tr><tr><td>{}</td><td>{}</td></tr></table>"


def test_labelled_statements_are_fields() -> None:
    page = lay_out("Orbit", "<p>*Company:* Orbit Labs</p><p>📍 Venue - LT-3 | CTC: 12 LPA</p>")

    assert [(field.name, field.value) for field in page.fields] == [
        ("company", "Orbit Labs"),
        ("venue", "LT-3"),
        ("package", "12 LPA"),
    ]
    assert page.values("package", "stipend") == ["12 LPA"]


def test_a_table_with_a_head_has_typed_columns_and_gives_no_fields() -> None:
    page = lay_out("Drives", TABLE.format("Company", "Venue", "Orbit", "LT-3"))

    (table,) = page.tables
    assert (table.kinds, table.column("company"), table.column("role")) == (("company", "venue"), ["Orbit"], [])
    assert page.fields == ()


def test_a_table_of_two_columns_without_a_head_is_fields() -> None:
    page = lay_out("Drive", TABLE.format("Role", "Analyst", "CTC", "9 LPA"))

    assert [(field.name, field.value) for field in page.fields] == [("role", "Analyst"), ("package", "9 LPA")]


def test_points_belong_to_the_line_above_them() -> None:
    (listed,) = lay_out("Talk", "<p>Bring:</p><ul><li>1. Laptop</li><li>2. Resume</li></ul>").lists

    assert (listed.head, listed.points) == ("Bring:", ("Laptop", "Resume"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Test is on Dec. 3. Come at 9 a.m. Bring Rs. 500.", ["Test is on Dec. 3.", "Come at 9 a.m. Bring Rs. 500."]),
        ("Congratulations!! You made it", ["Congratulations!!", "You made it"]),
        ("Dr. Reddy's visits Sec. 62. No laptops", ["Dr. Reddy's visits Sec. 62.", "No laptops"]),
    ],
)
def test_sentences_end_at_no_abbreviation(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in lay_out("", text).sentences if sentence.line == 0] == sentences


def test_digits_of_every_script_and_bold_letters_are_plain() -> None:
    assert lay_out("𝗛𝗶𝗿𝗶𝗻𝗴", "तारीख १० दिसंबर २०२६, ௯ மணி").lines == ("तारीख 10 दिसंबर 2026, 9 மணி",)
    assert lay_out("𝗛𝗶𝗿𝗶𝗻𝗴", "").title == "Hiring"


def test_what_is_struck_out_is_not_read() -> None:
    assert lay_out("", "Test on ~24 Nov~ 25 Nov").lines == ("Test on 25 Nov",)


def test_a_page_without_some_lines_keeps_the_rest() -> None:
    page = lay_out("T", "<p>a</p><p>b</p><p>c</p>")

    assert page.without({1}).lines == ("a", "c")
    assert page.without(()) is page
