"""One update cycle by hand: what the schedule runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.progress import ProgressBar
from scraping.cycle.cycle import cycle
from scraping.cycle.runs import CycleRunningError
from scraping.cycle.summary import summary
from scraping.cycle.told import told
from scraping.management.commands.update import add_source_arguments, check_outcome


class Command(BaseCommand):
    help = "Reads the sources, publishes what is new and delivers it: what the schedule runs at every slot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_source_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # arg-type: Django's OutputWrapper is a stream
            with ProgressBar(self.stderr, options["verbosity"]) as progress:  # type: ignore[arg-type]
                run = cycle("command", sources=options["source"], seasons=options["year"], progress=progress)
        except CycleRunningError as running:
            self.stdout.write(str(running))
            return
        if options["verbosity"]:
            self.stdout.write(f"{summary(run)}\nThis run: {told([run])[0]}.")
        check_outcome(self, run)
        if run.error:
            raise CommandError(run.error)
