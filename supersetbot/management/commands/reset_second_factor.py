"""Takes a second factor away, for staff whose phone and recovery codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.models import User
from accounts.web import second_factor, sessions


class Command(BaseCommand):
    help = "Takes the second factor of somebody away and ends their sessions. Be sure first who it is that asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        removed = user is not None and second_factor.remove(user)
        target = f"staff:{user.pk}" if user else options["name"]
        audit.record("command", "second factor removed", target=target, outcome="done" if removed else "failed")
        if user is None:
            raise CommandError("There is no such user.")
        if not removed:
            raise CommandError(f"{user.username} has set up no second factor.")
        ended = sessions.end(user)
        if options["verbosity"]:
            self.stdout.write(f"{user.username} logs in by password alone now; {ended} sessions ended.")
