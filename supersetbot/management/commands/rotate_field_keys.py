"""Encrypts what students told of themselves, and the secrets of webhooks, by the newest key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.personal.key_rotation import rotate
from accounts.progress import ProgressBar
from accounts.subscribing import webhooks


class Command(BaseCommand):
    help = (
        "Encrypts every profile and every webhook's secret by the first of FIELD_KEYS. Put the new key in front of the "
        "old ones, restart the processes, run this, then take the old keys away. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "Exit codes: 0 all are encrypted by the first key, 1 some can't be read (they stay as they are)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with ProgressBar(self.stderr, options["verbosity"]) as progress:  # type: ignore[arg-type] # writes as a stream
            found = rotate(progress)
        lost = webhooks.encrypt_anew()
        if options["verbosity"]:
            self.stdout.write(f"Encrypted by the first key now: {_counted(found.done, 'profile')}.")
        if found.numbers_lost:
            self.stdout.write(f"{found.numbers_lost} of them lost a number that another profile holds too.")
        if lost:
            self.stderr.write(
                f"FIELD_KEYS lacks the key of {_counted(lost, 'webhook')}: nothing is sent there until it is back."
            )
        if found.unreadable:
            counts = ", ".join(f"{count} by key {key}" for key, count in sorted(found.unreadable.items()))
            lacking = _counted(found.unreadable.total(), "profile")
            raise CommandError(
                f"FIELD_KEYS lacks the key of {lacking} ({counts}). Nothing is lost: add the key behind"
                " the others and run this again."
            )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}"
