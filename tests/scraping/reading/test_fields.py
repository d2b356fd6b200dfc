"""What stands under labels, however they are laid out."""

import pytest

from scraping.reading.layout.fields import Field, read_fields, readable_lines, values


def fields_of(text: str) -> list[Field]:
    return read_fields(readable_lines(text))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Role: Analyst", "role", "Analyst"),
        ("ROLE : Analyst", "role", "Analyst"),
        ("Job Profile - Analyst", "role", "Analyst"),
        ("Designation – Analyst", "role", "Analyst"),
        ("1. Position offered: Analyst", "role", "Analyst"),
        ("• Role:- Analyst", "role", "Analyst"),
        ("Role\tAnalyst", "role", "Analyst"),
        ("| Role | Analyst |", "role", "Analyst"),
        ("Role        Analyst".replace("        ", "\t"), "role", "Analyst"),
        ("CTC (INR): 6 LPA", "package", "6 LPA"),
        ("Full-Time Package: 6 LPA", "package", "6 LPA"),
        ("Work Location(s): Pune", "location", "Pune"),
        ("Name of the Company: Zen Labs", "company", "Zen Labs"),
        ("Last date to apply: 5 May", "deadline", "5 May"),
        ("Selection Process: Test, Interview", "process", "Test, Interview"),
        ("Prize Pool: INR 5 lakh", "prize", "INR 5 lakh"),
        ("Team Size - 2 to 4", "team_size", "2 to 4"),
        ("Expected date of joining: July 2026", "joining", "July 2026"),
    ],
)
def test_a_labelled_statement_is_found(text: str, name: str, value: str) -> None:
    assert values(fields_of(text), name) == [value]


def test_statements_of_one_line_are_parted() -> None:
    fields = fields_of("Company: Zen Labs Pvt. Ltd. | Role: Analyst, Package: 5 LPA; Location: Noida")

    assert [(field.name, field.value) for field in fields] == [
        ("company", "Zen Labs Pvt. Ltd."),
        ("role", "Analyst"),
        ("package", "5 LPA"),
        ("location", "Noida"),
    ]


def test_an_empty_label_does_not_take_the_sentence_below() -> None:
    assert fields_of("Location:\nThe offer is subject to verification.") == []


def test_a_list_under_a_label_is_its_value() -> None:
    (field,) = fields_of("Package:\n - Base: 10 LPA\n - Joining bonus: 1 Lakh\nDear all")

    assert field.value == "- Base: 10 LPA\n- Joining bonus: 1 Lakh"


def test_a_label_alone_on_its_line_has_its_value_below() -> None:
    text = "Role\n\nAnalyst\n\nLocation\n\nPune\n\nPackage\n\nRemarks:"

    assert [(field.name, field.value) for field in fields_of(text)] == [("role", "Analyst"), ("location", "Pune")]


def test_a_line_its_mail_program_broke_is_whole_again() -> None:
    text = "Package: INR 20,000 per month during the internship of twelve months,\nfollowed by 8 LPA\nLocation: Pune"

    assert values(fields_of(text), "package") == [
        "INR 20,000 per month during the internship of twelve months, followed by 8 LPA"
    ]
    assert values(fields_of(text), "location") == ["Pune"]


@pytest.mark.parametrize(
    "text",
    ["Time management is key", "The role of women in technology", "See the location on the map", "Subject to approval"],
)
def test_a_word_in_a_sentence_is_no_label(text: str) -> None:
    assert fields_of(text) == []


def test_a_student_s_row_is_no_rest_of_the_sentence_above() -> None:
    text = "The following students have been finally selected by Kestrel Analytics\n22103001 Asha Rao\n22103002 Meera"

    assert readable_lines(text) == text.split("\n")
