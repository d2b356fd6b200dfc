"""The second reader measured on a corpus: what it says, against the truth (spec: reading, A second reader).

A text is asked about as the service asks: where the rules are unsure, with what is shown to it of the text.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from notifications.rendering.richtext import plain_text
from scraping.explain.compare import compare, same_company, same_text
from scraping.explain.corpus import Text, texts
from scraping.explain.facts import explained
from scraping.items import Facts
from scraping.reading.body import without_roster
from scraping.reading.llm import Answered, ModelError
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.notice import extract_notice
from scraping.reading.privacy import public_text, shown
from scraping.reading.rules.kinds import IRRELEVANT
from scraping.reading.second_reader import UNSURE, added
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.portal.parse import parse_notice

FIELDS = ("category", "company", "role", "roster")  # what the second reader may change
Ask = Callable[[str, str], Answered]


@dataclass(frozen=True, slots=True)
class Question:
    """A text as the service asks about it, what the rules read of it, and its truth."""

    name: str
    title: str
    text: str
    facts: Facts
    truth: Mapping[str, Any]
    is_notice: bool


@dataclass(slots=True)
class Measured:
    """What came of it; `mended` and `broke` name a text and a field each. `seconds` is the time of all answers."""

    texts: int = 0
    asked: int = 0
    answered: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    right_before: Counter[str] = field(default_factory=Counter)
    right_after: Counter[str] = field(default_factory=Counter)
    mended: list[tuple[str, str]] = field(default_factory=list)
    broke: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0


def questions(folder: Path) -> Iterator[Question]:
    """Every text of a folder that has a truth beside it. Raises ValueError naming a text that can't be read."""
    for text in texts(folder):
        try:
            yield _of_mail(text) if text.is_mail else _of_notice(text)
        except ValueError as error:
            raise ValueError(f"{text.name}: {error}") from error


def measure(found: Iterable[Question], ask: Ask, *, everything: bool = False) -> Measured:
    """Ask about each text the rules are unsure of, or about all, and compare both readings with the truth."""
    measured = Measured()
    for question in found:
        measured.texts += 1
        if everything or question.facts.confidence <= UNSURE:
            _ask(question, ask, measured)
    return measured


def _ask(question: Question, ask: Ask, measured: Measured) -> None:
    measured.asked += 1
    begun, facts = monotonic(), question.facts
    try:
        answered = ask(question.title, question.text)
        measured.input_tokens += answered.input_tokens
        measured.output_tokens += answered.output_tokens
        told = added(answered.answer, facts, question.title, question.text, ())
    except ModelError as error:
        measured.refused.append((question.name, str(error)))
        told = facts
    else:
        measured.answered += 1
        measured.agreed["category"] += told.category == facts.category
        measured.agreed["company"] += _same(same_company, answered.answer.company, facts.company)
        measured.agreed["role"] += _same(same_text, answered.answer.role, facts.role)
        told = facts if question.is_notice and told.category == IRRELEVANT else told  # the portal is for students
    measured.seconds += monotonic() - begun
    _compare(question, told, measured)


def _compare(question: Question, told: Facts, measured: Measured) -> None:
    truth = {name: value for name, value in question.truth.items() if name not in ("kind", "category")}
    kind = question.truth.get("kind", question.truth.get("category"))
    truth |= {"category": kind} if kind else {}
    readings = ({**explained(facts), "category": facts.category} for facts in (question.facts, told))
    before, after = (dict(compare(truth, reading)) for reading in readings)
    for name in FIELDS:
        if name not in before:
            continue
        measured.stated[name] += 1
        measured.right_before[name] += before[name]
        measured.right_after[name] += after[name]
        if before[name] != after[name]:
            (measured.mended if after[name] else measured.broke).append((question.name, name))


def _same(same: Callable[[object, object], bool], one: str | None, other: str | None) -> bool:
    return same(one, other) if one and other else not (one or other)


def _of_notice(text: Text) -> Question:
    notice = parse_notice(json.loads(text.content))
    shown_text = plain_text(without_roster(notice.content))
    return Question(text.name, notice.title, shown_text, extract_notice(notice), text.truth, is_notice=True)


def _of_mail(text: Text) -> Question:
    page = lay_out_mail(parse_mail(text.content))
    title = shown(page.mail.subject, page)
    return Question(text.name, title, public_text(page), read_mail(page), text.truth, is_notice=False)
