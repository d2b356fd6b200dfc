"""A message of our own to every subscriber, or to some: shown first, sent when that is confirmed."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.times import moment
from notifications.channels.registry import configured
from notifications.management.commands.send import deliver_with_progress
from notifications.publishing import orders
from notifications.publishing.orders import Order


class Command(BaseCommand):
    help = (
        "Sends a message to every subscriber, on Telegram and Web Push. It also appears on the site, in its feed and "
        "in the API, unless --not-on-site is given. It is shown first, with how many it goes to, and sent once you "
        "confirm it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", default="", help="plain text; a short first line becomes the title")
        parser.add_argument(
            "--to",
            action="append",
            default=[],
            metavar="WHO",
            help="a season (2026-27), a category (shortlisting), a branch (CSE), or one of each; else everybody",
        )
        parser.add_argument("--at", default="", help="when: 6:00PM, or '2026-11-30 6:00 PM'; without: now")
        parser.add_argument("--not-on-site", action="store_true", help="leave it out of the site, its feed and the API")
        parser.add_argument("--yes", action="store_true", help="send it without asking")
        parser.add_argument("--planned", action="store_true", help="list what waits for its time")
        parser.add_argument("--call-off", type=int, metavar="NUMBER", help="call off what waits, by its number")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["planned"]:
            self.list_planned()
        elif options["call_off"] is not None:
            self.call_off(options["call_off"])
        else:
            try:
                self.tell(options)
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from None

    def tell(self, options: Mapping[str, Any]) -> None:
        """Show it, ask, and send or plan it. Raises ValueError where it makes no sense."""
        order = Order(text=options["text"], on_site=not options["not_on_site"])
        order = orders.to_whom(order, options["to"])
        at = orders.read_time(options["at"]) if options["at"] else None
        self.confirm(order, options)
        if at:
            waits = orders.plan(order, at)
            self.stdout.write(f"Planned for {moment(at)}; `--call-off {waits.pk}` calls it off.")
            return
        published = orders.send(order)
        if options["verbosity"]:
            self.stdout.write(f"Notice {published.notice.pk} is queued for {published.queued}.")
        deliver_with_progress(self, configured(), options["verbosity"])

    def confirm(self, order: Order, options: Mapping[str, Any]) -> None:
        """Raises CommandError unless it is to be sent."""
        shown = orders.preview(order)
        if options["verbosity"]:
            text = "\n".join(shown.telegram).replace("\n", "\n    ")
            self.stdout.write("\n".join(["So it will look:", "", f"    {text}", "", *shown.lines()]))
        if options["yes"]:
            return
        if not sys.stdin.isatty():
            raise CommandError("Nothing was sent: add --yes to send it.")
        if input(f"Send it to {shown.total}? Type yes: ").strip().lower() != "yes":
            raise CommandError("Nothing was sent.")

    def list_planned(self) -> None:
        for waits in orders.planned():
            self.stdout.write(f"{waits.pk}: {moment(waits.next_run)}, {waits.name}")
        if not orders.planned():
            self.stdout.write("Nothing is planned.")

    def call_off(self, number: int) -> None:
        if not orders.call_off(number):
            raise CommandError(f"Nothing of the number {number} waits: --planned lists what does.")
        self.stdout.write("It is called off.")
