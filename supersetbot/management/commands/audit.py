"""The audit log, for whoever has to show it."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import audit


class Command(BaseCommand):
    help = "Prints the audit log: who did what, when, to what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", help="a day or a time, such as 2026-11-01 or 2026-11-01T09:00", default="")
        parser.add_argument("--format", choices=("csv", "json"), default="csv", help="json: an object a line")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        rows = audit.entries(_moment(since) if since else None)
        write = audit.as_json if options["format"] == "json" else audit.as_csv
        for line in write(rows):
            self.stdout.write(line, ending="")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--since: {text!r} is no day or time such as 2026-11-01") from None
    return found if found.tzinfo else timezone.make_aware(found)
