"""How much the second reader helps: asks it about the texts of a corpus, and compares with their truth."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scraping.explain.measure import FIELDS, Ask, Measured, measure, questions
from scraping.reading.llm import Answered, ask
from scraping.reading.second_reader import model_config

CORPUS = Path(settings.BASE_DIR) / "tests" / "corpus"
_MILLION = 1_000_000
_MOST_NAMED = 30


class Command(BaseCommand):
    help = (
        "Measures the second reader on texts whose truth is known: where it agrees with the rules, what it mends, what "
        "it breaks, what it costs. Stores nothing, tells nobody. The key is LLM_API_KEY's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=CORPUS, help="texts with a truth each (tests/corpus)")
        parser.add_argument("--base-url", help="an endpoint that speaks OpenAI's chat API (LLM_BASE_URL)")
        parser.add_argument("--model", help="its model (LLM_MODEL)")
        parser.add_argument("--all", action="store_true", help="ask about every text, also where the rules are sure")
        parser.add_argument(
            "--price", type=float, nargs=2, metavar=("IN", "OUT"), help="dollars a million tokens, to say what it costs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            measured = measure(questions(folder), self.ask(options), everything=options["all"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        if not measured.texts:
            raise CommandError(f"{folder}: no text with a truth beside it")
        self.stdout.write("\n".join(report(measured, options["price"])))

    def ask(self, options: dict[str, Any]) -> Ask:
        config = model_config()
        config = replace(
            config, base_url=options["base_url"] or config.base_url, model=options["model"] or config.model
        )
        if not (config.api_key or options["base_url"] or settings.LLM_BASE_URL):
            raise CommandError("No model is set up: LLM_API_KEY, or LLM_BASE_URL or --base-url")

        def one(title: str, text: str) -> Answered:
            return async_to_sync(ask)(config, title, text, ())

        return one


def report(measured: Measured, price: tuple[float, float] | None) -> list[str]:
    """The lines to print."""
    lines = [f"{measured.asked} of {measured.texts} texts asked, {measured.answered} answers could be used"]
    if measured.answered:
        agreed = ", ".join(f"{name} {measured.agreed[name]}" for name in ("category", "company", "role"))
        lines.append(f"agrees with the rules in: {agreed}")
    lines.append(f"{'field':<10}{'stated':>8}{'rules':>8}{'with it':>9}{'mended':>8}{'broke':>8}")
    for name in FIELDS:
        mended, broke = (sum(one == name for _, one in found) for found in (measured.mended, measured.broke))
        before, after = measured.right_before[name], measured.right_after[name]
        lines.append(f"{name:<10}{measured.stated[name]:>8}{before:>8}{after:>9}{mended:>8}{broke:>8}")
    for word, found in (("mended", measured.mended), ("broke", measured.broke), ("no use", measured.refused)):
        lines += [f"  {word}: {text}: {what}" for text, what in found[:_MOST_NAMED]]
        lines += [f"  {word}: {len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    if measured.asked:
        lines.append(_cost(measured, price))
    return lines


def _cost(measured: Measured, price: tuple[float, float] | None) -> str:
    tokens = f"{measured.input_tokens} tokens in, {measured.output_tokens} out"
    said = f"{tokens}, {measured.seconds / measured.asked:.2f} s a question"
    if not price:
        return f"{said}; --price says what it costs"
    cost = (measured.input_tokens * price[0] + measured.output_tokens * price[1]) / _MILLION
    return f"{said}; ${cost:.4f}, ${1000 * cost / measured.asked:.2f} for 1,000 questions"
