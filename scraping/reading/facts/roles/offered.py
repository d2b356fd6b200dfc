"""The roles a mail offers, each with its pay (spec: mailbox, Packages)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from scraping.items import RolePay
from scraping.reading.facts.pay.amounts import find_amounts, names_foreign_money, spell_out, without_old_amounts
from scraping.reading.facts.pay.packages import Pay, read_pay
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.fields import Field, field_name
from scraping.reading.layout.role_runs import RolePhrase, find_roles
from scraping.reading.layout.text import shorten

_PAY_FIELDS = frozenset(("package", "stipend"))
_PAY_WORD = expression(
    r"\b(?:ctc|lpa|package|salary|stipend|compensation|remuneration|lakhs?|lacs?|per month|per annum|p\.a)\b",
    re.IGNORECASE,
)
_HINDI_PAY = expression("मानदेय|वेतन|प्रतिमाह|लाख")
_CLAUSE = re.compile(r"[;\n|]|,(?!\d)|\.\s|\s(?:and|&|/)\s", re.IGNORECASE)
_BETWEEN_ROLES = re.compile(r"\s*(?:,(?![^()]{0,80}\))|;|\||\n|\s/\s|\s\+\s|\s(?=\d[.)]\s))\s*")
_BULLET = re.compile(r"^\s*(?:[•*▪◦➢➤·●–—-]|\(?\d{1,2}[.)])\s*")
_INTERN = re.compile(r"\b(?:interns?|internship|trainee)\b", re.IGNORECASE)
_FULL_TIME = re.compile(r"\bfull[\s-]?time\b|\bfte\b", re.IGNORECASE)
_NO_ROLE = re.compile(
    r"\W*(?:n/?a|nil|tbd|tba|various|multiple|as per .*|to be .*|will be .*|not .*)?\W*", re.IGNORECASE
)
# Where a role ends and its pay begins: "Engineer (CTC 5 LPA)", "Executive. CTC Rs. 7,50,000".
PAY_BEHIND = re.compile(
    r"[.,;]\s+(?=(?:ctc|c&b|package|stipend|salary|rs|inr|₹|\d)\b)|\s?\((?=[^()]*(?:\d|lpa"
    r"|ctc|c&b|cse\b|ece\b|\bit\b|batch))"
    r"|\s[–—-]\s(?=\d|ctc|rs\b|inr|₹|stipend)|\s(?=ctc\b)|(?<![\d.]\d)(?<!^\d)(?<!\s\d)\.\s(?=[A-Z])",
    re.IGNORECASE,
)
_STUDENTS = re.compile(r"\s*\([^()]*\d{6}[^()]*\)")  # who has it: "Analyst (22103001, 22103002)"
_ONE_AMOUNT = re.compile(
    r"\W{0,4}(?:ctc\W{1,4})?\D{0,8}[\d.,]+\s*[a-z. ]{1,12}(?:\([^()]{1,40}\)\s*)?(?:respectively\W*)?", re.IGNORECASE
)
_LONGEST_ROLE = 120
_MOST_ROLES = 30
_LONGEST_LINE = 1000
_LONGEST_PAY = 120


@dataclass(slots=True)
class _Offer:
    """Roles that were named together, and what was said of their pay."""

    roles: list[str] = field(default_factory=list)
    pay: list[str] = field(default_factory=list)


def read_roles(
    fields: Sequence[Field], lines: Sequence[str], tables: Sequence[str] = (), fallback: str | None = None
) -> tuple[RolePay, ...]:
    """Every role with its package, in the order of the text; `tables` are rows of cells, of roles or of students.

    A table or a list that gives each role its own package is followed; one package for several roles is each one's,
    but a bare stipend is the intern's alone. `fallback` is the role where no label names one; a package without any
    role comes as a role named "".
    """
    stated = [*_from_tables(tables)] or [*_from_fields(fields)]
    offers = stated if any(offer.roles for offer in stated) else [*_from_lines(tables or lines)] or stated or [_Offer()]
    if not any(offer.pay for offer in offers):
        offers[-1].pay = _pay_listed(tables) or [line for line in lines if speaks_of_pay(line)]
    elif len(offers) == 1 and read_pay("\n".join(offers[0].pay)).is_stipend:
        offers[0].pay += [line for line in lines if _states_a_salary(line)]
    if not any(offer.roles for offer in offers):
        offers[0].roles = _roles_listed(tables) or ([fallback] if fallback else [])
    found: dict[str, RolePay] = {}
    for offer in offers:
        for role in _with_pay(offer):
            known = found.get(role.role.casefold())
            if known is None or known.package is None:
                found[role.role.casefold()] = role
    return tuple(found.values())[:_MOST_ROLES]


def split_roles(value: str) -> list[str]:
    """The roles of "Analyst, Data Engineer"; "Faculty Scholar & Faculty Fellow" and "Engineer (Java, Go)" are one."""
    value = "\n".join(PAY_BEHIND.split(line)[0] for line in _STUDENTS.sub("", value).split("\n"))
    parts = [_BULLET.sub("", part).strip(" ,:;-–*\t").rstrip(".") for part in _BETWEEN_ROLES.split(value)]
    return [part for part in parts if 1 < len(part) <= _LONGEST_ROLE and not _NO_ROLE.fullmatch(part)]


def _from_fields(fields: Sequence[Field]) -> Iterator[_Offer]:
    """Labels in the order of the text: a role after a package begins the next offer."""
    offer = _Offer()
    for stated in fields:
        if stated.name == "role":
            if offer.pay and offer.roles:
                yield offer
                offer = _Offer()
            offer.roles += [role for role in split_roles(stated.value) if role not in offer.roles]
            if speaks_of_pay(stated.value):
                offer.pay.append(stated.value)
        elif stated.name in _PAY_FIELDS:
            offer.pay.append(stated.statement)
    if offer.roles or offer.pay:
        yield offer


def _from_tables(lines: Sequence[str]) -> Iterator[_Offer]:
    """Rows of a table whose head names a role and a package, of roles or of students."""
    columns: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in re.split(r"\t|\s\|\s", line)]
        names = [field_name(cell) for cell in cells]
        if "role" in names and _PAY_FIELDS.intersection(names):
            columns = names
            heads = cells
        elif columns and len(cells) == len(columns):
            pay = [f"{heads[i]}: {cells[i]}" for i, name in enumerate(columns) if name in _PAY_FIELDS and cells[i]]
            yield _Offer(split_roles(cells[columns.index("role")]), pay)
        else:
            columns = []


def _from_lines(lines: Sequence[str]) -> Iterator[_Offer]:
    """Lines that name a role with its own pay: "SDE (85 LPA)", "Asha Rao (22103001) - Analyst - 9 LPA"."""
    for line in map(without_old_amounts, lines):
        named = list(find_roles(line[:_LONGEST_LINE])) if speaks_of_pay(line) else []
        if len(each := list(_each_with_pay(line, named))) > 1:
            yield from each
            continue
        role = _as_heading(line, named[-1]) if named else None
        if role and speaks_of_pay(line[role.end :]) and len(line[role.end :]) < _LONGEST_PAY:
            yield _Offer([role.name], [line[role.end :]])


def _each_with_pay(line: str, named: Sequence[RolePhrase]) -> Iterator[_Offer]:
    """ "A UX Designer (7 LPA) and a Visual Designer (6 LPA)"."""
    wide = {role.end: role for role in find_roles(line[:_LONGEST_LINE], wide=True)} if len(named) > 1 else {}
    for role in named:
        pay = re.match(r"\s*(?:\(|[-–:@]\s)\s*([^(),;]{2,40})", line[role.end : role.end + 60])
        if pay and speaks_of_pay(pay[1]):
            yield _Offer([wide.get(role.end, role).name], [pay[1]])


def _as_heading(line: str, role: RolePhrase) -> RolePhrase:
    """ "Decision Scientist" of a line that begins with it: there each word with a capital belongs to the role."""
    start = match.end() if (match := _BULLET.match(line)) else 0
    whole = next((wide for wide in find_roles(line[:_LONGEST_LINE], wide=True) if wide.end == role.end), role)
    return whole if whole.start == start else role


def roles_of_students(lines: Sequence[str], numbers: Collection[str]) -> str | None:
    """The role most rows of a list end with: "Asha Rao / 22103001 / Graduate Engineer"."""
    rows = (line for line in lines if any(number in line for number in numbers))
    named = Counter(role.name for line in rows for role in islice(find_roles(line[:_LONGEST_LINE]), 1))
    return next((name for name, count in named.most_common(1) if count > 1 or len(numbers) == 1), None)


def _in_column(lines: Sequence[str], *names: str) -> list[tuple[str, str]]:
    """Head and text of the cells of a column that a list of students has for one of `names`, each once."""
    found: dict[tuple[str, str], None] = {}
    column, head = -1, ""
    for line in lines:
        cells = [cell.strip() for cell in re.split(r"\t|\s\|\s", line)]
        heads = [number for number, cell in enumerate(cells) if len(cells) > 2 and field_name(cell) in names]
        if heads:
            column, head = heads[0], cells[heads[0]]
        elif 0 <= column < len(cells):
            found[head, cells[column]] = None
        else:
            column = -1
    return list(found)


def _roles_listed(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(role for _, cell in _in_column(lines, "role") for role in split_roles(cell)))


def _pay_listed(lines: Sequence[str]) -> list[str]:
    """The one package a list gives all its students; where they differ, it is each one's own."""
    stated = [f"{head}: {cell}" for head, cell in _in_column(lines, *_PAY_FIELDS)]
    return stated if len({read_pay(text).package for text in stated}) == 1 else []


