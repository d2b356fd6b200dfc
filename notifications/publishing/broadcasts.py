"""What is done to a notice on its way out to many: pause, resume, cancel; and a message of an admin's own.

Each is safe to repeat and to call while it goes out. What a dispatcher has claimed already, about a second's work, may
still go out after a pause or a cancellation.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import uuid4

from django.db import transaction
from django.utils.html import linebreaks

from accounts.models import Subscription
from notifications.delivery import ledger, unsent
from notifications.models import Notice
from notifications.publishing.publish import Draft, Published, publish

Broadcast = Notice.Broadcast
BROADCAST = "broadcast:"  # what the external keys of messages begin with
_LONGEST_TITLE = 120


def broadcast(
    text: str,
    *,
    title: str = "",
    author: str = "",
    channels: Collection[str] = (),
    season: int | None = None,
    category: str = "",
    private: bool | None = None,
    key: str = "",
) -> Published:
    """Queue a message for every subscriber, or for those who follow a season and have not muted a category, on these
    channels or all.

    Without a category nobody can have muted it: it is shown as an announcement. A `private` one is not for the site;
    unless said, that is one told on Telegram alone: who is told in a browser reads it on the site. One with a `key` is
    queued once.

    Without a title its first line is that, where it is short. Raises ValueError for a text of nothing but spaces.
    """
    if private is None:
        private = bool(channels) and Subscription.Channel.WEB_PUSH not in channels
    draft = broadcast_draft(text, title=title, author=author, category=category, private=private)
    draft = replace(draft, season=season, external_key=f"{BROADCAST}{key}" if key else draft.external_key)
    return publish(draft, channels=channels)


@transaction.atomic
def tell(
    subscriptions: Collection[Subscription], text: str, *, title: str = "", category: str = "", key: str = ""
) -> Published:
    """Queue a message for these subscriptions alone: nobody else gets or sees it; with a `key` only once.

    Raises ValueError as `broadcast`.
    """
    draft = broadcast_draft(text, title=title, category=category, private=True)
    published = publish(replace(draft, external_key=f"{BROADCAST}{key}" if key else draft.external_key), announce=False)
    Notice.objects.filter(pk=published.notice.pk).update(announced=True)
    return replace(published, queued=ledger.queue(published.notice.pk, subscriptions))


def broadcast_draft(
    text: str, *, title: str = "", author: str = "", category: str = "", private: bool = False
) -> Draft:
    """The notice a broadcast becomes. Raises ValueError for a text of nothing but spaces."""
    text = text.strip()
    if not text:
        raise ValueError("There is nothing to say: the text is empty.")
    first, _, rest = (title, "", text) if title.strip() else text.partition("\n")
    if len(first) > _LONGEST_TITLE and not title.strip():
        first, rest = "Announcement", text
    body = linebreaks(rest.strip(), autoescape=True) if rest.strip() else ""
    title = " ".join(first.split())
    key = f"{BROADCAST}{uuid4()}"
    return Draft(external_key=key, title=title, category=category, body=body, author=author, private=private)


@transaction.atomic
def pause(notice_id: int) -> bool:
    """Hold back what has not gone out yet. False where it does not go out."""
    if not _turn(notice_id, (Broadcast.RUNNING,), Broadcast.PAUSED):
        return False
    unsent.hold(notice_id)
    return True


@transaction.atomic
def resume(notice_id: int) -> bool:
    """Let what was held back go out. False where it is not paused."""
    if not _turn(notice_id, (Broadcast.PAUSED,), Broadcast.RUNNING):
        return False
    unsent.unhold()
    return True


@transaction.atomic
def cancel(notice_id: int) -> bool:
    """Tell nobody else. False where it was cancelled before."""
    if not _turn(notice_id, (Broadcast.RUNNING, Broadcast.PAUSED), Broadcast.CANCELLED):
        return False
    unsent.skip_unsent(notice_id, "cancelled")
    return True


def _turn(notice_id: int, before: Sequence[str], after: str) -> bool:
    return Notice.objects.filter(pk=notice_id, broadcast__in=before).update(broadcast=after) == 1
