"""Deliver what is pending."""

from argparse import ArgumentParser
from collections.abc import Collection, Mapping
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Subscription
from accounts.progress import ProgressBar
from accounts.seasons import typed_season
from notifications.channels.registry import configured
from notifications.delivery import due
from notifications.delivery.run import deliver
from notifications.delivery.tally import Tally


class Command(BaseCommand):
    help = "Delivers what is pending, on every channel that is set up or on those named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--telegram", action="store_true", help="on Telegram")
        parser.add_argument("--web", action="store_true", help="by Web Push")
        parser.add_argument("--both", action="store_true", help="on both")
        parser.add_argument("--webhooks", action="store_true", help="to programs")
        parser.add_argument("--fetch", action="store_true", help="read the sources first, as `update` does")
        parser.add_argument(
            "--year", type=typed_season, nargs="+", default=[], help="only these seasons, such as 202627 or 2026-27"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        channels = _channels(options)
        failure = self.fetch(options) if options["fetch"] else None
        deliver_with_progress(self, channels, options["verbosity"], options["year"])
        if failure:
            raise failure

    def fetch(self, options: Mapping[str, Any]) -> CommandError | None:
        """Read the sources; one that fails does not keep what is pending from being delivered."""
        streams = {"stdout": self.stdout, "stderr": self.stderr}
        try:
            call_command("update", year=options["year"], verbosity=options["verbosity"], **streams)
        except CommandError as error:
            return error
        return None


def deliver_with_progress(
    command: BaseCommand, channels: list[str], verbosity: int, seasons: Collection[int] = ()
) -> None:
    """Deliver, show how far it is, and print a line a channel. Raises CommandError where a channel is stopped."""
    waiting = sum(due.count(channel, seasons) for channel in channels)
    # arg-type: Django's OutputWrapper is a stream
    with ProgressBar(command.stderr, verbosity) as progress:  # type: ignore[arg-type]
        tallies = deliver(channels, seasons=seasons, on_settled=lambda sent: progress("deliver", sent, waiting))
    if verbosity:
        command.stdout.write("\n".join(_lines(tallies)))
    if stopped := [f"{channel}: {tally.stopped}" for channel, tally in tallies.items() if tally.stopped]:
        raise CommandError("; ".join(stopped))


def _lines(tallies: Mapping[str, Tally]) -> list[str]:
    lines = []
    for channel, tally in tallies.items():
        lines.append(f"{channel}: {tally.line()}")
        if tally.busy_elsewhere:
            lines.append(f"{channel}: another process is delivering")
        if tally.paused_seconds:
            lines.append(f"{channel}: resting for another {tally.paused_seconds:.0f} s, the rest goes then")
    return lines


def _channels(options: Mapping[str, Any]) -> list[str]:
    """Return the channels named, or all that are set up. Raises CommandError for one that is not."""
    named = {
        Subscription.Channel.TELEGRAM: options["telegram"] or options["both"],
        Subscription.Channel.WEB_PUSH: options["web"] or options["both"],
        Subscription.Channel.WEBHOOK: options["webhooks"],
    }
    wanted = [str(channel) for channel, asked in named.items() if asked] or configured()
    if missing := [channel for channel in wanted if channel not in configured()]:
        raise CommandError(f"Not set up: {', '.join(missing)} (see .env.example).")
    if not wanted:
        raise CommandError("No channel is set up: TELEGRAM_BOT_TOKEN is not set (see .env.example).")
    return wanted
