"""A forum group is told, once, that its topic does not take notices and that they come to General."""

from django.db import transaction

from accounts.models import Subscription
from accounts.subscribing import topics
from notifications.publishing import broadcasts

TITLE = "These notices have lost their topic"
CLOSED = (
    "The topic they came to is closed. They come to General until it is open again.\n"
    "An admin of this group can reopen it, or send /start in another topic."
)
GONE = (
    "The topic they came to is gone. They come to General from now on.\n"
    "An admin of this group can send /start in another topic."
)


def tell_refused() -> int:
    """Queue a message to each forum group that does not know yet. Counts them."""
    return sum(map(_tell, topics.untold()))


@transaction.atomic
def _tell(chat: Subscription) -> bool:
    mine = topics.untold().filter(pk=chat.pk, topic_refused=chat.topic_refused).update(topic_told=True) == 1
    if mine:
        broadcasts.tell([chat], CLOSED if chat.topic_refused == topics.CLOSED else GONE, title=TITLE)
    return mine
