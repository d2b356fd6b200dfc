"""A message of our own to every subscriber."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.channels.registry import configured
from notifications.management.commands.send import deliver_with_progress
from notifications.publishing import broadcasts


class Command(BaseCommand):
    help = "Sends a message to every subscriber, now. Nobody can have muted it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="plain text; a short first line becomes the title")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            published = broadcasts.broadcast(options["text"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            self.stdout.write(f"Notice {published.notice.pk} is queued for {published.queued}.")
        deliver_with_progress(self, configured(), options["verbosity"])
