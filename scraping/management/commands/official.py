"""The institute's placement page only: read it now, look what it says, or load the figures of earlier batches."""

from argparse import ArgumentParser
from collections.abc import Collection
from pathlib import Path
from typing import Any

import orjson
from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError

from accounts.seasons import typed_season
from scraping.cycle.cycle import update
from scraping.cycle.runs import CycleRunningError
from scraping.management.commands.update import check_outcome
from scraping.models import EarlierBatch, OfficialSnapshot, UpdateRun
from scraping.sources.base import SourceError
from scraping.sources.official.history import read_history
from scraping.sources.official.source import OfficialSource, as_item
from scraping.sources.registry import official_source
from scraping.telling.official import changes_to


class Command(BaseCommand):
    help = "Reads the institute's placement page: a snapshot where it changed, a notice where a figure moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="print what would be stored, and store nothing")
        parser.add_argument(
            "--year", type=typed_season, nargs="+", default=[], help="only a page whose active batch is of this season"
        )
        parser.add_argument("--history", type=Path, metavar="FILE", help="load earlier batches' figures from JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["history"]:
                self.load(options["history"], dry_run=options["dry_run"])
            elif options["dry_run"]:
                self.look(official_source(options["year"]))
            else:
                self.read(options["year"], options["verbosity"])
        except SourceError as error:
            raise CommandError(f"The page was not read: {error}") from None

    def read(self, seasons: Collection[int], verbosity: int) -> None:
        try:
            run = update("command", sources=["official"], seasons=seasons)
        except CycleRunningError as running:
            self.stdout.write(str(running))
            return
        check_outcome(self, run)
        if verbosity:
            self.stdout.write(outcome(run))

    def look(self, source: OfficialSource) -> None:
        item = as_item(*async_to_sync(source.read)())
        content = {name: value for name, value in item.payload.items() if name != "scrape_timestamp"}
        changes = changes_to(content)
        self.stdout.write(orjson.dumps(item.payload, option=orjson.OPT_INDENT_2).decode())
        for change in changes:
            self.stderr.write(f"{change.text}{' (told)' if change.figure_moved else ''}")
        if not changes:
            self.stderr.write("Nothing changed." if OfficialSnapshot.objects.exists() else "The first snapshot.")

    def load(self, path: Path, *, dry_run: bool) -> None:
        """Each batch once: a file loaded again replaces what it loaded before."""
        try:
            batches = read_history(path.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from None
        for batch in batches:
            fields = {"season": batch.season, "cards": [[card.title, card.description] for card in batch.cards]}
            if not dry_run:
                EarlierBatch.objects.update_or_create(name=batch.name, defaults=fields)
        names = ", ".join(batch.label for batch in batches)
        self.stdout.write(f"{'Would load' if dry_run else 'Loaded'} {len(batches)} earlier batches: {names}.")


def outcome(run: UpdateRun) -> str:
    """Return what a reading of the page brought, in lines."""
    snapshot = OfficialSnapshot.objects.latest()
    report = run.sources["official"]
    if report["unchanged"]:
        return f"Unchanged since {snapshot}."
    lines = [change["text"] for change in snapshot.differences] or ["The first snapshot is stored."]
    return "\n".join([*lines, f"Notices: {run.notices}. Messages to send: {run.queued}."])
