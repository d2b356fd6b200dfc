"""Which seasons and categories come, as /status shows and changes them."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.categories import Category
from accounts.seasons import show_season
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Standing, seasons_offered
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section


class NoticesForm(forms.Form):
    """What is ticked comes."""

    seasons = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Seasons"),
        error_messages={"required": gettext_lazy("One season has to stay.")},
    )
    categories = forms.MultipleChoiceField(
        required=False,
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Categories"),
    )

    def __init__(self, standing: Standing, data: QueryDict | None = None) -> None:
        listed = sorted({*seasons_offered(), *standing.seasons}, reverse=True)
        told = {
            "seasons": [season for season in listed if standing.follows(season)],
            "categories": [value for value in Category.values if value not in standing.muted],
        }
        super().__init__(data, initial=told)
        seasons = self.fields["seasons"]
        assert isinstance(seasons, forms.TypedMultipleChoiceField)  # noqa: S101 (for the types: it stands above)
        seasons.choices = [(season, show_season(season)) for season in listed]


def _values(person: Person) -> dict[str, Any]:
    standing = subscriptions.standing(person.telegram_id)
    if standing is None:
        return {}
    return {"active": standing.active, "form": NoticesForm(standing)}


def _change(person: Person, form: QueryDict) -> Outcome:
    standing = subscriptions.standing(person.telegram_id)
    if standing is None:
        return Again({"error": _("Nothing comes to you yet. Send /start to the bot.")})
    filled = NoticesForm(standing, form)
    if not filled.is_valid():
        return Again({"form": filled})
    subscriptions.choose(person.telegram_id, filled.cleaned_data["seasons"], filled.cleaned_data["categories"])
    return None


SECTION = Section("notices", gettext_lazy("Seasons and categories"), _values, _change)
