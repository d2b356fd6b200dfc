"""What students may tell of themselves, and how what they write is understood (spec: personal, Profile)."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from accounts import courses
from accounts.personal.numbers import is_number, normal_number

_LONGEST = 60
_MOST_DECIMALS = 4
_MOST_BACKLOGS = 60
_YEARS = (2000, 2099)
_SPAN = re.compile(r"(20\d\d)\s*[-–/]\s*(?:20)?(\d\d)")
_GENDERS = {
    **dict.fromkeys(("f", "female", "woman", "w", "girl"), "female"),
    **dict.fromkeys(("m", "male", "man", "boy"), "male"),
    **dict.fromkeys(("o", "other", "others"), "other"),
}
_NONE = frozenset(("none", "nil", "no", "zero"))


class FactError(ValueError):
    """What was written can't be taken; the text says why to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a profile holds: how it is called, asked for and read; `choices` are offered as buttons."""

    label: str
    question: str
    example: str
    parse: Callable[[str], str]
    choices: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


def _plain(text: str) -> str:
    """The text with digits of every script as ASCII, on one line."""
    shown = "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in unicodedata.normalize("NFKC", text)
    )
    return " ".join(shown.split())


def _number(text: str) -> str:
    number = normal_number(_plain(text))
    if not is_number(number):
        raise FactError("That is no enrolment number. It has at least four digits, such as 22103001 or 21BCE1234.")
    return number


def _decimal(text: str, what: str) -> Decimal:
    plain = _plain(text).replace(",", ".").removesuffix("%").strip()
    try:
        value = Decimal(plain) if re.fullmatch(r"\d{1,3}(?:\.\d+)?", plain) else Decimal("NaN")
    except InvalidOperation:  # pragma: no cover (the expression lets no such text through)
        value = Decimal("NaN")
    if value.is_nan() or -int(value.as_tuple().exponent) > _MOST_DECIMALS:
        raise FactError(f"I can't read that as {what}.")
    return value


def _cgpa(text: str) -> str:
    value = _decimal(text, "a CGPA, such as 7.8")
    if value > 10 or "%" in text:
        raise FactError("A CGPA is between 0 and 10. A percentage of Class 10 or 12 goes to /me x or /me xii.")
    return str(value)


def _percentage(text: str) -> str:
    value = _decimal(text, "a percentage, such as 91.4")
    if value > 100:
        raise FactError("A percentage is at most 100.")
    if value <= 10:
        raise FactError("That looks like a CGPA. Send the percentage, such as 91.4.")
    return str(value)


def _count(text: str) -> str:
    plain = "0" if _plain(text).lower() in _NONE else _plain(text)
    if not re.fullmatch(r"\d{1,2}", plain) or int(plain) > _MOST_BACKLOGS:
        raise FactError("Send a whole number, such as 0.")
    return str(int(plain))


def _year(text: str) -> str:
    plain = _plain(text)
    if span := _SPAN.fullmatch(plain):
        plain = f"{span[1][:2]}{span[2]}"
    if not re.fullmatch(r"\d{4}", plain) or not _YEARS[0] <= int(plain) <= _YEARS[1]:
        raise FactError("Send the year in which you pass out, such as 2027.")
    return plain


def _program(text: str) -> str:
    name = courses.program_name(_short(text))
    if not courses.is_program(name):
        raise FactError("I do not know that programme. Send it as your college writes it, such as B.Tech or MCA.")
    return name


def _branch(text: str) -> str:
    name = courses.branch_name(_short(text))
    if name == _short(text):
        name = courses.branch_name(name.upper())
    if not courses.is_branch(name):
        raise FactError("I do not know that branch. Send it as your college writes it, such as CSE or Mechanical.")
    return name


def _short(text: str) -> str:
    return _plain(text)[:_LONGEST]


def _gender(text: str) -> str:
    found = _GENDERS.get(_plain(text).lower())
    if not found:
        raise FactError("Send female, male or other.")
    return found


FACTS: dict[str, Fact] = {
    "number": Fact(
        "Enrolment number",
        "What is your enrolment number? Then you are told first when you are on a list.",
        "22103001",
        _number,
        other_names=("enrollment", "enrolment", "roll"),
    ),
    "program": Fact(
        "Programme",
        "Which programme are you in?",
        "B.Tech",
        _program,
        ("B.Tech", "M.Tech", "MCA", "MBA"),
        ("programme",),
    ),
    "branch": Fact("Branch", "Which branch are you in?", "CSE", _branch, ("CSE", "IT", "ECE", "EE", "ME", "CE")),
    "batch": Fact("Batch", "In which year do you pass out?", "2027", _year, other_names=("year",)),
    "cgpa": Fact("CGPA", "What is your CGPA?", "7.8", _cgpa, other_names=("cpi", "gpa")),
    "x": Fact("Class 10", "How many per cent did you have in Class 10?", "91", _percentage, other_names=("10", "10th")),
    "xii": Fact(
        "Class 12", "How many per cent did you have in Class 12?", "88.4", _percentage, other_names=("12", "12th")
    ),
    "backlogs": Fact("Live backlogs", "How many backlogs do you have now?", "0", _count, ("0", "1", "2", "3")),
    "past": Fact(
        "Past backlogs",
        "How many backlogs did you have that are cleared?",
        "0",
        _count,
        ("0", "1", "2", "3"),
        ("history", "past_backlogs"),
    ),
    "gap": Fact("Gap years", "How many years did you pause between school and now?", "0", _count, ("0", "1", "2")),
    "gender": Fact(
        "Gender", "Your gender? Only some postings ask for it.", "female", _gender, ("female", "male", "other")
    ),
}


def fact_named(name: str) -> str:
    """Return the name in FACTS that a word means; "" where it means none."""
    word = name.lower()
    return next((fact for fact, of in FACTS.items() if word in (fact, *of.other_names)), "")


def shown(name: str, value: str) -> str:
    """Return a fact as people read it: "91 %" for Class 10."""
    return f"{value} %" if name in ("x", "xii") else value
