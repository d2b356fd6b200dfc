"""What keeps the service from working, and how to fix it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from supersetbot.operations.doctor.examination import examine
from supersetbot.operations.doctor.results import Finding

SIGNS = {True: "ok", False: "WRONG", None: "-"}


class Command(BaseCommand):
    help = "Checks everything the service needs, and says how to fix what is wrong. Exit code 1 where something is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list of {name, ok, detail, fix}")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = []
        for finding in examine():
            findings.append(finding)
            if not options["json"]:
                self.show(finding)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
        wrong = sum(finding.ok is False for finding in findings)
        if wrong:
            self.stderr.write(f"{wrong} of {len(findings)} checks failed.")
            raise SystemExit(1)

    def show(self, finding: Finding) -> None:
        sign = f"{SIGNS[finding.ok]:6}"
        if finding.ok is not None:
            sign = self.style.SUCCESS(sign) if finding.ok else self.style.ERROR(sign)
        self.stdout.write(f"{sign} {finding.name:13} {finding.detail}")
        if finding.fix:
            self.stdout.write(f"{'':20} → {finding.fix}")
