"""Who may give the bot orders: the user counts, never the chat (spec: system, Bot commands)."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Subscriber


def is_admin(user_id: int) -> bool:
    """Return whether the user is named in ADMIN_TELEGRAM_USER_IDS or flagged in the admin."""
    return user_id in settings.ADMIN_TELEGRAM_USER_IDS or _flagged().filter(telegram_id=user_id).exists()


def admin_ids() -> set[int]:
    """Telegram ids of all admins."""
    flagged = _flagged().filter(telegram_id__isnull=False).values_list("telegram_id", flat=True)
    return {*settings.ADMIN_TELEGRAM_USER_IDS, *(number for number in flagged if number)}


def _flagged() -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(is_admin=True, kind=Subscriber.Kind.PERSON)
