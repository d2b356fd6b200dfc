"""Names that say nothing about a person, for the logs and for the admin's history: `user:3fa9c1d2`.

A keyed digest of the Telegram id: the same person has the same name each time, and without SECRET_KEY nobody can tell
whose it is. The admin's page of subscribers shows it beside the name, so that an operator can look a line up; of who
was forgotten (/forget) nothing is left to compare it with.
"""

from django.utils.crypto import salted_hmac

_SHOWN = 8


def digest(telegram_id: int) -> str:
    """64 hexadecimal digits."""
    return salted_hmac("accounts.pseudonyms", str(telegram_id), algorithm="sha256").hexdigest()


def pseudonym(telegram_id: int) -> str:
    """`user:…` for a person, `chat:…` for a group or channel, whose ids are negative (Bot API, Chat)."""
    return f"{'user' if telegram_id > 0 else 'chat'}:{digest(telegram_id)[:_SHOWN]}"
