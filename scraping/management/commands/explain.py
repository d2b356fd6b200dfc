"""What the rules read from raw notices or mails, and why. Stores nothing."""

import codecs
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from scraping.items import JobRef
from scraping.models import Job
from scraping.reading.explain import explain_notice
from scraping.reading.explain_mail import explain_mail


class Command(BaseCommand):
    help = "Says what the rules read from raw notices or mails, and why: one JSON list on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True, choices=["superset", "email"], help="where the files came from")
        parser.add_argument(
            "files", nargs="+", type=Path, help="superset: JSON lists of notices, as the portal answers; email: mails"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        explain = self.explain_notices if options["source"] == "superset" else explain_mails
        self.stdout.write(orjson.dumps(list(explain(options["files"])), option=orjson.OPT_INDENT_2).decode())

    def explain_notices(self, files: list[Path]) -> Iterator[dict[str, object]]:
        """What is no notice is set aside, with its reason on standard error; a file of nothing else is an error."""
        jobs = known_jobs()
        for path in files:
            read, records = 0, raw_notices(path)
            for number, record in enumerate(records, start=1):
                try:
                    yield explain_notice(record, jobs)
                except ValueError as error:
                    self.stderr.write(f"{path}: record {number} is left out: {error}")
                else:
                    read += 1
            if records and not read:
                raise CommandError(f"{path}: no record is a notice")


def explain_mails(files: list[Path]) -> Iterator[dict[str, object]]:
    jobs = known_jobs()
    for path in files:
        try:
            yield explain_mail(path.name, path.read_bytes(), jobs)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None


def known_jobs() -> list[JobRef]:
    """The jobs in the database; none where there is no database yet."""
    try:
        return [JobRef(*row) for row in Job.objects.values_list("identifier", "company", "role")]
    except (OperationalError, ProgrammingError):
        return []


def raw_notices(path: Path) -> list[object]:
    """The records of a file as the portal answers, a JSON list; a notice alone is a list of one.

    Raises CommandError naming the file.
    """
    try:
        records = orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise CommandError(f"{path}: no JSON: {error}") from None
    if isinstance(records, dict) and "identifier" in records:
        return [records]
    if not isinstance(records, list):
        raise CommandError(f"{path}: expected a JSON list of notices, as the portal answers")
    return records
