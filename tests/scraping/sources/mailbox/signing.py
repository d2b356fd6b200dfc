"""A signer of mails, and what it signs."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID


@cache
def signer() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """The placement cell's certificate and key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Placement Cell")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    return built.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256()), key


def signed(inner: bytes, *options: pkcs7.PKCS7Options, encoding: str = "DER") -> bytes:
    """CMS signed data that hold a mail."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(*signer(), hashes.SHA256())
    return builder.sign(getattr(serialization.Encoding, encoding), [pkcs7.PKCS7Options.Binary, *options])
