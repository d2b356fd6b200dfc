"""How the admin shows a season, in lists, their filters and forms: 2026-27."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils.text import capfirst

from accounts.seasons import parse_season, show_season


@admin.display(description="season", ordering="season")
def season(row: Any) -> str:
    return show_season(row.season) if row.season else "-"


class ShowsSeason:
    """For forms whose season nobody edits: `season_shown`."""

    @admin.display(description="season")
    def season_shown(self, row: Any) -> str:
        return season(row)


Row = TypeVar("Row", bound=Model)


class SeasonField(forms.CharField):
    """Shows 202627 as 2026-27, and takes both."""

    widget = AdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return show_season(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return parse_season(text) if text else None
        except ValueError as error:
            raise ValidationError("%(error)s.", params={"error": error}) from None


class EditsSeason(ShowsSeason, BaseModelAdmin[Row]):
    """For forms whose season is edited by whoever may change the row."""

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **options: Any) -> Any:
        if db_field.name != "season":
            return super().formfield_for_dbfield(db_field, request, **options)
        return SeasonField(
            required=not db_field.blank,
            label=capfirst(db_field.verbose_name),
            initial=db_field.get_default(),
            help_text=db_field.help_text or "Such as 2026-27.",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return found if self._edits(request, obj) else (*found, "season_shown")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fields(request, obj)
        if self._edits(request, obj):
            return found
        rest = [name for name in found if name != "season_shown"]
        return ["season_shown" if name == "season" else name for name in rest]

    def _edits(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or self.has_change_permission(request, obj)


class SeasonFilter(admin.AllValuesFieldListFilter):
    """The seasons that rows have, to choose from."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            display = str(choice["display"])
            yield {**choice, "display": show_season(int(display)) if display.isdecimal() else display}


BY_SEASON = ("season", SeasonFilter)
