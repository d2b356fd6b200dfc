"""Roles as they stand in a text: "Graduate Engineer Trainee", "SDE-1", "Manager – Operations"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from accounts.courses import programs_in
from scraping.reading.vocabulary import words

_TOKEN = re.compile(r"[^\W_](?:[\w+#.'’]|[-&/](?=\w))*")
_LEVEL = re.compile(
    r"\s?[-–]?\s?(?:I{1,3}|IV|[1-4])"
    r"(?!\.\S|\.\s+\S|[\w:/%]|\s?(?:positions?|posts?|vacanc|openings|seats|students|LPA|lakh|am\b|pm\b|months?\b"
    r"|years?\b|yrs?\b))"
)
_LEVEL_WITHIN = re.compile(r"-(?:i{1,3}|iv|[1-4])$")
_BRACKET = re.compile(r"\s?\((?P<inside>[^()\d/,]{2,40}|[A-Z]{1,4}-?\d)\)")
_BEHIND = re.compile(
    r"\s?[-–—]\s?(?P<words>[A-Z][\w&/+]*(?:\s(?:(?:and|of)\s)?[A-Z&][\w&/+]*){0,3})\b(?=\s*(?:$"
    r"|[,;:.(\n|)@]|[-–—]\s|[a-z]))"
)
_JOINED = re.compile(r" |-|\s?[/&]\s?")
_MOST_WORDS = 7
_MOST_NEW_WORDS = 3
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A role where it stands in a text; `name` is as it is written."""

    name: str
    start: int
    end: int
    words: int


@lru_cache(maxsize=256)  # roles, companies and the tagger ask about the same lines
def find_roles(text: str, *, wide: bool = False) -> Sequence[RolePhrase]:
    """Every role in `text`, each with the words before its noun that belong to it.

    `wide` with words before it that no group knows, where they have a capital: "Aerospace Engineering Intern"; a
    company's name may be among them.
    """
    return tuple(_found(text, wide=wide))


def _found(text: str, *, wide: bool) -> Iterator[RolePhrase]:
    text = text[:_LONGEST].replace("_", " ")
    tokens = list(_TOKEN.finditer(text))
    end = 0
    for number, token in enumerate(tokens):
        if token.start() < end or not is_head(token[0]) or _goes_on(tokens, number, text):
            continue
        first = _first(tokens, number, text, end)
        if wide:
            first = _widened(tokens, first, text, end)
        last = _last(tokens, number, text)
        end = end_of_role(text, tokens[last].end())
        name = text[tokens[first].start() : end].strip(" .,;:-–")
        yield RolePhrase(name, tokens[first].start(), end, last - first + 1)


def without_initials(role: str) -> str:
    """ "Graduate Engineer Trainees" of "Graduate Engineer Trainees (GET)"."""
    name, _, bracket = role.partition(" (")
    short = "".join(word[0] for word in re.findall(r"[A-Za-z]+", name)).casefold()
    return name if len(short) > 2 and bracket.rstrip(")s").casefold() == short else role


def is_head(word: str) -> bool:
    """Whether a word can be the noun of a role; an abbreviation counts in capitals only."""
    plain = word.strip(".'’").casefold()
    plain = _LEVEL_WITHIN.sub("", plain)
    parts = plain.split("/") if "/" in plain else plain.split("-")[-1:]
    heads = words("role_heads")
    known = plain in heads or all(part in heads or part.removesuffix("s") in heads for part in parts)
    short = len(plain.split("-")[0]) <= 4 and plain not in ("lead", "leads")
    return known and (word[0].isupper() if short else True)


def _first(tokens: list[re.Match[str]], number: int, text: str, border: int) -> int:
    """The first of the words before the noun that belong to it."""
    first = number
    while first > max(0, number - _MOST_WORDS) and tokens[first - 1].start() >= border:
        before = tokens[first - 1]
        gap = text[before.end() : tokens[first].start()]
        if not _JOINED.fullmatch(gap):
            break
        if not (_modifies(before[0]) or _is_member_of(tokens, first - 1) or _is_inside(tokens, first - 1, text)):
            break
        first -= 1
    return first


def _is_member_of(tokens: list[re.Match[str]], number: int) -> bool:
    """ "of" in "Member of Technical Staff"."""
    return number > 0 and tokens[number][0] == "of" and tokens[number - 1][0].casefold() in {"member", "chief", "head"}


