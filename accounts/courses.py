"""Programmes and branches of study as texts name them: courses.toml has the synonyms (spec: reading, Eligibility)."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")
_LOWER_LIST = re.compile(r"(?<![\w.])[a-z]{2,4}(?:\s?[/,&]\s?[a-z]{2,4}){1,8}(?![\w.])")
_CODE = re.compile(r"(?<![A-Za-z\d.])[A-Z]{2,5}(?![A-Za-z\d])")
_CODES = re.compile(r"(?<![A-Za-z\d.])[A-Z]{2,5}(?:(?:\s?[/,&]\s?|\s)[A-Z]{2,5}(?![A-Za-z\d]))+")
# "Mechanical, Chemical, Production and Polymer Engineering": a list of words, most of them known.
_WORD = re.compile(r"(?<![A-Za-z\d.])[A-Z][a-z]{3,}(?![A-Za-z\d])")
_WORDS = re.compile(
    r"(?<![A-Za-z\d.])[A-Z][a-z]{3,}(?:(?:,\s?(?:and\s)?|\s?/\s?|\s(?:and"
    r"|&)\s)[A-Z][a-z]{3,}(?![A-Za-z\d])){2,10}(?=\s+Eng)"
)
_NO_WORDS = frozenset(("Engineering", "Students", "Technology", "Science"))
_NO_BRANCH = re.compile(
    r"UG|PG|BE|BTECH|MTECH|MCA|BCA|MBA|BBA|CGPA|CPI|CTC|LPA|PPO|FTE|SDE|ONLY|ALL|AND|FOR|NO"
    r"|OR|II?I?|IV|AM|PM|IST|YOP|NOT|NA|VTU|AKTU|JNTU[AHK]?|RGPV|SPPU|GTU|KTU|RTU|BPUT|RTMNU|AICTE|UGC|GATE|CAT|TCS|PPT"
    r"|SPOC|TPO|CR|HOD|HR"
)
_LONGEST_GAP = 60
_JOINS = re.compile(r"[\s,/&|+()-]*(?:(?:and|or)[\s,/&|]*)?")
_ALL_BRANCHES = ("circuit branches", "all branches")


@dataclass(frozen=True, slots=True)
class Course:
    """A programme or a branch that a text names, under its normal name, and where it stands."""

    name: str
    start: int
    end: int


def programs_in(text: str) -> list[Course]:
    """The programmes a text names, in order: "B.E./B.Tech" are BE and B.Tech."""
    found = _found("programs", text)
    return [course for course in found if course.name != "ME" or _is_master(course, found, text)]


def branches_in(text: str, *, listed: bool) -> list[Course]:
    """The branches a text names, in order, each once.

    Names that mean much else ("Marketing", "AI") count only where `listed` says that branches are what is listed, or
    beside a sure one.
    """
    text = _with_capitals(text)
    masters = {course.start for course in programs_in(text)}
    found = [course for course in _found("branches", text) if course.start not in masters]
    sure = [course for course in found if course.name not in _doubtful()]
    found = found if listed else [course for course in found if course in sure or _is_beside(course, sure, text)]
    kept = _with_own_codes(found, text, listed=listed) if listed or sure else []
    general = [course for course in kept if course.name in _ALL_BRANCHES]
    return general[:1] if general else _specialised(kept, text)


def is_subject(branch: str) -> bool:
    """Whether a branch's name is a subject of study: a branch only right behind a programme, or under a label."""
    return branch in _table()["subjects"]["names"]


def is_postgraduate(program: str) -> bool:
    """Whether a programme follows a first degree."""
    return program in _table()["postgraduate"]["names"]


def program_name(text: str) -> str:
    """The normal name of a programme as the portal writes it ("M.Tech.", "MCA (2 Year)"); unknown ones stay."""
    found = programs_in(text)
    return max(found, key=lambda course: course.end - course.start).name if found else text.strip()


def branch_name(text: str) -> str:
    """The normal name of a branch; unknown ones stay as they are."""
    found = branches_in(text, listed=True)
    return found[0].name if len(found) == 1 and found[0].end - found[0].start >= len(text.strip()) - 1 else text.strip()


def is_program(name: str) -> bool:
    """Whether a normal name is a programme's."""
    return name in _table()["programs"]


def is_branch(name: str) -> bool:
    """Whether a normal name is a branch's: "CSE", "CSE (DS)"."""
    return name.partition(" (")[0] in _table()["branches"]


def branch_key(name: str) -> str:
    """What tells two branches apart: "CS" and "CSE", "Mechanical" and "ME" are one each."""
    normal = branch_name(name)
    return next((key for key, others in _table()["same"].items() if normal in others), normal).casefold()


def names(courses: Iterable[Course]) -> tuple[str, ...]:
    """The names, each once, in the order of the text."""
    return tuple(dict.fromkeys(course.name for course in courses))


