"""The schedule: what runs when, and writing it from the settings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django_q.models import Schedule

from accounts.times import moment
from scraping.cycle.schedule import sync


class Command(BaseCommand):
    help = "Shows the schedule rows (--list), or writes them from UPDATE_SLOTS and OFFICIAL_SLOTS (--sync)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="show the rows (also without any option)")
        parser.add_argument("--sync", action="store_true", help="write the rows; one switched off stays off")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sync"]:
            made, removed = sync()
            self.stdout.write(f"Schedule rows: {made} made, {removed} removed, {Schedule.objects.count()} in all.")
        if options["list"] or not options["sync"]:
            self.show()

    def show(self) -> None:
        rows = Schedule.objects.order_by("next_run", "name")
        for row in rows:
            state = "off" if row.repeats == 0 else f"next {moment(row.next_run)}"
            self.stdout.write(f"{row.name or row.func:24} {row.cron or '':16} {state}")
        if not rows:
            self.stdout.write("No schedule rows yet: `./manage schedule --sync` writes them.")
