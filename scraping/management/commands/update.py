"""Read the sources and store what is new, so that it is ready to be delivered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.progress import ProgressBar
from accounts.seasons import typed_season
from scraping.cycle.cycle import look, update
from scraping.cycle.runs import CycleRunningError
from scraping.cycle.summary import NO_SOURCE, problems, summary
from scraping.models import UpdateRun
from scraping.sources.names import in_words, label
from scraping.sources.registry import SOURCES


def add_source_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--source", nargs="+", choices=sorted(SOURCES), default=[], help="only these sources (all that are set up)"
    )
    parser.add_argument(
        "--year", type=typed_season, nargs="+", default=[], help="only these seasons, such as 202627 or 2026-27"
    )


def check_outcome(command: BaseCommand, run: UpdateRun) -> None:
    """Say what failed; raises CommandError where a whole source did."""
    lines = problems(run)
    whole = [name for name, report in run.sources.items() if report.get("failed_whole")]
    if whole:
        raise CommandError("; ".join(lines))
    for line in lines:
        command.stderr.write(command.style.WARNING(line))


class Command(BaseCommand):
    help = "Reads the sources and stores what is new. What it finds is delivered by `send`, or by `cycle`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_source_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.dry_run(options["source"], options["year"])
            return
        try:
            # arg-type: Django's OutputWrapper is a stream
            with ProgressBar(self.stderr, options["verbosity"]) as progress:  # type: ignore[arg-type]
                run = update("command", sources=options["source"], seasons=options["year"], progress=progress)
        except CycleRunningError as running:
            self.stdout.write(str(running))
            return
        if options["verbosity"]:
            self.stdout.write(f"{summary(run)}\nMessages to send: {run.queued}.")
        check_outcome(self, run)

    def dry_run(self, sources: list[str], seasons: list[int]) -> None:
        reports = look(sources, seasons)
        if not reports:
            self.stdout.write(NO_SOURCE)
        for name, report in reports.items():
            self.stdout.write(f"{label(name)}, would store: {report.line()}")
            for error in report.errors:
                self.stderr.write(error)
        if failed := [name for name, report in reports.items() if report.failed_whole]:
            raise CommandError(f"not read: {', '.join(map(in_words, failed))}")
