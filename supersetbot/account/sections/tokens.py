"""Keys for programs of the person's own, which read or change their data by the API."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.signin import tokens
from accounts.signin.tokens import OwnScope
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_MAY = {"read": [OwnScope.READ], "write": [OwnScope.READ, OwnScope.WRITE]}


class TokenForm(forms.Form):
    """A key to be made."""

    name = forms.CharField(
        max_length=60,
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("Such as: my calendar script."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    may = forms.ChoiceField(
        label=gettext_lazy("It may"),
        choices=[
            ("read", gettext_lazy("Read my data")),
            ("write", gettext_lazy("Read and change my data")),
        ],
    )
    days = forms.TypedChoiceField(
        coerce=int,
        label=gettext_lazy("It works for"),
        choices=[(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("A year"))],
    )


def _values(person: Person) -> dict[str, Any]:
    return {"tokens": tokens.of(person.subscriber), "form": TokenForm(prefix="token"), "writes": OwnScope.WRITE.value}


def _change(person: Person, form: QueryDict) -> Outcome:
    if (wanted := form.get("revoke", "")).isdecimal():
        tokens.revoke(person.subscriber, int(wanted[:18]))
        return None
    filled = TokenForm(form, prefix="token")
    if not filled.is_valid():
        return Again({"form": filled})
    chosen = filled.cleaned_data
    try:
        made = tokens.make(person.subscriber, chosen["name"], _MAY[chosen["may"]], timedelta(days=chosen["days"]))
    except ValueError:
        filled.add_error(None, _("You have %(most)d keys. Revoke one first.") % {"most": tokens.MOST})
        return Again({"form": filled})
    return Again({"made": made, "tokens": tokens.of(person.subscriber)}, status=200)


SECTION = Section("tokens", gettext_lazy("Keys for programs"), _values, _change)
