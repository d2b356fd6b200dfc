"""Who may apply, as structured facts with their quotes (spec: reading, Eligibility).

Marks and backlogs speak for themselves; branches, programmes and batches count only where a text says that they are
who is asked for: under a label, in a list under a heading, or in a sentence that invites somebody.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.categories import Category
from accounts.courses import (
    Course,
    branch_name,
    branches_in,
    is_postgraduate,
    is_subject,
    names,
    program_name,
    programs_in,
)
from scraping.items import Criterion
from scraping.reading.facts.eligibility.conditions import backlogs_in, batch_in, gap_years_in, gender_in
from scraping.reading.facts.eligibility.marks import Asked, marks_in
from scraping.reading.facts.eligibility.statements import Statement, statements_of
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.text import shorten
from scraping.reading.page import Page
from scraping.reading.vocabulary import alternatives

NAMES = (
    *("cgpa", "ug_percent", "x", "xii", "backlogs", "history_of_backlogs"),
    *("branches", "programs", "batch", "gender", "gap_years"),
)
POSTINGS = frozenset((Category.JOB_POSTING, Category.HACKATHON, Category.REMINDER))
_NEWS = frozenset((Category.UPDATE, Category.ANNOUNCEMENT))
_ASK_NOTHING = frozenset(
    (Category.SHORTLISTING, Category.PLACEMENT_OFFER, Category.INTERNSHIP_NOC, Category.POLICY_UPDATE)
)
_MARKS_ASKED = frozenset(NAMES) - {"branches", "programs", "batch", "gender"}
_LISTS = frozenset(("branches", "programs", "batch"))
_INVITES = expression(
    r"""\beligib\w*|\b(?:can|may|should|must)\s+apply\b|\bopen\s+(?:to|for)\b|\bonly\b|\bsirf\b
    |\binvit\w+\s+applications?|\bapplications?\s+(?:are\s+)?(?:invited|accepted)
    |\bhiring\b|\brecruit\w*|\b(?:students?|candidates?|graduates?|freshers?|engineers?|trainees?|apprentices?|interns?
    |posts?)\s+(?:of|from|in
    |with|pursuing)\b|\b(?:branch(?:es)?|streams?|disciplines?)\b
    |\bstudents?\b|\bcandidates?\b|\bbatch(?:es)?\b|\bpass(?:ing)?\s?-?outs?\b|\bgraduates\b
    |\bgraduating\b|\b(?:first|second|third|fourth|(?:pre-?)?final)[\s-]year\b|\b[1-4](?:st|nd|rd|th)\s(?:yr
    |year)\b|\bjunior\syear\b|\bcandidates?\b
    |\bfreshers\b|\balso\b|\bappearing\b|छात्र|विद्यार्थ|\bch?hatr\w*|\bkind\s+att\w*|\bwal(?:e|on?)\b|\blooking\s+for\b
    |\bcriteria\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ON_MARKS = expression(
    r"\b(?:eligib\w*|criteria|criterion|cut\s?-?off|can\s+apply|may\s+apply|open\s+(?:to|for))\b", re.IGNORECASE
)
_EXCLUDES = expression(
    r"\bnot\s+(?:be\s+)?(?:eligible|allowed|open|for|applicable)|\bexcept\b|\bexcluding\b"
    r"|\b\d+\s+eligible\s+(?:people|students|candidates)\b"
    r"|\bother\s+than\b|\bprefer\w*|\bcan(?:not|'t)\b|\bbarred\b|\bineligible\b|\bnot\b"
    r"(?!\s+(?:less|more))(?=[^.;]{0,40}\bapply\b)|\bgood\s+to\s+have\b|\bplus\b",
    re.IGNORECASE,
)
_LOGISTICS = re.compile(
    r"\b(?:slot|venue|report(?:ing)?\s+(?:at|to|time)|attend|assemble|hall|lab\s*[-\d]|room"
    r"|seating|panel|coordinators?|contact|regards|hod|prof|dr|department\s+of)\b"
    r"|\d\s?:\s?\d\d|\b\d{1,2}\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_BRACKET_TEXT = re.compile(r"\(([^()]{4,80})\)")  # R&D Engineer (CSE, ECE)
_CALLS = expression(
    r"\brecruit\w*\b|\b(?:to|can|may|should)\s+apply\b|\b(?:can|may)\s+(?:attend|appear|walk)\b"
    r"|\beligible\b|\binvit\w+|\bapplications?\s+(?:are|from)\b"
    r"|\bopen\s+(?:to|for)\b|\bfinal[\s-]year\s+(?:students\s+(?:of\s+)?)?(?=b\.?\s?[a-z]{1,6}\b"
    r"|m\.?\s?[a-z]{1,6}\b|diploma)",
    re.IGNORECASE,
)
_REVISED = re.compile(r"\b(?:now|revised|relaxed|changed|reduced|corrected|updated)\b", re.IGNORECASE)
_SCHOOL = re.compile(
    r"\b(?:xii|12th|10th|x|class|ssc|hsc)\b", re.IGNORECASE
)  # "12th/Diploma" is no programme to apply from
_ONLY = re.compile(r"\b(?:only|sirf)\b", re.IGNORECASE)
_OF_THE_CHOSEN = expression(
    r"\b(?:short-?list\w*|select(?:ed|ion)|register\w*|appear\w*|clear(?:ed)?\s|qualif\w+|applied|slot"
    r"|batch\s?-?\s?[\dA-H])\b",
    re.IGNORECASE,
)
_BUT = expression(r"\W*\b(?:except(?:ing)?|excluding|other\s+than|but\s+not|not\s+for)\b.*", re.IGNORECASE)
_FORMER = expression(
    r"\bI\s?(?:'m|am|passed|graduated|was)\b|\bshared\b|\balumn\w+|\bbhaiya\b|\bdidi\b|\bbhai\b"
    r"|\bforwarded\s+(?:from|by)\b|\bseniors?\b|\bex-students?\b",
    re.IGNORECASE,
)
_YEAR_OF_STUDY = re.compile(
    r"\b(?:(?:pre-?)?final|[1-4](?:st|nd|rd|th)|junior)[\s-](?:year|yr)\b|\b(?:students?|only|or|and|any\s\w+)\b",
    re.IGNORECASE,
)
_MARK_IN = re.compile(
    r"(?:%|cgpa|cpi|marks|per\s?cent|class|gpa|division)\s+(?:aggregate\s+|marks\s+|overall\s+)?(?:in|at|of"
    r"|for)\s+(?:the\s+|their\s+)?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"[\s(]{0,3}(?:in\s|[,/&]\s?|and\s|or\s|-\s?)?(?:(?:and|or)\s)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# "Orbit Infotech" is a firm.
_OF_A_FIRM = re.compile(r"\b[A-Z]\w+ (?:Infotech|InfoTech|INFOTECH)\Z")
_FARTHEST_BEHIND = 12  # signs it may take
_YEAR_ALONE = re.compile(r"\W*(20[2-4]\d)\W*")
# "B.E. / M.Tech. Civil, 2027", not "13th November, 2026".
_YEAR_BEHIND = re.compile(rf"\b(?!(?i:{alternatives('months')})\b)[\w.]*[a-z)],\s*(202\d)\W*$")
_PORTAL_COURSE = re.compile(r"^(?P<program>[^,]{2,40}?)\s+-\s+(?P<branch>[^,]{2,80})(?:,(?P<more>[^,]*))?$")
_UNDEFINED = expression(r"\byet\s+to\s+be\s+defined\b", re.IGNORECASE)


def asked_in(criteria: Iterable[Criterion]) -> set[str]:
    """ "criteria" where they say what marks or backlogs somebody may have, "audience" where they name courses or a
    batch: the text is most likely on who may apply.
    """
    return {"criteria" if one.name in _MARKS_ASKED else "audience" for one in criteria}


def read_eligibility(page: Page, category: str) -> tuple[Criterion, ...]:
    """What a page asks of those who apply, a criterion a name and programme, in the order of NAMES.

    In a text on an opening sentences count without a label, too; a list of chosen students asks nothing of anybody.
    """
    if category in _ASK_NOTHING:
        return ()
    statements = list(statements_of(page))
    found = [(statement, one) for statement in statements for one in _asked(statement, category, page.near)]
    if category in _NEWS and any(_ON_MARKS.search(statement.text) for statement in statements):
        found += [(statement, one) for statement in statements for one in _limits(statement.text)]
    if all(statement.in_title for statement, _ in found):  # a title names a batch to greet it, too
        found = [(statement, one) for statement, one in found if one.name != "batch"]
    return _settled([one for _, one in found])


def _limits(text: str) -> Iterator[Criterion]:
    """The marks and backlogs of a sentence, in a text that speaks of who may apply."""
    yield from _marks(marks_in(text), Statement(text))
    yield from (Criterion(name, most, shorten(text, 160)) for name, most in backlogs_in(text).items())


def _asked(statement: Statement, category: str, near: datetime | None) -> Iterable[Criterion]:
    """What a statement asks in a text of this category."""
    posting = category in POSTINGS
    if statement.labelled or posting or _ON_MARKS.search(statement.text):
        return _read(statement, posting=posting, near=near)
    if category in _NEWS and (_is_limit(statement.text) or _are_criteria(statement.text)):
        return _read(statement, posting=True, near=near)
    if category == Category.UPDATE and _is_only_courses(statement.text):
        return _courses(statement, shorten(statement.text, 160), posting=True)
    return _gender(statement.text) if category == Category.WEBINAR else ()


def portal_eligibility(
    marks: Iterable[tuple[str, float]], courses: Iterable[str], genders: Sequence[str]
) -> tuple[Criterion, ...]:
    """What the portal's own fields of a job ask: (level, least mark), "B.Tech - CSE", "Female"."""
    found = [criterion for level, least in marks if (criterion := _portal_mark(level, least))]
    found += [criterion for course in courses for criterion in _portal_course(course)]
    if len(genders) == 1:
        found.append(Criterion("gender", genders[0].lower(), f"{genders[0]} only"))
    return _settled(found)


def flat(criteria: Iterable[Criterion]) -> dict[str, object]:
    """Name → value, lists as lists. A fact that differs between programmes is told of the first degree's."""
    told: dict[str, object] = {}
    criteria = list(criteria)
    programs = [
        str(value) for one in criteria if one.name == "programs" and isinstance(one.value, tuple) for value in one.value
    ]
    for name in NAMES:
        named = [criterion for criterion in criteria if criterion.name == name]
        if name in _LISTS and named:
            union = list(dict.fromkeys(value for one in named if isinstance(one.value, tuple) for value in one.value))
            told[name] = union[0] if name == "batch" and len(union) == 1 else union
        elif named:
            first = min(named, key=lambda one: (bool(one.program), is_postgraduate(one.program)))
            if not is_postgraduate(first.program) or all(map(is_postgraduate, programs)):
                told[name] = first.value
    return told


def _portal_mark(level: str, criteria: float) -> Criterion | None:
    name = {"CLASS_X": "x", "X": "x", "CLASS_XII": "xii", "XII": "xii"}.get(level.upper())
    quote = f"{level} {criteria:g}"
    if criteria <= 0:
        return None
    if name:
        return Criterion(name, _plain(criteria), quote) if criteria > 10 else None
    program = {"PG": "PG", "DUAL_DEGREE": "Dual Degree"}.get(level.upper(), "")
    return Criterion("cgpa" if criteria <= 10 else "ug_percent", _plain(criteria), quote, program)


def _portal_course(course: str) -> list[Criterion]:
    program, _, branch = course.partition(" - ")
    program = program_name(program)
    found = [Criterion("programs", (program,), course)] if program else []
    if not branch.strip() or programs_in(branch):
        return found
    return [*found, Criterion("branches", (branch_name(branch),), course, program)]


def _is_limit(text: str) -> bool:
    """ "They only take 75+ in 12th, CSE & IT", said in news of a drive."""
    limits = _ONLY.search(text) or (marks_in(text) and (backlogs_in(text) or batch_in(text)))
    return bool(limits) and not (_LOGISTICS.search(text) or _OF_THE_CHOSEN.search(text))


def _are_criteria(text: str) -> bool:
    """ "B.Tech ECE and CSE with 60 % in 10th and 12th, no live backlog", said again in news of a drive."""
    of_whom = programs_in(text) and not (_LOGISTICS.search(text) or _OF_THE_CHOSEN.search(text))
    return bool(of_whom and (len(marks_in(text)) > 1 or (marks_in(text) and backlogs_in(text))))


def _is_only_courses(text: str) -> bool:
    """A line of nothing but programmes and branches: "Diploma/BTech - Mech, EE"."""
    programs = programs_in(text)
    courses = [*programs, *(one for one in branches_in(text, listed=bool(programs)) if " with " not in text)]
    named = sum(course.end - course.start for course in courses)
    several = len(courses) > 1 or bool(programs_in(text))
    return several and named > 0.7 * len(re.sub(r"[^A-Za-z]", "", _YEAR_OF_STUDY.sub("", text)))


def _is_on_courses(text: str, *, posting: bool) -> bool:
    """Whether a sentence without a label says who may apply: it invites them, states their marks, or lists courses."""
    if _CALLS.search(text) or (posting and (marks_in(text) or any(map(_is_only_courses, _BRACKET_TEXT.findall(text))))):
        return True
    of_role = posting and any(map(_is_only_courses, (text, _before_comma(text), *_role_with_courses(text))))
    return bool(of_role or _INVITES.search(text)) and not _LOGISTICS.search(text)


def _role_with_courses(text: str) -> list[str]:
    """The parts of "Quality Executive - B.Sc / M.Sc - 25,000 per month"."""
    return [] if re.search(r"\bwith\b", text) else re.split(r"\s[–—-]\s", text)


def _before_comma(text: str) -> str:
    """What stands before the first comma outside of brackets: "B.Tech (CSE, ECE), CPI >= 7.5"."""
    return re.split(r",(?![^()]*\))", text, maxsplit=1)[0]


# Facts of a statement


def _read(statement: Statement, *, posting: bool, near: datetime | None) -> Iterator[Criterion]:
    text = statement.text
    if _UNDEFINED.search(text):
        return
    quote = shorten(text, 160)
    marks = marks_in(text, labelled=statement.labelled)
    yield from _marks(marks, statement)
    for name, most in backlogs_in(text).items():
        yield Criterion(name, most, quote)
    if (years := gap_years_in(text)) is not None:
        yield Criterion("gap_years", years, quote)
    yield from _gender(text)
    if batch := _batch(statement, posting=posting or bool(marks or _CALLS.search(text)), year=near.year if near else 0):
        yield Criterion("batch", batch, quote)
    yield from _courses(statement, quote, posting=posting)


def _marks(marks: Iterable[Asked], statement: Statement) -> Iterator[Criterion]:
    for mark in marks:
        if (mark.level == "pg" and not mark.is_cgpa) or (mark.level in {"x", "xii"} and mark.is_cgpa):
            continue
        name = mark.level if mark.level in {"x", "xii"} else "cgpa" if mark.is_cgpa else "ug_percent"
        program = statement.program or mark.program or ("PG" if mark.level == "pg" else "")
        yield Criterion(name, _plain(mark.value), shorten(statement.text, 160), program)


def _gender(text: str) -> Iterator[Criterion]:
    if (gender := gender_in(text)) and (_CALLS.search(text) or not _LOGISTICS.search(text)):
        yield Criterion("gender", gender, shorten(text, 160))


def _batch(statement: Statement, *, posting: bool, year: int) -> tuple[int, ...]:
    if _EXCLUDES.search(statement.text) or _FORMER.search(statement.text):
        return ()
    if posting and (alone := _YEAR_ALONE.fullmatch(statement.text)):
        return (int(alone[1]),)
    if statement.labelled and (behind := _YEAR_BEHIND.search(statement.text)):
        return (int(behind[1]),)
    labelled = re.match(r"(?:eligible\s+)?(?:batch|year\s+of|passing|yop)", statement.text, re.IGNORECASE)
    return batch_in(statement.text, year) if posting or statement.labelled or labelled else ()


def _courses(statement: Statement, quote: str, *, posting: bool) -> Iterator[Criterion]:
    text = _ADDRESS.sub(" ", _BUT.sub("", statement.text))
    if _EXCLUDES.search(text) or not (statement.labelled or _is_on_courses(text, posting=posting)):
        return
    if _FORMER.search(text) and not _CALLS.search(text):
        return
    match = _PORTAL_COURSE.match(text) if statement.courses else None
    if match and len(programs_in(match["program"])) == 1 and not branches_in(match["more"] or "", listed=True):
        yield from _portal_course(f"{match['program']} - {match['branch']}")
        return
    programs = [course for course in programs_in(text) if course.name != "Diploma" or not _SCHOOL.search(text)]
    programs = _not_of_a_mark(text, programs)
    branches = [one for one in _branches(statement, text, programs) if one.name != "all branches"]
    if programs:
        yield Criterion("programs", names(programs), quote)
    if branches:
        yield Criterion("branches", names(branches), quote, statement.program)


def _not_of_a_mark(text: str, programs: list[Course]) -> list[Course]:
    """ "M.Pharm with 65% in B.Pharm" is for M.Pharm."""
    marked: list[Course] = []
    for one in programs:
        beside = bool(marked) and re.fullmatch(r"\.?\s*(?:/|&|or|and)\s*", text[marked[-1].end : one.start])
        if beside or _MARK_IN.search(text, 0, one.start):
            marked.append(one)
    others = [one for one in programs if one not in marked]
    return others if any(is_postgraduate(one.name) for one in others) else programs


def _branches(statement: Statement, text: str, programs: Sequence[Course]) -> list[Course]:
    """Those that are surely meant, and those right behind a programme: "M.Sc Chemistry", "MBA (Finance/HR)"."""
    sure = {
        one for one in branches_in(text, listed=statement.labelled) if statement.courses or not is_subject(one.name)
    }
    taken: list[Course] = []
    ends = {one.end for one in programs}
    for branch in branches_in(text, listed=True):
        if _OF_A_FIRM.search(text, 0, branch.end):
            continue
        close = ends.intersection(range(branch.start - _FARTHEST_BEHIND, branch.start + 1))
        if branch in sure or any(_BEHIND.fullmatch(text, end, branch.start) for end in close):
            taken.append(branch)
            ends |= set() if branch in sure else {branch.end}
    of_science = bool(programs) and all(one.name.endswith(("Sc", "Pharm")) for one in programs)
    return [_of_science(one, text) for one in taken] if of_science else taken


def _of_science(branch: Course, text: str) -> Course:
    """ "M.Sc Chem" is chemistry."""
    return replace(branch, name="Chemistry") if text[branch.start : branch.end].casefold() == "chem" else branch


# Putting together


def _settled(found: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """One criterion a name and programme: lists are joined, of two values a revised one counts, else the first."""
    settled: dict[tuple[str, str], Criterion] = {}
    for criterion in found:
        key = (criterion.name, criterion.program)
        before = settled.get(key)
        if before is None or (
            criterion.name not in _LISTS and _REVISED.search(criterion.quote) and not _REVISED.search(before.quote)
        ):
            settled[key] = criterion
        elif isinstance(before.value, tuple) and isinstance(criterion.value, tuple):
            settled[key] = Criterion(
                *key[:1], tuple(dict.fromkeys((*before.value, *criterion.value))), before.quote, key[1]
            )
    return tuple(sorted(settled.values(), key=lambda one: NAMES.index(one.name)))


def _plain(value: float) -> float | int:
    return int(value) if value > 10 and value == int(value) else float(value)
