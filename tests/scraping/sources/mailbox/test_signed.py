"""S/MIME: what was signed is read, and nobody says that it was checked."""

import subprocess
import zlib
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from scraping.items import SIGNED
from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import OFFER, mail, multipart, opaque
from tests.scraping.sources.mailbox.signing import signed, signer

HEAD = b"Subject: Kestrel - Offers\r\nMIME-Version: 1.0\r\n"
INNER = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + OFFER.encode()


@pytest.mark.parametrize(
    "kind",
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime",
        "Application/PKCS7-MIME; smime-type=enveloped-data",
        'application/octet-stream; name="smime.p7m"',
    ],
)
def test_what_was_signed_is_the_mail(kind: str) -> None:
    parsed = parse_mail(HEAD + opaque(signed(INNER), kind))

    assert (parsed.subject, parsed.text, parsed.notes) == ("Kestrel - Offers", OFFER.strip(), (SIGNED,))


def test_a_signed_part_and_a_list_footer_are_read_as_the_mail() -> None:
    footer = b"You received this message because you are subscribed to the group."

    assert parse_mail(multipart(opaque(signed(INNER)), footer)).text == OFFER.strip()


def test_what_was_signed_may_be_a_multipart_with_files() -> None:
    pdf = b'Content-Type: application/pdf; name="JD.pdf"\r\nContent-Disposition: attachment\r\n\r\n%PDF'
    inner = multipart(OFFER.encode(), pdf).partition(b"\r\n")[2]

    parsed = parse_mail(HEAD + opaque(signed(inner)))

    assert (parsed.text, parsed.attachments) == (OFFER.strip(), ("JD.pdf",))


def test_a_signed_mail_may_be_signed_again() -> None:
    assert parse_mail(HEAD + opaque(signed(opaque(signed(INNER))))).text == OFFER.strip()


def test_a_signed_mail_that_is_attached_is_read() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + HEAD + opaque(signed(INNER))

    parsed = parse_mail(multipart(b"FYI", inner))

    assert (parsed.subject, parsed.text, parsed.notes) == ("Kestrel - Offers", OFFER.strip(), (SIGNED,))


def test_armoured_data_are_read() -> None:
    armoured = signed(INNER, encoding="PEM")

    assert parse_mail(HEAD + opaque(armoured)).text == OFFER.strip()


def test_data_of_unstated_length_are_read(tmp_path: Path) -> None:
    """OpenSSL and Outlook write signed mails as they go, in pieces (BER)."""
    certificate, key = signer()
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "both.pem").write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, *plain))
    command = ["openssl", "cms", "-sign", "-nodetach", "-stream", "-binary", "-outform", "DER", "-signer", "both.pem"]
    try:
        data = subprocess.run(command, input=INNER, capture_output=True, cwd=tmp_path, check=True).stdout
    except FileNotFoundError:
        pytest.skip("this machine has no openssl")

    assert data[1] == 0x80
    assert parse_mail(HEAD + opaque(data)).text == OFFER.strip()


def test_compressed_data_are_read() -> None:
    data = cms.ContentInfo(
        {
            "content_type": "compressed_data",
            "content": cms.CompressedData(
                {
                    "version": "v0",
                    "compression_algorithm": {"algorithm": "zlib"},
                    "encap_content_info": {"content_type": "data", "content": zlib.compress(INNER)},
                }
            ),
        }
    )

    parsed = parse_mail(HEAD + opaque(data.dump(), "application/pkcs7-mime; smime-type=compressed-data"))

    assert (parsed.text, parsed.notes) == (OFFER.strip(), ())


def test_a_mail_signed_in_the_clear_is_read_as_ever() -> None:
    signature = b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n\r\nx'

    parsed = parse_mail(multipart(INNER, signature, kind="signed; protocol=x"))

    assert (parsed.text, parsed.unreadable) == (OFFER.strip(), "")


def test_a_signature_alone_is_nothing_to_read() -> None:
    detached = signed(INNER, pkcs7.PKCS7Options.DetachedSignature)

    assert parse_mail(HEAD + opaque(detached)).unreadable == "a signature alone"


def test_encrypted_mail_says_so() -> None:
    envelope = pkcs7.PKCS7EnvelopeBuilder().set_data(INNER).add_recipient(signer()[0])

    sealed = envelope.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])

    assert parse_mail(HEAD + opaque(sealed)).unreadable == "encrypted"


@pytest.mark.parametrize("data", [b"", b"\x30\x80", b"\x00" * 500, b"\x30\x84\xff\xff\xff\xff" + b"x" * 90])
def test_data_that_are_none_say_so(data: bytes) -> None:
    assert parse_mail(HEAD + opaque(data)).unreadable.startswith("S/MIME that can't be read")


def test_any_cut_of_signed_data_is_read_or_says_so() -> None:
    data = signed(INNER)
    for end in range(0, len(data), 41):
        parsed = parse_mail(HEAD + opaque(data[:end]))
        assert parsed.unreadable or parsed.text


def test_what_is_not_signed_has_no_note() -> None:
    assert parse_mail(mail("x", OFFER)).notes == ()
