"""The portal's sessions in the database, and which passwords it refused."""

import hashlib

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from scraping.models import PortalAccount
from scraping.sources.portal.client import Account, LoginRefusedError, Session

# An account is locked after a handful of wrong passwords; a portal may also refuse a right one for an hour.
MOST_REFUSALS = 3


class DatabaseSessions:
    """A SessionStore over PortalAccount rows. A password refused three times running is not tried again."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self._digests = {account.email: _digest(account.password) for account in accounts}

    async def load(self, email: str) -> Session | None:
        return await sync_to_async(self._load)(email)

    async def save(self, email: str, session: Session) -> None:
        kept = {"uuid": session.uuid, "key": session.key, "mfa": session.mfa}
        await PortalAccount.objects.aupdate_or_create(
            email=email,
            defaults={"session": kept, "refusals": 0, "last_login_at": timezone.now()},
        )

    async def forget(self, email: str) -> None:
        await PortalAccount.objects.filter(email=email).aupdate(session=None)

    async def refused(self, email: str) -> None:
        """Count a refused password; at the third time in a row it is left alone."""
        await sync_to_async(self._refused)(email)

    def _load(self, email: str) -> Session | None:
        row = PortalAccount.objects.filter(email=email).first()
        if row is None:
            return None
        if row.refusals >= MOST_REFUSALS and row.refused_password == self._digests.get(email):
            raise LoginRefusedError(email, "this password was refused three times and is not tried again")
        return Session(**row.session) if row.session else None

    def _refused(self, email: str) -> None:
        row, _ = PortalAccount.objects.get_or_create(email=email)
        digest = self._digests.get(email, "")
        row.refusals = row.refusals + 1 if row.refused_password == digest else 1
        row.refused_password = digest
        row.last_refused_at = timezone.now()
        row.save()


def _digest(password: str) -> str:
    """Tells a changed password from the refused one; of no use without the SECRET_KEY."""
    return hashlib.blake2b(password.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
