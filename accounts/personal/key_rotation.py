"""Encrypts profiles anew by the first of FIELD_KEYS, while the bot goes on (spec: personal, Profile)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from accounts import encryption
from accounts.encryption import LostKeyError
from accounts.models import Profile
from accounts.personal import profiles

_AT_ONCE = 100  # a batch locks its rows, on SQLite the database
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Rotation:
    """How many profiles were encrypted anew, lost their number to another's claim, or by key can't be read."""

    done: int = 0
    numbers_lost: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)


def rotate(progress: Progress = lambda *_: None) -> Rotation:
    """Encrypt all that an older key encrypted; what can't be read stays as it is. Safe to repeat and to cut short."""
    found = Rotation()
    outdated = Profile.objects.exclude(key=encryption.current_key_id()).order_by("pk")
    total, last = outdated.count(), 0
    while batch := list(outdated.filter(pk__gt=last).values_list("pk", flat=True)[:_AT_ONCE]):
        _rotate_batch(batch, found)
        last = batch[-1]
        progress("Encrypting profiles", found.done + sum(found.unreadable.values()), total)
    return found


@transaction.atomic
def _rotate_batch(batch: list[int], found: Rotation) -> None:
    """Encrypt some profiles. They are locked, so that what their owners change meanwhile is not overwritten."""
    locked = Profile.objects.filter(pk__in=batch).exclude(key=encryption.current_key_id()).select_for_update()
    changed = []
    for profile in locked.order_by("pk"):
        try:
            facts = profiles.read(profile.sealed, has_number=bool(profile.number_digest))
        except LostKeyError:
            found.unreadable[profile.key] += 1
            continue
        vars(profile).update(profiles.sealed(facts) | {"updated_at": profile.updated_at})
        changed.append(profile)
    found.numbers_lost += _write(changed)
    found.done += len(changed)


def _write(rows: list[Profile]) -> int:
    """Write them. Returns how many lost their number: a process that knew only an older key let it be claimed twice."""
    columns = ("sealed", "key", "number_digest")
    try:
        with transaction.atomic():
            Profile.objects.bulk_update(rows, columns)
        return 0
    except IntegrityError:
        return sum(_write_one(row, columns) for row in rows)


def _write_one(row: Profile, columns: tuple[str, ...]) -> bool:
    try:
        with transaction.atomic():
            row.save(update_fields=columns)
        return False
    except IntegrityError:
        row.number_digest = None
        row.save(update_fields=columns)
        return True
