"""What an enrolment number and a name look like, in a cell or in a line of text.

Numbers differ between colleges (23510417, 231C207, 21BCE1234, 1RV20CS001, 2K20/CO/123), so there are two grades:
strict where nothing else says that it is one, loose under a head such as "Roll No" or in the portal's own lists.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from accounts.courses import is_branch, programs_in
from scraping.items import Student
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.text import straight

# How a number stands close to a name: "Asha Rao/23BCE1045/CSE", "Asha Rao.....23510417", "Asha Rao (CSE, 23BCE1045)".
_GLUED = (
    (re.compile(r"(?<=[A-Z][a-z])((?i:[a-z]*))[/–-](?=[A-Za-z]{0,4}\d[\w/-]{4})"), r"\1 - "),
    (re.compile(r"(?<=\d{3})/(?=[A-Z]{2,5}(?:[\s,;)]|$))"), " - "),
    (re.compile(r"\s*(?:[→⇒➔»=~]|[-–=]>)\s*"), " - "),
    (re.compile(r"\b[SDWC]/[oO]\.?\s+[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,3}"), ""),
    (re.compile(r"^(\W*(?:\d{1,3}[.)]\s*)?[A-Za-z\d/-]*\d{3})\.\s+(?=[A-Z])"), r"\1 - "),
    (re.compile(r"\.{3,}|(?<=[A-Za-z])\.(?=[A-Z]{1,5}\d{2})"), " - "),
    (re.compile(r"^\W*\d{1,2}[:.]\d\d\s*[ap]\.?m\b\.?\s*[–:-]?\s*(?=[A-Z])", re.IGNORECASE), ""),
    (re.compile(r"\((?:[A-Z][A-Za-z.& ]{1,20}),\s*(?=[A-Za-z]{0,5}\d)"), "("),
    (re.compile(r"(?<=\d),\s*[A-Z][A-Za-z.& ]{1,20}\)"), ")"),
)
_TWO_DIGITS = re.compile(r"\d.*\d")  # no number has fewer: most lines are passed over at once
_DIGITS = re.compile(r"\d{8,16}")
_MIXED = re.compile(
    r"(?=(?:[A-Z/-]*\d){4})(?=[\d/-]*[A-Z])[A-Z\d]+(?:[/-][A-Z\d]+){0,4}"
    r"|(?-i:[A-Z]{2,3}\.[A-Z]{2,4}\.)[A-Z\d]{3,8}\d{3}|(?-i:[A-Z]{1,5}([-/])[A-Z]{2,5}\1)\d{3}",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"(?=(?:[A-Z/.-]*\d){2})[A-Z\d]+(?:[/.-][A-Z\d]+){0,4}|(?=(?:[A-Z ]*\d){4})(?-i:[A-Z\d]+(?: [A-Z\d]+){1,3})",
    re.IGNORECASE,
)
_PHONE = re.compile(r"[6-9]\d{9}")
_SOMETHING_ELSE = re.compile(
    r"""(?:19|20)\d\d(?:[-/](?:\d\d|(?:19|20)\d\d))?   # a year, a season
    | \d{1,2}[/-](?:\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)[/-]\d{2,4}   # a date
    | [a-z]{3,}[-/]?(?:19|20)\d\d              # June2026
    | (?:[a-z]+[/-]?)*(?:19|20)\d\d-\d{2}(?:/.*)?   # T/P/2026-27/163, a letter's reference
    | [a-z]{3,}[-–]?\d{6}                     # Nagpur-440025
    | \d{2}x{4,}\d*                          # 98xxxxxx12
    | (?!\d{7}).*\d(?:k|lpa|am|pm|hrs|th|st|nd|rd|px|mins?)(?:[/-].*)?   # an amount, a time
    | (?:rs|inr|batch|sec|sector|room|lab|cl|lt|stage|round)[-/]?\d+""",
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = re.compile(
    r"""(?<![\w@.+/])\d{8,16}(?=[–-][A-Za-z]{2})            # 23510417-Asha
    | (?<=[(\[])[A-Z]{2,4}-\d{6,12}(?=[)\]])                # (DU-23510417)
    | (?<=[A-Za-z][–-])\d{8,16}(?![\w@/])                  # Asha-23510417
    | (?<![\w@.+/-])[A-Z]{2,3}\.[A-Z]{2,4}\.[A-Z\d]{3,8}\d{3}(?![\w@/])
    | (?<![\w@.+/%=?&\#-])(?![A-Za-z]+-\d{8})[A-Za-z\d][A-Za-z\d/-]{1,19}[A-Za-z\d](?![\w@/]|-\w|\.\w)""",
    re.VERBOSE,
)
# "Asha Rao (23510417)": nearly every line of the portal's own lists.
_AS_THE_PORTAL = re.compile(r"(?!(?i:mr|mrs|ms|miss|dr) )(?P<name>[^\W\d_]+(?: [^\W\d_]+)*) \((?P<number>\d{8,16})\)")
_SENTENCE = re.compile(
    r"[,;:(]|(?<=[a-z]{3})\.|\s(?=(?:have|has|had|are|is|were|was|will|who|got|ko|ka|ne"
    r"|did|do|does|could|shall|should|must|to|for|on|from|at|by|remained|missed|failed|bagged|secured)\s)"
)
_LEADING = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s){1,4}(?=[a-z])")
_AMOUNT_BEHIND = re.compile(r"\s+\d{1,3}(?:\.\d{1,2})?\s*(?:lpa|%|marks)?\s*$", re.IGNORECASE)
# "22103001 to 22103060", no number with a phone behind it.
RANGE = re.compile(
    r"(?<!\d)(?:\d{10}\s*(?:to|till|–|-|—)|\d{6,20}\s*(?:to|till|–|-|—)\s*(?![6-9]\d{9}(?!\d)))\s*\d{4,}", re.IGNORECASE
)
_SENTENCE_WORDS = 8
SENTENCE_BEFORE = re.compile(r"(?<=[a-z)])\.\s+(?=[A-Z])")
AND = re.compile(r"^(?:and|&)\s+|\s+(?:and|&)$")
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")

