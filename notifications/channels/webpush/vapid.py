"""VAPID: the key pair a push service knows this server by, and the tokens signed with it (RFC 8292)."""

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from py_vapid import Vapid02
from py_vapid.jwt import sign
from py_vapid.utils import b64urlencode

from notifications.channels.webpush.contact import WANTS, contact_uri

SLOT_SECONDS = 6 * 3600  # a token is used for one slot and valid for two: 12 h of the 24 allowed at most


def make_vapid_keys() -> tuple[str, str]:
    """A new pair, (private, public): 32 bytes and the 65 of an uncompressed point, in base64url unpadded."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_numbers().private_value.to_bytes(32, "big")
    return b64urlencode(private), _encoded(key.public_key())


class Vapid:
    """A key pair and its contact. Signs a token once a push service and slot, as signing is slow."""

    def __init__(self, private_key: str, public_key: str, contact: str) -> None:
        """`private_key`: base64url of the raw 32 bytes or of DER, or PEM. `contact`: a mail address or a URL.

        An empty `public_key` is worked out. Raises ValueError, in one line without the key, if it can't work.
        """
        self._key = _load(private_key)
        self.public_key = _encoded(self._key.public_key())
        if public_key and public_key.strip().rstrip("=") != self.public_key:
            raise ValueError("VAPID_PUBLIC_KEY does not belong to VAPID_PRIVATE_KEY")
        try:
            self._contact = contact_uri(contact)
        except ValueError as error:
            raise ValueError(f"VAPID_EMAIL must be {WANTS}: {error}") from None
        self._signed = lru_cache(maxsize=256)(self._sign)

    def authorization(self, audience: str, now: float) -> str:
        """The Authorization header for the push service at origin `audience`; `now` in seconds since 1970."""
        return f"vapid t={self._signed(audience, int(now) // SLOT_SECONDS)}, k={self.public_key}"

    def _sign(self, audience: str, slot: int) -> str:
        claims = {"aud": audience, "exp": (slot + 2) * SLOT_SECONDS, "sub": self._contact}
        return str(sign(claims, self._key))


def _load(text: str) -> ec.EllipticCurvePrivateKey:
    text = text.strip().replace("\\n", "\n")  # a PEM in an environment file is one line
    try:
        if text.startswith("-----BEGIN"):
            key = load_pem_private_key(text.encode(), password=None)
        else:
            key = Vapid02.from_string(text).private_key
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("VAPID_PRIVATE_KEY is not a key in base64url, DER or PEM") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("VAPID_PRIVATE_KEY must be a key on the curve P-256")
    return key


def _encoded(key: ec.EllipticCurvePublicKey) -> str:
    return str(b64urlencode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))
