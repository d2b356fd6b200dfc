"""Trains the tagger that finds companies, roles, venues and kinds, from the texts of the corpus (docs/misreads.md)."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scraping.explain.leave_out import Counts, groups_of, leave_out, percents
from scraping.explain.lessons import Learnt, lessons, taught
from scraping.reading.tagger import model
from scraping.reading.tagger.training import digest

CORPUS = Path(settings.BASE_DIR) / "tests" / "corpus"


class Command(BaseCommand):
    help = (
        "Trains the tagger from texts whose truth is known, and writes its models into the project. With --measure "
        "says how it reads writers that it did not learn from, before and now. The same texts give the same models."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=CORPUS, help="texts with a truth each (tests/corpus)")
        parser.add_argument("--to", type=Path, help="write the models there, not into the project")
        parser.add_argument("--measure", action="store_true", help="leave groups of writers out; about five minutes")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            learnt = list(lessons(options["folder"]))
            models = taught(learnt)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        before = model.about()
        figures = percents(_measured(learnt)) if options["measure"] else before.figures
        if options["measure"]:
            self.stdout.write("\n".join(report(before.figures, figures)))
        folder = options["to"] or Path(str(model.model_file("company"))).parent
        size = model.write(folder, models, model.About(digest(), len(learnt), figures))
        self.stdout.write(f"{len(learnt)} texts, {size / 1000:.0f} kB: {folder}")


def _measured(learnt: Sequence[Learnt]) -> Counts:
    total: Counts = {field: Counter() for field in model.FIELDS}
    for writers in tqdm(groups_of(learnt), desc="leaving writers out", disable=None, leave=False):
        for field, count in leave_out(learnt, writers).items():
            total[field] += count
    return total


def report(before: model.Figures, now: model.Figures) -> list[str]:
    """The lines to print: of what is stated how much is right, of what is told how much is wrong."""
    lines = [f"{'writers left out':<18}{'right %':>8}{'before':>8}{'wrong %':>9}{'before':>8}"]
    for field, figure in now.items():
        old = before.get(field, {})
        right, wrong = (f"{old[name]:.1f}" if name in old else "-" for name in ("right", "wrong"))
        lines.append(f"{field:<18}{figure['right']:>8.1f}{right:>8}{figure['wrong']:>9.1f}{wrong:>8}")
    return lines
