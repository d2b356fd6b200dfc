"""Template tags of the public pages."""

from django import template

from accounts.seasons import show_season
from notifications.render import EMOJI

register = template.Library()


@register.filter
def emoji(category: str) -> str:
    """The sign of a category."""
    return EMOJI.get(category, "📣")


@register.filter
def season_name(season: int) -> str:
    """202627 as `2026-27`."""
    return show_season(int(season))
