"""When a person is told: quiet hours, digest, mute and reminders."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Timing
from accounts.personal import timing
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_MUTES = {"3h": timedelta(hours=3), "1d": timedelta(days=1), "3d": timedelta(days=3), "7d": timedelta(days=7)}
_CLOCK = "%H:%M"


def _time_of_day(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, format=_CLOCK)
    return forms.TimeField(required=False, label=label, help_text=help_text, widget=widget, input_formats=[_CLOCK])


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(required=False, label=label)


class TimesForm(forms.Form):
    """Times of day are India's."""

    quiet_from = _time_of_day(
        gettext_lazy("Quiet hours begin"), gettext_lazy("Such as 11:00 PM. Empty: no quiet hours.")
    )
    quiet_until = _time_of_day(gettext_lazy("Quiet hours end"), gettext_lazy("Such as 7:00 AM."))
    digest_at = _time_of_day(gettext_lazy("One digest a day at"), gettext_lazy("Empty: as things come."))
    mute = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Mute all but urgent things"),
        choices=[
            ("", gettext_lazy("As it is")),
            ("3h", gettext_lazy("For 3 hours")),
            ("1d", gettext_lazy("For a day")),
            ("3d", gettext_lazy("For 3 days")),
            ("7d", gettext_lazy("For a week")),
            ("end", gettext_lazy("No longer")),
        ],
    )
    quietly = _tick(gettext_lazy("What my filters keep back comes in a digest"))
    remind_24h = _tick(gettext_lazy("Remind me 24 hours before a deadline"))
    remind_3h = _tick(gettext_lazy("Remind me 3 hours before a deadline"))
    remind_1h = _tick(gettext_lazy("Remind me 1 hour before a deadline"))
    remind_events = _tick(gettext_lazy("Remind me of events, the evening and the hour before"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begins is None) != (ends is None) and not self.errors:
            self.add_error(
                "quiet_until" if ends is None else "quiet_from", _("Quiet hours have a beginning and an end.")
            )
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours that end as they begin are none."))
        return cleaned

    def choices(self) -> dict[str, Any]:
        """Return what was chosen by the names of Timing's columns."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "mute"}
        mute = self.cleaned_data["mute"]
        if mute:
            chosen["muted_until"] = timezone.now() + _MUTES[mute] if mute in _MUTES else None
        return chosen


def _values(person: Person) -> dict[str, Any]:
    mine = timing.timing_of(person.subscriber)
    return {"form": TimesForm(initial=_initial(mine)), "muted_until": _muted_until(mine)}


def _initial(mine: Timing) -> dict[str, Any]:
    return {name: getattr(mine, name) for name in TimesForm.base_fields if name != "mute"}


def _muted_until(mine: Timing) -> Any:
    return mine.muted_until if mine.muted_until and mine.muted_until > timezone.now() else None


def _change(person: Person, form: QueryDict) -> Outcome:
    filled = TimesForm(form)
    if not filled.is_valid():
        return Again({"form": filled})
    timing.change(person.subscriber, **filled.choices())
    return None


SECTION = Section("times", gettext_lazy("When you are told"), _values, _change)
