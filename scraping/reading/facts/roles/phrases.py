"""Roles as they stand in a text: "Graduate Engineer Trainee", "SDE-1", "Manager – Operations"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraping.reading.vocabulary import words

_TOKEN = re.compile(r"[^\W_](?:[\w+#.'’]|[-&/](?=\w))*")
_LEVEL = re.compile(r"\s?[-–]?\s?(?:I{1,3}|IV|[1-4])(?![\w.:/%]|\s?(?:positions?|posts?|vacanc|LPA|lakh|am\b|pm\b))")
_LEVEL_WITHIN = re.compile(r"-(?:i{1,3}|iv|[1-4])$")
_BRACKET = re.compile(r"\s?\((?P<inside>[^()\d]{2,40}|[A-Z]{1,4}-?\d)\)")
_BEHIND = re.compile(
    r"\s?[-–—]\s?(?P<words>[A-Z][\w&/+]*(?:\s(?:[A-Z&][\w&/+]*|and|of)){0,3})(?=\s*(?:$"
    r"|[,;.(\n|)]|[-–—]\s|at\b|in\b|for\b|with\b|ke\b|ka\b|by\b|from\b))"
)
_JOINED = re.compile(r" |-|\s?[/&]\s?")
_MOST_WORDS = 7
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A role where it stands in a text; `name` is as it is written."""

    name: str
    start: int
    end: int
    words: int


def find_roles(text: str) -> Iterator[RolePhrase]:
    """Every role in `text`, each with the words before its noun that belong to it."""
    text = text[:_LONGEST].replace("_", " ")
    tokens = list(_TOKEN.finditer(text))
    end = 0
    for number, token in enumerate(tokens):
        if token.start() < end or not is_head(token[0]) or _goes_on(tokens, number, text):
            continue
        first = _first(tokens, number, text, end)
        last = _last(tokens, number, text)
        end = end_of_role(text, tokens[last].end())
        name = text[tokens[first].start() : end].strip(" .,;:-–")
        yield RolePhrase(name, tokens[first].start(), end, last - first + 1)


def is_head(word: str) -> bool:
    """Whether a word can be the noun of a role; an abbreviation counts in capitals only."""
    plain = word.strip(".").casefold()
    plain = _LEVEL_WITHIN.sub("", plain)
    parts = plain.split("/") if "/" in plain else plain.split("-")[-1:]
    known = plain in words("role_heads") or all(part in words("role_heads") for part in parts)
    short = len(plain.split("-")[0]) <= 4 and plain not in ("lead", "leads")
    return known and (word[0].isupper() if short else True)


def _first(tokens: list[re.Match[str]], number: int, text: str, border: int) -> int:
    """The first of the words before the noun that belong to it."""
    first = number
    while first > max(0, number - _MOST_WORDS) and tokens[first - 1].start() >= border:
        before = tokens[first - 1]
        gap = text[before.end() : tokens[first].start()]
        if not _JOINED.fullmatch(gap) or not _modifies(before[0]):
            break
        first -= 1
    return first


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
        if not is_head(tokens[last + 1][0]) or not tokens[last + 1][0][0].isupper():
            break
        last += 1
    return last


def end_of_role(text: str, end: int) -> int:
    """With the level, the field or the bracket behind it: "Engineer - I", "Analyst - Technology", "SDE (Backend)"."""
    for pattern in (_LEVEL, _BEHIND, _BRACKET):
        match = pattern.match(text, end)
        if match and _belongs(match, strict=pattern is _BEHIND):
            end = match.end()
    return end


def _belongs(match: re.Match[str], *, strict: bool) -> bool:
    inside = next(iter(match.groupdict().values()), None)
    if inside is None or re.fullmatch(r"[A-Z]{1,4}-?\d?", inside):
        return True
    plain = [word.casefold() for word in re.findall(r"[\w&+]+", inside)]
    known = words("role_modifiers") | words("role_heads") - words("cities")
    if strict:  # "Analyst - Technology", no "Interns - Asha Rao"
        return any(word in known for word in plain) and not words("cities").intersection(plain)
    others = words("no_company", "cities", "months", "legal_forms", "company_endings")
    return bool(plain) and (known.issuperset(plain) or not others.intersection(plain))
