"""Whatever arrives is read: no exception, no end of time."""

import time
from importlib import resources
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraping.explain.mail import explain_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.reading.privacy import public_text
from scraping.sources.mailbox.parse import parse_mail
from tests.scraping.sources.mailbox.mails import (
    OFFER,
    apple_forward,
    calendar,
    forwarded,
    gmail_forward,
    gmail_html,
    mail,
    multipart,
    opaque,
    outlook_forward,
    part,
)
from tests.scraping.sources.mailbox.signing import signed

SEEDS = [
    forwarded("Kestrel - Offers", OFFER),
    mail("Fwd: x", apple_forward("Kestrel - Offers", OFFER)),
    mail("FW: x", outlook_forward("Kestrel - Offers", OFFER)),
    mail("Fwd: x", gmail_forward("x", OFFER), html=gmail_html("x", "<table><tr><td>22103001<td>Asha Rao</table>")),
]
SEEDS += [
    multipart(b"FYI", part("application/octet-stream", SEEDS[0], name="a.eml")),
    multipart(part("text/plain", OFFER.encode()), calendar(), kind="alternative"),
    b"Subject: x\r\n" + opaque(signed(b"\r\n" + OFFER.encode())),
    b"Subject: x\r\nContent-Type: text/plain; format=flowed; delsp=yes\r\n\r\n" + OFFER.replace("\n", " \n").encode(),
    b"Subject: x\r\n\r\n&lt;p style='display:none'&gt;x&lt;/p&gt;&lt;td&gt;22103001&lt;/td&gt;",
]
MANY = settings(max_examples=150)


def read(raw: bytes) -> None:
    parsed = parse_mail(raw)
    assert parsed.message_id
    assert parsed.content_key
    public_text(lay_out_mail(parsed)).encode()
    assert explain_mail("x.eml", raw)["kind"]


@MANY
@given(st.binary(max_size=3000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    read(raw)


@MANY
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 200), st.binary(max_size=20)), max_size=12),
)
def test_a_damaged_mail_is_read(raw: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    damaged = bytearray(raw)
    for at, length, data in damages:
        damaged[at : at + length] = data
    read(bytes(damaged))


@MANY
@given(st.text(max_size=300), st.text(max_size=1500))
def test_any_words_are_read(subject: str, text: str) -> None:
    read(f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode("utf-8", "replace"))


def test_the_hard_mails_of_the_standard_library_are_read() -> None:
    pytest.importorskip("test.test_email", reason="this Python comes without its own tests")
    folder = resources.files("test.test_email").joinpath("data")
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".txt")]

    assert len(names) > 40
    for name in names:
        read(folder.joinpath(name).read_bytes())


PIECES = """|>|-|From: a\nSubject: b\nTo: c\n|On a wrote:\n|a.|a@|(|role: |22103001 |\t|\n|*a|Asha Rao\n
|1\n22103001\nAsha Rao\n|selected for the |offers from |internship from |98765 43210 |X is hiring | """.split("|")[1:]


@pytest.mark.parametrize("piece", PIECES)
def test_repetition_without_end_has_an_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    read(mail("Kestrel - Offers", gmail_forward("Kestrel - Offers", text)))
    read(mail("Kestrel - Offers", html=f"<p>{text}"))

    assert time.process_time() - start < 15


def test_mails_within_mails_without_end() -> None:
    nested = b"Subject: x\n\ny"
    for number in range(300):
        boundary = b"b%d" % number
        nested = (
            b"Content-Type: multipart/mixed; boundary="
            + boundary
            + b"\n\n--"
            + boundary
            + b"\n"
            + nested
            + b"\n--"
            + boundary
            + b"--\n"
        )
    read(nested)


def test_five_hundred_mails_take_less_than_thirty_seconds() -> None:
    start = time.process_time()
    for raw in islice(cycle(SEEDS), 500):
        explain_mail("x.eml", raw)

    assert time.process_time() - start < 30
