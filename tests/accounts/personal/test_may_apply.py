"""May I apply: 1,000 generated pairs with every rule and border, and the cases in which a rule can't be decided."""

import random
from decimal import Decimal
from typing import Any

import pytest

from accounts.personal.may_apply import Answer, Criterion, may_apply, said

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def rule(name: str, value: object, program: str = "") -> Criterion:
    return {"name": name, "value": value, "quote": "", "program": program}


def answer(facts: dict[str, str], *criteria: Criterion) -> Answer | None:
    verdict = may_apply(criteria, facts)
    return verdict.answer if verdict else None


# What a rule asks, what a student has, and what that means; decided by hand.
MARKS = (("7.5", "7.5", YES), ("7.5", "7.495", NO), ("7.5", "7.51", YES), ("7.5", None, UNKNOWN), ("8", "10", YES))
PERCENTAGES = (
    ("60", "60", YES),
    ("60", "59.99", NO),
    ("60", "60.01", YES),
    ("60", None, UNKNOWN),
    ("8.5", "91", UNKNOWN),
)
COUNTS = ((0, "0", YES), (0, "1", NO), (2, "2", YES), (2, "3", NO), (1, None, UNKNOWN))
CASES: dict[tuple[str, str], tuple[tuple[Any, str | None, Answer], ...]] = {
    ("cgpa", "cgpa"): MARKS,
    ("x", "x"): PERCENTAGES,
    ("xii", "xii"): PERCENTAGES,
    ("backlogs", "backlogs"): COUNTS,
    ("gap_years", "gap"): COUNTS,
    ("batch", "batch"): (
        ((2027,), "2027", YES),
        ((2026, 2027), "2027", YES),
        (2026, "2027", NO),
        ((2027,), None, UNKNOWN),
    ),
    ("gender", "gender"): (("female", "female", YES), ("female", "male", NO), ("female", None, UNKNOWN)),
    ("branches", "branch"): (
        (("CSE", "IT"), "CSE", YES),
        (("CS",), "CSE", YES),
        (("CSE",), "ECE", NO),
        (("CSE",), None, UNKNOWN),
        (("all branches",), None, YES),
        (("circuit branches",), "ECE", YES),
        (("circuit branches",), "Civil", NO),
        (("circuit branches",), "AI", UNKNOWN),
        (("CSE", "XQZ"), "ECE", UNKNOWN),
        (("CSE (AIML)",), "CSE", UNKNOWN),
    ),
    ("programs", "program"): (
        (("B.Tech",), "B.Tech", YES),
        (("BE",), "B.Tech", YES),
        (("MCA",), "B.Tech", NO),
        (("B.Tech",), None, UNKNOWN),
        (("M.Tech",), "Dual Degree", UNKNOWN),
    ),
}


def generated(seed: int) -> tuple[list[Criterion], dict[str, str], list[Answer]]:
    """Rules of a few kinds, a person's facts, and what each rule by itself answers."""
    chance = random.Random(seed)
    chosen = chance.sample(sorted(CASES), chance.randint(1, len(CASES)))
    criteria: list[Criterion] = []
    facts: dict[str, str] = {}
    expected: list[Answer] = []
    for name, fact in chosen:
        value, has, means = chance.choice(CASES[name, fact])
        criteria.append(rule(name, value))
        expected.append(means)
        if has is not None:
            facts[fact] = has
    chance.shuffle(criteria)
    return criteria, facts, expected


def test_a_thousand_generated_pairs() -> None:
    for seed in range(1000):
        criteria, facts, expected = generated(seed)
        verdict = may_apply(criteria, facts)
        assert verdict is not None, seed
        assert verdict.answer is (NO if NO in expected else UNKNOWN if UNKNOWN in expected else YES), seed
        assert bool(verdict.rule) == (verdict.answer is NO), seed
        assert bool(verdict.missing or verdict.unclear) == (verdict.answer is UNKNOWN), seed
        assert all(fact not in facts for fact in verdict.missing), f"asks for what was told: {seed}"


