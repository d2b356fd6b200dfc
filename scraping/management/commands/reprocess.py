"""Read stored items again by today's rules: after a rule was mended, or to see what one would change."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scraping.cycle.reprocess import read_before, reprocess
from scraping.cycle.runs import CycleRunningError, one_run
from scraping.sources.registry import SOURCES


def a_day(text: str) -> datetime:
    """The start of a day such as 2026-11-22, in Asia/Kolkata. Raises ArgumentTypeError for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day such as 2026-11-22") from None
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())


class Command(BaseCommand):
    help = "Runs today's rules over stored items and shows what they read otherwise. Nobody is told without --notify."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", nargs="+", choices=sorted(SOURCES), default=[], help="only of these sources")
        parser.add_argument("--since", type=a_day, metavar="DAY", help="only what came in since this day (2026-11-22)")
        parser.add_argument("--dry-run", action="store_true", help="show it, and store nothing")
        parser.add_argument("--notify", action="store_true", help="tell subscribers what is new, edit what was sent")

    def handle(self, *args: Any, **options: Any) -> None:
        items = read_before(options["source"], options["since"])
        if options["dry_run"]:
            self.show(items, keep=False, notify=False)
            return
        try:
            with one_run("reprocess"):
                self.show(items, keep=True, notify=options["notify"])
        except CycleRunningError as running:
            raise CommandError(str(running)) from None

    def show(self, items: Any, *, keep: bool, notify: bool) -> None:
        read = changed = 0
        for change in reprocess(items, keep=keep, notify=notify):
            read += 1
            if change is not None:
                changed += 1
                self.stdout.write(str(change))
        self.stdout.write(f"{read} items read again, {changed} {'changed' if keep else 'would change'}.")
