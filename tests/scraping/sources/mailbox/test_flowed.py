"""format=flowed: RFC 3676's own rules."""

import pytest

from scraping.sources.mailbox.flowed import unflowed
from scraping.sources.mailbox.parse import parse_mail


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("shortlisted for the \ninterview", "shortlisted for the interview"),
        ("one \ntwo \nthree\nfour", "one two three\nfour"),
        ("fixed\nlines\n", "fixed\nlines\n"),
        (" From the beginning \nstuffed", "From the beginning stuffed"),
        ("> quoted \n> on\nown", "> quoted on\nown"),
        ("> quoted \nown", "> quoted \nown"),
        (">> deep \n> shallow", ">> deep \n> shallow"),
        ("text \n-- \nAsha", "text \n-- \nAsha"),
        ("-- \nAsha \nRao", "-- \nAsha Rao"),
        ("ends with a space ", "ends with a space "),
        ("paragraph \n\nnext", "paragraph \n\nnext".replace(" \n\n", " \n")),
    ],
)
def test_lines_that_end_with_a_space_flow_on(text: str, joined: str) -> None:
    assert unflowed(text) == joined


@pytest.mark.parametrize(
    ("text", "joined"),
    [("日本 \n語", "日本語"), ("one  \ntwo", "one two"), ("> 日本 \n> 語", "> 日本語"), ("fixed\nx", "fixed\nx")],
)
def test_with_delsp_the_space_goes(text: str, joined: str) -> None:
    assert unflowed(text, delete_space=True) == joined


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ("format=flowed", "Role: Software Engineer\nVenue: LT-3"),
        ('FORMAT="Flowed"; charset=utf-8', "Role: Software Engineer\nVenue: LT-3"),
        ("format=flowed; delsp=yes", "Role: SoftwareEngineer\nVenue: LT-3"),
        ("format=fixed", "Role: Software \nEngineer\nVenue: LT-3"),
        ("charset=utf-8", "Role: Software \nEngineer\nVenue: LT-3"),
    ],
)
def test_only_a_mail_that_says_so_flows(parameters: str, text: str) -> None:
    raw = f"Content-Type: text/plain; {parameters}\r\n\r\nRole: Software \r\nEngineer\r\nVenue: LT-3\r\n"

    assert parse_mail(raw.encode()).text == text.replace(" \n", "\n")


def test_an_encoded_text_flows_as_well() -> None:
    head = (
        "Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )

    assert (
        parse_mail(f"{head}Role: Zo=C3=AB=20\r\nEngineer=20=\r\n\r\nat LT-3".encode()).text
        == "Role: Zoë Engineer at LT-3"
    )
