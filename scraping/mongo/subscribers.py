"""Subscribers change, and notices are withdrawn, in apps that know no MongoDB: the mirror looks each time it runs."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from notifications.models import Notice
from scraping.models import MirrorOutbox, MirrorState, MongoDocument
from scraping.mongo import client, lease
from scraping.mongo.documents import NOTICES, USERS, Kind
from scraping.mongo.outbox import note_all
from scraping.mongo.wanted import Wanted

# A change may be committed so long after the time it bears.
_COMMITTED_LATE = timedelta(minutes=1)


def note_changes() -> None:
    """Note what changed since the last look: Telegram subscribers (at the first, all not imported), withdrawals."""
    state, now = lease.state(), timezone.now()
    withdrawn = Notice.objects.exclude(withdrawn_at=None)
    known = Subscriber.objects.filter(subscriptions__channel=Subscription.Channel.TELEGRAM)
    if state.users_seen_at is None:
        changed = known.exclude(pk__in=MongoDocument.objects.filter(collection=USERS.collection).values("row"))
    else:
        since = state.users_seen_at - _COMMITTED_LATE
        changed = known.filter(Q(updated_at__gt=since) | Q(subscriptions__state_changed_at__gt=since))
        withdrawn = withdrawn.filter(edited_at__gt=since)
    note_all(USERS.collection, changed.distinct().values_list("pk", flat=True))
    note_all(NOTICES.collection, withdrawn.values_list("pk", flat=True))
    MirrorState.objects.filter(pk=state.pk).update(users_seen_at=now)


def forget_unreachable() -> None:
    """Delete users who said /forget here, and have MongoDB told, which takes their id."""
    gone = MongoDocument.objects.filter(collection=USERS.collection).exclude(row__in=Subscriber.objects.values("pk"))
    if not client.is_configured():
        gone.delete()
        return
    gone.exclude(document=b"").update(document=b"", stamp="")
    noted = MirrorOutbox.objects.filter(collection=USERS.collection).values("row")
    note_all(USERS.collection, gone.exclude(row__in=noted).values_list("row", flat=True))


def remember(kind: Kind, written: Sequence[Wanted]) -> None:
    """Keep who stands in MongoDB, by their id alone: it must be told when they are gone."""
    if kind is not USERS:
        return
    MongoDocument.objects.bulk_create(
        (
            MongoDocument(collection=kind.collection, key=str(one.find["user_id"]), row=one.row)
            for one in written
            if one.document and "user_id" in one.find
        ),
        ignore_conflicts=True,
    )
