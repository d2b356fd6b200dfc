"""Who is not interested in a job hears no more of it, unless a list names them (spec: personal, Where I stand)."""

from django.db.models import Expression, Q, QuerySet

from accounts.models import Subscription
from notifications.models import Delivery, Interest, Notice


def declined_key(notice: Notice) -> str:
    """Return the key of the posting that a notice is about, where anybody declined it; else ""."""
    key = notice.follows.posting_key if notice.follows else notice.job_key
    return key if key and _declined(key).exists() else ""


def but_declined(
    wanted: QuerySet[Subscription], key: Expression, follows: Expression | None = None
) -> QuerySet[Subscription]:
    """Leave out who declined the posting `key`; not whom the list of the notice that this one `follows` names."""
    # Sets and no Exists: PostgreSQL hashes them once, whether or not it has counted the tables
    condition = Q(subscriber__in=_declined(key).values("subscriber"))
    if follows is not None:
        named = Delivery.objects.filter(notice=follows).exclude(named="")
        condition &= ~Q(pk__in=named.values("subscription"))
    return wanted.exclude(condition)


def _declined(key: str | Expression) -> QuerySet[Interest]:
    return Interest.objects.filter(key=key, not_interested_at__isnull=False)
