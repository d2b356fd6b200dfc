"""Bodies under transfer encodings of every name, and with text around them."""

import base64
import binascii
import quopri

import pytest

from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import OFFER

TEXT = OFFER.replace("Asha", "Āshā").strip()
LINES = base64.encodebytes(TEXT.encode())
QUOTED = quopri.encodestring(TEXT.encode())
FOOTER = (
    b"\n-- \nYou received this message because you are subscribed to the group\nTo unsubscribe, write to x@y.example\n"
)


def read(body: bytes, encoding: str | None = "base64", kind: str = "text/plain; charset=utf-8") -> str:
    stated = f"Content-Transfer-Encoding: {encoding}\n" if encoding is not None else ""
    return parse_mail(f"Subject: x\nContent-Type: {kind}\n{stated}\n".encode() + body).text


@pytest.mark.parametrize(
    "encoding",
    [
        "base64",
        "BASE64",
        "Base64;",
        "base64 (of the gateway)",
        "(gateway) base64",
        '"base64"',
        "base-64",
        "x-base64",
        "base_64",
        " base64 ; charset=utf-8",
        "base64\n\tfolded",
        "b64",
    ],
)
def test_base64_by_any_name(encoding: str) -> None:
    assert read(LINES, encoding) == TEXT


@pytest.mark.parametrize(
    "encoding",
    ["quoted-printable", "Quoted-Printable;", "quoted_printable", "quotedprintable", '"quoted-printable" (x)', "x-qp"],
)
def test_quoted_printable_by_any_name(encoding: str) -> None:
    assert read(QUOTED, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["8bit", "8-bit", "binary", "7bit;", "utf-8", "none", "", "x-unknown"])
def test_any_other_name_means_that_the_text_is_sent_as_it_is(encoding: str) -> None:
    assert read(TEXT.encode(), encoding) == TEXT


AROUND = {
    "a list's footer": LINES + FOOTER,
    "a footer right below": LINES + FOOTER.lstrip(b"\n"),
    "a footer of one word": LINES + b"\nDisclaimer: This e-mail is confidential.\n",
    "blank lines between": LINES.replace(b"\n", b"\n\n"),
    "lines that are indented": b"".join(b"  " + line + b" \n" for line in LINES.splitlines()),
    "one line": base64.b64encode(TEXT.encode()),
    "short lines": b"\n".join(base64.b64encode(TEXT.encode())[at : at + 20] for at in range(0, 600, 20)),
    "no padding": LINES.rstrip(b"=\n"),
    "the alphabet of addresses": LINES.replace(b"+", b"-").replace(b"/", b"_"),
    "two texts one after the other": base64.encodebytes(TEXT.encode()[:100]) + base64.encodebytes(TEXT.encode()[100:]),
    "line ends of DOS": LINES.replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("body", AROUND.values(), ids=AROUND)
def test_what_stands_around_base64_does_no_harm(body: bytes) -> None:
    assert read(body) == TEXT


def test_a_note_above_base64_is_kept() -> None:
    assert read(b"[Moderator's note: approved]\n\n" + LINES) == f"[Moderator's note: approved]\n{TEXT}"


def test_a_damaged_sign_costs_itself_and_no_more() -> None:
    damaged = LINES.replace(LINES[30:31], b"!", 1)

    assert read(damaged).endswith(TEXT[60:])


UNDECLARED = {
    "base64": LINES,
    "quoted-printable": QUOTED,
    "base64 twice": base64.encodebytes(LINES),
    "quoted-printable of base64": quopri.encodestring(LINES),
}


@pytest.mark.parametrize("encoding", [None, "7bit", "8bit", "quoted-printable"])
@pytest.mark.parametrize("body", UNDECLARED.values(), ids=UNDECLARED)
def test_an_encoding_that_nothing_states_is_seen(body: bytes, encoding: str | None) -> None:
    assert read(body, encoding) == TEXT


def test_base64_that_is_none_is_plain_text() -> None:
    assert read(TEXT.encode()) == TEXT
    assert read(b"Regards") == "Regards"


@pytest.mark.parametrize(
    "text",
    [
        "a=20 b=3 c=4D",
        "x =3 and y =20\nz=7",
        "deadbeef" * 20,
        "https://x.example/?id=3D&y=2",
        "22103001\n22103002\n22103003",
    ],
)
def test_plain_text_that_resembles_an_encoding_stays(text: str) -> None:
    assert read(text.encode(), None) == text


def test_uuencoded_text_is_read() -> None:
    data = TEXT.encode()
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))

    assert read(b"begin 644 mail.txt\n" + lines + b"`\nend\n", "x-uuencode") == TEXT


def test_a_multipart_that_was_encoded_as_a_whole_is_read() -> None:
    parts = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n--b--\n".encode()

    assert read(base64.encodebytes(parts), "base64", 'multipart/mixed; boundary="b"') == TEXT


@pytest.mark.parametrize("kind", ["multipart/alternative", 'multipart/mixed; boundary="another"'])
def test_a_multipart_without_its_boundary_is_read(kind: str) -> None:
    parts = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n\n--b--\n".encode()

    assert read(parts, None, kind) == TEXT
    assert read(TEXT.encode(), None, kind) == TEXT
