"""The tables of rules: each rule's own examples, and that none is idle, shadowed or misspelt."""

import re
from pathlib import Path

import pytest

from accounts.categories import Category
from scraping.reading.facts.naming.titles import read_sentences, read_title
from scraping.reading.rules.kinds import IRRELEVANT, Rule, View, by_rules, rules
from scraping.reading.rules.signals import load, signals
from scraping.reading.rules.titles import TitleRecord, title_records

KINDS = {*Category.values, IRRELEVANT}


def views(rule: Rule, example: str) -> View:
    """A text of nothing but the example, where the rule looks for it, with the facts it needs."""
    title, both, text = example.partition(" || ")
    if not both and rule.where not in {"title", "anywhere"}:
        title, text = "Orbit", example
    return View(title, text, facts=rule.needs, is_mail=rule.of == "mail")


def examples(kind: str) -> list[tuple[Rule, str]]:
    return [(rule, example) for rule in rules() for example in getattr(rule, kind)]


@pytest.mark.parametrize(
    ("rule", "example"), examples("examples"), ids=lambda value: str(getattr(value, "id", value))[:60]
)
def test_a_rule_takes_its_examples_and_no_earlier_one_does(rule: Rule, example: str) -> None:
    assert by_rules(views(rule, example)).rule == rule.id


@pytest.mark.parametrize(
    ("rule", "example"), examples("counter_examples"), ids=lambda value: str(getattr(value, "id", value))[:60]
)
def test_a_rule_leaves_its_counter_examples(rule: Rule, example: str) -> None:
    assert not rule.sees(views(rule, example))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_is_whole(rule: Rule) -> None:
    assert rule.says in KINDS
    assert 0 < rule.confidence <= 1
    assert rule.where in {"title", "text", "head", "anywhere"}
    assert rule.examples
    assert rule.any_of or rule.reason
    assert rule.counter_examples or not rule.any_of


def test_ids_stand_once_and_every_signal_is_used() -> None:
    ids = [rule.id for rule in rules()] + [record.id for record in title_records()]
    assert len(set(ids)) == len(ids)
    folder = Path(__file__).resolve().parents[3] / "scraping" / "reading" / "rules"
    tables = "".join((folder / name).read_text(encoding="utf-8") for name in ("kinds.toml", "titles.toml"))
    tables = re.sub(r"(?m)^#.*", "", tables)
    assert set(re.findall(r"@(\w+)\"", tables)) == set(signals())
    assert all(entry["about"] for entry in load("signals.toml").values())


@pytest.mark.parametrize("record", title_records(), ids=lambda record: record.id)
def test_a_title_template_reads_its_examples(record: TitleRecord) -> None:
    assert record.says in KINDS
    for example in record.examples:
        title = example["title"]
        heading = read_sentences([title]) if record.in_text else read_title(title)
        assert heading is not None
        read = {name: value for name in ("company", "role", "stage") if (value := getattr(heading, name))}
        assert {"title": title, **read} == example
        assert by_rules(View(title, "", heading.rule, record.needs)).rule == record.id


def test_a_rule_that_is_misspelt_is_refused() -> None:
    with pytest.raises(KeyError):
        signals()["no_such_signal"]
    with pytest.raises(TypeError):
        # call-arg: a misspelt record is what is tested
        Rule(id="x", says="update", confidence=1, where="title", anyof=())  # type: ignore[call-arg]
