"""Texts of any kind are read, in time that grows with their length alone (spec: reading; issue: Bad input)."""

import random
import string
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraping.items import JobRef, PortalNotice
from scraping.reading.mail import read_mail
from scraping.reading.notice import extract_notice
from tests.scraping.sources.mailbox.mails import laid_out, mail

NEAR = datetime(2026, 11, 20, 6, tzinfo=UTC)
JOBS = [JobRef(str(number), f"Orbit {word} Labs", "Data Analyst") for number, word in enumerate("Alpha Beta".split())]
SIZE = 100_000
LONGEST = 1.0  # second of CPU, on a machine that reads ordinary text of this size in less

PIECES = [
    "Orbit Labs ", "Software Engineer ", "(", ")", "12 LPA ", "on 5 Dec ", "9:30 am ", "by ", "at ", "Seminar Hall ",
    "22103001 ", "Asha Rao ", ", ", ". ", "\n", "\t", "|", "Role: ", "CTC - ", "selected ", "Rs. 5,00,000/- ", "<b>",
    "</td><td>", "<p>", "२२/०९/२०२६ को ", "kal subah 9 baje ", "https://orbit.example/a ", "and ", "of ", "- ", "'s ",
]  # fmt: skip


def notice(content: str, title: str = "Orbit") -> PortalNotice:
    return PortalNotice("1", title, content, "T&P", NEAR, NEAR)


def repeated(piece: str) -> str:
    return piece * (SIZE // max(1, len(piece.encode())))


HOSTILE: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "blanks": lambda: repeated(" "),
    "one word": lambda: repeated("a"),
    "capital words": lambda: repeated("Orbit "),
    "words with commas": lambda: repeated("Hall, "),
    "rooms": lambda: repeated("Room 12 "),
    "open brackets": lambda: repeated("("),
    "numbers": lambda: repeated("12 "),
    "digits": lambda: repeated("1"),
    "dates": lambda: repeated("5 Dec "),
    "clocks": lambda: repeated("9:30 am - "),
    "tabs": lambda: repeated("a\t"),
    "bars": lambda: repeated("a | "),
    "students": lambda: "\n".join(f"{22103001 + n} Asha Rao" for n in range(4000)),
    "roles": lambda: repeated("Associate Software Engineer "),
    "labels": lambda: repeated("Role: "),
    "amounts": lambda: repeated("CTC: 12,00,000 + "),
    "dashes": lambda: repeated("- "),
    "quotes": lambda: repeated("'"),
    "stars": lambda: repeated("*a "),
    "ampersands": lambda: repeated("A & "),
    "selections": lambda: repeated("<p>Selected for the interview on 5 Dec 2026, 9:30 am, CL-5 if not absent</p>"),
    "offers": lambda: repeated("selected for the "),
    "devanagari": lambda: repeated("टाटा मोटर्स "),
    "hinglish": lambda: repeated("kal subah 9 baje tak "),
    "control characters": lambda: repeated("\x00\x01\x0b\u200b"),
    "deep": lambda: "<div>" * 10_000 + "Orbit" + "</div>" * 10_000,
    "tables in tables": lambda: "<table><tr><td>" * 2_000 + "Orbit",
    "one table": lambda: "<table>" + "<tr><td>Orbit</td><td>5 Dec</td></tr>" * 3_000 + "</table>",
    "an image": lambda: '<img src="data:image/png;base64,' + "A" * SIZE + '">',
    "random pieces": lambda: "".join(random.Random(7).choice(PIECES) for _ in range(12_000)),
    "random letters": lambda: "".join(random.Random(7).choices(string.printable, k=SIZE)),
}


@pytest.fixture(scope="module")
def longest() -> float:
    """CPU seconds that any text may take: a second, or twice what ordinary text of its size takes on this machine."""
    ordinary = repeated(
        "<p>Orbit Labs will visit B.Tech CSE and IT on 5 Dec 2026, 9:30 am, in CL-5. Apply by 3 Dec.</p>\n"
    )
    extract_notice(notice("Come."), JOBS)  # the tables of rules are read once
    start = time.process_time()
    extract_notice(notice(ordinary), JOBS)
    return max(LONGEST, 2 * (time.process_time() - start))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_notice_is_read_in_bounded_time(name: str, longest: float) -> None:
    text = HOSTILE[name]()
    start = time.process_time()

    assert extract_notice(notice(text), JOBS).category

    assert time.process_time() - start < longest


@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_title_and_a_long_mail_are_read_in_bounded_time(name: str, longest: float) -> None:
    text = HOSTILE[name]().replace("\x00", "")
    subject = " ".join(text[:2000].split())
    raw = mail(subject, text)
    start = time.process_time()

    assert read_mail(laid_out(raw), JOBS).category
    assert extract_notice(notice("Come.", text), JOBS).category

    assert time.process_time() - start < 2 * longest


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=60))
def test_any_title_and_text_are_read(title: str, pieces: list[str]) -> None:
    facts = extract_notice(notice("".join(pieces), title), JOBS)

    assert 0 <= facts.confidence <= 1
    assert facts.company != ""
