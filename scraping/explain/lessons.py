"""The corpus as lessons for the tagger: each text laid out as the reader does it, with its truth."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from scraping.explain.corpus import Text, texts
from scraping.reading.facts.times.timing import dates_of
from scraping.reading.mail import view_of_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.notice import page_and_list, view_of_notice
from scraping.reading.page import Page
from scraping.reading.tagger.kinds import FIELD as KIND
from scraping.reading.tagger.kinds import kind_features
from scraping.reading.tagger.model import MODELS, reading_with
from scraping.reading.tagger.training import Lesson, lesson, train
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.portal.parse import parse_notice

FIRST = tuple(field for field in MODELS if field != KIND)
_WRITER = re.compile(r"[a-z]+\d+(?=[a-z])|[^-\d]+")  # "b15" of "b15w03"


@dataclass(frozen=True, slots=True)
class Learnt:
    """A text of the corpus, who wrote it, and what the tagger learns from it."""

    text: Text
    writer: str
    lesson: Lesson


def lessons(folder: Path) -> Iterator[Learnt]:
    """The lessons of a folder, in the order of their names. Raises OSError, ValueError."""
    for text in texts(folder):
        page = _page(text)
        dates = [
            (date, moment.value.isoformat(), moment.until.isoformat() if moment.until else "")
            for date, moment in dates_of(page.title, page.lines, page.near)
        ]
        yield Learnt(text, writer_of(text.name), lesson(page, text.truth, dates))


def taught(learnt: Sequence[Learnt]) -> dict[str, bytes]:
    """The models that the lessons make, by their field. Raises ValueError where none is about a field.

    What was found in a text says something of its kind: that is learnt last, from what the other models find.
    """
    models = {field: train((one.lesson for one in learnt), field) for field in FIRST}
    with reading_with(models):
        seen = [replace(one.lesson, seen=_seen(one.text)) for one in tqdm(learnt, disable=None, leave=False)]
    return {**models, KIND: train(seen, KIND)}


def _seen(text: Text) -> list[str]:
    """What a text shows of its kind."""
    if text.is_mail:
        view = view_of_mail(lay_out_mail(parse_mail(text.content)))
    else:
        view = view_of_notice(parse_notice(json.loads(text.content)))
    return kind_features(view.title, view.text, view.facts, is_mail=view.is_mail)


def writer_of(name: str) -> str:
    """What the names of one writer's texts begin with."""
    match = _WRITER.match(Path(name).name)
    return match[0] if match else name


def _page(text: Text) -> Page:
    if text.is_mail:
        return lay_out_mail(parse_mail(text.content)).rest
    return page_and_list(parse_notice(json.loads(text.content)))[0]
