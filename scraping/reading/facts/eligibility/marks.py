"""Marks that a text asks for: a CGPA, per cent in X, XII and the first degree (spec: reading, Eligibility).

A clause is taken as a row of tokens: levels ("10th", "UG"), amounts ("7 CGPA", "60 %") and the words between them. An
amount belongs to the levels behind it ("60 % in X and XII"), else to those before it ("X/XII/UG: 60 %").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from accounts.courses import is_postgraduate, program_name
from scraping.reading.facts.eligibility.conditions import NOTHING_ASKED
from scraping.reading.layout.expressions import expression

_NO_MONTH = r"(?!\s+(?:also\s+)?(?:apply|be|register|attend|fill|participate|appear)\b)"
_MONTH = rf"(?:jan|feb|mar|apr|may{_NO_MONTH}|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TOKEN = re.compile(
    rf"""
      (?P<throughout>through\s?-?\s?out(?:\s+from\s+(?:class\s+)?(?:10th|x)\b)?|har\s+jagah|everywhere
      |sab\s+(?:me|mein)\b|\bin\s+all(?=\s*(?:[|,.;]|$))
      |all\s+through|consistent(?:ly)?\b|in\s+all\s+academics
        |across\s+(?:all\s+)?(?:academics|board)
        |(?:all|past)\s+academics|academics?\b(?!\s+(?:year|session|gap|break)))
    | (?P<xii>\b(?:12\s?th|xii\s?(?:th)?|(?:class|std\.?|standard)\s*[-:]?\s*(?:12|xii)|10\s?\+\s?2|\+\s?2|hss?c|puc
        |intermediate
        |inter(?=\s*[/,&:]|\s+and\b)|(?:senior|sr\.?|higher)\s+secondary|plus\s+two|twelfth|12(?=\s*(?:[:/&]
        |-\s*\d))|(?<=10,\ )12|(?<=10,)12)(?!\w)(?!\s+(?:of\s+)?{_MONTH}\b)
        |(?<=/)\s?12(?![\d:.%/-])(?=\s*(?:th|board|min|with|\W*\d\d\s*%)))
    | (?P<x>\b(?:10\s?th|xth|(?:class|std\.?|standard)\s*[-:]?\s*(?:10|x\b)|ssc|sslc|matric(?:ulation)?|secondary|tenth
        |high\s+school|(?<!uchcha\ )(?<!uchha\ )madhyamik)(?!\w)(?!\s+(?:of\s+)?{_MONTH}\b)
        |(?<![\w&.'])(?-i:X)(?![\w'’.])|\b10(?=\s*[/&,]\s*(?:and\s+)?12\b)|(?<=class\ )10\b)
    | (?P<degree>\b(?:u\.?g\.?(?!\w)|under\s?-?\s?grad(?:uation|uate)?|graduation|graduates?\b|grad\b|degree
        |current\s+(?:course|program\w*)
        |b\.?\s?tech\b|btech\b|b\.?\s?com\b|b\.?\s?sc\b|bba\b|bca\b|b\.?\s?pharm\w*|(?-i:B\.?\s?A\b\.?)
        |(?-i:B\.?\s?E\b\.?)|engineering\b|engg\b|bachelors?)\b)
    | (?P<higher>\b(?:p\.?g\.?(?!\w)|post\s?-?\s?grad(?:uation|uate)?|m\.?\s?tech\b(?:\s*\(integrated\))?
        |integrated\s+m\.?\s?tech|(?-i:M\.\s?E\b\.?)|mca\b|mba\b|m\.?\s?sc\b|masters?|dual\s+degree|integrated)\b)
    | (?P<cgpa>\b(?:(?:agg?regate\s+)?c\.?g\.?p\.?a\b\.?|cpi|s?gpa|cg\b|cgpi|pointers?)\b)
    | (?P<amount>(?<![\d.:₹$])\d{{1,3}}(?:\.\d{{1,2}})?(?!\d|,\d|\.\d|(?:th|st|nd|rd)\b))
    | (?P<percent>%|\bper\s?cent(?:age|ile)?s?\b|\bpct\b)
    | (?P<within>\b(?:in|at|for|of|during|from|me|mein)\b)
    | (?P<filler>\b(?:and|above|more|marks?|aggregate|minimum|min|at\s?-?least|least|score[ds]?|secured?|obtained|with
        |overall|up|upto|till|over|an?|the|should|must|be|have|having|has|is|are|than|greater|higher|not|less|both|each
        |his|her|their|your|equal|to|exam\w*|board\w*|class|std|level|onwards|criteria|cut\s?-?off|required|requirement
        |of|out|se|upar|ya|zyada|aur|chahiye|ho|hona|current|currently|date|last|semester|sem|first|if|applicable|as|per
        |respectively|diploma|well|also|any|stream|discipline|eligibility|percentage|courses?|program\w*|or|equivalent
        |i\.?e)\b|[^\w\s])
    | (?P<word>\w+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BOTH_SCHOOLS = expression(  # a mark beside them needs no unit: "10th ≥ 65, 12th ≥ 65", "75+ in 12th"
    r"\b(?:10th|x|tenth|ssc)\b[^.;]{0,20}\b(?:12th|xii|twelfth|hsc)\b(?=[^.;]{0,30}\d\d)"
    r"|\b\d\d\s?\+?\sin\s(?:10th|12th|x|xii|tenth|twelfth|ssc|hsc)\b",
    re.IGNORECASE,
)
_FIRST_CLASS = re.compile(r"\bfirst\s+(?:class|division)\s+through\s?-?out\b", re.IGNORECASE)
_NAMES_A_UNIT = re.compile(
    r"first\s(?:class|div)|%|gpa|cpi|c\.g|\bcg|per\s?cent|pct|pointer|out\s+of\s+10", re.IGNORECASE
)
_BRANCHES = re.compile(r"\(\s*[A-Z][A-Za-z&]{1,11}(?:\s?[,/&]\s?[A-Z][A-Za-z&]{1,11}){1,12}\s*\)")  # (CSE, IT)
_ONE_EACH = re.compile(  # "60/60/7"
    r"(?<![\d/.])([3-9]\d)\s?%?\s?[/-]\s?([3-9]\d)\s?%?\s?[/-]\s?([3-9]\d|\d(?:\.\d{1,2})?)(?![\d/])(?:\s*(?:%|cgpa))?",
    re.IGNORECASE,
)
_ALONE = re.compile(  # "Minimum 60 % marks."
    r"\W*(?:with\s+)?(?:min(?:imum)?|at\s?-?\s?least|not\s+less\s+than)\W+(?:of\s+)?\d\d(?:\.\d+)?\s*(?:%|per\s?cent)"
    r"\s*(?:marks|aggregate|and\s+above)?\W*",
    re.IGNORECASE,
)
_OF_TEN = re.compile(
    r"(?<=\d)\s*(?:/|out\s+of|on\s+(?:a\s+)?(?:scale\s+of\s+)?)\s*10(?:\.0{1,2})?"
    r"(?![\d.:%])(?!\s*th)(?!\s?[/-]\s?\d)(?!\s+\d)(?:\s*(?:cgpa|cpi))?",
    re.IGNORECASE,
)
_OUTDATED = expression(
    r"\b(?:from|earlier|previously|instead\s+of|was)\s+(?:\w+\s+){0,2}\d{1,2}"
    r"(?:\.\d{1,2})?\s*(?:%|cgpa|cpi)?(?=\s*(?:,|to\b|now\b|\)|it\b))|"
    r"\b(?:not|no\s+longer)\s+\d{1,2}(?:\.\d{1,2})?(?!\s*(?:%\s*)?(?:back|arrear))",
    re.IGNORECASE,
)
_FOR_MORE = expression(
    r"\b(?:lpa|lakhs?|stipend|direct(?:ly)?\s+(?:to\s+)?(?:interview|shortlist)|waived"
    r"|exempt\w*|prefer(?:red|ence|ably)|discount|scholarship|weightage|bonus"
    r"|attendance|average|avg|topper|scored?\s+by|hike|incentive|variable|revenue|growth|last\s+year)\b",
    re.IGNORECASE,
)
_AGGREGATE = re.compile(r"\baggregate\b|\bsem(?:ester)?s?\b|\bfirst\s+class\b", re.IGNORECASE)
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A mark asked for: `level` is x, xii, ug or pg, "" where none is named; `program` is a postgraduate one's name."""

    value: float
    is_cgpa: bool
    level: str
    program: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # throughout, x, xii, degree, higher; cgpa, percent, bare (an amount without a unit); within, word
    text: str
    lead: str = ""  # what joins it to the token before

    @property
    def is_level(self) -> bool:
        return self.kind in _LEVELS

    @property
    def is_amount(self) -> bool:
        return self.kind in _AMOUNTS


_OR = re.compile(r"\bor\b|\(|=|\bequivalent\b|\bi\.e", re.IGNORECASE)
_LEVELS = frozenset(("throughout", "x", "xii", "degree", "higher"))
_AMOUNTS = frozenset(("cgpa", "percent", "bare"))
_SAYS_HOW_MUCH = frozenset(("is", "to", "now", "be", ":", "at"))  # "CGPA for Orbit is now 7"
_MOST_WORDS = 2  # that may stand between a level and its amount
_CGPA, _PERCENT = (4.0, 10.0), (33.0, 95.0)  # marks that are ever asked for


def marks_in(clause: str, *, labelled: bool = False) -> list[Asked]:
    """The marks a clause asks for. In a `labelled` clause, one on who may apply, "UG: 7.5" needs no unit."""
    labelled = labelled or bool(_BOTH_SCHOOLS.search(clause))
    if not re.search(r"\d|first", clause, re.IGNORECASE) or not (labelled or _NAMES_A_UNIT.search(clause)):
        return []
    clause = NOTHING_ASKED.sub(" ", clause)
    if _FOR_MORE.search(clause):
        clause = ",".join(piece for piece in re.split(r",|\s[–—-]\s", clause) if not _FOR_MORE.search(piece))
    clause = _BRANCHES.sub(" ", _FIRST_CLASS.sub("60 % throughout", clause))
    if labelled and (each := _ONE_EACH.search(clause)):
        clause = _one_each(each)
    tokens = list(_tokens(_OF_TEN.sub(" cgpa", _OUTDATED.sub(" ", clause[:_LONGEST]))))
    amounts = [position for position, token in enumerate(tokens) if token.is_amount]
    levels = _alternatives(tokens, amounts, [_levels_of(tokens, position) for position in amounts])
    asked: list[Asked] = []
    cut_off = bool(re.match(r"\W*(?:min\w*\W+)?cut\s?-?off", clause, re.IGNORECASE))
    for position, found in zip(amounts, levels, strict=True):
        asked += _asked(tokens[position], found or _unnamed(tokens, clause), labelled=labelled, cut_off=cut_off)
    return asked


def _one_each(match: re.Match[str]) -> str:
    """ "X 60 %, XII 60 %, UG 7 CGPA" of "60/60/7" that no level is named beside."""
    text = match.string
    if any(token.is_level for token in _tokens(text)):
        return text
    unit = "cgpa" if float(match[3]) <= _CGPA[1] else "%"
    return f"{text[: match.start()]}X {match[1]} %, XII {match[2]} %, UG {match[3]} {unit}{text[match.end() :]}"


def _asked(amount: _Token, levels: Sequence[_Token], *, labelled: bool, cut_off: bool) -> Iterator[Asked]:
    value = float(amount.text)
    kind = amount.kind
    if kind == "bare":
        if not labelled or not (levels or cut_off):
            return
        kind = "cgpa" if value <= _CGPA[1] else "percent"
    low, high = _CGPA if kind == "cgpa" else _PERCENT
    if not low <= value <= high:
        return
    if kind == "cgpa" and not levels:
        yield Asked(value, True, "")
    for level in levels:
        yield from _of_level(value, level, is_cgpa=kind == "cgpa")


def _of_level(value: float, level: _Token, *, is_cgpa: bool) -> Iterator[Asked]:
    if level.kind == "throughout":
        yield from (Asked(value, is_cgpa, one) for one in (("ug",) if is_cgpa else ("x", "xii", "ug")))
    elif level.kind == "degree":
        yield Asked(value, is_cgpa, "ug")
    elif level.kind == "higher":
        program = program_name(level.text)
        yield Asked(value, is_cgpa, "pg", program if is_postgraduate(program) else "")
    elif not is_cgpa:
        yield Asked(value, False, level.kind)


def _unnamed(tokens: Sequence[_Token], clause: str) -> list[_Token]:
    """What an amount without a level of its own is about: everything, or the degree where one is named, or its
    aggregate, and no school.
    """
    everything = [token for token in tokens if token.kind == "throughout"]
    kinds = {token.kind for token in tokens}
    of_degree = ("degree" in kinds or _AGGREGATE.search(clause) or _is_alternative(tokens)) and not kinds & {"x", "xii"}
    of_degree = of_degree or bool(_ALONE.fullmatch(clause))
    return everything[:1] or ([_Token("degree", "")] if of_degree else [])


def _is_alternative(tokens: Sequence[_Token]) -> bool:
    """ "6.5 CGPA or 60 %"."""
    return any(
        {one.kind, other.kind} == {"cgpa", "percent"} and re.match(r"\W*or\b", other.lead, re.IGNORECASE)
        for one, other in pairwise(tokens)
    )


def _levels_of(tokens: Sequence[_Token], position: int) -> list[_Token]:
    """The levels behind an amount ("in X and XII", "throughout"), else those right before it."""
    behind = _behind(tokens, position)
    return _named(behind or _before(tokens, position))


def _behind(tokens: Sequence[_Token], position: int) -> list[_Token]:
    start = position + 1
    while _kind(tokens, start) == "within":  # "in each of"
        start += 1
    run = list(takewhile(lambda token: token.is_level or token.kind == "within", tokens[start:]))
    levels = [token for token in run if token.is_level]
    led = start > position + 1 or _kind(tokens, start) == "throughout"
    if not levels or not (led or "(" in levels[0].lead):  # "7.5 (B.Tech)"
        return []
    after = start + len(run)
    next_takes_last = (
        len(levels) > 1
        and after < len(tokens)
        and tokens[after].is_amount
        and (tokens[after].kind == "cgpa") == (levels[-1].kind in {"degree", "higher"})
        and not _behind(tokens, after)
    )
    return levels[:-1] if next_takes_last and tokens[position].kind != tokens[after].kind else levels


def _before(tokens: Sequence[_Token], position: int) -> list[_Token]:
    levels: list[_Token] = []
    words = 0
    for token in reversed(tokens[:position]):
        if token.is_level:
            levels.insert(0, token)
        elif token.is_amount or levels or (words := words + (token.kind == "word")) > _MOST_WORDS:
            break
    if levels and levels[0].kind == "higher":
        levels = [*_degree_before(tokens[: tokens.index(levels[0])]), *levels]
    if levels and _taken_by_an_amount_before(tokens, position, levels):
        return []
    return levels


def _degree_before(tokens: Sequence[_Token]) -> list[_Token]:
    """The degree of "B.Tech CSE, IT and MCA with 7.5 CGPA": the mark is asked of both."""
    since = list(takewhile(lambda token: not token.is_amount, reversed(tokens)))
    return [token for token in since if token.kind == "degree"][:1]


def _taken_by_an_amount_before(tokens: Sequence[_Token], position: int, levels: Sequence[_Token]) -> bool:
    """Whether the levels stand behind the amount before: "60 % in X and XII, 7 CGPA"."""
    earlier = [number for number in range(position) if tokens[number].is_amount]
    behind = _behind(tokens, earlier[-1]) if earlier else []
    return bool(behind) and behind[-1] is levels[-1]


def _named(levels: list[_Token]) -> list[_Token]:
    """ "Throughout" with levels named beside it means those."""
    return [level for level in levels if level.kind != "throughout"] or levels[:1]


def _alternatives(
    tokens: Sequence[_Token], amounts: Sequence[int], levels: Sequence[list[_Token]]
) -> list[list[_Token]]:
    """Amounts in a row share the levels of one of them: "X/XII: 60 % or 6.0 CGPA"; or have one each: "X/XII: 60/65"."""
    shared = list(levels)
    for number, position in enumerate(amounts):
        each = len(levels[number])
        in_a_row = amounts[number : number + each] == list(range(position, position + each))
        in_a_row = in_a_row and not any(
            _OR.search(tokens[after].lead) for after in range(position + 1, position + each)
        )
        if each > 1 and in_a_row and not any(levels[number + 1 : number + each]):
            shared[number : number + each] = [[level] for level in levels[number]]
    for number, position in enumerate(amounts[:-1]):
        if amounts[number + 1] == position + 1 and (
            _OR.search(tokens[position + 1].lead) or "/" in tokens[position + 1].lead
        ):
            shared[number] = shared[number] or levels[number + 1]
            shared[number + 1] = shared[number + 1] or levels[number]
            if _kind_of(levels[number + 1]) == "throughout":  # "B.Tech, 60 % or 6 CGPA throughout"
                shared[number] = levels[number + 1]
    return shared


def _kind_of(levels: Sequence[_Token]) -> str:
    return levels[0].kind if len(levels) == 1 else ""


def _kind(tokens: Sequence[_Token], position: int) -> str:
    return tokens[position].kind if position < len(tokens) else ""


def _tokens(clause: str) -> Iterator[_Token]:
    """Levels, amounts with their unit, and words that mean something; what only joins them is kept as their lead."""
    found = [(match.lastgroup or "", match) for match in _TOKEN.finditer(clause)]
    unit_before, far, words, lead = "", "", 0, ""
    for number, (kind, match) in enumerate(found):
        if kind in {"cgpa", "percent"}:
            unit_before, far, words = kind, kind, 0
        elif kind == "filler":
            lead += match[0]
            continue
        elif kind == "amount":
            led = number > 0 and found[number - 1][1][0].lower() in _SAYS_HOW_MUCH
            yield _Token(_unit(found, number, far if led and far == "cgpa" else unit_before), match[0], lead)
            unit_before = ""
        else:
            words += kind == "word"
            unit_before = unit_before if words <= _MOST_WORDS else ""
            yield _Token(kind, match[0], lead)
        lead = ""


def _unit(found: Sequence[tuple[str, re.Match[str]]], number: int, before: str) -> str:
    """The unit behind an amount, else the one before it ("CGPA of 7", "percentage: 60")."""
    for kind, after in found[number + 1 : number + 4]:
        if kind in {"cgpa", "percent"} and not (before == "cgpa" and kind == "cgpa"):
            return kind
        if kind != "filler" or after[0] in ",;:|":
            break
    fits = before == "percent" or (before == "cgpa" and float(found[number][1][0]) <= _CGPA[1])
    return before if fits else "bare"
