"""The corpus as lessons for the tagger: each text laid out as the reader does it, with its truth."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scraping.explain.corpus import Text, texts
from scraping.reading.mail import view_of_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.notice import page_and_list, view_of_notice
from scraping.reading.page import Page
from scraping.reading.rules.kinds import View
from scraping.reading.tagger.kinds import kind_features
from scraping.reading.tagger.training import Lesson, lesson
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.portal.parse import parse_notice

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
        page, view = _laid_out(text)
        seen = kind_features(view.title, view.text, view.facts, is_mail=view.is_mail)
        yield Learnt(text, writer_of(text.name), lesson(page, text.truth, seen))


def writer_of(name: str) -> str:
    """What the names of one writer's texts begin with."""
    match = _WRITER.match(Path(name).name)
    return match[0] if match else name


def _laid_out(text: Text) -> tuple[Page, View]:
    if text.is_mail:
        mail = lay_out_mail(parse_mail(text.content))
        return mail.rest, view_of_mail(mail)
    notice = parse_notice(json.loads(text.content))
    return page_and_list(notice)[0], view_of_notice(notice)