SERIAL = re.compile(
    r"^[^\w(+\[]*(?:\(?\d{1,4}\s*[.):;–-]\s*|\d{1,4}(?:\s+|/\s+)|\(?(?i:[ivx]{1,5}|[a-z])\)\s*|[ivx]{1,5}\.\s+"
    r"|(?:Sl|S|Sr)\.?\s?(?:[Nn]o\.?\s?)?\d{1,4}\W*\s)?"
)
_BETWEEN_PIECES = re.compile(
    r"[,;:|()\[\]\t]|(?<=[a-z]{4})\.\s(?=[A-Z])|\s/\s|\s/$|^/\s|\+?\d{5,}|\s[–—-]+\s|\s[–—-]$|^\s?[–—-]+|[–—-]+\s*$"
)
_LABEL_BEHIND = expression(
    r"[\s,(\[-]*\b(?:univ\w*\.?\s+)?(?:roll|enrol\w*|reg\w*|usn|sid|prn|urn)(?:[\s.]*(?:no"
    r"|number|num|id)\b\.?)?\s*[.:–-]*\s*$",
    re.IGNORECASE,
)
_LABEL_IN_BRACKET = re.compile(
    r"\(\s*(?:univ\w*\.?\s+)?(?:h?t|[a-z]?roll|r?rn|enrol\w*|reg\w*|usn|sid|prn|urn|id)\b[\s.]*(?:no|number"
    r"|id)?\b[\s.:–-]*$",
    re.IGNORECASE,
)
_OPEN_BRACKET = re.compile(r"\s*\([^()\d]{2,40}$")  # "Asha Rao (B.Tech CSE, Roll No. 23…"
_SERIAL_BEHIND = re.compile(r"(?:^|[\s,;|])\(?\d{1,3}\s*[.):–-]?\s*$")
_NAME_IN_BRACKETS = re.compile(r"\s*[-–:]?\s*\(\s*(?P<name>[^()\d]{1,60}?)\s*\)")
_LABELLED = re.compile(r"^(?P<label>[^:]{2,80}):(?!//)\s*(?P<rest>.*)$")
ROLL_NUMBERS = expression(r"\b(?:enrol\w*|roll|reg\w*|usns?|prns?)\b|\bstudents?\b", re.IGNORECASE)
ONLY_BETWEEN = re.compile(r"[\s,;&/|]*(?:and)?[\s,;&/|]*", re.IGNORECASE)
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|dr)\b\.?\s*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\d_,@:;<>=/\\|()\[\]{}#%*+!?&\"“”]{0,59}")
_CAPITALISED = re.compile(r"(?:[^\W\d_a-z][\w.'’-]{0,40} ){0,3}[^\W\d_a-z][\w.'’-]{0,40}$")
_INITIAL_LAST = re.compile(r"(?:^|\s)\w\.$")
_NOT_NAME = re.compile(
    r"""\b(?:b\.?\s?tech|m\.?\s?tech|b\.?e|m\.?e|b\.?sc|m\.?sc|mca|bca|mba|ph\.?d|cse|ece|eee|eie|it|biotech\w*
    |engineering|technology|university|institute|college|campus|school|department|dept|branch|batch
    |courses?|stream|eligibility|criteria
    |company|private|limited|ltd|pvt|students?|candidates?|names?|enrol\w*|roll|number|no|id|code|meeting|passcode
    |password|contact|phone|mobile|call|whatsapp|helpline|room|lab|labs|venue|date|time|timings?|stage|round|test
    |interview|link|rs|inr|lpa|ctc|stipend|package|salary|registration|deadline|total|applications?|reference|role
    |intern|internship|developer|engineer|analyst|trainee|selected|shortlist\w*|absent|to|and|till|the
    |for|am|pm|at|on|of|by|from|is|are|be|has|have|had|been|was|were|got|who|their|our|this|that|these|those
    |your|you|with|please|kindly|office|officer|rgds|tower|floor|sector|card|resumes?|carry|laptop|copy|copies|photo\w*
    |documents?|formals?|slot|reporting|panel|online|offline|virtual|regards|thanks|best|besties|dear|note|team
    |greetings|congrat\w*|wishes|all|sincerely|placements?|cell|coordinator|head|list|following|test|mandatory
    |usn|sid|prn|urn|pass|ifsc|account|upi|toll
    |january|february|july|september|october|november|december)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "Asha Rao CSE": the branch without a sign before it.
_BRANCH_BEHIND = re.compile(
    r"\s+(?:(?:Integrated|Int\.|Dual)\s+)?(?:B\.?\s?Tech|M\.?\s?Tech|BE|MCA|BCA|MBA|CSE|ECE|EEE|EIE|IT|ME|CE|EE"
    r"|CS|COE|AIML|AIDS|CSBS|EXTC|ENTC|IOT|VLSI)\b.*$"
    r"|(?<=[a-z])\s+[A-Z]{2,4}\s+\S*[@\d].*$"
)
_SECTION_BEHIND = re.compile(r"(?<=[a-zA-Z.] )(?=\S*\d)[A-Z\d][A-Z\d/-]{1,7}$")  # "Gurleen Kaur K23AB"
_OF = re.compile(r"\s+(?:of|from|in)$")
_NUMBERS_LABEL = re.compile(
    r"^(?:(?:enrol\w*|roll|reg\w*|usns?|prns?)[\w\s.]{0,20}|(?-i:[A-Z]{2,4}(?:[-/][A-Z]{2,5})?)\s*)[:–-]\s*",
    re.IGNORECASE,
)
_GREETING = re.compile(r"^\W*(?:(?:heart\w*|many)\s+)?(?:congrat\w*|kudos|dear)\b\W*(?:to\s+)?", re.IGNORECASE)
_ADDRESSED = re.compile(r"^\W*dear\s+(?=[^,;:.]{2,60}$)", re.IGNORECASE)  # "Dear Asha R (22103001),"
_CONTACT = expression(
    r"\b(?:contact|phone|mobile|mob|(?<!interview\s)call|whats\s?app|helpline|tel|ph|co-?ordinators?|spoc|in-?charge"
    r"|quer(?:y|ies)|poc"
    r"|faculty|professor|prof|meeting|passcode|password|(?:reference|ref)\b(?!\s+to)|extn?"
    r"|cell\s?(?:no|:))(?:\b|(?<=:))",
    re.IGNORECASE,
)
_CHOSEN = expression(
    r"\b(?:selected|placed|hired|offered|bagged|secured|received|chosen)\b(?!.*\bask\b)", re.IGNORECASE
)
_MOBILE_MARK = re.compile(r"(?:\([MO]\)|(?<!\w)[MO]\s?[:.])\W*(?:91\W*)?$", re.IGNORECASE)  # (M)98…, M: +91 98…
_STAFF_TITLE = re.compile(r"\b(?:mr|mrs|ms|dr|sir|ma'?am)\b", re.IGNORECASE)


def number_in(cell: str, *, strict: bool) -> str:
    """The enrolment number a cell holds, as it is written; "" where it holds none."""
    text = cell.strip(" .,;'\"()[]").removesuffix(".0")
    if not strict and " " in text and re.fullmatch(r"\d[\d ]{6,18}\d", text):
        text = text.replace(" ", "")
    if _DIGITS.fullmatch(text):
        return text
    if strict and re.fullmatch(r"[A-Za-z]+[-/]?20[2-4]\d", text):  # "CP-2027": a post and a year
        return ""
    shape = _MIXED if strict else _LOOSE
    fits = 3 <= len(text) <= 20 and shape.fullmatch(text) and not _SOMETHING_ELSE.fullmatch(text)
    return text if fits else ""


def is_phone(number: str) -> bool:
    """Ten digits that could be a mobile's; some colleges' numbers look the same (9923510655)."""
    return _PHONE.fullmatch(number) is not None


def clean_name(text: str) -> str:
    """A name without its serial number, courtesy title, what stands in brackets and the signs around it."""
    plain = _IN_BRACKETS.sub(" ", text) if "(" in text or "[" in text else text
    name = SERIAL.sub("", plain, count=1).strip(" ,;:|()[]*–—-\t'\"")
    name = _TITLE.sub("", name) or name
    if name.endswith(".") and not _INITIAL_LAST.search(name):
        name = name.rstrip(".")
    return " ".join(part for part in name.split() if part != ".")


def is_name(text: str) -> bool:
    """One to six words of letters, none of them a word that stands beside names in such lists."""
    name = clean_name(text)
    return _NAME.fullmatch(name) is not None and len(name.split()) <= 6 and not _NOT_NAME.search(name)


def students_in(line: str, *, trusted: bool) -> list[Student]:
    """The students of one line: "1. Asha (23510417)", "23510417 - Asha", or several in a sentence.

    `trusted` lines stand in a list of students: there any number in brackets is taken, and any name.
    """
    if trusted and (plain := _AS_THE_PORTAL.fullmatch(line)) and not _CONTACT.search(plain["name"]):
        return [Student(plain["name"], plain["number"])]
    if not _TWO_DIGITS.search(line):
        return []
    line = plain_row(line)
    numbers = [match for match in _TOKEN.finditer(line) if number_in(match[0], strict=True)]
    if RANGE.search(line) and len(numbers) < 3:
        return []
    bracketed = [match for match in numbers if _is_bracketed(line, match) or _is_labelled(line, match)]
    if len(bracketed) > 1:
        return _several(line, bracketed)
    if found := _named_in_brackets(line, numbers) or _numbers_in_a_row(line, numbers) or _in_a_row(line, numbers):
        return found
    number = min(numbers, key=lambda match: is_phone(match[0]), default=None)
    if number is None and trusted:
        number = _last_in_brackets(line)
    return _one(line, number, trusted=trusted) if number else []


def plain_row(line: str) -> str:
    """A row with a dash where a number stands too close to a name, or where another sign parts them."""
    for pattern, said in _GLUED:
        line = pattern.sub(said, line)
    return line


def without_branch(line: str) -> str:
    """ "Asha Rao" of "Asha Rao, MBA"."""
    name, comma, behind = line.rpartition(",")
    if comma and (programs_in(behind) or is_branch(behind.strip())):
        return name
    return _BRANCH_BEHIND.sub("", line).rstrip(" ,–-")


def says_whom_to_call(line: str) -> bool:
    """ "For queries:"."""
    return bool(_CONTACT.search(line))


def numbers_only(line: str) -> list[Student]:
    """Students of a line that holds nothing but enrolment numbers, with or without "Roll nos:" before them."""
    if not _TWO_DIGITS.search(line):
        return []
    bare = _NUMBERS_LABEL.sub("", SERIAL.sub("", line, count=1), count=1)
    students = []
    for part in filter(None, re.split(r"[\s,;&]+|\band\b", bare)):
        number = number_in(part, strict=True)
        if not number:
            return []
        students.append(Student("", number))
    return students


def _named_in_brackets(line: str, numbers: Sequence[re.Match[str]]) -> list[Student]:
    """Students of "22103001 (Asha Verma), 22103002 (Bilal Khan)"."""
    if not numbers or _CONTACT.search(line):
        return []
    behind = [(match, _NAME_IN_BRACKETS.match(line, match.end())) for match in numbers]
    students = [
        Student(clean_name(found["name"]), match[0]) for match, found in behind if found and is_name(found["name"])
    ]
    return students if len(students) == len(numbers) else []


def _numbers_in_a_row(line: str, numbers: Sequence[re.Match[str]]) -> list[Student]:
    """Students of "Roll nos 22103001, 22103002 and 22103003 are shortlisted": numbers of one make, nothing between."""
    if len(numbers) < 2 or not ROLL_NUMBERS.search(line[: numbers[0].start()]) or _CONTACT.search(line):
        return []
    between = (line[one.end() : other.start()] for one, other in pairwise(numbers))
    alike = len({re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", match[0])) for match in numbers}) == 1
    return [Student("", match[0]) for match in numbers] if alike and all(map(ONLY_BETWEEN.fullmatch, between)) else []


def _is_bracketed(line: str, match: re.Match[str]) -> bool:
    before, after = line[max(match.start() - 4, 0) : match.start()], line[match.end() : match.end() + 4]
    return before.rstrip().endswith(("(", "[")) and after.lstrip()[:1] in {")", "]"}


def _is_labelled(line: str, match: re.Match[str]) -> bool:
    """Whether a number stands in a bracket behind its label: "(RRN 230041601022)"."""
    before = line[max(match.start() - 30, 0) : match.start()]
    return bool(_LABEL_IN_BRACKET.search(before)) and line[match.end() : match.end() + 2].lstrip()[:1] == ")"


def _last_in_brackets(line: str) -> re.Match[str] | None:
    found = [m for m in _TOKEN.finditer(line) if _is_bracketed(line, m) and number_in(m[0], strict=False)]
    return found[-1] if found else None


def _several(line: str, numbers: Sequence[re.Match[str]]) -> list[Student]:
    students: list[Student] = []
    start, chosen = 0, _CHOSEN.search(line)
    for match in numbers:
        before = _LABEL_IN_BRACKET.sub("", line[start : match.start()]).rstrip(" ([")
        name = _GREETING.sub("", re.split(r"[,;:)\]]|\band\b|\s&\s|\s[–—-]\s", before)[-1], count=1)
        start = match.end() + 1
        if (chosen or not students) and (not is_name(name) or name.strip()[:1].islower()):
            name = name_at_end(name) or name
        if is_name(name) and not _CONTACT.search(SENTENCE_BEFORE.split(before)[-1]):
            students.append(Student(clean_name(name), match[0]))
    return students


def _in_a_row(line: str, numbers: Sequence[re.Match[str]]) -> list[Student]:
    """Students of "23510417 Asha, 23510418 Ravi" or "Asha 23510417, Ravi 23510418"; none unless each has a name."""
    if len(numbers) < 2 or _CONTACT.search(line):
        return []
    ends, starts = [0, *(match.end() for match in numbers)], [*(match.start() for match in numbers), len(line)]
    pieces = (line[end:start].strip(" ,;–-") for end, start in zip(ends, starts, strict=True))
    first, *between, last = (_without_branch(_SERIAL_BEHIND.sub("", _LABEL_BEHIND.sub("", piece))) for piece in pieces)
    behind, *more = _SENTENCE.split(last)
    ends_there = "." if more and last.startswith(".") else _name_that_begins(behind)  # ". Feedback will be given"
    announced = _SENTENCE.split(first)[-1]
    begins = announced if is_full_name(announced) else name_at_end(announced)
    orders = ([begins, *between], [*between, ends_there])
    named = [cleaned for names in orders if all(map(is_full_name, cleaned := [AND.sub("", name) for name in names]))]
    if len(named) != 1:
        return []
    return [Student(clean_name(name), match[0]) for name, match in zip(named[0], numbers, strict=True)]


def _name_that_begins(text: str) -> str:
    """ "Asha Rao" of "Asha Rao skipped it"."""
    match = _LEADING.match(text)
    return match[0] if match and not is_full_name(text) else text


def _without_branch(piece: str) -> str:
    """ "Asha Rao" of "Asha Rao CSE"."""
    name, _, last = piece.strip(" ,;–-").rpartition(" ")
    of_branch = is_branch(last) or (len(last) > 2 and last.isupper() and is_branch(last.title()))
    return name.strip(" ,;–-") if name and of_branch else piece.strip(" ,;–-")


def is_full_name(text: str) -> bool:
    """Whether a text is a name and no sentence: its words have a capital, but for one such as "van"."""
    if not is_name(text):
        return False
    name = clean_name(text)
    return name[0].isupper() and sum(word[0].islower() for word in name.split()) <= 1


def _one(line: str, number: re.Match[str], *, trusted: bool) -> list[Student]:
    if _is_contact(line[: number.start()], number[0]):
        return []
    before, after = _without_label(_ADDRESSED.sub("", line[: number.start()], count=1)), line[number.end() :]
    unlabelled = _OPEN_BRACKET.sub("", _LABEL_BEHIND.sub("", before))
    if unlabelled != before and (named := _names_around(unlabelled, "") or [name_at_end(unlabelled)])[0]:
        return [Student(clean_name(named[-1]), number[0])]  # "Asha Rao PRN 2023016402330"
    said = len(before.split()) > _SENTENCE_WORDS
    if said and _is_bracketed(line, number) and (name := name_at_end(before.rstrip(" (["))):
        return [Student(clean_name(name), number[0])]  # "... that your student Asha Rao (22103001) has been selected"
    if trusted and _is_bracketed(line, number):
        name = clean_name(before.rstrip(" (["))
        if name:
            return [Student(name, number[0])]
    stands_first = said or before.rstrip().endswith(":")
    if stands_first and any(name.strip()[:1].isupper() for name in _names_around("", after)):
        before = ""
    chosen = _is_bracketed(line, number) and (_CHOSEN.search(line) or not is_phone(number[0]))
    last = name_at_end(before.rstrip(" ([")) if chosen else ""
    names = _names_around(before, "") or [last] * bool(last) or _names_around("", after)
    return [Student(clean_name(name), number[0]) for name in names][:1]


def _without_label(before: str) -> str:
    """ "Kriti Bedi" of "Nykaa (Data Analyst, 10 LPA): Kriti Bedi"."""
    label = _LABELLED.match(before)
    return label["rest"] if label and _names_around(label["rest"].rstrip(" (["), "") else before


def name_at_end(text: str) -> str:
    """The words with a capital a sentence ends with: "I am happy to share that Asha Rao", "" where they are no name."""
    match = _CAPITALISED.search(text)
    return match[0] if match and is_name(match[0]) else ""


def _is_contact(before: str, number: str) -> bool:
    """A person to call, not one on a list."""
    marked = _STAFF_TITLE.search(straight(before)) or _MOBILE_MARK.search(before[-20:])
    return bool((is_phone(number) and marked) or _CONTACT.search(before[-80:]))


def _names_around(before: str, after: str) -> list[str]:
    """The pieces around a number that can be names, in order, without a section behind them."""
    pieces = [piece for side in (SERIAL.sub("", before, count=1), after) for piece in _BETWEEN_PIECES.split(side)]
    plain = (_AMOUNT_BEHIND.sub("", piece) for piece in pieces if piece and piece.strip())
    shown = (
        piece if is_name(piece) else _OF.sub("", _BRANCH_BEHIND.sub("", _SECTION_BEHIND.sub("", piece)))
        for piece in plain
    )
    named = (_without_branch(piece) for piece in shown)
    return [piece for piece in named if piece.strip() and is_name(piece) and not is_branch(piece.strip())]
