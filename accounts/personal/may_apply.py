"""May this student apply: yes, no with the rule that says so, or can't tell with what is missing (spec: personal).

Nothing is rounded: 7.495 is not 7.5. Where a rule can be read in two ways, the answer is "can't tell".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from accounts import courses
from accounts.personal.facts import FACTS, shown

Criterion = Mapping[str, Any]  # {name, value, quote, program}, as scraping reads it
# What names one degree at two universities.
_ALIKE = {"BE": "B.Tech", "ME": "M.Tech"}
# Two degrees in one: whether a rule for either means their students is the college's to say.
_MIXED = frozenset(("Integrated M.Tech", "Dual Degree"))
_CIRCUIT = frozenset(map(courses.branch_key, ("CSE", "IT", "ECE", "EE", "EEE", "ISE", "EIE", "E&TC", "CSIT", "CSBS")))
_NO_CIRCUIT = frozenset(
    map(courses.branch_key, ("ME", "CE", "CHE", "Biotechnology", "Textile", "Mining", "Metallurgy"))
)
_EVERY_BRANCH = "all branches"
_GENERAL = {"all branches": _lazy("all branches"), "circuit branches": _lazy("circuit branches")}


class Answer(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "can't tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. `rule` is the rule that says no, with both values; `missing` the facts that no rule can do without;
    `unclear` the rules that can't be decided whatever the student tells.
    """

    answer: Answer
    rule: str = ""
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """What one rule says: true, false with its words, or nothing, for want of a fact or of clearness."""

    allows: bool | None
    said: str = ""
    missing: str = ""


_FINE = _Found(True)


def may_apply(criteria: Sequence[Criterion], facts: Mapping[str, str]) -> Verdict | None:
    """Decide on the rules of a posting; None where it states none that is understood."""
    found = [*_decided(criteria, facts)]
    if not found:
        return None
    if against := next((rule for rule in found if rule.allows is False), None):
        return Verdict(Answer.NO, rule=against.said)
    missing = tuple(dict.fromkeys(rule.missing for rule in found if rule.missing))
    unclear = tuple(dict.fromkeys(rule.said for rule in found if rule.allows is None and not rule.missing))
    return Verdict(Answer.UNKNOWN if missing or unclear else Answer.YES, missing=missing, unclear=unclear)


def _decided(criteria: Sequence[Criterion], facts: Mapping[str, str]) -> Iterable[_Found]:
    """What each rule says that is for this student, and whether the student is among the courses."""
    mine = [criterion for criterion in criteria if _is_for(criterion, facts) is not False]
    by_rule: dict[tuple[str, str], list[_Found]] = {}
    for criterion in mine:
        if rule := _RULES.get(criterion["name"]):
            found = rule(criterion["value"], facts)
            by_rule.setdefault((criterion["name"], criterion.get("program") or ""), []).append(found)
    for (name, program), all_found in by_rule.items():
        if name == "ug_percent" and ("cgpa", program) in by_rule:  # "60 % or 6.5": one rule in two ways
            continue
        found = _agreed(all_found)
        if found.allows is not True and program and _same_program(program, facts.get("program", "")) is None:
            yield _Found(
                None, _("the rule for %(program)s") % {"program": program}, "" if "program" in facts else "program"
            )
        else:
            yield found
    if any(criterion["name"] in ("programs", "branches") for criterion in criteria):
        yield _course(criteria, facts)


def _agreed(found: Sequence[_Found]) -> _Found:
    """What rules of one name say together; two that disagree may be for two roles."""
    answers = {rule.allows for rule in found}
    return (
        found[0]
        if len(answers) == 1
        else _Found(None, next(rule.said or _("a rule") for rule in found if not rule.allows))
    )


def _is_for(criterion: Criterion, facts: Mapping[str, str]) -> bool | None:
    """Whether a rule is for the student's programme; None where that can't be told."""
    program = criterion.get("program") or ""
    return _same_program(program, facts.get("program", "")) if program else True


def _same_program(one: str, mine: str) -> bool | None:
    if not mine:
        return None
    asked = _ALIKE.get(courses.program_name(one), courses.program_name(one))
    have = _ALIKE.get(mine, mine)
    if asked == have:
        return True
    return None if not courses.is_program(asked) or {asked, have} & _MIXED or asked in ("UG", "PG") else False


def _course(criteria: Sequence[Criterion], facts: Mapping[str, str]) -> _Found:
    """Whether programme and branch are among those that are named."""
    program, branch = facts.get("program", ""), facts.get("branch", "")
    listed = [criterion for criterion in criteria if criterion["name"] == "branches"]
    programs = [name for criterion in criteria if criterion["name"] == "programs" for name in criterion["value"]]
    if listed and not programs and all(criterion.get("program") for criterion in listed):
        programs = [criterion["program"] for criterion in listed]
    of_mine = [criterion for criterion in listed if _is_for(criterion, facts) is not False]
    branches = list(dict.fromkeys(name for criterion in of_mine for name in criterion["value"]))
    fits = _any(_same_program(name, program) for name in programs) if programs else True
    is_in = _any(_same_branch(name, branch) for name in branches) if branches else True
    if fits is False:
        return _Found(False, _not_among(dict.fromkeys(programs), program))
    if is_in is False:
        return _Found(False, _not_among(branches, branch))
    if fits is None:
        return _Found(None, _("the programmes"), "" if program else "program")
    return _FINE if is_in else _Found(None, _("the branches"), "" if branch else "branch")


