"""A browser's side of Web Push, from the text of RFC 8188 and RFC 8291 with cryptography's primitives alone."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """One subscription: its key pair and its authentication secret."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | None = None, auth: bytes = b"sixteen  octets!") -> None:
        self._key = key or ec.generate_private_key(ec.SECP256R1())
        self._auth = auth
        self._public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": encoded(self._public), "auth": encoded(self._auth)}

    def decrypt(self, body: bytes) -> bytes:
        """Raises InvalidTag for a body that was made for another browser."""
        salt, record_size = body[:16], int.from_bytes(body[16:20], "big")
        sender, record = body[21 : 21 + body[20]], body[21 + body[20] :]
        assert len(record) <= record_size
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _hkdf(self._auth, shared, b"WebPush: info\0" + self._public + sender, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1] == 2, "the delimiter of a last record"
        return padded[:-1]

    def shown(self, body: bytes) -> dict[str, str]:
        return dict(json.loads(self.decrypt(body)))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    extracted = hmac.digest(salt, secret, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)[:length]
