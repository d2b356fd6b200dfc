"""What a person tells of themselves: the same facts as /me, each read and refused as there."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.encryption import LostKeyError
from accounts.personal import profiles
from accounts.personal.facts import FACTS, Fact, FactError, shown
from accounts.web.throttling import count
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_LONGEST = 60
_DECIMAL = ("cgpa", "x", "xii")
_WHOLE = ("batch", "backlogs", "past", "gap")


class FactField(forms.CharField):
    """Where one fact is written, as the bot would read it."""

    def __init__(self, name: str, fact: Fact) -> None:
        self.fact = fact
        kind = "decimal" if name in _DECIMAL else "numeric" if name in _WHOLE else "text"
        attributes = {"autocomplete": "off", "inputmode": kind, "placeholder": fact.example}
        widget: forms.Widget = forms.TextInput(attributes)
        if name == "gender":
            widget = forms.Select(choices=[("", ""), *((choice, shown(name, choice)) for choice in fact.choices)])
        super().__init__(required=False, max_length=_LONGEST, label=fact.label, help_text=fact.question, widget=widget)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return self.fact.parse(text) if text else ""
        except FactError as error:
            raise forms.ValidationError(str(error)) from None


class ProfileForm(forms.Form):
    """All facts; an empty field says that nothing is told."""

    def __init__(self, told: Mapping[str, str], data: QueryDict | None = None) -> None:
        super().__init__(data, initial=dict(told), prefix="fact")
        self.fields.update({name: FactField(name, fact) for name, fact in FACTS.items()})

    def changes(self) -> dict[str, str]:
        """Return what differs from what was told, by the names in FACTS."""
        return {name: value for name, value in self.cleaned_data.items() if value != self.initial.get(name, "")}


def _values(person: Person) -> dict[str, Any]:
    if not profiles.has_agreed(person.telegram_id):
        return {"agreed": False}
    try:
        told = profiles.known(person.telegram_id)
    except LostKeyError:
        return {"agreed": True, "unreadable": profiles.UNREADABLE}
    guess = profiles.guessed(told.get(profiles.NUMBER, ""))
    return {
        "agreed": True,
        "form": ProfileForm(told),
        "guess": [(FACTS[name].label, value) for name, value in guess.items() if name not in told],
    }


def _change(person: Person, form: QueryDict) -> Outcome:
    try:
        told = profiles.known(person.telegram_id)
        if form.get("action") == "guess":
            guess = profiles.guessed(told.get(profiles.NUMBER, ""))
            profiles.tell_all(person.telegram_id, {name: guess[name] for name in guess if name not in told})
            return None
        return _store(person, ProfileForm(told, form))
    except LostKeyError:
        return Again({"error": profiles.UNREADABLE})
    except profiles.NoConsentError:
        return Again({"error": _("Please agree first, above. Nothing was stored.")})


def _store(person: Person, filled: ProfileForm) -> Outcome:
    if not filled.is_valid():
        return Again({"form": filled})
    changes = filled.changes()
    if changes.get(profiles.NUMBER) and _claimed_too_often(person):
        filled.add_error(profiles.NUMBER, _("You claimed numbers too often today. Try again tomorrow."))
        return Again({"form": filled})
    try:
        profiles.tell_all(person.telegram_id, changes)
    except FactError as error:  # the number is another's
        filled.add_error(profiles.NUMBER, str(error))
        return Again({"form": filled})
    return None


def _claimed_too_often(person: Person) -> bool:
    """Count a claim of a number together with those in the bot."""
    return bool(count(f"me:number:{person.pseudonym}", limit=profiles.CLAIMS_A_DAY, seconds=86_400))


SECTION = Section("profile", gettext_lazy("Your profile"), _values, _change)
