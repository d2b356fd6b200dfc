"""How the admin shows a season, in lists, their filters and forms: 2026-27."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList

from accounts.seasons import show_season


@admin.display(description="season", ordering="season")
def season(row: Any) -> str:
    return show_season(row.season) if row.season else "-"


class ShowsSeason:
    """For forms whose season nobody edits: `season_shown`."""

    @admin.display(description="season")
    def season_shown(self, row: Any) -> str:
        return season(row)


class SeasonFilter(admin.AllValuesFieldListFilter):
    """The seasons that rows have, to choose from."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            display = str(choice["display"])
            yield {**choice, "display": show_season(int(display)) if display.isdecimal() else display}


BY_SEASON = ("season", SeasonFilter)