def _not_among(names: Iterable[str], mine: str) -> str:
    return _("%(names)s; you are in %(mine)s") % {"names": ", ".join(map(_branch_name, names)), "mine": mine}


def _branch_name(name: str) -> str:
    return str(_GENERAL.get(name, name))


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def _same_branch(asked: str, mine: str) -> bool | None:
    if asked == _EVERY_BRANCH:
        return True
    if not mine:
        return None
    one, other = courses.branch_key(asked), courses.branch_key(mine)
    if one == other:
        return True
    if asked == "circuit branches":
        return True if other in _CIRCUIT else False if other in _NO_CIRCUIT else None
    if not courses.is_branch(asked) or one.partition(" (")[0] == other.partition(" (")[0]:
        return None  # a college's own code; "CSE (AIML)" where CSE is asked, or the other way
    return False


def _at_least(name: str, label: StrOrPromise, unit: str = "") -> Callable[[Any, Mapping[str, str]], _Found]:
    """The rule of a mark: a percentage is compared with a percentage, a CGPA with a CGPA."""

    def rule(value: Any, facts: Mapping[str, str]) -> _Found:
        least = _number(value)
        if least is None or (least > 10) != (name != "cgpa"):
            return _Found(None, f"{label} {value}")
        if name not in facts:
            return _Found(None, missing=name)
        if Decimal(facts[name]) >= least:
            return _FINE
        least_said, mine = f"{value}{unit}", shown(name, facts[name])
        text = _("%(label)s ≥ %(least)s, you have %(mine)s")
        return _Found(False, text % {"label": label, "least": least_said, "mine": mine})

    return rule


def _first_degree(value: Any, facts: Mapping[str, str]) -> _Found:
    """A percentage of the first degree: a profile knows a CGPA, and each university converts in its own way."""
    return _Found(None, _("the first degree's %(value)s %%") % {"value": value})


def _at_most(name: str, label: StrOrPromise) -> Callable[[Any, Mapping[str, str]], _Found]:
    def rule(value: Any, facts: Mapping[str, str]) -> _Found:
        most = _number(value)
        if most is None:
            return _Found(None, f"{label} {value}")
        if name not in facts:
            return _Found(None, missing=name)
        if Decimal(facts[name]) <= most:
            return _FINE
        text = _("at most %(most)s %(label)s, you have %(mine)s")
        return _Found(False, text % {"most": value, "label": label, "mine": facts[name]})

    return rule


def _history(value: Any, facts: Mapping[str, str]) -> _Found:
    """Backlogs there ever were: those that are cleared, and those of today."""
    most, known = _number(value), [Decimal(facts[name]) for name in ("past", "backlogs") if name in facts]
    if most is None:
        return _Found(None, _("past backlogs %(value)s") % {"value": value})
    if sum(known) > most:
        text = _("at most %(most)s backlogs ever, you had %(mine)s")
        return _Found(False, text % {"most": value, "mine": sum(known)})
    return _FINE if len(known) == 2 else _Found(None, missing="past" if "past" not in facts else "backlogs")


def _batch(value: Any, facts: Mapping[str, str]) -> _Found:
    years = [str(year) for year in (value if isinstance(value, list | tuple) else [value])]
    if "batch" not in facts:
        return _Found(None, missing="batch")
    if facts["batch"] in years:
        return _FINE
    text = _("batch %(years)s; yours is %(mine)s")
    return _Found(False, text % {"years": ", ".join(years), "mine": facts["batch"]})


def _gender(value: Any, facts: Mapping[str, str]) -> _Found:
    if "gender" not in facts:
        return _Found(None, missing="gender")
    if facts["gender"] == value:
        return _FINE
    return _Found(False, _("only %(gender)s students") % {"gender": shown("gender", str(value))})


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


_RULES: dict[str, Callable[[Any, Mapping[str, str]], _Found]] = {
    "cgpa": _at_least("cgpa", _lazy("CGPA")),
    "ug_percent": _first_degree,
    "x": _at_least("x", _lazy("Class 10"), " %"),
    "xii": _at_least("xii", _lazy("Class 12"), " %"),
    "backlogs": _at_most("backlogs", _lazy("live backlogs")),
    "history_of_backlogs": _history,
    "batch": _batch,
    "gender": _gender,
    "gap_years": _at_most("gap", _lazy("gap years")),
}


def said(verdict: Verdict) -> str:
    """Return the line below a posting: what is decided, or what is missing and how to tell it."""
    if verdict.answer is Answer.YES:
        return _("✅ You may apply, as I read it.")
    if verdict.answer is Answer.NO:
        return _("🚫 Not open to you, as I read it: %(rule)s.") % {"rule": verdict.rule}
    if verdict.missing:
        labels = ", ".join(str(FACTS[name].label) for name in verdict.missing)
        text = _("❔ May you apply? Tell me your %(facts)s: /me %(first)s")
        return text % {"facts": labels, "first": verdict.missing[0]}
    return _("❔ May you apply? I can't decide %(rules)s: check it.") % {"rules": ", ".join(verdict.unclear)}
