"""Today's rules over what was stored before: what would be read otherwise, and whether it is to be kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.times import moment
from notifications.models import Notice
from scraping.models import RawItem
from scraping.telling.base import HeldError, IrrelevantError, Reading
from scraping.telling.readers import READERS

State = RawItem.State
_COMPARED = (
    "category",
    "title",
    "company",
    "role",
    "stage",
    "package",
    "location",
    "deadline",
    "event_at",
    "venue",
    "job_key",
    "roster",
    "links",
    "details",
    "body",
)
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Change:
    """How an item is read otherwise than before: a line for each thing that differs."""

    item: RawItem
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.item}:", *(f"  {line}" for line in self.lines)])


def read_before(sources: Sequence[str] = (), since: datetime | None = None) -> QuerySet[RawItem]:
    """Items that were read or set aside, as they came in; not those that hold no record at all."""
    items = RawItem.objects.exclude(state=State.PENDING).exclude(key__startswith="rejected-")
    if sources:
        items = items.filter(source__in=sources)
    return items.filter(first_seen_at__gte=since) if since else items


def reprocess(items: QuerySet[RawItem], *, keep: bool, notify: bool = False) -> Iterator[Change | None]:
    """Read items again, each in a transaction that is only kept with `keep`; answers None for one read as before.

    Nobody is told of what is new, and no message is edited, unless `notify` is set. So what a job has read again is
    read here, too: left to the next cycle it would be told.
    """
    reading = Reading(announce=notify)
    waiting = set(_pending().values_list("pk", flat=True))
    wanted = _in_order(items)
    for pk, state, reason in wanted:
        yield _one(pk, state, reason, reading, keep=keep)
    waiting |= {pk for pk, *_ in wanted}
    for pk, _, reason in _in_order(_pending()):
        if pk not in waiting:
            yield _one(pk, State.DONE, reason, reading, keep=keep)


def _pending() -> QuerySet[RawItem]:
    return RawItem.objects.filter(state=State.PENDING)


def _in_order(items: QuerySet[RawItem]) -> list[tuple[int, str, str]]:
    """Return key, state and reason of each, as they are now: jobs set the state of notices back while they are read."""
    rows = {kind: items.filter(kind=kind).order_by("pk").values_list("pk", "state", "reason") for kind in READERS}
    return [row for found in rows.values() for row in found]


def _one(pk: int, state: str, reason: str, reading: Reading, *, keep: bool) -> Change | None:
    with transaction.atomic():
        item = RawItem.objects.select_related("notice").get(pk=pk)
        item.state, item.reason = state, reason
        lines = _read_again(item, reading)
        if not keep:
            transaction.set_rollback(True)
    return Change(item, lines) if lines else None


def _read_again(item: RawItem, reading: Reading) -> tuple[str, ...]:
    before, notice_before = _standing(item), _facts(item.notice)
    try:
        tell = READERS[item.kind].understand(item, reading)
        with transaction.atomic():
            item.notice = tell()
        item.state, item.reason = State.DONE, ""
    except (OperationalError, InterfaceError):
        raise
    except IrrelevantError as verdict:
        item.state, item.reason = State.IRRELEVANT, str(verdict)[:500]
    except HeldError as held:
        item.state, item.reason = State.HELD, str(held)[:500]
    except Exception as error:  # what could be read before stays as it was read
        return (f"can't be read any more: {type(error).__name__}: {error}",)
    item.processed_at = timezone.now()
    item.save(update_fields=["notice", "state", "reason", "doubt", "processed_at"])
    state = () if _standing(item) == before else (f"{before} → {_standing(item)}",)
    return (*state, *_differences(notice_before, _facts(item.notice)))


def _standing(item: RawItem) -> str:
    return f"{item.get_state_display()}, {item.reason}" if item.reason else item.get_state_display()


def _facts(notice: Notice | None) -> dict[str, object]:
    """Return what is stored of a notice, also after it was published anew."""
    return Notice.objects.values(*_COMPARED).get(pk=notice.pk) if notice else {}


def _differences(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    for name in _COMPARED:
        old, new = before.get(name), after.get(name)
        if (old or None) != (new or None):
            yield f"{name}: {_short(old)} → {_short(new)}"


def _short(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)} entries"
    if isinstance(value, datetime):
        return moment(value)
    text = " ".join(str(value or "–").split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