@pytest.mark.parametrize("tenths", range(101))
def test_a_mark_is_compared_as_it_is_written(tenths: int) -> None:
    has = str(Decimal(tenths) / 10)
    assert answer({"cgpa": has}, rule("cgpa", 7.5)) is (YES if tenths >= 75 else NO)


def test_a_rule_for_another_programme_is_nobodys_business() -> None:
    rules = rule("cgpa", 8, "M.Tech"), rule("cgpa", 7, "B.Tech")
    assert answer({"cgpa": "7.2", "program": "B.Tech"}, *rules) is YES
    assert answer({"cgpa": "7.2", "program": "M.Tech"}, *rules) is NO
    assert answer({"cgpa": "7.2"}, *rules) is UNKNOWN
    assert answer({"cgpa": "9"}, *rules) is YES
    assert answer({"cgpa": "7.2", "program": "Dual Degree"}, *rules) is UNKNOWN


def test_courses_of_the_portal() -> None:
    courses = rule("branches", ("CSE",), "B.Tech"), rule("branches", ("ECE",), "M.Tech"), rule("programs", ("MCA",))
    assert answer({"program": "B.Tech", "branch": "CSE"}, *courses[:2]) is YES
    assert answer({"program": "B.Tech", "branch": "ECE"}, *courses[:2]) is NO
    assert answer({"program": "MBA", "branch": "Finance"}, *courses[:2]) is NO
    assert answer({"branch": "CSE"}, *courses[:2]) is UNKNOWN
    assert answer({"program": "MCA"}, courses[2]) is YES


def test_history_counts_the_backlogs_of_today() -> None:
    assert answer({"past": "0", "backlogs": "1"}, rule("history_of_backlogs", 0)) is NO
    assert answer({"past": "0", "backlogs": "0"}, rule("history_of_backlogs", 0)) is YES
    assert answer({"past": "0"}, rule("history_of_backlogs", 0)) is UNKNOWN
    assert answer({"past": "2"}, rule("history_of_backlogs", 1)) is NO


def test_two_rules_that_disagree_decide_nothing() -> None:
    assert answer({"cgpa": "6.8"}, rule("cgpa", 6.5), rule("cgpa", 7)) is UNKNOWN
    assert answer({"cgpa": "6"}, rule("cgpa", 6.5), rule("cgpa", 7)) is NO
    assert answer({"cgpa": "7"}, rule("cgpa", 6.5), rule("cgpa", 7)) is YES


def test_a_percentage_beside_a_cgpa_is_the_same_rule_in_another_way() -> None:
    both = rule("cgpa", 6.5), rule("ug_percent", 60)
    assert answer({"cgpa": "6.5"}, *both) is YES
    assert answer({"cgpa": "6.5"}, both[1]) is UNKNOWN
    assert answer({"cgpa": "9", "program": "M.Tech"}, rule("cgpa", 6.5, "M.Tech"), both[1]) is UNKNOWN


def test_no_rule_is_no_answer() -> None:
    assert may_apply([], {"cgpa": "9"}) is None
    assert may_apply([rule("bond", "two years")], {}) is None


def test_what_is_said() -> None:
    def line(facts: dict[str, str], *criteria: Criterion) -> str:
        verdict = may_apply(criteria, facts)
        assert verdict
        return said(verdict)

    assert line({"cgpa": "7.2"}, rule("cgpa", 7.5)) == "🚫 Not open to you, as I read it: CGPA ≥ 7.5, you have 7.2."
    assert line({"x": "59"}, rule("x", 60)) == "🚫 Not open to you, as I read it: Class 10 ≥ 60 %, you have 59 %."
    assert line({"cgpa": "7.5"}, rule("cgpa", 7.5)) == "✅ You may apply, as I read it."
    assert line({}, rule("cgpa", 7.5), rule("x", 60)) == "❔ May you apply? Tell me your CGPA, Class 10: /me cgpa"
    assert line({"cgpa": "8"}, rule("ug_percent", 60)) == (
        "❔ May you apply? I can't decide the first degree's 60 %: check it."
    )
