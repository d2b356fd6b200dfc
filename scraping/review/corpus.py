"""A reviewed text as a pair of the corpus: what was read and corrected is its truth (docs/misreads.md)."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings

from scraping.corrections.fields import corrected
from scraping.explain.corpus import Pair, pair_of_mail, pair_of_notice, save
from scraping.explain.facts import explained, explained_roles
from scraping.items import Facts
from scraping.models import Review
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.notice import extract_notice
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.mailbox.source import raw_of
from scraping.sources.portal.parse import parse_notice

_TRUTH = ("company", "role", "stage", "deadline", "event_at", "venue")


def corpus_folder() -> Path | None:
    """The corpus of this checkout; None where the tests are not installed."""
    folder = Path(settings.BASE_DIR) / "tests" / "corpus"
    return folder if folder.is_dir() else None


def pair_of(review: Review) -> Pair:
    """The text with its persons replaced, and its truth. Raises ValueError where the item holds neither."""
    item, name = review.item, f"review-{review.pk}"
    people: list[dict[str, str]] = list(review.seen.get("students", ()))
    if item.kind == "mail":
        mail = parse_mail(raw_of(item.payload))
        return pair_of_mail(name, mail, mail.text, _truth(read_mail(lay_out_mail(mail)), review, "kind"), people)
    facts = extract_notice(parse_notice(item.payload))
    return pair_of_notice(name, item.payload, _truth(facts, review, "category"), people)


def zipped(pair: Pair) -> bytes:
    """The two files as an archive to unpack into tests/corpus."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        for name, data in pair.items():
            file.writestr(name, data)
    return archive.getvalue()


def keep(pair: Pair) -> list[Path]:
    """Write the pair where there is a corpus and it is not there yet. Returns the files. Raises OSError."""
    folder = corpus_folder()
    if folder is None or any((folder / name).exists() for name in pair):
        return []
    return save(folder, pair)


def _truth(read: Facts, review: Review, kind: str) -> Mapping[str, Any]:
    """What is true of the text: what was read, and what a person said where they corrected it."""
    facts = corrected(read, review.correction)
    facts = replace(facts, rule=read.rule)
    empty = [name for name in _TRUTH if name in review.correction and not review.correction[name]]
    if review.correction.get("meaning") == "":
        empty.append("roster")
    return {**explained(facts), **explained_roles(facts), kind: facts.category, "must_be_empty": empty}
