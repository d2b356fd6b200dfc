"""What follows from a change of membership, of a number's owner, or of what somebody told of themselves.

People are told what was decided, and messages that were sent are edited.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from accounts.language import known, speaking
from accounts.models import Subscriber, Subscription
from accounts.personal import profiles
from accounts.subscribing.members import BY_APPROVAL, became_members, ended_membership, were_refused
from notifications.delivery import edits
from notifications.publishing import broadcasts
from notifications.publishing.criteria import edit_verdicts
from notifications.publishing.named import mark_late
from notifications.tasks import wake_quietly

ADMITTED = _lazy("You are a member now: lists show names here.")
REFUSED = _lazy(
    "An admin did not accept that you join. Ask your placement cell.\nAll notices go on coming, without names."
)
NUMBER_TAKEN = _lazy(
    "The enrolment number you told is no longer yours here: an admin freed it, or somebody proved an address of the"
    " institute and told it too. If it is yours, ask your placement cell."
)


def listen() -> None:
    profiles.number_taken.connect(_number_taken, dispatch_uid="notifications.telegram_bot.memberships.number")
    profiles.number_told.connect(_number_told, dispatch_uid="notifications.telegram_bot.memberships.number_told")
    profiles.facts_changed.connect(_facts_changed, dispatch_uid="notifications.telegram_bot.memberships.facts")
    profiles.number_gone.connect(_number_gone, dispatch_uid="notifications.telegram_bot.memberships.number_gone")
    became_members.connect(_admitted, dispatch_uid="notifications.telegram_bot.memberships.admitted")
    ended_membership.connect(_ended, dispatch_uid="notifications.telegram_bot.memberships.ended")
    were_refused.connect(_refused, dispatch_uid="notifications.telegram_bot.memberships.refused")


def _admitted(subscribers: Collection[int], by: str, **_: Any) -> None:
    """Whoever proved an address or used an invitation has had an answer already."""
    mark_late(subscribers)
    edits.queue_of_lists(subscribers)
    if by == BY_APPROVAL:
        _tell(subscribers, ADMITTED)
    _deliver_soon()


def _ended(subscribers: Collection[int], **_: Any) -> None:
    edits.queue_of_lists(subscribers)
    _deliver_soon()


def _refused(subscribers: Collection[int], **_: Any) -> None:
    _tell(subscribers, REFUSED)
    _deliver_soon()


def _number_taken(subscriber: int, **_: Any) -> None:
    _tell([subscriber], NUMBER_TAKEN)
    _deliver_soon()


def _number_told(subscriber: int, **_: Any) -> None:
    """Lists from before the number was told name its owner too."""
    if mark_late([subscriber]):
        _deliver_soon()


def _facts_changed(subscriber: int, before: Mapping[str, str], after: Mapping[str, str], **_: Any) -> None:
    """Messages that stand in the chat no longer say what holds no more."""
    edit_verdicts(subscriber, before, after)


def _number_gone(subscriber: int, **_: Any) -> None:
    """Whose number a list holds is no longer known here, and messages no longer say it."""
    if edits.forget_number(subscriber):
        _deliver_soon()


def _tell(subscribers: Collection[int], text: StrOrPromise) -> None:
    """Tell persons, each in their language: a group or a channel need not hear of it."""
    chats = Subscription.objects.filter(
        subscriber__in=subscribers,
        subscriber__kind=Subscriber.Kind.PERSON,
        channel=Subscription.Channel.TELEGRAM,
        state=Subscription.State.ACTIVE,
    )
    by_language: dict[str, list[Subscription]] = {}
    for chat in chats.select_related("subscriber").order_by("pk"):
        by_language.setdefault(known(chat.subscriber.language), []).append(chat)
    for language, found in by_language.items():
        with speaking(language):
            broadcasts.tell(found, str(text))


def _deliver_soon() -> None:
    transaction.on_commit(partial(wake_quietly, [Subscription.Channel.TELEGRAM]))
