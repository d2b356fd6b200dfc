"""What kind of text it is: an ordered table of rules of one shape, kinds.toml, for notices and mails alike.

The kinds and their tie-breaks are those of the mailbox (spec: mailbox, What a mail can be).
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from accounts.categories import Category
from scraping.reading.layout.text import shorten
from scraping.reading.rules.signals import Signal, compiled, load, signal
from scraping.reading.rules.titles import title_records
from scraping.reading.tagger.kinds import likely_kind

IRRELEVANT = "irrelevant"
_LONGEST = 6000
_HEAD = 400
_SURE = 0.8  # a rule's confidence that no model is asked above
_LEAST_WORDS = 10  # of a text that shows a model what it is
_LIKELY = 0.6  # how sure the model is at least that contradicts a rule
_LEAST_OF = {IRRELEVANT: 0.8}  # who is told nothing can find no mistake
_OF_MODEL = 0.75
_MOST_SURE = 0.7
_GOOD_NEWS = frozenset((Category.SHORTLISTING, Category.PLACEMENT_OFFER))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A value of accounts.categories.Category or "irrelevant", the rule's id, 0 to 1 how sure it is, what was seen."""

    category: str
    rule: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class View:
    """What the rules look at: the title, the text without its lists, and facts that were read before.

    `template` is the portal's template the title follows. `facts` are those named in kinds.toml. `chosen`: it lists
    students and says that they are selected or shortlisted.
    """

    title: str
    text: str = ""
    template: str | None = None
    facts: frozenset[str] = frozenset()
    is_mail: bool = False
    chosen: bool = False
    _found: dict[tuple[str, Signal], str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def place(self, where: str) -> str:
        """The part of the text a rule looks at."""
        if where == "title":
            return self.title
        if where == "text":
            return self.text[:_LONGEST]
        return f"{self.title}\n{self.text[: _HEAD if where == 'head' else _LONGEST]}"

    def seen(self, where: str, signal: Signal) -> str:
        """What of a signal stands there, "" where nothing does; looked for once, however many rules ask."""
        if (found := self._found.get((where, signal))) is None:
            match = signal.find(self.place(where))
            found = self._found[where, signal] = f"{where}: {shorten(match[0])}" if match else ""
        return found


@dataclass(frozen=True, slots=True)
class Look:
    """A signal and where it is looked for."""

    where: str
    signal: Signal

    def at(self, view: View) -> str:
        """What stands there, "" where nothing does."""
        return view.seen(self.where, self.signal)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table, as kinds.toml describes it."""

    id: str
    says: str
    confidence: float
    where: str
    any_of: tuple[Look, ...] = ()
    all_of: tuple[Look, ...] = ()
    none_of: tuple[Look, ...] = ()
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    of: str = ""
    reason: str = ""
    examples: tuple[str, ...] = field(default=(), repr=False)
    counter_examples: tuple[str, ...] = field(default=(), repr=False)

    def sees(self, view: View) -> str:
        """What in a text the rule is about, "" where it does not fit."""
        if (self.of == "mail" and not view.is_mail) or not self.needs <= view.facts or self.unless & view.facts:
            return ""
        seen = next(filter(None, (look.at(view) for look in self.any_of)), "") if self.any_of else self.reason
        if not seen or not all(look.at(view) for look in self.all_of):
            return ""
        return "" if any(look.at(view) for look in self.none_of) else seen


def classify(view: View) -> Verdict:
    """The kind of a text: what the table says, or the trained model where the table is not sure and the model is.

    A guess where nothing is said has 0.4: a look by a person or a model is in place.
    """
    verdict = by_rules(view)
    if view.template or verdict.confidence > _SURE or len(f"{view.title} {view.text}".split()) < _LEAST_WORDS:
        return verdict
    kind, probability = likely_kind(view.title, view.text, view.facts, is_mail=view.is_mail)
    if kind == verdict.category or probability < _LEAST_OF.get(kind, _LIKELY) or not _may_be(kind, verdict, view):
        return verdict
    seen = f"model: {kind} {probability:.2f}, not {verdict.category} ({verdict.evidence})"
    return Verdict(kind, "model.kind", round(min(_MOST_SURE, _OF_MODEL * probability), 2), seen)


def _may_be(kind: str, verdict: Verdict, view: View) -> bool:
    """No list is made good news, and nothing that may concern students is left untold: no notice of the portal ever."""
    if kind == IRRELEVANT:
        return view.is_mail and verdict.rule.startswith("fallback.") and not view.facts & {"students", "concerns"}
    return kind not in _GOOD_NEWS or view.chosen


def by_rules(view: View) -> Verdict:
    """The kind as the table alone says it."""
    for rule in rules():
        if rule.id == _TEMPLATES_BEFORE and view.template:
            return _by_template(view, view.template)
        if seen := rule.sees(view):
            return Verdict(rule.says, rule.id, rule.confidence, seen)
    raise AssertionError("the last rule of kinds.toml takes every text")


@cache
def rules() -> tuple[Rule, ...]:
    """The table, in order."""
    return tuple(_rule(dict(entry)) for entry in load("kinds.toml")["rule"])


_TEMPLATES_BEFORE = "policy.title"  # the first rule that may be wrong about a title of the portal


def _by_template(view: View, template: str) -> Verdict:
    """The first record of the template's pattern whose needs are there."""
    pattern = next(record.pattern for record in title_records() if record.id == template)
    for record in title_records():
        named = all(signal(name).find(view.title) for name in record.signals)
        if record.pattern == pattern and record.needs <= view.facts and named:
            return Verdict(record.says, record.id, record.confidence, f"title: {shorten(view.title)}")
    raise AssertionError(f"no record of {template} is without needs")


def _rule(entry: dict[str, Any]) -> Rule:
    """Raises TypeError for a field that is no part of a rule, KeyError for a signal that is not there."""
    where = entry["where"]
    for name in ("any_of", "all_of", "none_of"):
        entry[name] = _looks(entry.get(name, []), where)
    for name in ("needs", "unless"):
        entry[name] = frozenset(entry.get(name, []))
    for name in ("examples", "counter_examples"):
        entry[name] = tuple(entry.get(name, []))
    return Rule(**entry)


def _looks(entries: list[str], where: str) -> tuple[Look, ...]:
    looks = []
    for entry in entries:
        place, sign, name = entry.partition("@")
        found = signal(name) if sign else Signal(compiled([entry]))
        looks.append(Look(place.rstrip(":") or where if sign else where, found))
    return tuple(looks)
