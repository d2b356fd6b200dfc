"""Who may read the names of students that notices list: members (spec: personal, Who is who).

A person becomes a member by an admin's approval, an invitation, or a code mailed to an address of the institute; a
group or a channel by an admin's word for that chat. With MEMBERSHIP=open every person and browser reads names.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import Invitation, Subscriber

Membership = Subscriber.Membership
# Each is sent in the transaction of the change, with `subscribers`, their primary keys, and `by`.
became_members, ended_membership, were_refused = Signal(), Signal(), Signal()
BY_APPROVAL, BY_INVITATION, BY_EMAIL = "approval", "invitation", "email"
LONGEST_INVITATION = timedelta(days=30)
MOST_USES = 500
_AT_ONCE = 500
_OPEN_TO = (Subscriber.Kind.PERSON, Subscriber.Kind.BROWSER)


def who_sees_names() -> Q:
    """The condition on Subscriber for reading names: members, and the bot's admins."""
    admins = Q(kind=Subscriber.Kind.PERSON) & (Q(is_admin=True) | Q(telegram_id__in=settings.ADMIN_TELEGRAM_USER_IDS))
    members = Q(membership=Membership.MEMBER) | admins
    return members | Q(kind__in=_OPEN_TO) if settings.MEMBERSHIP == "open" else members


def sees_names(telegram_id: int) -> bool:
    """Whether this chat may read names."""
    return Subscriber.objects.filter(who_sees_names(), telegram_id=telegram_id).exists()


def standing(telegram_id: int) -> str:
    """Return where a chat stands; "" where it never subscribed."""
    return Subscriber.objects.filter(telegram_id=telegram_id).values_list("membership", flat=True).first() or ""


def ask(telegram_id: int) -> str:
    """Put a person on the waiting list. Returns where they stand then; "" where they never subscribed."""
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON)
    person.filter(membership=Membership.NONE).update(membership=Membership.WAITING, membership_since=timezone.now())
    return standing(telegram_id)


def waiting() -> QuerySet[Subscriber]:
    """Persons who wait for an admin's word, the first one first."""
    return Subscriber.objects.filter(membership=Membership.WAITING).order_by("membership_since", "pk")


def admit(subscribers: QuerySet[Subscriber], by: str) -> list[int]:
    """Make them members; whoever an admin refused only by approval. Returns the primary keys of the new ones."""
    if by != BY_APPROVAL:
        subscribers = subscribers.exclude(membership=Membership.REFUSED)
    return _change(subscribers.exclude(membership=Membership.MEMBER), Membership.MEMBER, by, became_members)


def refuse(subscribers: QuerySet[Subscriber]) -> list[int]:
    """Take those who wait off the list. Returns their primary keys. They are not put on it again."""
    return _change(subscribers.filter(membership=Membership.WAITING), Membership.REFUSED, BY_APPROVAL, were_refused)


def end(subscribers: QuerySet[Subscriber]) -> list[int]:
    """End memberships: it takes an admin to renew one. Returns the primary keys of those that were members."""
    return _change(subscribers.filter(membership=Membership.MEMBER), Membership.REFUSED, BY_APPROVAL, ended_membership)


def _change(subscribers: QuerySet[Subscriber], to: str, by: str, said: Signal) -> list[int]:
    wanted = list(subscribers.order_by("pk").values_list("pk", flat=True))
    batches = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
    return [pk for batch in batches for pk in _change_some(subscribers, batch, to, by, said)]


@transaction.atomic
def _change_some(subscribers: QuerySet[Subscriber], batch: list[int], to: str, by: str, said: Signal) -> list[int]:
    """Change those of a batch that the condition still holds for: another process may have changed them."""
    locked = subscribers.filter(pk__in=batch).order_by("pk").select_for_update()
    mine = list(locked.values_list("pk", flat=True))
    values = {"membership": to, "membership_by": by, "membership_since": timezone.now()}
    Subscriber.objects.filter(pk__in=mine).update(**values)
    if mine:
        said.send(sender=Subscriber, subscribers=mine, by=by)
    return mine


def invite(*, uses: int, valid: timedelta) -> str:
    """Make an invitation of so many uses. Returns its token, which is stored as a digest only.

    Raises ValueError for a number of uses or a time that is out of range.
    """
    if not 1 <= uses <= MOST_USES or not timedelta(0) < valid <= LONGEST_INVITATION:
        raise ValueError(f"An invitation has 1 to {MOST_USES} uses and 1 to {LONGEST_INVITATION.days} days.")
    token = secrets.token_urlsafe(18)
    Invitation.objects.create(digest=_digest(token), uses_left=uses, expires_at=timezone.now() + valid)
    return token


@transaction.atomic
def accept(telegram_id: int, token: str) -> bool:
    """Use an invitation. False where it is forged, used up or expired. Who is a member already uses none up."""
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON)
    if person.filter(membership=Membership.MEMBER).exists():
        return True
    valid = Invitation.objects.filter(digest=_digest(token), uses_left__gt=0, expires_at__gt=timezone.now())
    if not person.exclude(membership=Membership.REFUSED).exists() or not valid.update(uses_left=F("uses_left") - 1):
        return False
    admit(person, by=BY_INVITATION)
    return True


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
