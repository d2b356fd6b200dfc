"""What students may tell of themselves, and how what they write is understood (spec: personal, Profile)."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from accounts import courses
from accounts.personal.numbers import is_number, normal_number
from accounts.personal.said import facts_named, value_in, words_left

_LONGEST = 60
_MOST_DECIMALS = 4
_MOST_BACKLOGS = 60
_YEARS = (2000, 2099)
_SPAN = re.compile(r"(20\d\d)\s*[-–/]\s*(?:20)?(\d\d)")
_GENDERS = {
    **dict.fromkeys(("f", "female", "woman", "w", "girl", "महिला", "स्त्री"), "female"),
    **dict.fromkeys(("m", "male", "man", "boy", "पुरुष"), "male"),
    **dict.fromkeys(("o", "other", "others", "अन्य"), "other"),
}
GENDERS = {"female": _lazy("female"), "male": _lazy("male"), "other": _lazy("other")}
_NONE = frozenset(("none", "nil", "no", "zero", "nahi", "nahin", "नहीं", "शून्य"))


class FactError(ValueError):
    """What was written can't be taken; the text says why to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a profile holds: how it is called, asked for and read; `choices` are offered as buttons."""

    label: StrOrPromise
    question: StrOrPromise
    example: StrOrPromise
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
    number = normal_number(value_in("number", _plain(text)))
    if not is_number(number):
        raise FactError(
            _("That is no enrolment number. It has at least five signs, four of them digits: 22103001 or 21BCE1234.")
        )
    return number


def _decimal(text: str, otherwise: str) -> Decimal:
    plain = text.replace(",", ".").removesuffix("%").strip()
    try:
        value = Decimal(plain) if re.fullmatch(r"\d{1,3}(?:\.\d+)?", plain) else Decimal("NaN")
    except InvalidOperation:  # pragma: no cover (the expression lets no such text through)
        value = Decimal("NaN")
    if value.is_nan() or -int(value.as_tuple().exponent) > _MOST_DECIMALS:
        raise FactError(otherwise)
    return value


def _cgpa(text: str) -> str:
    value = _decimal(value_in("cgpa", _plain(text)), _("I can't read that as a CGPA, such as 7.8."))
    if value > 10 or "%" in text:
        raise FactError(_("A CGPA is between 0 and 10. Percentages belong to Class 10 (/me x) and Class 12 (/me xii)."))
    return str(value)


def _percentage(text: str) -> str:
    value = _decimal(value_in("percentage", _plain(text)), _("I can't read that as a percentage, such as 91.4."))
    if value > 100:
        raise FactError(_("A percentage is at most 100."))
    if value <= 10:
        raise FactError(_("That looks like a CGPA. Send the percentage, such as 91.4."))
    return str(value)


def _count(name: str, text: str) -> str:
    said = value_in(name, _plain(text))
    plain = "0" if said.lower() in _NONE else said
    if not re.fullmatch(r"\d{1,2}", plain) or int(plain) > _MOST_BACKLOGS:
        raise FactError(_("Send a whole number, such as 0."))
    return str(int(plain))


def _year(text: str) -> str:
    plain = value_in("batch", _plain(text))
    if span := _SPAN.fullmatch(plain):
        plain = f"{span[1][:2]}{span[2]}"
    if not re.fullmatch(r"\d{4}", plain) or not _YEARS[0] <= int(plain) <= _YEARS[1]:
        raise FactError(_("Send the year in which you pass out, such as 2027."))
    return plain


def _program(text: str) -> str:
    names = (courses.program_name(said) for said in (_short(text), value_in("program", _short(text))))
    name = next(filter(courses.is_program, names), "")
    if not name:
        raise FactError(_("I do not know that programme. Send it as your college writes it, such as B.Tech or MCA."))
    return name


def _branch(text: str) -> str:
    names = (_branch_called(said) for said in (_short(text), value_in("branch", _short(text))))
    name = next(filter(courses.is_branch, names), "")
    if not name:
        raise FactError(_("I do not know that branch. Send it as your college writes it, such as CSE or Mechanical."))
    return name


def _branch_called(text: str) -> str:
    name = courses.branch_name(text)
    return courses.branch_name(text.upper()) if name == text else name


def _short(text: str) -> str:
    return _plain(text)[:_LONGEST]


def _gender(text: str) -> str:
    found = _GENDERS.get(value_in("gender", _plain(text)).lower())
    if not found:
        raise FactError(_("Send female, male or other."))
    return found


FACTS: dict[str, Fact] = {
    "number": Fact(
        _lazy("Enrolment number"),
        _lazy("What is your enrolment number? Then you are told first when you are on a list."),
        "22103001",
        _number,
        other_names=("enrollment", "enrolment", "roll"),
    ),
    "program": Fact(
        _lazy("Programme"),
        _lazy("Which programme are you in?"),
        "B.Tech",
        _program,
        ("B.Tech", "M.Tech", "MCA", "MBA"),
        ("programme",),
    ),
    "branch": Fact(
        _lazy("Branch"), _lazy("Which branch are you in?"), "CSE", _branch, ("CSE", "IT", "ECE", "EE", "ME", "CE")
    ),
    "batch": Fact(_lazy("Batch"), _lazy("In which year do you pass out?"), "2027", _year, other_names=("year",)),
    "cgpa": Fact(_lazy("CGPA"), _lazy("What is your CGPA?"), "7.8", _cgpa, other_names=("cpi", "gpa")),
    "x": Fact(
        _lazy("Class 10"),
        _lazy("How many per cent did you have in Class 10?"),
        "91",
        _percentage,
        other_names=("10", "10th"),
    ),
    "xii": Fact(
        _lazy("Class 12"),
        _lazy("How many per cent did you have in Class 12?"),
        "88.4",
        _percentage,
        other_names=("12", "12th"),
    ),
    "backlogs": Fact(
        _lazy("Live backlogs"),
        _lazy("How many backlogs do you have now?"),
        "0",
        partial(_count, "backlogs"),
        ("0", "1", "2", "3"),
    ),
    "past": Fact(
        _lazy("Past backlogs"),
        _lazy("How many backlogs did you have that are cleared?"),
        "0",
        partial(_count, "past"),
        ("0", "1", "2", "3"),
        ("history", "past_backlogs"),
    ),
    "gap": Fact(
        _lazy("Gap years"),
        _lazy("How many years did you pause between school and now?"),
        "0",
        partial(_count, "gap"),
        ("0", "1", "2"),
    ),
    "gender": Fact(
        _lazy("Gender"),
        _lazy("Your gender? Only some postings ask for it."),
        GENDERS["female"],
        _gender,
        ("female", "male", "other"),
    ),
}


def fact_named(name: str) -> str:
    """Return the name in FACTS that a word means; "" where it means none."""
    word = name.lower()
    return next((fact for fact, of in FACTS.items() if word in (fact, *of.other_names)), "")


def told_in(text: str) -> tuple[str, str]:
    """Return the fact that a text tells of its writer, and its value: "my cgpa is 8.2"; "" twice where it says more."""
    named = facts_named(text) if "?" not in text else []
    if len(named) != 1 or (named[0] == "program" and len(words_left("program", text)) != 1):
        return "", ""
    with suppress(FactError):
        return named[0], FACTS[named[0]].parse(text)
    return "", ""


def shown(name: str, value: str) -> str:
    """Return a fact as people read it: "91 %" for Class 10."""
    if name == "gender":
        return str(GENDERS.get(value, value))
    return f"{value} %" if name in ("x", "xii") else value
