"""Unlocks who was locked out of the admin: for an operator who can't get in there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.web import login


class Command(BaseCommand):
    help = "Lets accounts or addresses that tried too many passwords log in to the admin again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", metavar="NAME", nargs="*", help="a user name or an address")
        parser.add_argument("--all", action="store_true", help="everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["names"] and not options["all"]:
            raise CommandError("Name an account or an address, or say --all.", returncode=2)
        unlocked = login.attempts().delete()[0] if options["all"] else login.unlock(options["names"])
        if options["verbosity"]:
            self.stdout.write(f"{unlocked} may try again." if unlocked else "Nobody of that name is locked out.")