def _is_beside(course: Course, sure: list[Course], text: str) -> bool:
    """Whether a name that means much else stands in a list with a sure one."""
    gaps = (text[one.end : course.start] if one.end <= course.start else text[course.end : one.start] for one in sure)
    return any(len(gap) < _LONGEST_GAP and _JOINS.fullmatch(re.sub(r"[A-Z][\w&]*", "", gap)) for gap in gaps)


def _is_master(course: Course, programs: Sequence[Course], text: str) -> bool:
    """ "M.E.", or the ME of "BE/ME" and of "BE, ME, MTech": elsewhere ME is the branch."""
    if any(0 < other.start - course.end <= 2 and is_postgraduate(other.name) for other in programs):
        return True
    beside = {text[max(course.start - 1, 0) : course.start], text[course.end : course.end + 1]} & set("/&")
    neighbours = any(0 <= course.start - other.end <= 2 or 0 <= other.start - course.end <= 2 for other in programs)
    return "." in text[course.start : course.end] or bool(beside and neighbours)


def _with_own_codes(known: list[Course], text: str, *, listed: bool) -> list[Course]:
    """The branches with a college's own codes beside them: "COE, SE, IT" where only IT is known everywhere."""
    found = {course.start: course for course in known}
    taken = {position for course in known for position in range(course.start, course.end)}
    for run in _CODES.finditer(text):
        own = [code for code in _CODE.finditer(text, *run.span()) if code.start() not in taken]
        among = len(_CODE.findall(run[0])) - len(own)
        if among and (listed or among >= len(own)):
            found |= {code.start(): Course(code[0], *code.span()) for code in own if not _NO_BRANCH.fullmatch(code[0])}
    for run in _WORDS.finditer(text):
        words = [word for word in _WORD.finditer(text, *run.span()) if word[0] not in _NO_WORDS]
        own = [word for word in words if word.start() not in taken]
        if len(own) * 3 <= len(words):
            found |= {word.start(): Course(word[0], *word.span()) for word in own}
    return [found[start] for start in sorted(found)]


def _specialised(courses: list[Course], text: str) -> list[Course]:
    """ "CSE (AI & ML)" and "CSE-DS" are one branch, told as "CSE (AIML)" and "CSE (DS)"."""
    joined: list[Course] = []
    for course in courses:
        before = joined[-1] if joined else None
        between = text[before.end : course.start] if before else ""
        if (
            before
            and before.name in {"CSE", "CS", "IT"}
            and re.fullmatch(r"\s?(?:\(\s?|-|with (?:spec\w* in )?)", between)
        ):
            joined[-1] = Course(f"{before.name} ({course.name})", before.start, course.end)
        else:
            joined.append(course)
    return joined


def _with_capitals(text: str) -> str:
    """Lists typed in small letters ("cse/it/ece") in capitals: there each part is a branch."""
    return _LOWER_LIST.sub(lambda match: match[0].upper() if _is_codes(match[0]) else match[0], text)


def _is_codes(text: str) -> bool:
    codes = _codes()
    return all(part.strip().upper() in codes for part in re.split(r"[/,&]", text))


@lru_cache(maxsize=2048)
def _found(kind: str, text: str) -> tuple[Course, ...]:
    """Kept for the sentences of a text, which are asked several things."""
    pattern, called = _finder(kind)
    return tuple(
        Course(called[(match.lastindex or 1) - 1], *match.span())
        for match in pattern.finditer(text.translate(_APOSTROPHES))
    )


@cache
def _table() -> Mapping[str, Any]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("courses.toml").read_text(encoding="utf-8"))
    return table


@cache
def _doubtful() -> frozenset[str]:
    return frozenset((*_table()["unsure"]["names"], *_table()["subjects"]["names"]))


@cache
def _codes() -> frozenset[str]:
    ways = (way for all_ways in _table()["branches"].values() for way in all_ways)
    return frozenset(way.upper() for way in ways if len(way) <= 4)


@cache
def _finder(kind: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One expression for all ways to write a name, and the name of each of its groups.

    Of those that begin with the same sign the longest come first.
    """
    ways = [(way, name) for name, all_ways in _table()[kind].items() for way in all_ways]
    ways.sort(key=lambda item: (item[0][0].casefold(), -len(item[0])))
    first = groupby(ways, key=lambda item: item[0][0].casefold())
    spelt = "|".join(
        f"(?i:(?={re.escape(sign)}))(?:{'|'.join(f'({_spelt(way)})' for way, _ in some)})" for sign, some in first
    )
    return re.compile(rf"(?<![A-Za-z\d&.])(?:{spelt})(?![A-Za-z\d])"), tuple(name for _, name in ways)


def _spelt(way: str) -> str:
    sensitive = way != way.lower()
    signs = {" ": r"[ .\-]{0,2}", "&": r"(?:&|and|n)", ".": r"\.?\s?", "/": r"\s?/\s?"}
    spelt = "".join(signs.get(sign, re.escape(sign)) for sign in way)
    spelt = spelt.replace(r"[ .\-]{0,2}(?:&|and|n)[ .\-]{0,2}", r"\s?(?:&|\band\b|-n-)\s?")
    return spelt if sensitive else f"(?i:{spelt})"
