"""What a person wants to hear of; a filter says what it would have done before it is saved."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Filter
from accounts.personal import filters
from accounts.personal.filters import FilterError, said
from notifications.publishing.would_have import DAYS, with_filter
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_LONGEST = 60
Kind = Filter.Kind
_KINDS = [
    (Kind.COMPANY, gettext_lazy("Always tell me of a company")),
    (Kind.WORD, gettext_lazy("Always tell me of a word")),
    (Kind.NOT_COMPANY, gettext_lazy("Nothing of a company")),
    (Kind.NOT_WORD, gettext_lazy("Nothing with a word")),
    (Kind.PACKAGE, gettext_lazy("Postings from a package on")),
    (Kind.PLACE, gettext_lazy("Postings in a place")),
    (Kind.TYPE, gettext_lazy("Postings of a type")),
    (Kind.ELIGIBLE, Kind.ELIGIBLE.label),
]


class FilterForm(forms.Form):
    """A filter to be added."""

    kind = forms.ChoiceField(choices=_KINDS, label=gettext_lazy("Filter"))
    value = forms.CharField(
        required=False,
        max_length=_LONGEST,
        label=gettext_lazy("Of what"),
        help_text=gettext_lazy(
            "The company, word, place or type (internship, full time), or the package in LPA, such as 6."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kind" in cleaned and "value" in cleaned:
            try:
                cleaned["filter"] = filters.parse(cleaned["kind"], cleaned["value"])
            except FilterError as error:
                self.add_error("value", str(error))
        return cleaned


def _values(person: Person) -> dict[str, Any]:
    mine = [(each.pk, said(each)) for each in filters.of(person.telegram_id)]
    return {"mine": mine, "most": filters.MOST, "form": FilterForm()}


def _change(person: Person, form: QueryDict) -> Outcome:
    if (wanted := form.get("remove", "")).isdecimal():
        filters.remove(person.telegram_id, int(wanted[:18]))
        return None
    filled = FilterForm(form)
    if not filled.is_valid():
        return Again({"form": filled})
    new: Filter = filled.cleaned_data["filter"]
    try:
        if form.get("action") == "save":
            filters.add(person.telegram_id, new)
            return None
        return Again({"form": filled, "preview": _effect(person, new), "new": new}, status=200)
    except FilterError as error:
        filled.add_error("value", str(error))
        return Again({"form": filled})


def _effect(person: Person, new: Filter) -> list[str]:
    """What a filter would have done, in sentences."""
    through, of = with_filter(person.telegram_id, new) or (0, 0)
    figures = {"days": DAYS, "through": through, "of": of}
    lines = [
        said(new),
        _("In the last %(days)d days I would have told you %(through)d of %(of)d notices.") % figures,
    ]
    return lines if through or not of else [*lines, _("Nothing would come but your own name on lists.")]


SECTION = Section("filters", gettext_lazy("What you want to hear of"), _values, _change)
