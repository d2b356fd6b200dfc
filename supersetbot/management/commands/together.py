"""Bot, scheduler and web server in one tree of processes that share their memory."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supersetbot.operations.failures import require_migrated


class Command(BaseCommand):
    help = "Run bot, scheduler and web server, forked from one process: for small machines. Until SIGTERM or Ctrl-C."

    def handle(self, *_: object, **__: Any) -> None:
        from supersetbot.operations.together import FailedError, run

        require_migrated()
        try:
            run()
        except FailedError as error:
            raise CommandError(str(error)) from None
