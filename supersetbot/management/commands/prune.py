"""Old rows, deleted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from supersetbot.operations import retention


class Command(BaseCommand):
    help = "Deletes rows older than KEEP_RAW_DAYS, KEEP_DELIVERIES_DAYS and KEEP_RUNS_DAYS, and unused files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, and delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        for name, count in retention.prune(dry_run=dry_run).items():
            if count or options["verbosity"] > 1:
                self.stdout.write(f"{name}: {count}{' would be deleted' if dry_run else ' deleted'}")
        if not dry_run and retention.vacuum():
            self.stdout.write("The database file was made smaller.")
        self.stdout.write("Only looked: nothing was deleted." if dry_run else "Done.")
