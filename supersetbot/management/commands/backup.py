"""A copy of the database, made while everything goes on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supersetbot.operations import backups


class Command(BaseCommand):
    help = "Copies the database into BACKUP_DIR, and deletes all but the newest BACKUPS_KEPT copies."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = backups.make_noted()
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            size, count = path.stat().st_size / 1e6, len(backups.kept())
            self.stdout.write(
                f"{path} ({size:.1f} MB). {'The only copy' if count == 1 else f'{count} copies are kept'}."
            )
