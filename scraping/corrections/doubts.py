"""Why somebody should look at a reading: it is unsure, contradicts itself, or lists people for an unknown reason."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.categories import Category
from scraping.items import Facts
from scraping.reading.facts.states import PAST
from scraping.reading.facts.students.meanings import DENIED
from scraping.reading.rules.kinds import IRRELEVANT
from scraping.reading.second_reader import UNSURE

UNSURE_RULES = "the rules are unsure what it is"
UNSURE_WHETHER = "the rules are unsure whether it is for students"
_FAR = timedelta(days=400)
_GRACE = timedelta(days=1)
_CHOSEN = (Category.SHORTLISTING, Category.PLACEMENT_OFFER)


def doubts_of(facts: Facts, sent_at: datetime | None) -> Iterator[str]:
    """Every reason to look at what was read from a text of that time. None of them names a person."""
    if facts.confidence <= UNSURE:
        yield UNSURE_WHETHER if facts.category == IRRELEVANT else UNSURE_RULES
    if facts.category == IRRELEVANT:
        return
    if facts.unread:
        yield f"{facts.unread} more enrolment numbers stand in the text than were read"
    if any(not student.meaning for student in facts.roster):
        yield "students are listed, and it is not known for what"
    yield from contradictions(facts, sent_at)


def contradictions(facts: Facts, sent_at: datetime | None) -> Iterator[str]:
    """What of a reading can't be true together."""
    if facts.category in _CHOSEN and facts.meaning in DENIED:
        yield f"it is told as {Category(facts.category).label.lower()}, and its list says otherwise"
    if _on_two_lists(facts):
        yield "a student stands on two lists that say different things"
    deadline, event = _start(facts.deadline), _start(facts.event_at)
    if deadline and event and facts.category == Category.JOB_POSTING and deadline > event + _GRACE:
        yield "its deadline is after its date"
    for name, when in (("deadline", deadline), ("date", event)):
        if sent_at and when and facts.state != PAST and when < sent_at - _GRACE:
            yield f"its {name} was over before it was sent"
        if sent_at and when and when > sent_at + _FAR:
            yield f"its {name} is more than a year away"


def _on_two_lists(facts: Facts) -> bool:
    meanings: dict[str, str] = {}
    numbered = (student for student in facts.roster if student.enrollment)
    return any(meanings.setdefault(one.enrollment, one.meaning) != one.meaning for one in numbered)


def _start(when: date | None) -> datetime | None:
    """The moment, or the end of a day that has no time."""
    if when is None or isinstance(when, datetime):
        return when
    return datetime.combine(when, time(23, 59), tzinfo=timezone.get_default_timezone())
