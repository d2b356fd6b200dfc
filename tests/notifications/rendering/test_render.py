"""What a student reads, to the character (spec: messages)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from notifications.models import Notice
from notifications.rendering.formats import moment
from notifications.rendering.render import push_parts, telegram_parts, telegram_text

INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 26, 10, 20, tzinfo=INDIA)
PORTAL = "https://portal.example/students"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def notice(category: str, **fields: object) -> Notice:
    return Notice(category=category, author="T&P Cell", published_at=NOW.replace(minute=14), **fields)


def posting(**fields: object) -> Notice:
    facts = {"Type": "Full time", "Who can apply": "B.Tech CSE · UG 7.0 CGPA", "Rounds": "Test → HR"}
    return notice(
        "job_posting",
        company="Kestrel Labs",
        role="Analyst",
        package="₹12 LPA",
        location="Noida",
        deadline=datetime(2026, 11, 28, 23, 59, tzinfo=INDIA),
        details=facts | {"Documents": "JD.pdf"},
        body="<p>Applications are being accepted.</p>",
        **fields,
    )


def test_a_posting_says_who_how_much_and_until_when() -> None:
    (part,) = telegram_parts(posting(url=PORTAL, url_label="Open on SuperSet"))
    assert part.body.text == (
        "💼 Kestrel Labs · Analyst\n"
        "₹12 LPA · Noida · Full time\n"
        "Apply by Sat 28 Nov, 11:59 PM (in 2 days)\n"
        "\n"
        "Who can apply B.Tech CSE · UG 7.0 CGPA\n"
        "Rounds Test → HR\n"
        "📎 JD.pdf\n"
        "T&P Cell · Thu 26 Nov, 10:14 AM"
    )
    assert [(button.text, button.url) for button in part.buttons] == [("Open on SuperSet", PORTAL)]


def test_a_posting_that_no_page_tells_the_rest_of_keeps_its_text() -> None:
    lines = telegram_text(posting()).text.split("\n")
    assert "Rounds Test → HR" in lines
    assert "Applications are being accepted." in lines


def test_a_shortlist_names_stage_time_place_and_all_students() -> None:
    roster = [{"name": "Asha Verma", "enrollment": "22103001"}, {"name": "Bilal Khan", "enrollment": "9922103002"}]
    told = notice(
        "shortlisting",
        company="Kestrel Labs",
        role="Analyst",
        stage="Stage 3 (Technical interview)",
        event_at=datetime(2026, 11, 27, 10, tzinfo=INDIA),
        venue="LT-3",
        roster=roster,
    )
    assert telegram_text(told).text == (
        "🎯 Shortlist · Kestrel Labs · Analyst\n"
        "Stage 3, Technical interview · Fri 27 Nov, 10:00 AM · LT-3\n"
        "\n"
        "2 students\n"
        "22103001    Asha Verma\n"
        "9922103002  Bilal Khan\n"
        "\n"
        "T&P Cell · Thu 26 Nov, 10:14 AM"
    )


def test_an_offer_says_how_many_and_who_is_new() -> None:
    told = notice(
        "placement_offer",
        title="3 more students have been placed at Kestrel Labs, total 12",
        company="Kestrel Labs",
        details={"Placed": "12", "New": "3", "Since": "Mon 23 Nov", "Roles": "Analyst · 12 offers · ₹9 LPA"},
    )
    assert telegram_text(told).text == (
        "🎉 3 more placed at Kestrel Labs, total 12\n"
        "Analyst · 12 offers · ₹9 LPA\n"
        "(new since Mon 23 Nov: 3)\n"
        "\n"
        "T&P Cell · Thu 26 Nov, 10:14 AM"
    )


def test_an_edited_message_begins_with_what_changed() -> None:
    told = notice("update", title="Venue", edited_at=NOW.replace(hour=11), edit_note="deadline moved to Sun 29 Nov")
    first = telegram_text(told, edited=True).text.split("\n")[0]
    assert first == "✏️ Edited Thu 26 Nov, 11:20 AM: deadline moved to Sun 29 Nov"


@pytest.mark.parametrize("category", ["update", "announcement", "reminder", "webinar", "hackathon", "internship_noc"])
def test_what_is_not_known_leaves_no_empty_line_or_word(category: str) -> None:
    text = telegram_text(notice(category, title="Bring your ID card")).text
    assert text.split("\n")[1:] == ["", "T&P Cell · Thu 26 Nov, 10:14 AM"]
    assert "None" not in text


def test_what_came_from_outside_is_text_and_no_markup() -> None:
    told = notice("update", title="<b>R&D</b> _lab_ *new*", company="A <i> & Co", role="Dev <3", body="1 &lt; 2 & more")
    text = telegram_text(told).text
    assert text.startswith("📌 <b>R&D</b> _lab_ *new*\n")
    assert "1 < 2 & more" in text


def test_a_push_message_carries_the_first_lines() -> None:
    (part,) = push_parts(posting(url=PORTAL))
    assert part.title == "💼 Kestrel Labs · Analyst"
    assert part.body == "₹12 LPA · Noida · Full time\nApply by Sat 28 Nov, 11:59 PM (in 2 days)"


def test_another_year_is_named() -> None:
    assert moment(datetime(2027, 1, 3, 0, 5, tzinfo=INDIA)) == "Sun 3 Jan 2027, 12:05 AM"
