"""How what students write of themselves is understood; what can't be taken is refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.personal.facts import FACTS, FactError, fact_named
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


def test_the_names_people_use() -> None:
    assert [fact_named(word) for word in ("CGPA", "12th", "10", "enrollment", "programme", "what")] == [
        "cgpa",
        "xii",
        "x",
        "number",
        "program",
        "",
    ]
