"""The door into notifications: put a notice. Idempotent on its external key, so that any stage may be run again."""

import hashlib
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import tracing
from notifications.delivery import deferring, edits, unsent
from notifications.models import Notice
from notifications.publishing import criteria, named, pressing
from notifications.publishing.changes import describe
from notifications.publishing.fan_out import fan_out
from notifications.rendering.formats import storable
from notifications.rendering.naming import names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a notice is to say. Lists hold {url, label} and {name, enrollment}; all text is untrusted."""

    external_key: str
    title: str
    category: str = ""
    season: int | None = None
    body: str = ""
    author: str = ""
    company: str = ""
    role: str = ""
    stage: str = ""
    location: str = ""
    package: str = ""
    venue: str = ""
    event_at: datetime | None = None
    event_all_day: bool = False
    deadline: datetime | None = None
    deadline_all_day: bool = False
    links: tuple[dict[str, str], ...] = ()
    roster: tuple[dict[str, str], ...] = ()
    roster_meaning: str = ""
    roster_unread: int = 0
    eligibility: tuple[dict[str, Any], ...] = ()
    details: dict[str, str] = field(default_factory=dict)  # in the order in which they are shown
    files: tuple[dict[str, str], ...] = ()
    url: str = ""
    url_label: str = ""
    job_key: str = ""
    rule: str = ""
    confidence: float = 1.0
    published_at: datetime | None = None
    private: bool = False  # not for the site


class Outcome(Enum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did; `queued` counts the deliveries it wrote."""

    notice: Notice
    outcome: Outcome
    queued: int = 0


_LENGTHS = {field.name: field.max_length for field in Notice._meta.fields}
# How a notice was read and where it belongs may move without anything new to tell.
_SILENT = {"season", "url_label", "job_key", "rule", "confidence", "eligibility"}
# Left out where they are empty: so the hashes of notices that were stored before these existed stay.
_TOLD_AGAIN = ("title", "company", "role", "edit_note")  # texts that a notice about a change has
_YOUNG = ("roster_meaning", "roster_unread", "files")
_NOT_CONTENT = _SILENT | {"external_key", "published_at", "private"}


TOLD = frozenset(each.name for each in fields(Draft)) - _NOT_CONTENT


def content_hash(draft: Draft) -> str:
    """Return the SHA-256 over everything a reader sees."""
    facts = {name: value for name, value in asdict(draft).items() if name not in _NOT_CONTENT}
    for name in _YOUNG:
        if not facts[name]:
            del facts[name]
    return hashlib.sha256(orjson.dumps(storable(facts), option=orjson.OPT_SORT_KEYS)).hexdigest()


@transaction.atomic
def publish(
    draft: Draft, *, announce: bool = True, channels: Collection[str] = (), seen_at: datetime | None = None
) -> Published:
    """Store a notice and queue its deliveries, on these channels or all; or see that it changed, or is as it was.

    A new one is announced unless it was published longer than NOTIFY_MAX_AGE_HOURS ago (spec: delivery), or before
    `seen_at`, since when it was held back. A changed one edits the messages that went out; a moved deadline, venue or
    date is told once more, as a notice that follows it. With `announce` off a change is only stored: it goes out with
    the next one. A notice that was withdrawn comes back, unless it stays withdrawn: then a change is only stored.
    """
    digest = content_hash(draft)
    now = timezone.now()
    published_at = draft.published_at or now
    notice, created = Notice.objects.get_or_create(
        external_key=draft.external_key,
        defaults={
            **_fields(draft),
            "content_hash": digest,
            "first_seen_at": now,
            "published_at": published_at,
            "announced": announce and is_fresh(published_at, seen_at or now),
        },
    )
    if created:
        tracing.step("reach us", notice.pk, published_at)
        with tracing.span("fan out", notice.pk):
            return Published(notice, Outcome.NEW, fan_out(notice, channels) if notice.announced else 0)
    if notice.content_hash == digest and (notice.withdrawn_at is None or notice.stays_withdrawn):
        _note_silently(notice, draft)
        return Published(notice, Outcome.UNCHANGED)
    _mask_who_left(notice, draft)
    if announce and notice.content_hash and not notice.stays_withdrawn:
        return _change(notice, draft, digest, now)
    return _change_quietly(notice, draft, digest)  # without a hash: taken over from elsewhere, told there


