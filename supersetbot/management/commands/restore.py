"""The database as it was when a copy was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supersetbot.operations import backups
from supersetbot.operations.doctor.at_work import at_work

_CLOSING = """\
Restored from {file}. What was there before: {before}
Now: ./manage migrate
What came since that copy is new to the database: the next cycle tells it to everybody a second time. To have it stored
and told to nobody, run this first:
NOTIFY_MAX_AGE_HOURS=0.001 ./manage update
Then: ./manage daemon start all"""


class Command(BaseCommand):
    help = "Puts a copy that `backup` made in the place of the database, which is itself copied first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file of BACKUP_DIR")
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if names := at_work():
            raise CommandError(
                f"Stop first what uses the database ({', '.join(names)}): ./manage daemon stop all, "
                "or systemctl stop 'supersetbot-*'"
            )
        try:
            backups.check(file)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        if not options["no_input"] and not agreed(f"Replace the database by {file}? Type yes: "):
            raise CommandError("Nothing was changed.")
        try:
            before = backups.put_back(file)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_CLOSING.format(file=file, before=before))


def agreed(question: str) -> bool:
    try:
        return input(question) == "yes"
    except EOFError:  # nobody is there to answer
        return False
