"""System checks: what would go wrong later is said at the start, with an id and a hint."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's name)


@register()
def cluster_retry(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """django-q2 gives a task out again after `retry`: that must be after it ended (docs/architecture.md, rule 4)."""
    cluster: dict[str, Any] = settings.Q_CLUSTER
    longest = cluster["timeout"] * (cluster["queue_limit"] / cluster["workers"] + 1)
    if cluster["retry"] > longest:
        return []
    hint = f'Set Q_CLUSTER["retry"] above {longest:.0f} s.'
    return [Error("A task still running would be given out again.", hint=hint, id="supersetbot.E001")]


@register()
def seasons(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that new subscribers follow a season that is shown."""
    if settings.DEFAULT_PLACEMENT_YEAR in settings.PLACEMENT_YEARS:
        return []
    hint = "Add it to PLACEMENT_YEARS."
    return [Warning("DEFAULT_PLACEMENT_YEAR is not among PLACEMENT_YEARS.", hint=hint, id="supersetbot.W001")]


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
