"""Topics of forum groups: which one the notices of a chat go to, and whether it takes them (Bot API, ForumTopic)."""

from django.db.models import Q, QuerySet

from accounts.models import Subscription

CLOSED = "topic_closed"
DELETED = "topic_deleted"
NOT_FOUND = "topic_not_found"
ALL_CLOSED = "all_closed"  # General, too: nothing can be said in this chat


def choose(telegram_id: int, topic: int | None) -> bool:
    """Have the notices of a chat go to a topic, None for General. False where the chat never subscribed."""
    return _of(telegram_id).update(topic=topic, topic_refused="", topic_told=False) == 1


def note(telegram_id: int, refused: str) -> bool:
    """Note how a topic stands: one of the codes above, or "" where it takes messages (again). False for no news."""
    news = _of(telegram_id).exclude(topic_refused=refused)
    return news.update(topic_refused=refused, topic_told=False) == 1


def untold() -> QuerySet[Subscription]:
    """Return chats whose notices came to General instead, and which were not told so yet."""
    refused = Subscription.objects.filter(state=Subscription.State.ACTIVE, topic_told=False)
    return refused.exclude(Q(topic_refused="") | Q(topic_refused=ALL_CLOSED))


def mute_chats() -> QuerySet[Subscription]:
    """Return chats that accept no message in any topic."""
    return Subscription.objects.filter(state=Subscription.State.ACTIVE, topic_refused=ALL_CLOSED)


def _of(telegram_id: int) -> QuerySet[Subscription]:
    return Subscription.objects.filter(channel=Subscription.Channel.TELEGRAM, address=str(telegram_id))