def speaks_of_pay(line: str) -> bool:
    """Whether a line states an amount as pay: prizes, fees and bonds are none."""
    if not _PAY_WORD.search(line) and not _HINDI_PAY.search(line):
        return False
    return names_foreign_money(line) or any(amount.kind != "none" for amount in find_amounts(spell_out(line)))


def _states_a_salary(line: str) -> bool:
    pay = read_pay(line) if _PAY_WORD.search(line) else Pay()
    return pay.package is not None and not pay.is_stipend


def _with_pay(offer: _Offer) -> Iterator[RolePay]:
    text = "\n".join(offer.pay)
    whole = read_pay(text)
    details = "" if whole.package is None and not find_amounts(text) else shorten(_without_label(text), 400)
    several = len(offer.roles) > 1
    own = (_by_name(offer.roles, text) or _by_position(offer.roles, text)) if several else {}
    for role in offer.roles or [""]:
        package = _package_of(role, own.get(role, whole), offer.roles)
        if role or package is not None:
            yield RolePay(role, package, details)


def _package_of(role: str, pay: Pay, roles: Sequence[str]) -> float | None:
    others_are_interns = any(_INTERN.search(other) for other in roles if other != role)
    if pay.is_stipend and not _INTERN.search(role) and (others_are_interns or _FULL_TIME.search(role)):
        return None
    return pay.package


