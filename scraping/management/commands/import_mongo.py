"""Bring the data of an older installation over, so that it can be replaced in an evening (spec: mongo)."""

import csv
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.progress import ProgressBar
from accounts.seasons import parse_season, typed_season
from scraping.models import MongoDocument
from scraping.mongo.client import MongoUnavailableError, database
from scraping.mongo.importer import Counts, Tell, import_database


class Command(BaseCommand):
    help = "Brings users, notices, jobs, offers, policies and official data from MongoDB. Nobody is told anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would be stored, and store nothing")
        parser.add_argument(
            "--database",
            nargs="+",
            metavar="NAME",
            default=[],
            help="instead of MONGO_DATABASE; one whose name is a season, as 2025-26, holds that season",
        )
        parser.add_argument("--year", type=typed_season, help="the season of the others; else the active one")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.DATA_DIR / f"import-mongo-{timezone.localtime():%Y%m%d-%H%M%S}.csv"
        season = options["year"] or settings.ACTIVE_PLACEMENT_YEAR
        # arg-type: Django's OutputWrapper is a stream
        with report(path) as tell, ProgressBar(self.stderr, options["verbosity"]) as progress:  # type: ignore[arg-type]
            for name in options["database"] or [settings.MONGO_DATABASE]:
                try:
                    with database(name) as source:
                        found = import_database(
                            source, season_of(name, season), tell=tell, progress=progress, keep=not options["dry_run"]
                        )
                except MongoUnavailableError as error:
                    begun = " What was stored stays: run it again to go on." if MongoDocument.objects.exists() else ""
                    raise CommandError(f"{error}{begun}") from None
                self.tell(name, found, tell, dry_run=options["dry_run"])
        if path.exists():
            self.stdout.write(f"The same with what was refused or mended, document by document: {path}")

    def tell(self, name: str, found: dict[str, Counts], tell: Tell, *, dry_run: bool) -> None:
        self.stdout.write(f"{name}{' (dry run, nothing is stored)' if dry_run else ''}:")
        for collection, counts in found.items():
            figures = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            self.stdout.write(f"  {collection}: {figures}")
            tell(collection, "", "total", f"{name}: {figures}")
        if not found:
            self.stdout.write("  none of the collections is there")


def season_of(name: str, otherwise: int) -> int:
    """The season a database is named for."""
    try:
        return parse_season(name)
    except ValueError:
        return otherwise


@contextmanager
def report(path: Path) -> Iterator[Tell]:
    """A CSV file, for the operator alone: a line a document that was refused or mended, and a total a collection.

    Where there is nothing to tell, there is no file.
    """
    header = [("collection", "_id", "outcome", "reason")]
    opened = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)

            def tell(*line: str) -> None:
                rows.writerows([*header, line])
                header.clear()

            yield tell
    finally:
        if header:
            path.unlink()
