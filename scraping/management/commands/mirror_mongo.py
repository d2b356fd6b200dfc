"""Write to MongoDB what it does not know yet, build it anew, or see whether it is right (spec: mongo)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.progress import ProgressBar
from scraping.models import MirrorOutbox
from scraping.mongo import lease, subscribers
from scraping.mongo.client import MongoUnavailableError, database
from scraping.mongo.mirror import full, ship
from scraping.mongo.verify import verify

_SHOWN = 200


class Command(BaseCommand):
    help = "Writes what changed to MongoDB now; with --full everything; with --verify it only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--full", action="store_true", help="write every document, and make the readers' indexes")
        action.add_argument("--verify", action="store_true", help="compare every document, list what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # arg-type: Django's OutputWrapper is a stream
            with ProgressBar(self.stderr, options["verbosity"]) as progress:  # type: ignore[arg-type]
                self.verify(progress) if options["verify"] else self.write(progress, everything=options["full"])
        except MongoUnavailableError as error:
            raise CommandError(str(error)) from None

    def write(self, progress: ProgressBar, *, everything: bool) -> None:
        with database() as target:
            owner = lease.acquire(now_or_never=True)
            if not owner:
                raise CommandError("The mirror is at work in another process: try again in a few minutes.")
            try:
                failed = self.rebuild(target, owner, progress) if everything else 0
                subscribers.note_changes()
                done = ship(target, owner, float("inf"))
            finally:
                lease.release(owner)
        self.stdout.write(f"{done} notes written, {MirrorOutbox.objects.count()} left.")
        if failed:
            raise CommandError(f"MongoDB did not take {failed} documents; the lines above say why.")

    def rebuild(self, target: Any, owner: str, progress: ProgressBar) -> int:
        """Write everything; answers how many documents were not taken."""
        failed = 0
        for collection, done, total, failures in full(target):
            progress(collection, done, total)
            failed += len(failures)
            for row, reason in failures.items():
                self.stderr.write(f"{collection} {row}: {reason}")
            if done == total:
                self.stdout.write(f"{collection}: {total} rows written")
            if not lease.renew(owner):
                raise CommandError("Another process took the mirror over: run it again.")
        return failed

    def verify(self, progress: ProgressBar) -> None:
        with database() as target:
            findings = verify(target, progress)
        differing = 0
        for collection, finding in findings.items():
            differing += len(finding.differences)
            self.stdout.write(
                f"{collection}: {finding.ours} here, {finding.theirs} in MongoDB, {len(finding.differences)} differ"
            )
            for line in finding.differences[:_SHOWN]:
                self.stdout.write(f"  {line}")
        if differing:
            raise CommandError(f"{differing} documents differ: `mirror_mongo --full` writes them anew.")
