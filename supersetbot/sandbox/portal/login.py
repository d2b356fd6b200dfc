"""Who may enter the sandbox's portal: passwords encrypted with its key, and the sessions it gave out."""

import base64
from functools import cache
from secrets import token_urlsafe
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from supersetbot.sandbox.portal.portal_world import Account


class Sessions:
    """Sessions by key. They stay good until they are ended."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def log_in(self, accounts: list[Account], username: object, password: object) -> dict[str, Any] | None:
        """The portal's answer to a login (spec: portal), None if it is refused. `password` is encrypted."""
        clear = _decrypted(password)
        for account in accounts:
            if account.email == username and account.password == clear:
                return self._answer(account)
        return None

    def account(self, authorization: str) -> Account | None:
        """Whose session an Authorization header holds."""
        return self._accounts.get(authorization.removeprefix("Custom "))

    def end(self) -> None:
        """End them all."""
        self._accounts.clear()

    def _answer(self, account: Account) -> dict[str, Any]:
        key = None if account.mfa else token_urlsafe(24)
        if key:
            self._accounts[key] = account
        return {
            "userId": sum(account.email.encode()),
            "username": account.email,
            "name": account.name,
            "emailHash": account.uuid[:8],
            "sessionKey": key,
            "uuid": account.uuid,
            "refreshToken": token_urlsafe(24),
            "userProfilePhotoId": None,
            "userModes": ["STUDENT"],
            "permissions": [],
            "emailVerified": True,
            "message": None,
            "enableMfa": account.mfa,
        }


def public_key() -> str:
    """The PEM body of the portal's key."""
    der = _private_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@cache
def _private_key() -> rsa.RSAPrivateKey:
    """One key a process: as short as the real portal's, and nothing of worth behind it."""
    # S505: the length of the portal's own key
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505


def _decrypted(password: object) -> str | None:
    try:
        return _private_key().decrypt(base64.b64decode(str(password), validate=True), PKCS1v15()).decode()
    except ValueError:
        return None