def _is_inside(tokens: list[re.Match[str]], number: int, text: str) -> bool:
    """An unknown word behind a known one or a firm's short name: "Data Annotation Intern", "NTPC Artisan Trainee"."""
    if not number or not _may_modify(tokens[number][0]) or not tokens[number - 1][0][0].isupper():
        return False
    before, word = tokens[number - 1][0], tokens[number][0]
    ends_a_name = word.casefold() in words("company_endings", "organisation_endings", "company_openers")
    of_a_firm = word.istitle() and before.isupper() and before.isalpha() and len(before) > 2 and not ends_a_name
    return text[tokens[number - 1].end() : tokens[number].start()] == " " and (_modifies(before) or of_a_firm)


def _widened(tokens: list[re.Match[str]], first: int, text: str, border: int) -> int:
    """The first of the words with a capital right before a role, known ones among them."""
    new = 0
    while first and tokens[first - 1].start() >= border:
        before, word = tokens[first - 1], tokens[first - 1][0]
        gap = text[before.end() : tokens[first].start()]
        new += not _modifies(word)
        if not _JOINED.fullmatch(gap) or new > _MOST_NEW_WORDS or not (_modifies(word) or _may_modify(word)):
            break
        first -= 1
    return first


def _may_modify(word: str) -> bool:
    """Whether a word that no group knows may stand in a role's name."""
    others = words(
        "no_company", "months", "weekdays", "cities", "legal_forms", "our_own", "titles_of_persons", "hinglish"
    )
    plain = word.casefold().rstrip(".")
    return word[0].isupper() and len(word) > 1 and plain not in others and not plain.endswith("'s")


def _goes_on(tokens: list[re.Match[str]], number: int, text: str) -> bool:
    """Whether a noun only stands before another one: "Associate Software Engineer"."""
    for last in range(number, min(number + 4, len(tokens) - 1)):
        word = tokens[last + 1][0]
        if text[tokens[last].end() : tokens[last + 1].start()] != " " or not _modifies(word) or not word[0].isupper():
            return False
        if is_head(word):
            return True
    return False


def _modifies(word: str) -> bool:
    plain = word.casefold().strip(".")
    parts = [part for part in re.split(r"[/&-]", plain) if part]
    known = words("role_modifiers") | words("role_heads")
    return (plain in known or all(part in known for part in parts)) and plain != "of"


def _last(tokens: list[re.Match[str]], number: int, text: str) -> int:
    """The last of the nouns that follow one another: "Engineer Trainee", "Engineer Intern"."""
    last = number
    while last + 1 < len(tokens) and text[tokens[last].end() : tokens[last + 1].start()] in {" ", "-", " - ", " – "}:
        word = tokens[last + 1][0]
        if not is_head(word) or not (word[0].isupper() or word in {"trainee", "trainees", "intern", "interns"}):
            break
        last += 1
    return last


def end_of_role(text: str, end: int) -> int:
    """With the level, the field or the bracket behind it: "Engineer - I", "Analyst - Technology", "SDE (Backend)"."""
    for pattern in (_LEVEL, _BEHIND, _BRACKET):
        match = pattern.match(text, end)
        if match and programs_in(text[match.start() : match.end() + 4]):
            return end  # "Chemist - M.Sc.": who may apply
        if match and _belongs(match, strict=pattern is _BEHIND):
            end = match.end()
    return end


def _belongs(match: re.Match[str], *, strict: bool) -> bool:
    inside = next(iter(match.groupdict().values()), None)
    if inside is None:
        return True
    plain = [word.casefold() for word in re.findall(r"[\w&+]+", inside)]
    if words("kinds_of_work").issuperset(plain) or (not strict and words("venue_departments").issuperset(plain)):
        return False
    if re.fullmatch(r"[A-Z]{1,4}-?\d?", inside):
        return True
    known = words("role_modifiers") | words("role_heads") - words("cities")
    if strict:  # "Analyst - Technology", no "Interns - Asha Rao" and no "Analyst - Online Test"
        others = words("cities").intersection(plain) or words("no_company").issuperset(plain)
        return any(word in known for word in plain) and not others
    return bool(plain) and known.issuperset(plain)
