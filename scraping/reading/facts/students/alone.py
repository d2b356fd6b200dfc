"""Students who stand alone, by their names or by their numbers: in a list, behind a label, in a sentence."""

import re
from collections.abc import Sequence
from itertools import groupby

from accounts.courses import is_branch, programs_in
from scraping.items import Student
from scraping.reading.facts.students.meanings import meaning_of_sentence
from scraping.reading.facts.students.people import (
    SENTENCE_BEFORE,
    SERIAL,
    clean_name,
    is_full_name,
    is_name,
    numbers_only,
    without_branch,
)
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.people import card_name
from scraping.reading.vocabulary import words

_LISTED = expression(
    r"\b(?:following|below|list\s+of|these)\b.{0,60}\b(?:students?|candidates?|people|persons|folks)\b"
    r"|^\W*(?:(?:name|list)s?\s+of\s+)?(?:the\s+)?(?:candidates?|students?|names?)(?:\s+(?:list|names?))?\s*[:–-]+\s*$"
    r"|\b(?:select|shortlist)\w*\s+(?:kiy[ae]|hu[ae])\b|\b(?:portfolios?|profiles|names|candidature)\s+of\W*$"
    r"|\b(?:shortlisted|selected|eligible|waitlisted)\s+(?:students?|candidates?)\b(?!\s+(?:will|can|may)\b)",
    re.IGNORECASE,
)
# "Shortlisted students must carry:" announces things, not students.
_ASKS = expression(
    r"\b(?:carry|bring|must|should|advised|requested|required|need|kindly|please(?!\s+find)|documents?(?!\s+verif))\b",
    re.IGNORECASE,
)
# "Selected: Asha Rao (B.Com), Dev Malik (BBA)".
_CHOSEN_ALONE = re.compile(
    r"\W*(?:not\s+)?(?:(?:final(?:ly)?|newly)\s+)?(?:selected|selects|short-?\s?list(?:ed)?|wait-?\s?list(?:ed)?"
    r"|waiting|rejected"
    r"|absent|absentees|placed|on\s+hold|reserve|qualified|cleared)(?:\s+(?:list|students?"
    r"|candidates?))?(?:\s*\(\d+\))?\W*"
    r"|\W*(?:interview\s+|final\s+)?(?:order|list|names)(?:\s+of\s+(?:students?|candidates?))?\W*"
    r"|\W*(?:(?:gd|interview|test|pi)\s+)?(?:group|gd|batch|panel|slot|set)\s*-?\s*(?:\d{1,2}"
    r"|[A-H])\b(?:\s*\([^()]*\)|\s*[@–-]\s*\d[\d.:apm\s-]*)?\W*",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"\b(?:following|below|under-?mentioned|these)\s*$", re.IGNORECASE)
