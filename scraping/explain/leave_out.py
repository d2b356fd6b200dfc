"""How well the tagger reads writers it never learnt from: each group of writers is read by what the others taught."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scraping.explain.compare import NOTHING, outcome
from scraping.explain.corpus import Text
from scraping.explain.lessons import Learnt, taught
from scraping.explain.mail import explain_mail
from scraping.explain.notice import explain_notice
from scraping.reading.tagger.model import FIELDS, reading_with

GROUPS = 5
Counts = dict[str, Counter[str]]  # field → how often right, wrong, missing, made up, and rightly empty


def groups_of(learnt: Sequence[Learnt]) -> list[frozenset[str]]:
    """The writers in groups of about as many texts, each writer in one."""
    texts = Counter(one.writer for one in learnt)
    groups: list[set[str]] = [set() for _ in range(min(GROUPS, len(texts)))]
    for writer in sorted(texts, key=lambda name: (-texts[name], name)):
        min(groups, key=lambda group: sum(texts[name] for name in group)).add(writer)
    return [frozenset(group) for group in groups]


def leave_out(learnt: Sequence[Learnt], writers: frozenset[str]) -> Counts:
    """Reads the texts of `writers` with what the others' teach."""
    with reading_with(taught([one for one in learnt if one.writer not in writers])):
        counts: Counts = {field: Counter() for field in FIELDS}
        for one in learnt:
            if one.writer in writers:
                for field, said in _outcomes(one.text):
                    counts[field][said] += 1
    return counts


def _outcomes(text: Text) -> Iterator[tuple[str, str]]:
    read = explain_mail(text.name, text.content) if text.is_mail else explain_notice(json.loads(text.content))
    for field in FIELDS:
        told = "roles" if field == "role" and "roles" in text.truth else field
        if told in text.truth and not {told, field}.intersection(text.truth.get("unsure", ())):
            said = outcome(text.truth, told, read.get(told))
            yield field, "none" if said == "right" and text.truth[told] in NOTHING else said


def percents(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """For each field how much of what is stated is read rightly, and how much of what is told is wrong, in percent."""
    return {
        field: {
            "right": _percent(count["right"], count["right"] + count["wrong"] + count["missing"]),
            "wrong": _percent(count["wrong"] + count["made up"], count["right"] + count["wrong"] + count["made up"]),
        }
        for field, count in counts.items()
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
