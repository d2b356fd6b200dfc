"""Trains the tagger: pages with what is true of them in, models out. The same pages give the same models."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycrfsuite

from scraping.reading.page import Page
from scraping.reading.tagger.dates import DUE, EVENT, NEITHER, SeenDate, date_features
from scraping.reading.tagger.dates import FIELD as DATE
from scraping.reading.tagger.features import TaggedLine, features_of_a_sample, lines_for_tagger, words_for_tagger
from scraping.reading.tagger.kinds import FIELD as KIND
from scraping.reading.tagger.kinds import kind_features

_DAY, _MINUTE = len("2026-11-30"), len("2026-11-30T10:30")
Dated = tuple[SeenDate, str, str]
_PARAMETERS = {
    "c1": 0.05,
    "c2": 0.05,
    "max_iterations": 80,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page with the names that are right for each field; a field that the truth leaves open is not there."""

    lines: Sequence[TaggedLine]
    names: Mapping[str, Sequence[str]]
    kind: str = ""  # "" where the truth leaves it open
    seen: Sequence[str] = ()  # what the text as a whole shows
    dates: Sequence[tuple[Sequence[str], str]] = ()  # what each date shows, and what it is


def lesson(page: Page, truth: Mapping[str, Any], dates: Iterable[Dated] = ()) -> Lesson:
    """A page and its truth, as the corpus has it; its dates each with its value and the end of its range, ISO or ""."""
    stated = {field: names for field in ("company", "role", "venue") if (names := _names(field, truth)) is not None}
    kind = truth.get("category") or truth.get("kind") or ""
    left_open = {"category", "kind"}.intersection(truth.get("unsure", ()))
    return Lesson(tuple(lines_for_tagger(page)), stated, "" if left_open else kind, dates=list(_dated(dates, truth)))


def digest() -> str:
    """What tells one way of seeing a text from another: a model knows the features it was trained with, no others."""
    date = SeenDate("Orbit's drive", "Apply by 5 PM, 7 December", "Apply by ", "by ", ", form attached", ("time",))
    kind = kind_features("Orbit's drive", "Apply by 7 December 2026", {"role"}, is_mail=False)
    seen = (features_of_a_sample(), date_features(date), kind)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def train(lessons: Iterable[Lesson], field: str) -> bytes:
    """The model of a field, as a file holds it. Raises ValueError where no lesson is about the field."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(_PARAMETERS)
    learnt = 0
    for one in lessons:
        for features, labels in _labelled(one, field):
            trainer.append(features, labels)
            learnt += 1
    if not learnt:
        raise ValueError(f"no text says which {field} is right")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, field)
        trainer.train(str(file))
        return file.read_bytes()


def _names(field: str, truth: Mapping[str, Any]) -> list[str] | None:
    """Every writing that is right, [] where the text states none, None where that is left open."""
    if field in truth.get("unsure", ()):
        return None
    if field == "role" and "roles" in truth:
        if "roles" in truth.get("unsure", ()) or truth.get("package_only"):
            return None
        roles = truth["roles"] or ()
        return [name for role in roles for name in (role.get("role"), *role.get("role_also_ok", ())) if name]
    if field not in truth:
        return None
    return [truth[field], *truth.get(f"{field}_also_ok", ())] if truth[field] else []


def _dated(dates: Iterable[Dated], truth: Mapping[str, Any]) -> Iterator[tuple[list[str], str]]:
    """Each date with what it is; none where the truth leaves one of the two open, nor what is both."""
    if not {"deadline", "event_at"} <= truth.keys() or {"deadline", "event_at"} & set(truth.get("unsure", ())):
        return
    for date, value, until in dates:
        due, event = (
            any(_is_then(said, value, until) for said in (truth[field], *truth.get(f"{field}_also_ok", ())) if said)
            for field in ("deadline", "event_at")
        )
        if not (due and event):
            yield date_features(date), DUE if due else EVENT if event else NEITHER


def _is_then(said: str, value: str, until: str) -> bool:
    """Whether a truth names this moment: a bare day every hour of it, and the end of a day no hour."""
    same_day = said[:_DAY] == value[:_DAY]
    loose = min(len(said), len(value)) == _DAY or said[_DAY:].startswith("T23:59")
    ends = said[:_DAY] == until[:_DAY] != value[:_DAY]
    return ends or (same_day and (loose or said[:_MINUTE] == value[:_MINUTE]))


def _labelled(one: Lesson, field: str) -> Iterator[tuple[Sequence[Sequence[str]], list[str]]]:
    """Each line with a label a word: B where a right name begins, I inside it, O elsewhere; of kinds one a text."""
    if field == KIND and one.kind:
        yield [one.seen], [one.kind]
    if field == DATE:
        yield from (([features], [label]) for features, label in one.dates)
    if field not in one.names:
        return
    names = sorted(
        {tuple(words_for_tagger(name)) for name in one.names[field]} - {()}, key=lambda name: (-len(name), name)
    )
    for line in one.lines:
        said = [line.text[start:end].lower() for start, end in line.spans]
        labels = ["O"] * len(said)
        for name in names:
            for form in (said, [word.removesuffix("'s") for word in said]):
                _mark(labels, form, name)
        yield line.features, labels


def _mark(labels: list[str], said: Sequence[str], name: Sequence[str]) -> None:
    for first in range(len(said) - len(name) + 1):
        last = first + len(name)
        if tuple(said[first:last]) == tuple(name) and set(labels[first:last]) == {"O"}:
            labels[first:last] = ["B", *["I"] * (len(name) - 1)]
