"""Students whom a list names get the notice before everybody else (spec: personal, My name is on the list).

By the enrolment number they claimed; where a row has no number, by their name at Telegram. Only who may read names is
told, whatever seasons and categories they chose.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from accounts.personal import profiles
from accounts.personal.listed import listed
from accounts.personal.numbers import normal_number
from accounts.subscribing.members import who_sees_names
from notifications.delivery import ledger, unsent
from notifications.models import Delivery, Notice
from notifications.rendering.places import recent_lists
from notifications.rendering.retold import ADDED, STANDS_AGAIN, TAKEN_OFF, WITHDRAWN

Named = Delivery.Named
Roster = Collection[Mapping[str, str]]
_COLUMNS = ("notice_id", "subscription_id", "channel", "priority", "named", "next_attempt_at", "created_at")


@dataclass(frozen=True, slots=True)
class Moved:
    """Who came on a list by an edit, by subscription and how they are named, and who was taken off it."""

    came: dict[int, str]
    went: frozenset[int]


def fan_out_named(notice: Notice, channels: Collection[str] = ()) -> int:
    """Write the deliveries of those whom the list names, first of all: a statement for each way to name them.

    Returns how many were added or marked.
    """
    ways = _matching(notice.roster).items()
    return sum(
        _insert(notice, wanted.filter(channel__in=channels) if channels else wanted, how) for how, wanted in ways
    )


def _insert(notice: Notice, wanted: QuerySet[Subscription], how: str) -> int:
    now = timezone.now()
    values = (
        Value(notice.pk),
        "pk",
        "channel",
        Value(int(Delivery.Priority.OWN)),
        Value(str(how)),
        Value(now),
        Value(now),
    )
    select, parameters = wanted.values_list(*values).query.sql_with_params()
    table = connection.ops.quote_name(Delivery._meta.db_table)
    # SQLite takes an ON CONFLICT behind a SELECT only where that has a WHERE, which `wanted` always has.
    statement = f"""
        INSERT INTO {table} ({", ".join(_COLUMNS)}) {select}
        ON CONFLICT (notice_id, subscription_id) DO UPDATE SET named = excluded.named, priority = excluded.priority,
            state = CASE {table}.state WHEN 'deferred' THEN 'pending' ELSE {table}.state END,
            next_attempt_at = CASE {table}.state WHEN 'deferred' THEN excluded.next_attempt_at
                ELSE {table}.next_attempt_at END,
            told_in_id = CASE {table}.state WHEN 'deferred' THEN NULL ELSE {table}.told_in_id END
        WHERE {table}.named = ''
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return max(int(cursor.rowcount), 0)


def _matching(roster: Roster) -> dict[str, QuerySet[Subscription]]:
    """The active subscriptions of whom a list names, by the way it names them, the sure way first."""
    found = {}
    numbers = {normal_number(student.get("enrollment") or "") for student in roster} - {""}
    names = {_plain(student.get("name") or "") for student in roster if not student.get("enrollment")}
    if numbers:
        digests = [digest for number in numbers for digest in profiles.number_digests(number)]
        found[str(Named.BY_NUMBER)] = _of(Q(subscriber__profile__number_digest__in=listed(digests)))
    if whole := [name for name in names if " " in name]:
        found[str(Named.BY_NAME)] = _of(Q(subscriber__kind=Subscriber.Kind.PERSON, plain__in=listed(whole)))
    return found


def _of(condition: Q) -> QuerySet[Subscription]:
    readers = Subscriber.objects.filter(who_sees_names())
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE, subscriber__in=readers)
    return active.alias(plain=Lower("subscriber__name")).filter(condition)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def named_by(roster: Roster) -> dict[int, str]:
    """Return the subscriptions that a list names, and how."""
    found: dict[int, str] = {}
    for how, wanted in _matching(roster).items():
        for subscription in wanted.values_list("pk", flat=True):
            found.setdefault(subscription, how)
    return found


def mark_late(subscribers: Collection[int]) -> int:
    """Mark what these subscribers had of recent lists that name them, now that their number or membership is known.

    Returns how many deliveries were marked: three queries, and two for each 500 that are marked.
    """
    readers = Subscriber.objects.filter(who_sees_names(), pk__in=subscribers, profile__number_digest__isnull=False)
    facts = profiles.of_subscribers(readers.values_list("pk", flat=True))
    owners = {told[profiles.NUMBER]: pk for pk, told in facts.items() if profiles.NUMBER in told}
    if not owners:
        return 0
    naming = {
        (notice, owners[number])
        for notice, roster in recent_lists().values_list("pk", "roster")
        for row in roster
        if (number := normal_number(row.get("enrollment") or "")) in owners
    }
    had = Delivery.objects.filter(
        notice__in={notice for notice, _ in naming}, subscription__subscriber__in=owners.values()
    )
    unmarked = had.exclude(named=Named.BY_NUMBER).values_list("pk", "notice", "subscription__subscriber")
    late = [pk for pk, notice, subscriber in unmarked if (notice, subscriber) in naming]
    ledger.mark_named_late(late)
    return len(late)


