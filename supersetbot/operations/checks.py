"""System checks: what would go wrong later is said at the start, with an id and a hint."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's name)

SHORTEST_SECRET = 24  # signs; 128 bits, where they are random letters and digits

AT_START = "at start"  # what each command asks; Django's own checks would load every page first (`manage.py check`)


@register(AT_START)
def cluster_retry(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """django-q2 gives a task out again after `retry`: that must be after it ended (docs/architecture.md, rule 4)."""
    cluster: dict[str, Any] = settings.Q_CLUSTER
    longest = cluster["timeout"] * (cluster["queue_limit"] / cluster["workers"] + 1)
    if cluster["retry"] > longest:
        return []
    hint = f'Set Q_CLUSTER["retry"] above {longest:.0f} s.'
    return [Error("A task still running would be given out again.", hint=hint, id="supersetbot.E001")]


@register(AT_START)
def seasons(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that new subscribers follow a season that is shown."""
    if settings.DEFAULT_PLACEMENT_YEAR in settings.PLACEMENT_YEARS:
        return []
    hint = "Add it to PLACEMENT_YEARS."
    return [Warning("DEFAULT_PLACEMENT_YEAR is not among PLACEMENT_YEARS.", hint=hint, id="supersetbot.W001")]


@register(AT_START)
def names(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find settings that nothing reads, and whose name is almost that of one."""
    return [
        Warning(f"{name} is no setting.", hint=_meant(name, near), id="supersetbot.W004")
        for name, near in settings.MISSPELT.items()
    ]


def _meant(name: str, near: str) -> str:
    if name.upper() == f"{near}_FILE":
        return f"Set {near}: only secrets are read from a file."
    return f"Did you mean {near}?"


@register(AT_START)
def halves(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find what is set up by half: a mailbox without its password or its address, a language model without its code."""
    found: list[CheckMessage] = []
    if settings.PLACEMENT_EMAIL and not settings.PLACEMENT_APP_PASSWORD:
        hint = "Make an app password (Google account → Security → App passwords)."
        wrong = "PLACEMENT_EMAIL is set and PLACEMENT_APP_PASSWORD is not: no mail is read."
        found.append(Warning(wrong, hint=hint, id="supersetbot.W005"))
    if settings.PLACEMENT_APP_PASSWORD and not settings.PLACEMENT_EMAIL:
        wrong = "PLACEMENT_APP_PASSWORD is set and PLACEMENT_EMAIL is not: no mail is read."
        found.append(Warning(wrong, hint="Set PLACEMENT_EMAIL to the mailbox's address.", id="supersetbot.W005"))
    if (settings.LLM_API_KEY or settings.LLM_BASE_URL) and find_spec("pydantic_ai") is None:
        hint = "Run .venv/bin/pip install -r requirements-llm.txt"
        named = "LLM_BASE_URL" if settings.LLM_BASE_URL else "LLM_API_KEY (or GOOGLE_API_KEY)"
        wrong = f"{named} is set and its extra is not installed: no language model is asked."
        found.append(Warning(wrong, hint=hint, id="supersetbot.W006"))
    return found


@register(Tags.security)
def secrets_for_callers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that nobody guesses what lets a program in. Keys that are made here are long; these two somebody typed."""
    return [
        Warning(
            f"{name} is short enough to be guessed.", hint="Make one: openssl rand -base64 48", id="supersetbot.W007"
        )
        for name in ("WEBHOOK_API_KEY", "WEBHOOK_SECRET")
        if 0 < len(getattr(settings, name)) < SHORTEST_SECRET
    ]


@register(Tags.security, deploy=True)
def outside(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that production has somebody to tell and a source to read."""
    found: list[CheckMessage] = []
    if not settings.TELEGRAM_BOT_TOKEN:
        hint = "Set TELEGRAM_BOT_TOKEN to what @BotFather gave you."
        found.append(Warning("No Telegram bot token: nobody can be told.", hint=hint, id="supersetbot.W002"))
    if not settings.SUPERSET_CREDENTIALS and not settings.SUPERSET_CREDENTIALS_BY_YEAR:
        hint = "Set SUPERSET_CREDENTIALS."
        found.append(Warning("No portal account: nothing can be read.", hint=hint, id="supersetbot.W003"))
    return found
