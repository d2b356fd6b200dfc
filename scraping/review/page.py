"""What the page of a review shows: the text as it came beside what was read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.timesince import timesince

from accounts import times
from notifications.models import Notice
from notifications.rendering.public import public
from notifications.rendering.richtext import plain_text
from scraping.corrections.fields import MOMENTS, Values, moment
from scraping.models import Review
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.privacy import public_text, shown
from scraping.review.forms import CATEGORIES, MEANINGS, STATES
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.mailbox.source import raw_of
from scraping.sources.portal.parse import parse_notice

SEES_NAMES = "scraping.view_offeredstudent"
_LONGEST_TEXT = 50_000
LABELS: Mapping[str, str] = {
    "category": "Kind",
    "company": "Company",
    "role": "Role",
    "stage": "Round",
    "package": "Package",
    "location": "Place of work",
    "deadline": "Deadline",
    "event_at": "Date",
    "venue": "Venue",
    "state": "Status",
    "meaning": "The list says",
    "students": "Students",
    "eligibility": "Who may apply",
}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "category": {value: str(label) for value, label in CATEGORIES},
    "state": dict(STATES),
    "meaning": dict(MEANINGS),
}
_WHERE_THERE_ARE = ("meaning", "students", "eligibility")
_MAY_NAME = ("company", "role", "stage", "location", "venue", "package")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    review: Review
    names: bool  # whether who reads it may see names of students

    @property
    def title(self) -> str:
        """What it is called; where that may name a student and the reader must not see names, its number."""
        return str(self.review) if self.names else f"Number {self.review.pk}"

    @property
    def kind(self) -> str:
        """`Mail, read as shortlist`."""
        told = self.review.read | self.review.correction
        return f"{self.review.item.kind.capitalize()}, read as {_CHOICES['category'][told['category']].lower()}"

    @property
    def when(self) -> datetime:
        """Since when it is open, or closed."""
        return self.review.closed_at or self.review.opened_at

    @property
    def since(self) -> str:
        """`2 days ago`, `just now`."""
        age = timezone.now() - self.when
        return f"{timesince(self.when, depth=1)} ago" if age.total_seconds() >= 60 else "just now"

    @property
    def standing(self) -> str:
        if self.review.is_open:
            return "Held back" if self.review.held_since else "Open"
        by = f" by {self.review.closed_by}" if self.review.closed_by else ""
        return f"{self.review.get_verdict_display()}{by}"


@dataclass(frozen=True, slots=True)
class Row:
    """A field: what is told, what was read where a person corrected that, and what the second reader says."""

    name: str
    label: str
    told: str
    read: str
    corrected: bool


class ReviewPage:
    """A review as somebody may see it: with the names of students only where they may see `names`."""

    def __init__(self, review: Review, *, names: bool) -> None:
        self.review, self.names = review, names

    @cached_property
    def title(self) -> str:
        return self._title if self.names else public(self._notice).title

    @cached_property
    def text(self) -> str:
        """The text as it came; without the lines that name students where this user must not see them."""
        text = self._text if self.names else public(self._notice).text
        return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"

    @cached_property
    def rows(self) -> list[Row]:
        read: Values = self.review.read
        told: Values = read | self.review.correction
        return [self._row(name, *_both(name, told, read)) for name in LABELS if self._is_shown(name, told, read)]

    def fields(self, form: Any) -> list[tuple[Row, list[Any]]]:
        """Each field of the form with its boxes, as the page shows them: a day and its time stand side by side."""
        told: Values = self.review.read | self.review.correction
        rows = {name: self._row(name, *_both(name, told, self.review.read)) for name in LABELS}
        boxes = {name: [f"{name}_day", f"{name}_time"] if name in MOMENTS else [name] for name in LABELS}
        return [(rows[name], [form[box] for box in boxes[name]]) for name in LABELS if boxes[name][0] in form.fields]

    @property
    def students(self) -> list[dict[str, str]]:
        """The lists that were read, each student with what theirs says."""
        if not self.names:
            return []
        return [{**one, "says": _CHOICES["meaning"][one["meaning"] or "unknown"]} for one in self._listed]

    @property
    def listed(self) -> int:
        return len(self._listed)

    @property
    def evidence(self) -> list[str]:
        return list(self.review.seen.get("evidence", ())) if self.names else []

    @property
    def second(self) -> list[tuple[str, str]]:
        """What the second reader says, a label and a text each; how many students it names, not whom."""
        said = self.review.second
        if "error" in said:
            return [("No answer", str(said["error"]))]
        answer = said.get("answer", {})
        kind = _CHOICES["category"].get(answer.get("category", ""), answer.get("category", ""))
        told = [("Kind", kind), ("Company", answer.get("company")), ("Role", answer.get("role"))]
        students = len(answer.get("students", ()))
        told.append(("Students", str(students) if students else ""))
        return [(label, self._shown(str(text))) for label, text in told if text]

    @property
    def differs(self) -> bool:
        """Whether the second reader says another kind or company than the rules."""
        answer = self.review.second.get("answer", {})
        company = answer.get("company") or self.review.read["company"]
        return bool(answer) and (answer["category"], company) != (
            self.review.read["category"],
            self.review.read["company"],
        )

    def shown_value(self, name: str, value: str) -> str:
        """A value as a person reads it."""
        if name in MOMENTS:
            return _moment_shown(moment(value))
        if name == "students":
            return f"{len(value.splitlines())} listed" if value else ""  # they stand below, with what each list says
        if name in _CHOICES:
            return _CHOICES[name].get(value, value)
        return self._shown(value) if name in _MAY_NAME else value

    def _row(self, name: str, told: str, read: str) -> Row:
        shown = self.shown_value(name, told), self.shown_value(name, read)
        return Row(name, LABELS[name], *shown, corrected=name in self.review.correction)

    def _is_shown(self, name: str, told: Values, read: Values) -> bool:
        return name not in _WHERE_THERE_ARE or any(_both(name, told, read))

    def _shown(self, text: str) -> str:
        return text if self.names or not public(self._notice).names_someone(text) else "(names somebody)"

    @cached_property
    def _source(self) -> tuple[str, str]:
        """The title and the text; empty where what is stored can't be read."""
        try:
            return self._parsed()
        except ValueError:
            return "", ""

    def _parsed(self) -> tuple[str, str]:
        item = self.review.item
        if item.kind == "mail":
            mail = parse_mail(raw_of(item.payload))
            if self.names:
                return mail.subject, mail.text
            page = lay_out_mail(mail)
            return shown(mail.subject, page), public_text(page)
        notice = parse_notice(item.payload)
        return notice.title, plain_text(notice.content)

    @property
    def _title(self) -> str:
        return self._source[0]

    @property
    def _text(self) -> str:
        return self._source[1]

    @property
    def _listed(self) -> list[dict[str, str]]:
        return list(self.review.seen.get("students", ()))

    @cached_property
    def _notice(self) -> Notice:
        """What strangers read is worked out from a notice; this one is stored nowhere."""
        seen: dict[str, Any] = self.review.seen
        return Notice(
            title=self._title,
            body=linebreaks(self._text, autoescape=True),
            category=self.review.read["category"],
            company="" if self._listed else self.review.read["company"],
            roster=self._listed,
            roster_unread=seen.get("unread", 0),
        )


def _both(name: str, told: Values, read: Values) -> tuple[str, str]:
    """The value told and the one read; "" for a field that could not be corrected when it was read."""
    return told.get(name, ""), read.get(name, "")


def _moment_shown(when: date | None) -> str:
    """A datetime is a date too; a day alone has no time to show."""
    if when is None:
        return ""
    if isinstance(when, datetime):
        return times.moment(when)
    return times.moment(timezone.make_aware(datetime.combine(when, time())), all_day=True)