def _by_name(roles: Sequence[str], text: str) -> dict[str, Pay]:
    """ "SDE: 12 LPA, QA: 8 LPA": each role with the clause that names it; nothing unless all have one."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    longest_first = sorted(roles, key=len, reverse=True)
    told_of = [next((role for role in longest_first if _names(clause, role)), "") for clause in clauses]
    found: dict[str, Pay] = {}
    for role in roles:
        named = [clause for clause, name in zip(clauses, told_of, strict=True) if name == role]
        pays = [pay for clause in named if (pay := read_pay(clause)).package is not None]
        if not pays:
            return {}
        found[role] = pays[0]
    return found


def _names(clause: str, role: str) -> bool:
    """By its words, or by its initials: "APM" of "Associate Product Manager"."""
    letters = "".join(word[0] for word in role.split()).upper()
    short = (
        len(letters) > 2
        and letters not in {"CTC", "LPA", "INR"}
        and re.search(rf"(?<!\w){re.escape(letters)}(?!\w)", clause)
    )
    return bool(short or re.search(rf"(?<!\w){re.escape(role)}(?!\w)", clause, re.IGNORECASE))


def _by_position(roles: Sequence[str], text: str) -> dict[str, Pay]:
    """ "12 LPA, 8 LPA" or "12 / 8 LPA respectively": as many clauses of one package each as there are roles."""
    clauses = [_without_label(clause) for clause in _CLAUSE.split(text.replace("/", " / ").replace(" / -", "/-"))]
    pays = [read_pay(clause) for clause in clauses if _ONE_AMOUNT.fullmatch(clause)]
    known = [pay for pay in pays if pay.package is not None and not pay.is_stipend]
    return dict(zip(roles, known, strict=True)) if len(known) == len(roles) == len(pays) else {}


def _without_label(text: str) -> str:
    return re.sub(r"^\W*package\W+", "", text, flags=re.IGNORECASE).strip()
