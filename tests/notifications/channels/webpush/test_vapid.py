"""VAPID keys and tokens, checked with cryptography alone (RFC 8292, RFC 7515)."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifications.channels.webpush.vapid import SLOT_SECONDS, Vapid, make_vapid_keys
from tests.notifications.channels.webpush.browser import decoded, encoded
from tests.paths import SAMPLES as ALL_SAMPLES

SAMPLE = ALL_SAMPLES / "webpush" / "rfc8292_s2_4.json"
NOW = 1_795_000_000.0
CONTACT = "placements@college.example"


def verified_claims(authorization: str) -> dict[str, object]:
    """The claims of an Authorization header. Raises InvalidSignature."""
    scheme, _, parameters = authorization.partition(" ")
    assert scheme == "vapid"
    given = dict(parameter.strip().split("=", 1) for parameter in parameters.split(","))
    header, claims, signature = given["t"].split(".")
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(given["k"]))
    key.verify(der, f"{header}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(decoded(header)) == {"typ": "JWT", "alg": "ES256"}
    return dict(json.loads(decoded(claims)))


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    return make_vapid_keys()


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"*** no {SAMPLE} ***")
def test_the_verification_here_accepts_the_rfcs_own_example() -> None:
    example = json.loads(SAMPLE.read_text())
    assert verified_claims(example["authorization"]) == example["claims"]


def test_a_token_names_the_push_service_and_the_contact_and_verifies(pair: tuple[str, str]) -> None:
    claims = verified_claims(Vapid(*pair, CONTACT).authorization("https://push.example.net", NOW))
    assert claims["aud"] == "https://push.example.net"
    assert claims["sub"] == f"mailto:{CONTACT}"


def test_the_key_in_the_header_is_the_one_browsers_subscribe_with(pair: tuple[str, str]) -> None:
    assert Vapid(*pair, CONTACT).authorization("https://push.example.net", NOW).endswith(f"k={pair[1]}")


@pytest.mark.parametrize("seconds", [0, 1, SLOT_SECONDS // 2, SLOT_SECONDS - 1, SLOT_SECONDS, 5 * SLOT_SECONDS])
def test_a_token_is_valid_for_six_to_twelve_hours_whenever_it_is_used(pair: tuple[str, str], seconds: int) -> None:
    vapid = Vapid(*pair, CONTACT)
    vapid.authorization("https://push.example.net", NOW)
    expires = verified_claims(vapid.authorization("https://push.example.net", NOW + seconds))["exp"]
    assert isinstance(expires, int)
    assert 6 * 3600 <= expires - (NOW + seconds) <= 12 * 3600


def test_a_token_is_signed_once_a_push_service(pair: tuple[str, str]) -> None:
    vapid = Vapid(*pair, CONTACT)
    first = vapid.authorization("https://push.example.net", NOW)
    assert vapid.authorization("https://push.example.net", NOW + 1) == first  # a signature is random: this is the same
    assert vapid.authorization("https://other.example.net", NOW) != first


def test_made_keys_are_raw_and_a_pair(pair: tuple[str, str]) -> None:
    private, public = pair
    assert len(decoded(private)) == 32
    assert decoded(public)[:1] == b"\x04"
    assert Vapid(private, public, CONTACT).public_key == public
    assert make_vapid_keys() != pair


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("one_line", [False, True])
def test_a_private_key_may_be_pem_or_der(form: PrivateFormat, one_line: bool, pair: tuple[str, str]) -> None:
    key = ec.derive_private_key(int.from_bytes(decoded(pair[0]), "big"), ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()
    der = encoded(key.private_bytes(Encoding.DER, form, NoEncryption()))
    for private in (pem.replace("\n", "\\n") if one_line else pem, der):
        assert Vapid(private, "", CONTACT).public_key == pair[1]


def _der(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return encoded(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    "private",
    [
        "",
        "hello",
        "ключ",
        encoded(bytes(32)),
        encoded(b"\xff" * 32),
        encoded(bytes(31)),
        "-----BEGIN PRIVATE KEY-----",
        _der(ec.generate_private_key(ec.SECP384R1())),
        _der(rsa.generate_private_key(65537, 2048)),
    ],
)
def test_what_is_no_p256_key_is_refused_without_repeating_it(private: str) -> None:
    with pytest.raises(ValueError, match="VAPID_PRIVATE_KEY") as caught:
        Vapid(private, "", CONTACT)
    assert not private or private not in str(caught.value)


def test_a_public_key_of_another_pair_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="VAPID_PUBLIC_KEY"):
        Vapid(pair[0], make_vapid_keys()[1], CONTACT)


@pytest.mark.parametrize(
    ("contact", "subject"),
    [
        (CONTACT, f"mailto:{CONTACT}"),
        (f"mailto:{CONTACT}", f"mailto:{CONTACT}"),
        (f"MAILTO:{CONTACT}", f"mailto:{CONTACT}"),
        (f" {CONTACT} ", f"mailto:{CONTACT}"),
        ("x+y@sub.example.edu", "mailto:x+y@sub.example.edu"),
        ("https://bot.example.edu:8443/contact?x=1", "https://bot.example.edu:8443/contact?x=1"),
        ("https://x.example", "https://x.example"),
    ],
)
def test_a_contact_is_a_mail_address_or_a_url(pair: tuple[str, str], contact: str, subject: str) -> None:
    assert verified_claims(Vapid(*pair, contact).authorization("https://push.example.net", NOW))["sub"] == subject


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "placements",
        "http://x.example",
        "tel:123",
        "@example.edu",
        "x@",
        "x@@example.edu",
        "x@localhost",
        "x@mail",
        "x@host.local",
        "x@example.invalid",
        "x@127.0.0.1",
        "x@[127.0.0.1]",
        "x@example..edu",
        "a..b@example.edu",
        "mailto:",
        "mailto: x@example.edu",
        "mailto:mailto:x@example.edu",
        "mailto://x@example.edu",
        "mailto:<x@example.edu>",
        "<x@example.edu>",
        "Name <x@example.edu>",
        "x@example.edu, y@example.edu",
        "x@example.edu?subject=hi",
        "x@example.edu\n",
        "\rx@example.edu",
        "x@exam\nple.edu",
        "https:",
        "https://",
        "https:///",
        "https://localhost/x",
        "https://10.0.0.7",
        "https://user:pass@example.edu",
        "https://mailto:x@example.edu",
    ],
)
def test_a_contact_nobody_can_be_reached_at_is_refused(pair: tuple[str, str], contact: str) -> None:
    with pytest.raises(ValueError, match="VAPID_EMAIL"):
        Vapid(*pair, contact)