_LONGEST_LABEL = 100
_NO_PERSONS = (
    "no_company",
    "venue_kinds",
    "venue_words",
    "venue_sites",
    "company_endings",
    "legal_forms",
    "cities",
    "our_own",
    "skills",
    "known_companies",
)
_NO_NAMES = (
    *("no_name", "no_employers", "role_heads", "role_modifiers", "kinds_of_work", "hinglish", "words_of_contests"),
    *("months", "weekdays", "online_venues", "venue_departments", "ranks", "titles_of_persons"),
)
_MANY = 3
_MOST = 0.7
_LONGEST_NAME = 40
_BESIDE_BORDER = re.compile(r"\s+[-–—|:]+\s+|,\s+|\s*[()\t]\s*")
_BESIDE = re.compile(
    r"\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?(?:\s*(?:-|–|to)\s*\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?)?|\d\.\d+"
    r"|[A-Z&]{1,5}"
    r"|(?:room|lab|panel|slot|section|sec|div|group|batch)\W{0,3}\w{1,6}|\d(?:st|nd|rd|th)?\s(?:sem\w*|year|yr)",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 600
_NAMED = expression(
    r"\b(?i:congrat)\w*\s+(?:to\s+)?(?P<greeted>[A-Z][^.:;()\d!]{5,300}?)\s*(?:\b(?:on|for|who|from|of)\b|[.!]|$)"
    r"|\b(?:students?|candidates?)\s?(?:,|:|–|-|\(|namely|viz\.?)[\s:]*(?P<behind>[A-Z][^.:;()\d]{5,300}?)"
    r"(?:,?\s+(?:as|for|who|from|have|are|were)\b|[).]|$)"
    r"|\b(?:interview|select(?:ed)?|shortlist(?:ed)?|hired|picked|offered"
    r"|placed)\s+(?P<taken>[A-Z][^.:;()\d]{5,300}?)"
    r"(?:,?\s+(?:as|for|on|at|in|today|tomorrow)\b|[.!]|$)"
    r"|^\W*(?P<first>[A-Z][^.:;()\d]{5,300}?)\s+(?:have|has|are|were)\s+(?:also\s+|both\s+"
    r"|all\s+)?(?:not\s+)?(?:been\s+)?"
    r"(?:\w+ly\s+)?(?:(?:selected|short-?listed|placed|hired|wait-?listed|absent|rejected|in\s+the\s+(?:wait"
    r"|short))\b(?!\s+(?:the|our|\d))"
    r"|to\s+(?:report|come|appear|attend)\b)"
)
_NAMES_PARTED = re.compile(r"\s*(?:,\s*(?:and\b|&)?|;|\band\b|\s&\s)\s*", re.IGNORECASE)

_TITLED = expression(
    r"\b(?:short-?\s?list\w*|selected|selects|list|wait-?\s?list\w*|absent\w*|placed|qualified|cleared|rejected|names"
    r"|interviews?|gd|pi|slots?|round|pending)\b",
    re.IGNORECASE,
)
_LISTS_NAMES = expression(
    r"\b(?:short-?\s?list\w*|selected|selects|wait-?\s?list\w*|absent\w*|qualified|cleared|rejected|names)\b"
    r"|\blist\W*$",
    re.IGNORECASE,
)
# What else a title lists, and whose names are no students'.
_OTHERS = expression(
    r"\b(?:compan\w+|topics?|syllabus|skills?|documents?|carry|venues?|locations?|holidays?|books?|courses?"
    r"|panell?ists?"
    r"|panels?|speakers?|judges?|guests?|jury|mentors?|coordinators?|co-ordinators?|faculty|volunteers?|experts?|alumni"
    r"|recruiters?|questions?|felicitation)\b",
    re.IGNORECASE,
)
_STAFF = re.compile(r"\b(?:Dr|Prof|Hon)\b")


def title_announces(title: str) -> bool:
    """Whether names in capitals below a title may be students: "Orbit interviews"."""
    return _TITLED.search(title) is not None and not _OTHERS.search(title)


def announces(line: str) -> bool:
    """Whether a line says that students are listed below it."""
    return bool(_LISTED.search(line) and not _ASKS.search(line))


def names_below_one_another(lines: Sequence[tuple[int, str]]) -> frozenset[int]:
    """The numbers of lines that are a name each, several below one another, most of which can be nothing else."""
    found: set[int] = set()
    above = ""
    for named, run in groupby(lines, key=lambda row: len(row[1]) <= _LONGEST_NAME and is_plain_name(row[1])):
        rows = list(run)
        sure = sum(words(*_NO_NAMES).isdisjoint(line.casefold().split()) for _, line in rows)
        if named and sure >= max(_MANY, _MOST * len(rows)) and not _OTHERS.search(above):
            found.update(number for number, _ in rows)
        above = rows[-1][1]
    return frozenset(found)


def bare_students(line: str, *, announced: bool, title: str, among_names: bool = False) -> list[Student]:
    """The students of a line without numbers beside names; any name where a list was `announced`, and where a title
    announces one ("" where none does) a name that can be nothing else, or one of several below one another.
    """
    if found := numbers_only(line) or _behind_a_label(line) or named_in_sentence(line):
        return found
    if name := card_name(line):
        return [Student(clean_name(name), "")]
    if announced:
        return _named_alone(without_branch(line), line, least=3)
    if not title or _STAFF.search(line):
        return []
    return [Student(clean_name(line), "")] if among_names else _below_a_title(line, title)


def _behind_a_label(line: str) -> list[Student]:
    """Those of "Selected: Asha Rao, Ravi Sen"."""
    label, colon, rest = line.partition(":")
    if colon and _CHOSEN_ALONE.fullmatch(label):
        return names_only(rest, least=2)
    named = names_only(rest, least=2) if colon and _may_announce(label) else []
    return named if all(is_plain_name(one.name) for one in named) else []


def _may_announce(label: str) -> bool:
    """ "Shortlisted candidates", "Reports are pending of the following"."""
    if len(label) > _LONGEST_LABEL or _ASKS.search(label):
        return False
    return bool(_LISTED.search(label) or (_FOLLOWING.search(label) and meaning_of_sentence(label)))


def _below_a_title(line: str, title: str) -> list[Student]:
    """Below a title that speaks of a round alone a branch, an hour or a mark must stand beside each."""
    found = _named_alone(without_branch(line), line, least=2)
    plain = all(is_plain_name(one.name) for one in found)
    return found if plain and (_LISTS_NAMES.search(title) or not is_name(line)) else []


def _named_alone(name: str, line: str, *, least: int) -> list[Student]:
    if is_name(name):
        return [Student(clean_name(name), "")]
    before = named_before(line)
    return [Student(before, "")] if before else names_only(name, least=least)


def named_in_sentence(line: str) -> list[Student]:
    """Those of "Congratulations to Asha Rao and Ravi Sen", "Asha Rao, Ravi Sen and Dev Malik are to report at 9"."""
    match = _NAMED.search(line) if len(line) < _LONGEST_SENTENCE else None
    named = names_only(next(filter(None, match.groups())), least=2) if match else []
    return named if all(is_plain_name(one.name) for one in named) else []


def is_plain_name(text: str) -> bool:
    """Two words or more with a capital, none of them one of a place, of a company or of the trade."""
    name = clean_name(text)
    capitals = all(word[0].isupper() for word in name.split())
    plain = name.casefold()
    known = plain in words("known_companies") or not words(*_NO_PERSONS).isdisjoint(plain.split())
    return " " in name and capitals and is_name(text) and not known


def named_before(line: str) -> str:
    """The name of "Asha Rao - Mech - 9 am", before nothing but a branch, an hour, a room or a mark; "" of others."""
    name, *beside = [piece.strip() for piece in _BESIDE_BORDER.split(SERIAL.sub("", line, count=1)) if piece] or [""]
    plain = all(is_branch(piece) or programs_in(piece) or _BESIDE.fullmatch(piece) for piece in beside)
    return clean_name(name) if plain and is_plain_name(name) else ""


def names_only(line: str, *, least: int = 3) -> list[Student]:
    """Students of a line that holds nothing but some names, parted by commas and "and"."""
    names = [name for name in _NAMES_PARTED.split(SENTENCE_BEFORE.split(line, maxsplit=1)[0].strip(" .!")) if name]
    plain = len(names) >= least and len(line) < 2_000 and all(map(is_full_name, names))
    return [Student(clean_name(name), "") for name in names] if plain else []
