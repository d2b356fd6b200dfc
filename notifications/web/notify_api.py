"""Other programs tell all subscribers something (spec: system, HTTP API): queued here, sent by the scheduler."""

import logging
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from accounts.categories import Category
from accounts.models import Subscription
from accounts.spelling import Lenient
from accounts.web.authentication import needs
from accounts.web.errors import BAD_BODY, REFUSED, UNREADABLE, error_responses
from accounts.web.keys import Scope
from accounts.web.throttling import ByKey, Rate
from notifications.delivery.counts import by_channel
from notifications.models import Delivery, Notice
from notifications.publishing.broadcasts import BROADCAST, broadcast
from notifications.tasks import wake_quietly

log = logging.getLogger(__name__)
router = Router(tags=["notify"], auth=needs(Scope.NOTIFY))

A_KEY_MAY = ByKey("notify", Rate(60, 60))
State, Broadcast = Delivery.State, Notice.Broadcast
_UNSENT = (State.PENDING, State.SENDING, State.RETRY, State.HELD, State.DEFERRED)


class ChannelName(StrEnum):
    """A way to reach subscribers."""

    TELEGRAM = Subscription.Channel.TELEGRAM.value
    WEB_PUSH = Subscription.Channel.WEB_PUSH.value
    WEBHOOK = Subscription.Channel.WEBHOOK.value

    @classmethod
    def _missing_(cls, value: object) -> "ChannelName | None":
        """Clients of older installations write it so."""
        return cls.WEB_PUSH if value == "web_push" else None


class MessageIn(Lenient):
    """A message to all on one channel. More than its fields is accepted, except a name that looks like one of them."""

    message: str = Field(
        max_length=20_000,
        pattern=r"[^\s\x00]",  # it must say something
        description="Plain text; its line breaks stay.",
        examples=["Drive at 10."],
    )
    category: Category | None = Field(
        None,
        description="Only for those who have not muted it. Left out: for everybody, shown as an announcement.",
        examples=["reminder"],
    )
    title: str | None = Field(None, max_length=200, description="In bold above it. Else the first line, if short.")


class NotifyIn(MessageIn):
    """A message to all. More than its fields is accepted, except a name that looks like one of them."""

    channels: list[ChannelName] | None = Field(None, min_length=1, max_length=10, description="Left out: all of them.")


class Queued(Schema):
    """How many it was queued for."""

    queued: int = Field(description="Subscriptions it is on its way to.")


class NotifyOut(Schema):
    """A message was queued."""

    success: bool = Field(default=True, description="Always true: what failed is a problem.")
    id: int = Field(description="For GET /api/notify/{id}.")
    results: dict[str, Queued] = Field(examples=[{"telegram": {"queued": 412}}], description="By channel.")


class Progress(StrEnum):
    """How a message stands."""

    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class NotifyState(Schema):
    """How far a message is."""

    id: int = Field(description="Its number.")
    title: str = Field(description="Its first line.")
    state: Progress = Field(description="How it stands.")
    recipients: int = Field(description="Subscriptions it is for.")
    channels: dict[str, dict[str, int]] = Field(
        description="Subscriptions by channel and state.", examples=[{"telegram": {"sent": 400, "retry": 12}}]
    )


ANSWERS: dict[Any, Any] = {200: NotifyOut, **error_responses(*BAD_BODY, *REFUSED, 429)}


@router.post("/notify", response=ANSWERS, throttle=A_KEY_MAY, summary="Tell all subscribers")
def notify(request: HttpRequest, body: NotifyIn) -> NotifyOut:
    """With `web-push` among its channels, as without any, it also stands on the site, in its feed and in the lists of
    notices, for everybody to read."""
    return _queue(request, body, body.channels or list(ChannelName))


@router.post("/notify/telegram", response=ANSWERS, throttle=A_KEY_MAY, summary="Tell all on Telegram")
def notify_telegram(request: HttpRequest, body: MessageIn) -> NotifyOut:
    """It stands nowhere else: not on the site, and in no list of notices."""
    return _queue(request, body, [ChannelName.TELEGRAM])


@router.post("/notify/web-push", response=ANSWERS, throttle=A_KEY_MAY, summary="Tell all browsers")
def notify_web_push(request: HttpRequest, body: MessageIn) -> NotifyOut:
    """It also stands on the site, in its feed and in the lists of notices, for everybody to read."""
    return _queue(request, body, [ChannelName.WEB_PUSH])


@router.get(
    "/notify/{int:notice_id}",
    response={200: NotifyState, **error_responses(*UNREADABLE, *REFUSED, 404)},
    summary="How far a message is",
)
def progress(request: HttpRequest, notice_id: int) -> NotifyState:
    messages = Notice.objects.filter(external_key__startswith=BROADCAST)
    notice = get_object_or_404(messages.only("title", "broadcast"), pk=notice_id)
    channels = by_channel(notice.pk)
    states = [(state, number) for found in channels.values() for state, number in found.items()]
    return NotifyState(
        id=notice.pk,
        title=notice.title,
        state=_progress(notice, sum(number for state, number in states if state in _UNSENT)),
        recipients=sum(number for _, number in states),
        channels=channels,
    )


def _queue(request: HttpRequest, body: MessageIn, channels: list[ChannelName]) -> NotifyOut:
    published = broadcast(body.message, title=body.title or "", category=body.category or "", channels=channels)
    # attr-defined: django-ninja sets it
    caller = request.auth  # type: ignore[attr-defined]
    log.info("%s tells %d subscriptions: notice %d", caller, published.queued, published.notice.pk)
    queued = by_channel(published.notice.pk)
    wake_quietly(queued)
    results = {name.value: Queued(queued=sum(queued.get(name, {}).values())) for name in channels}
    return NotifyOut(id=published.notice.pk, results=results)


def _progress(notice: Notice, unsent: int) -> Progress:
    match notice.broadcast:
        case Broadcast.PAUSED:
            return Progress.PAUSED
        case Broadcast.CANCELLED:
            return Progress.CANCELLED
    return Progress.SENDING if unsent else Progress.DONE
