"""What the rules read from raw notices, mails or files, and why.

Stores nothing but, with --save, a pair of the corpus.
"""

import codecs
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from scraping.explain.corpus import Pair, pair_of_mail, pair_of_notice, save
from scraping.explain.file import explain_file
from scraping.explain.mail import explain_mail
from scraping.explain.notice import explain_notice
from scraping.items import JobRef
from scraping.models import Job
from scraping.sources.mailbox.parse import parse_mail

_SOURCES = {".eml": "email", ".json": "superset"}
_REASONS = 3  # that an error names
CORPUS = Path(settings.BASE_DIR) / "tests" / "corpus"


@dataclass(frozen=True, slots=True)
class Explained:
    """What was read from one text, and how to save the two as a pair."""

    reading: dict[str, Any]
    pair: Callable[[str], Pair]


class Command(BaseCommand):
    help = (
        "Says what the rules read from raw notices, mails or attached files, and why: one JSON list on standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source",
            choices=["superset", "email", "file"],
            help="what the files are; else .eml is a mail, .json are notices, any other a file as it is attached",
        )
        parser.add_argument(
            "--save", metavar="NAME", help="keep one text and its reading in tests/corpus, with its persons replaced"
        )
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            help="superset: JSON lists of notices, as the portal answers; email: mails; file: XLSX, PDF, DOCX, …",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        jobs = known_jobs()
        explained: list[Explained] = []
        for path in options["files"]:
            match source or _SOURCES.get(path.suffix.lower(), "file"):
                case "email":
                    explained.append(explain_mail_file(path, jobs))
                case "file":
                    explained.append(explain_attached(path, jobs))
                case _:
                    explained += self.explain_notices(path, jobs)
        if options["save"]:
            self.save(explained, options["save"])
        readings = [one.reading for one in explained]
        self.stdout.write(orjson.dumps(readings, option=orjson.OPT_INDENT_2).decode())

    def explain_notices(self, path: Path, jobs: list[JobRef]) -> Iterator[Explained]:
        """What is no notice is set aside, each reason once on standard error; a file of nothing else is an error."""
        records = raw_notices(path)
        left_out: dict[str, list[int]] = {}
        for number, record in enumerate(records, start=1):
            try:
                reading = explain_notice(record, jobs)
            except ValueError as error:
                left_out.setdefault(str(error), []).append(number)
            else:
                yield Explained(reading, _pair_of(record, reading))
        if records and sum(map(len, left_out.values())) == len(records):
            raise CommandError(f"{path}: no record is a notice: {'; '.join(list(left_out)[:_REASONS])}")
        for reason, numbers in left_out.items():
            more = f" and {len(numbers) - 1} more are" if len(numbers) > 1 else " is"
            self.stderr.write(f"{path}: record {numbers[0]}{more} left out: {reason}")

    def save(self, explained: list[Explained], name: str) -> None:
        if len(explained) != 1:
            raise CommandError(f"--save takes one text, not {len(explained)}")
        try:
            files = save(CORPUS, explained[0].pair(name))
        except FileExistsError as error:
            raise CommandError(f"{error.filename} is there already: choose another name") from None
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        for file in files:
            self.stderr.write(f"saved {file}")
        self.stderr.write("Now put into the truth what is right, and run: make corpus (docs/misreads.md)")


def _pair_of(record: Any, reading: dict[str, Any]) -> Callable[[str], Pair]:
    return lambda name: pair_of_notice(name, record, reading)


def explain_mail_file(path: Path, jobs: list[JobRef]) -> Explained:
    """Raises CommandError naming the file."""
    raw = bytes_of(path)
    reading = explain_mail(path.name, raw, jobs)
    mail = parse_mail(raw)
    return Explained(reading, lambda name: pair_of_mail(name, mail, mail.text, reading))


def explain_attached(path: Path, jobs: list[JobRef]) -> Explained:
    """Raises CommandError naming the file."""
    reading = explain_file(path.name, bytes_of(path), jobs)

    def refuse(name: str) -> Pair:
        raise ValueError("--save keeps notices and mails, no files")

    return Explained(reading, refuse)


def bytes_of(path: Path) -> bytes:
    """Raises CommandError naming the file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def known_jobs() -> list[JobRef]:
    """The jobs in the database; none where there is no database yet."""
    try:
        return [JobRef(*row) for row in Job.objects.values_list("identifier", "company", "role", "created_at")]
    except (OperationalError, ProgrammingError):
        return []


def raw_notices(path: Path) -> list[object]:
    """The records of a file as the portal answers, a JSON list; a notice alone is a list of one.

    Raises CommandError naming the file.
    """
    try:
        records = orjson.loads(bytes_of(path).removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise CommandError(f"{path}: no JSON: {error}") from None
    if isinstance(records, dict) and "identifier" in records:
        return [records]
    if not isinstance(records, list):
        raise CommandError(f"{path}: expected a JSON list of notices, as the portal answers")
    return records
