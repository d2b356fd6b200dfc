"""What is off, in the words of letters."""

import pytest

from scraping.reading.facts.states import CANCELLED, read_state
from scraping.reading.notice import extract_notice
from scraping.reading.page import Page
from tests.scraping.reading.test_any_text import notice


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("The circular dated 12.09.2026 regarding the drive of M/s Orbit is hereby withdrawn.", CANCELLED),
        ("We are not in a position to conduct the drive on 13th October.", CANCELLED),
        ("I'm sorry, we have to call off our visit on 2 December.", CANCELLED),
        ("The company has informed its inability to hold the drive.", CANCELLED),
        ("Because of our plans we have to cancel the Orbit campus drive on 5 October.", CANCELLED),
        ("Orbit Labs is not able to visit your campus on 20 September.", CANCELLED),
        ("Orbit Labs is cancelling the campus drive.", CANCELLED),
        ("We have cancelled tomorrow's interview.", CANCELLED),
        ("The form may be withdrawn by 5 PM.", ""),
        ("Don't say later that companies are not coming.", ""),
        ("Drive of Orbit will be on 14 Oct. Those not able to come may withdraw.", ""),
        ("Students unable to attend shall write to the cell.", ""),
    ],
)
def test_drives_that_letters_call_off(text: str, state: str) -> None:
    assert read_state(Page("Drive of Orbit", (text,))) == state


def test_the_day_of_the_letter_is_no_date_that_holds() -> None:
    head = "<p>Ref. No.: ABC/CDC/2026-27/126 Date: 22.11.2026</p>"
    said = "<p>The circular on the drive of M/s Orbit on 25.11.2026 is hereby withdrawn.</p>"
    facts = extract_notice(notice(head + said, "Circular withdrawn - Orbit"))
    assert (facts.state, facts.event_at) == (CANCELLED, None)


@pytest.mark.parametrize(
    "said",
    [
        "Due to a hiring freeze we are withdrawing from the on-campus drive scheduled on 8th December.",
        "Orbit has called off the interviews of 8 December. No fresh dates have been communicated.",
    ],
)
def test_a_drive_that_a_company_gives_up_has_no_date(said: str) -> None:
    facts = extract_notice(notice(f"<p>{said}</p>", "News of Orbit"))
    assert (facts.state, facts.event_at) == (CANCELLED, None)
