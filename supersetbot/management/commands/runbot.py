"""Polls Telegram and answers commands (spec: system, Processes)."""

import asyncio
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from supersetbot.operations.failures import require_migrated


class Command(BaseCommand):
    help = "Run the Telegram bot: it answers what is sent to it, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--daemon", action=BooleanOptionalAction, default=settings.DAEMON_MODE, help="detach: `daemon start bot`"
        )

    def handle(self, *_: object, daemon: bool, **options: Any) -> None:
        if not settings.TELEGRAM_BOT_TOKEN:
            raise CommandError("TELEGRAM_BOT_TOKEN is not set. @BotFather gives you one.")
        if daemon:
            call_command("daemon", "start", "bot", stdout=self.stdout, verbosity=options["verbosity"])
            return
        require_migrated()
        from notifications.channels.base import ChannelStoppedError
        from notifications.telegram_bot import bot_status
        from notifications.telegram_bot.application import run
        from supersetbot.operations import readiness

        other = bot_status.read()
        if other and other.pid_here:  # one elsewhere may have died just now: Telegram's 409 tells of it
            raise CommandError(
                f"A bot is at work on this machine already (PID {other.pid_here}): a second one gets half of the "
                "updates. Stop that one first."
            )
        try:
            answered = asyncio.run(run(settings.TELEGRAM_BOT_TOKEN, readiness.at_work))
        except ChannelStoppedError as error:
            raise CommandError(error.text) from None
        self.stdout.write(f"Stopped. Updates answered: {answered}.")
