"""S/MIME: the mail inside signed or compressed data (RFC 8551, 3.5 and 3.6). Pure.

A signature is not checked: no certificate is known here, and a mail without one is read just as well.
"""

import zlib

from asn1crypto import cms, pem

_SIGNED, _COMPRESSED = "signed_data", "compressed_data"
_LARGEST = 40_000_000  # bytes of what compressed data become


class SealedError(Exception):
    """The data hold nothing that can be read; the text says why."""


def unwrapped(data: bytes) -> tuple[bytes, bool]:
    """The mail that was signed or compressed, with its own headers; whether it was signed. Raises SealedError."""
    try:
        if pem.detect(data):
            data = pem.unarmor(data)[2]
        info = cms.ContentInfo.load(data)
        kind = info["content_type"].native
        return _content(kind, info["content"]), kind == _SIGNED
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, zlib.error) as error:
        raise SealedError(f"S/MIME that can't be read ({type(error).__name__})") from error


def _content(kind: str, content: cms.SignedData) -> bytes:
    if kind == _SIGNED:
        inner = content["encap_content_info"]["content"].native
    elif kind == _COMPRESSED:
        packed = content["encap_content_info"]["content"].native
        inner = zlib.decompressobj().decompress(packed, _LARGEST)
    else:
        raise SealedError("encrypted" if "enveloped" in kind else f"S/MIME of a kind that can't be read ({kind})")
    if not isinstance(inner, bytes):
        raise SealedError("a signature alone")
    return inner
