"""Everything that is stored about a person, for /mydata (spec: personal, My data).

The rows are found by following the relations of the database from the subscriber, so that a table that is added later
is told as well. What has no relation to the subscriber is told by who stores it (`told_by`).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignObjectRel, Model, Q, QuerySet

from accounts.models import AuditEntry, RequestCount, Subscriber, Subscription
from accounts.pseudonyms import pseudonym
from accounts.subscribing.forgetting import stored_as

MOST_ROWS = 5000  # of one table; the newest
# Digests and keys mean nothing to a reader, and a push key is a secret of the browser; what is sealed is told open.
_LEFT_OUT = ("digest", "keys", "sealed")
_PSEUDONYM = re.compile(r"\buser:[0-9a-f]{8}\b")
_others: dict[str, Callable[[int], list[dict[str, Any]]]] = {}


def told_by(name: str, rows: Callable[[int], list[dict[str, Any]]]) -> None:
    """Have rows told that hold a chat's id without a relation: `rows` gets the id."""
    _others[name] = rows


def stored_about(telegram_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a person by its table; empty where nothing is stored."""
    found = dict(_rows(Subscriber.objects.filter(pk__in=stored_as(telegram_id).values("pk"))))
    found |= {name: rows(telegram_id) for name, rows in _others.items()}
    return {name: rows for name, rows in found.items() if rows}


def profile(telegram_id: int) -> list[dict[str, Any]]:
    """Return the profile in the clear, for its owner."""
    from accounts.encryption import LostKeyError  # each process imports this module, few decrypt
    from accounts.personal import profiles

    try:
        known = profiles.known(telegram_id)
    except LostKeyError:
        return [{"unreadable": str(profiles.UNREADABLE)}]
    return [dict(known)] if known else []


def audit_log(telegram_id: int) -> list[dict[str, Any]]:
    """What a person did as an admin of the bot, and what was done in the chat with them or to them, among others."""
    name = pseudonym(telegram_id)
    rows = AuditEntry.objects.filter(Q(actor=name) | Q(target__contains=name))
    found = rows.values("at", "actor", "action", "target", "outcome")[:MOST_ROWS]
    return [{**row, "target": _without_others(row["target"], name)} for row in found]


def _without_others(target: str, name: str) -> str:
    return _PSEUDONYM.sub(lambda found: found[0] if found[0] == name else "…", target)


def admins_history(telegram_id: int) -> list[dict[str, Any]]:
    """What staff changed of a person's rows."""
    people = stored_as(telegram_id)
    keys = {Subscriber: people, Subscription: Subscription.objects.filter(subscriber__in=people.values("pk"))}
    about = Q(pk=None)
    for model, rows in keys.items():
        mine = [str(pk) for pk in rows.values_list("pk", flat=True)]
        about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=mine)
    entries = LogEntry.objects.filter(about).values("action_time", "action_flag", "change_message")
    return [dict(row) for row in entries[:MOST_ROWS]]


def counters(telegram_id: int) -> list[dict[str, Any]]:
    """How often a person did what may be done a few times only; each ends with its hour or day."""
    from accounts.subscribing import email_codes  # each process imports this module, few send mails

    chat = email_codes.digest_of("chat", str(telegram_id))
    rows = RequestCount.objects.filter(Q(key__contains=pseudonym(telegram_id)) | Q(key__contains=chat))
    found = rows.values_list("key", "count", "ends_at")
    return [{"what": key.rpartition(":")[0], "count": number, "ends_at": ends_at} for key, number, ends_at in found]


def _rows(rows: QuerySet[Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    model = rows.model
    fields = [field.attname for field in model._meta.concrete_fields if not field.name.endswith(_LEFT_OUT)]
    yield str(model._meta.verbose_name_plural), list(rows.order_by("-pk").values(*fields)[:MOST_ROWS])
    for relation in _relations(model):
        related: type[Model] = relation.related_model
        below = related._base_manager.filter(**{f"{relation.field.name}__in": rows})  # noqa: SLF001 (every row)
        yield from _rows(below)


def _relations(model: type[Model]) -> list[ForeignObjectRel]:
    """The relations that lead from a table to those whose rows belong to it."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.one_to_many or relation.one_to_one
        if relation.related_model is not model
    ]