@transaction.atomic
def amend(notice_id: int, values: Mapping[str, Any]) -> int:
    """Change by hand what a notice tells: messages are edited, and a moved date or venue is told. Returns to how many.

    `values` are columns of TOLD. They stand until the source of the notice says something new.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    after = copy(notice)
    for name, value in values.items():
        setattr(after, name, value)
    _mask_who_left(notice, after)
    return _edit(notice, after, values, timezone.now()) or 0


def withdraw(external_key: str, *, stays: bool = False) -> bool:
    """Take a notice back: what is queued is skipped, what was sent is marked. False where there was nothing to do.

    One that stays withdrawn is brought back by `bring_back` alone, not when its source is read again.
    """
    now = timezone.now()
    with transaction.atomic():
        withdrawn = Notice.objects.filter(external_key=external_key, withdrawn_at=None)
        said = {"withdrawn_at": now, "updated_at": now, "edited_at": now, "edit_note": "withdrawn"}
        if not withdrawn.update(**said, stays_withdrawn=stays):
            return stays and _stays_from_now_on(external_key)
        notice = Notice.objects.get(external_key=external_key)
        _next_version(notice)
        unsent.skip_unsent(notice.pk, "withdrawn")
        unsent.skip(deferring.changes_of(notice.pk), "withdrawn")
        edits.queue(notice.pk)
        named.tell_withdrawn(notice)
    return True


def _stays_from_now_on(external_key: str) -> bool:
    loose = Notice.objects.filter(external_key=external_key, stays_withdrawn=False)
    return bool(loose.update(stays_withdrawn=True))


@transaction.atomic
def bring_back(external_key: str) -> bool:
    """Let a withdrawn notice stand again, as it is stored: messages are edited, and who was left out is told.

    False where it stands already.
    """
    now = timezone.now()
    stands = {"withdrawn_at": None, "stays_withdrawn": False, "deadline_moved_at": now, "event_moved_at": now}
    gone = Notice.objects.filter(external_key=external_key).exclude(withdrawn_at=None)
    if not gone.update(**stands, updated_at=now, edited_at=now, edit_note=""):
        return False
    notice = Notice.objects.get(external_key=external_key)
    _next_version(notice)
    unsent.unskip(notice.pk, "withdrawn")
    edits.queue(notice.pk)
    if notice.announced:
        named.fan_out_named(notice)
    named.tell_stands_again(notice)
    return True


def is_fresh(published_at: datetime, now: datetime) -> bool:
    """Whether what is first seen now is young enough to wake anybody."""
    limit = settings.NOTIFY_MAX_AGE_HOURS
    return not limit or now - published_at <= timedelta(hours=limit)


def _change(notice: Notice, draft: Draft, digest: str, now: datetime) -> Published:
    was_withdrawn = notice.withdrawn_at is not None
    queued = _edit(notice, draft, {**_fields(draft), "content_hash": digest, "withdrawn_at": None}, now)
    if queued is None:
        return Published(notice, Outcome.UNCHANGED)
    if was_withdrawn:
        unsent.unskip(notice.pk, "withdrawn")
        queued += named.tell_stands_again(notice)
    return Published(notice, Outcome.CHANGED, queued)


def _edit(notice: Notice, after: Draft | Notice, values: Mapping[str, Any], now: datetime) -> int | None:
    """Store new values of a notice, queue the edits of its messages, and tell what moved. Returns to how many.

    None where another process published this very edit.
    """
    change = _without_who_left(describe(notice, after), notice, after)
    columns = {**values, "edited_at": now, "edit_note": change, **_dates_moved(notice, after, now)}
    mine = Notice.objects.filter(pk=notice.pk, version=notice.version)
    if not mine.update(**columns, version=notice.version + 1, updated_at=now):
        return None
    before, event_before, criteria_before = notice.roster, pressing.begins(notice), notice.eligibility
    notice.refresh_from_db()
    edits.queue(notice.pk)
    if not notice.announced or notice.withdrawn_at:
        return 0
    return _tell_change(notice, before, change, event_before) + criteria.tell_affected(notice, criteria_before)


def _tell_change(notice: Notice, before: list[dict[str, str]], change: str, event_before: datetime | None) -> int:
    """One short ping about what moved, to those who had the notice; and a word to those whose place on its list did."""
    who = named.moved(notice, before)
    queued = named.fan_out_named(notice)
    ping = named.follow_up(notice, change) if change else None
    if ping:
        queued += fan_out(ping, off=event_before) + named.tell_muted(notice, ping)
    return queued + named.tell_moved(notice, who, ping)


def _without_who_left(change: str, notice: Notice, draft: Draft | Notice) -> str:
    """Mask in the words for a change, which say what was before, whoever stood on the list and does no more."""
    left = [student for student in notice.roster if student not in draft.roster]
    return names_of(left, own=(notice.company, notice.role)).masked(change) if left else change


def _mask_who_left(notice: Notice, draft: Draft | Notice) -> None:
    """Take the names of whoever is on the list no longer out of what tells of earlier changes.

    Such a notice is held to the list of the one it follows, and could no longer be told from other words.
    """
    left = [student for student in notice.roster if student not in draft.roster]
    if not left:
        return
    names = names_of(left, own=(notice.company, notice.role))
    for ping in Notice.objects.filter(follows=notice):
        texts = {name: getattr(ping, name) for name in _TOLD_AGAIN}
        masked = {name: names.masked(text) for name, text in texts.items() if names.name_somebody(text)}
        if masked:
            Notice.objects.filter(pk=ping.pk).update(**masked, updated_at=timezone.now())


def _change_quietly(notice: Notice, draft: Draft, digest: str) -> Published:
    """The version stays, and with it the messages that went out."""
    now = timezone.now()
    fields = {**_fields(draft), **_dates_moved(notice, draft, now)}
    Notice.objects.filter(pk=notice.pk).update(**fields, content_hash=digest, updated_at=now)
    notice.refresh_from_db()
    return Published(notice, Outcome.CHANGED)


def _dates_moved(notice: Notice, draft: Draft | Notice, now: datetime) -> dict[str, datetime | None]:
    """The columns that say since when the dates hold, where they move, or come back with a withdrawn notice; and what a
    date was that is called off.
    """
    back = notice.withdrawn_at is not None
    moved: dict[str, datetime | None] = {}
    if back or draft.deadline != notice.deadline:
        moved["deadline_moved_at"] = now
    if back or draft.event_at != notice.event_at:
        moved["event_moved_at"] = now
    if draft.deadline != notice.deadline:
        moved["deadline_was"] = None if draft.deadline else notice.deadline
    if draft.event_at != notice.event_at:
        moved["event_was"] = None if draft.event_at else notice.event_at
    return moved


def _next_version(notice: Notice) -> None:
    notice.version += 1
    notice.save(update_fields=["version"])


def _note_silently(notice: Notice, draft: Draft) -> None:
    """Keep what moved without being seen: nobody's message is edited for it."""
    moved = {
        name: value for name, value in _fields(draft).items() if name in _SILENT and value != getattr(notice, name)
    }
    if moved:
        Notice.objects.filter(pk=notice.pk).update(**moved, updated_at=timezone.now())


def _fields(draft: Draft) -> dict[str, Any]:
    """The draft as columns: text cut to what they hold."""
    values = storable(asdict(draft))
    for name in ("external_key", "published_at"):
        del values[name]
    return {name: value[: _LENGTHS.get(name)] if isinstance(value, str) else value for name, value in values.items()}
