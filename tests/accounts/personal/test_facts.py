"""How what students write of themselves is understood; what can't be taken is refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.personal.facts import FACTS, FactError, fact_named, told_in
from accounts.personal.numbers import is_number, normal_number

UNDERSTOOD = {
    "number": {
        "22103001": "22103001",
        " 2210 3001 ": "22103001",
        "२२१०३००१": "22103001",
        "9922103001": "9922103001",
        "21bce1234": "21BCE1234",
        "2K20/CO/123": "2K20CO123",
        "022103001": "22103001",
    },
    "cgpa": {"7.8": "7.8", "7,8": "7.8", "7.495": "7.495", "10": "10", "0": "0", "९.१": "9.1"},
    "x": {"91": "91", "91.4 %": "91.4", "88,5": "88.5", "100": "100"},
    "xii": {"88.4": "88.4"},
    "backlogs": {"0": "0", "none": "0", "nil": "0", "2": "2"},
    "past": {"3": "3"},
    "batch": {"2027": "2027", "2023-27": "2027", "2023-2027": "2027"},
    "program": {"btech": "B.Tech", "M.Tech.": "M.Tech", "mca": "MCA"},
    "branch": {"cse": "CSE", "Computer Science": "CSE", "ece": "ECE", "mechanical": "Mechanical", "cs": "CS"},
    "gender": {"F": "female", "male": "male", "other": "other"},
}
IN_WORDS = {
    "number": {
        "my number is 22103001": "22103001",
        "Roll No: 22103001": "22103001",
        "22103001 hai": "22103001",
        "Asha Verma 22103001 CSE": "22103001",
        "enrolment no. = 21 BCE 1234": "21BCE1234",
        "मेरा रोल नंबर २२१०३००१ है": "22103001",
    },
    "cgpa": {"8.2/10": "8.2", "my cgpa is 8.2": "8.2", "8.20 out of 10": "8.20"},
    "x": {"88 percent": "88", "10th: 91.5 per cent": "91.5", "91/100": "91"},
    "backlogs": {"no backlogs": "0", "0 hai": "0", "koi nahi": "0", "2 live backlogs": "2"},
    "batch": {"2027 passout": "2027", "passing out in 2027": "2027"},
    "program": {"I am doing btech": "B.Tech"},
    "branch": {"I am in cse": "CSE", "it": "IT", "mera branch me hai": "ME", "Internet of Things": "IoT"},
}
REFUSED = {
    "past": ("2 gap years",),
    "gap": ("1 backlog",),
    "number": (
        *("", "12", "2451", "hello", "hello 12345", "Zenith Labs 2027", "12345678901234567890123", "🎓"),
        "201309 Noida Sector 62 Uttar Pradesh",
    ),
    "cgpa": ("10.5", "78", "7.8%", "78 %", "7.8/4", "-7", "seven", "7..2", "NaN", "1e1", "7.12345", "9" * 4000),
    "x": ("9.2", "101", "", "A1", "ninety"),
    "backlogs": ("-1", "1.5", "99", "many"),
    "batch": ("27", "1999", "2027-23-1", "next year"),
    "program": ("Wizardry", ""),
    "branch": ("Potions", "", "🎓", "x" * 4000),
    "gender": ("?", ""),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in UNDERSTOOD.items() for text in texts])
def test_what_is_understood(name: str, text: str) -> None:
    assert FACTS[name].parse(text) == UNDERSTOOD[name][text]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in IN_WORDS.items() for text in texts])
def test_words_around_a_value_do_not_matter(name: str, text: str) -> None:
    assert FACTS[name].parse(text) == IN_WORDS[name][text]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in REFUSED.items() for text in texts])
def test_what_is_refused_says_why(name: str, text: str) -> None:
    with pytest.raises(FactError) as error:
        FACTS[name].parse(text)
    assert str(error.value).endswith(".")
    assert len(text) < 4 or text not in str(error.value), "what somebody wrote of themselves is not repeated"


@given(st.sampled_from(sorted(FACTS)), st.text(max_size=200))
def test_any_text_is_understood_or_refused_and_understood_the_same_again(name: str, text: str) -> None:
    try:
        value = FACTS[name].parse(text)
    except FactError:
        return
    assert FACTS[name].parse(value) == value
    assert "\n" not in value


@given(st.text(alphabet="0123456789ABCxyz -/", max_size=30))
def test_a_number_is_the_same_however_it_is_written(text: str) -> None:
    number = normal_number(text)
    assert normal_number(number) == normal_number(f" {'-'.join(number)} ".lower()) == number
    assert not number or number.isalnum()


def test_what_is_a_number() -> None:
    assert is_number("22103001")
    assert is_number("1RV23CS001")
    assert not is_number("COVID2024X"[:4])
    assert not is_number("NOIDA62")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("my cgpa is 8.2", "cgpa", "8.2"),
        ("cgpa 8.1", "cgpa", "8.1"),
        ("CGPA: 8.2/10.", "cgpa", "8.2"),
        ("मेरा cgpa 8.2 है", "cgpa", "8.2"),
        ("मेरा सीजीपीए ८.२ है", "cgpa", "8.2"),
        ("mera cgpa 8.5 hai", "cgpa", "8.5"),
        ("my branch is cse", "branch", "CSE"),
        ("mera course mca hai", "program", "MCA"),
        ("backlogs 0", "backlogs", "0"),
        ("no active backlogs", "backlogs", "0"),
        ("2 cleared backlogs", "past", "2"),
        ("1 year gap", "gap", "1"),
        ("10th 91%", "x", "91"),
        ("xii 91.4 per cent", "xii", "91.4"),
        ("12th 88", "xii", "88"),
        ("passing out in 2027", "batch", "2027"),
        ("my batch is 2023-27", "batch", "2027"),
        ("my gender is female", "gender", "female"),
    ],
)
def test_what_a_text_tells_of_its_writer(text: str, name: str, value: str) -> None:
    assert told_in(text) == (name, value)


@pytest.mark.parametrize(
    "text",
    [
        *("Zenith cgpa 7.5 cutoff", "is my cgpa 8.2 enough", "cgpa 8.2?", "my cgpa", "cgpa 82", "cgpa 8.2 backlogs 0"),
        *(
            "CSE jobs",
            "CSE branch",
            "2027 batch",
            "batch 2027",
            "my branch jobs",
            "btech course",
            "my friend course mca",
        ),
        *("10th December", "10th 12th 91", "past 2", "gap year", "backlogs", "8.2", "22103001", ""),
    ],
)
def test_a_search_tells_nothing_of_its_writer(text: str) -> None:
    assert told_in(text) == ("", "")


@given(st.text(max_size=200))
def test_any_text_tells_a_fact_or_none(text: str) -> None:
    name, value = told_in(text)
    assert not name or FACTS[name].parse(value) == value


def test_the_names_people_use() -> None:
    assert [fact_named(word) for word in ("CGPA", "12th", "10", "enrollment", "programme", "what")] == [
        "cgpa",
        "xii",
        "x",
        "number",
        "program",
        "",
    ]
