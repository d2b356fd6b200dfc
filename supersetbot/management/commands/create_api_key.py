"""A key for a program that calls the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import ApiKey
from accounts.web.keys import Scope, make_key


class Command(BaseCommand):
    help = "Makes a key for a program that calls the API, and prints it once: only its digest is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="who will use it")
        parser.add_argument(
            "--scope", nargs="+", action="extend", required=True, choices=Scope.values, help="what it may do"
        )
        parser.add_argument("--days", type=int, help="how long it is good for (default: for ever)")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if days is not None and not 0 < days <= 36_500:
            raise CommandError("--days must be from 1 to 36500.", returncode=2)
        name = options["name"].strip()
        if ApiKey.objects.filter(name=name).exists():
            taken = f"There is a key {name!r} already: choose another name, or delete that key in the admin (API keys)."
            raise CommandError(taken, returncode=2)
        key, text = make_key(name, options["scope"], timezone.now() + timedelta(days=days) if days else None)
        try:
            key.full_clean()
        except ValidationError as error:
            raise CommandError(f"NAME: {' '.join(error.messages)}", returncode=2) from None
        key.save()
        self.stdout.write(text)
        if options["verbosity"]:
            until = f" until {timezone.localtime(key.expires_at):%d %b %Y}" if key.expires_at else ""
            self.stderr.write(f"It is for {key.name}, may {', '.join(key.scopes)}{until}, and can't be shown again.")