def moved(notice: Notice, before: Roster) -> Moved:
    """Mark the deliveries of a notice whose list changed. Returns who had it already and came on the list, or left it.

    Both lists are compared with the numbers that students have now: who changed theirs was not taken off a list.
    """
    if before == notice.roster:
        return Moved({}, frozenset())
    old, new = named_by(before), named_by(notice.roster)
    ledger.unmark_named(notice.pk, old.keys() - new.keys())
    ledger.mark_named(notice.pk, {pk: how for pk, how in new.items() if pk not in old})
    came = ledger.had(notice.pk, new.keys() - old.keys()).values_list("pk", flat=True)
    gone = [pk for pk, how in old.items() if how == Named.BY_NUMBER and pk not in new]
    return Moved({pk: new[pk] for pk in came}, frozenset(ledger.had(notice.pk, gone).values_list("pk", flat=True)))


def tell_moved(notice: Notice, who: Moved, ping: Notice | None) -> int:
    """Tell those who came on the list or left it. Returns how many messages were queued.

    Where all are told of another change anyway, by `ping`, that message says it to those who came.
    """
    over = notice.event_at is not None and notice.event_at < timezone.now()
    queued = _tell(notice, who.went, TAKEN_OFF, "off") if not over else 0
    if ping:
        ledger.mark_named(ping.pk, who.came)
        return queued
    return queued + _tell(notice, who.came.keys(), ADDED, "on", who.came)


def tell_muted(notice: Notice, ping: Notice) -> int:
    """Queue a change of a list for those it names whom the ping passed over: their own comes through each mute.

    Returns how many messages were queued.
    """
    if not notice.roster:
        return 0
    told = Delivery.objects.filter(notice=ping).values("subscription")
    mine = Delivery.objects.filter(ledger.HAD, notice=notice).exclude(named="").exclude(subscription__in=told)
    left_out = list(mine.values_list("subscription", flat=True))
    return ledger.queue(ping.pk, ledger.had(notice.pk, left_out)) if left_out else 0


def tell_withdrawn(notice: Notice) -> int:
    """Tell those whom a withdrawn list named. Returns how many messages were queued."""
    mine = Delivery.objects.filter(ledger.HAD, notice=notice, named=Named.BY_NUMBER)
    return _tell(notice, mine.values_list("subscription", flat=True), WITHDRAWN, "off")


def tell_stands_again(notice: Notice) -> int:
    """Tell those on a list who were told that it was withdrawn. Returns how many messages were queued.

    Where that was not sent yet, it is not sent any more.
    """
    said = Delivery.objects.filter(notice__follows=notice, notice__edit_note=WITHDRAWN)
    told = set(said.filter(ledger.HAD).values_list("subscription", flat=True))
    unsent.skip(said.filter(state__in=(*ledger.WAITING, ledger.State.HELD, ledger.State.DEFERRED)), "brought_back")
    listed = {pk: how for pk, how in named_by(notice.roster).items() if pk in told}
    return _tell(notice, listed.keys(), STANDS_AGAIN, "again", listed)


def _tell(
    notice: Notice,
    subscriptions: Collection[int] | QuerySet[Any],
    what: str,
    kind: str,
    named: Mapping[int, str] | None = None,
) -> int:
    had = list(ledger.had(notice.pk, list(subscriptions)))
    return ledger.queue(follow_up(notice, what, kind).pk, had, named) if had else 0


def follow_up(notice: Notice, what: str, kind: str = "", *, key: str = "") -> Notice:
    """Store a short notice that follows another one and says what changed, under `key` or one of the version's."""
    return Notice.objects.create(
        external_key=key or f"{notice.external_key[:180]}#v{notice.version}{kind}",
        content_hash=notice.content_hash,
        season=notice.season,
        category=notice.category,
        title=notice.title,
        company=notice.company,
        role=notice.role,
        url=notice.url,
        url_label=notice.url_label,
        edit_note=what,
        deadline=notice.deadline,
        published_at=timezone.now(),
        follows=notice,
        announced=True,
    )
