"""The form a reading is corrected with: its fields as a person types them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.categories import Category
from notifications.models import Notice
from scraping.corrections.fields import FIELDS, MOMENTS, UNKNOWN, Values, moment, package_of
from scraping.corrections.lines import RULES, rule_lines, rules_of, student_lines, students_of
from scraping.reading.facts import states
from scraping.reading.facts.students import meanings
from scraping.reading.rules.kinds import IRRELEVANT

CATEGORIES = [
    *((value, label) for value, label in Category.choices if value != Category.OFFICIAL_FIGURES),
    (IRRELEVANT, "Not for students: tell nobody"),
]
STATES = [
    ("", "It stands"),
    (states.CANCELLED, "Cancelled"),
    (states.POSTPONED, "Postponed"),
    (states.WITHDRAWN, "Offer withdrawn"),
    (states.PAST, "Over"),
    (states.CONDITIONAL, "Not published yet"),
]
MEANINGS = [
    (UNKNOWN, "Listed, not known for what"),
    (meanings.SELECTED, "Selected"),
    (meanings.SHORTLISTED, "Shortlisted"),
    (meanings.WAITLISTED, "On the waiting list"),
    (meanings.NOT_SELECTED, "Not selected"),
    (meanings.ABSENT, "Absent"),
    (meanings.ACTION, "Asked to act"),
    (meanings.WITHDRAWN, "Their offer is withdrawn"),
    ("", "No list of students"),
]
_LENGTHS = {field.name: field.max_length for field in Notice._meta.fields}
_LONGEST_LINES = 200_000
_RULES = ", ".join(RULES)
_MOMENTS = {"deadline": "Deadline", "event_at": "Date"}


def _day(label: str) -> forms.DateField:
    """A browser takes a day in ISO form alone, whatever the language."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


def _text(name: str, label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=_LENGTHS[name], required=False, help_text=hint)


def _lines(label: str, hint: str) -> forms.CharField:
    widget = forms.Textarea({"rows": 4})
    return forms.CharField(label=label, max_length=_LONGEST_LINES, required=False, help_text=hint, widget=widget)


def _taken(text: str, read: Callable[[str], str]) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


class CorrectionForm(forms.Form):
    """What is told of an item. A day without a time is one where no time is stated."""

    category = forms.ChoiceField(label="Kind", choices=CATEGORIES)
    company = _text("company", "Company")
    role = _text("role", "Role")
    stage = _text("stage", "Round")
    package = _text("package", "Package", "As it is shown: ₹12 LPA.")
    location = _text("location", "Place of work", "Several parted by commas.")
    deadline_day, deadline_time = _day("Deadline"), _clock("Deadline, time")
    event_at_day, event_at_time = _day("Date"), _clock("Date, time")
    venue = _text("venue", "Venue")
    state = forms.ChoiceField(label="Status", choices=STATES, required=False)
    meaning = forms.ChoiceField(label="The list says", choices=MEANINGS, required=False)
    students = _lines("Students", "One a line, the number first: 22103001 Asha Verma. Empty: no list of students.")
    eligibility = _lines("Who may apply", f"One rule a line, such as “cgpa: 7.5” or “branches: CSE, IT”; {_RULES}.")

    def __init__(self, values: Values, read: Values, data: Any = None) -> None:
        """`values` are those told now, `read` those that were read without a person's word."""
        super().__init__(data, initial=_typed(values))
        self._read = read
        if not read["meaning"]:  # nobody can say of whom a list that was not read is
            del self.fields["meaning"], self.fields["students"]

    def clean_package(self) -> str:
        """Take what offers can count."""
        text: str = self.cleaned_data["package"]
        if text and not package_of(text):
            raise forms.ValidationError("No amount can be read: write it as ₹12 LPA or ₹25,000/month.")
        return text

    def clean_students(self) -> str:
        """Read the lines; an error names the one that is no student."""
        return _taken(self.cleaned_data["students"], lambda text: student_lines(students_of(text, (), "")))

    def clean_eligibility(self) -> str:
        """Read the lines; an error names the one that is no rule."""
        return _taken(self.cleaned_data["eligibility"], lambda text: rule_lines(rules_of(text)))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, label in _MOMENTS.items():
            if cleaned.get(f"{name}_time") and not cleaned.get(f"{name}_day"):
                self.add_error(f"{name}_day", f"{label}: a time needs its day.")
        return cleaned

    def correction(self) -> Values:
        """The fields that differ from what was read. Call it when the form is valid."""
        now = {name: str(value).strip() for name, value in self.cleaned_data.items() if name in FIELDS}
        now |= {name: self._moment(name) for name in MOMENTS}
        was = self._read
        return {name: now[name] for name in FIELDS if name in now and not _same(name, now[name], was.get(name, ""))}

    def _moment(self, name: str) -> str:
        day, clock = self.cleaned_data[f"{name}_day"], self.cleaned_data[f"{name}_time"]
        if not day:
            return ""
        return timezone.make_aware(datetime.combine(day, clock)).isoformat() if clock else day.isoformat()


def _typed(values: Values) -> dict[str, Any]:
    """The values as the form's widgets take them."""
    typed: dict[str, Any] = {name: value for name, value in values.items() if name not in MOMENTS}
    for name in MOMENTS:
        when = moment(values[name])
        local = timezone.localtime(when) if isinstance(when, datetime) else None
        typed[f"{name}_day"] = local.date() if local else when
        typed[f"{name}_time"] = local.time() if local else None
    return typed


def _same(name: str, one: str, other: str) -> bool:
    """Whether two values are one; a moment to the minute, as a person types it."""
    if name not in MOMENTS:
        return one == other
    return _to_the_minute(one) == _to_the_minute(other)


def _to_the_minute(text: str) -> object:
    when = moment(text)
    return when.replace(second=0, microsecond=0) if isinstance(when, datetime) else when
