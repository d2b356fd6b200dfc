"""What a student reads, to the character (spec: messages)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import Settings

from accounts.times import moment
from notifications.models import Notice
from notifications.rendering.public import public
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
        "\n"
        "T&P Cell"
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
        "T&P Cell"
    )


def test_an_offer_says_how_many_and_who_is_new() -> None:
    told = notice(
        "placement_offer",
        title="3 more students have been placed at Kestrel Labs, total 12",
        company="Kestrel Labs",
        details={"Placed": "12", "New": "3", "Since": "Mon 23 Nov", "Roles": "Analyst · 12 offers · ₹9 LPA"},
    )
    assert telegram_text(told).text == (
        "🎉 3 more placed at Kestrel Labs\n"
        "12 in all, with the 9 told before (Mon 23 Nov)\n"
        "Analyst · 12 offers · ₹9 LPA\n"
        "\n"
        "T&P Cell"
    )


def test_an_edited_message_begins_with_what_changed() -> None:
    told = notice("update", title="Venue", edited_at=NOW.replace(hour=11), edit_note="deadline moved to Sun 29 Nov")
    first = telegram_text(told, edited=True).text.split("\n")[0]
    assert first == "✏️ Edited Thu 26 Nov, 11:20 AM: deadline moved to Sun 29 Nov"


@pytest.mark.parametrize("category", ["update", "announcement", "reminder", "webinar", "hackathon", "internship_noc"])
def test_what_is_not_known_leaves_no_empty_line_or_word(category: str) -> None:
    text = telegram_text(notice(category, title="Bring your ID card")).text
    assert text.split("\n")[1:] == ["", "T&P Cell"]
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


@pytest.mark.parametrize(
    ("fields", "website", "opened"),
    [
        ({}, "https://bot.example.edu/", "https://bot.example.edu/notices/7"),
        ({}, "", "/notices/7"),
        ({"private": True}, "https://bot.example.edu/", PORTAL),
        ({"withdrawn_at": NOW}, "https://bot.example.edu/", PORTAL),
    ],
)
def test_a_push_opens_the_page_of_its_notice_where_the_site_shows_it(
    settings: Settings, fields: dict[str, object], website: str, opened: str
) -> None:
    settings.WEBSITE_URL = website
    told = posting(pk=7, url=PORTAL, **fields)
    (part,) = push_parts(told)
    (change,) = push_parts(notice("update", pk=8, title="Zenith", follows=told, edit_note="date is 3 May"))
    assert part.url == opened
    assert change.url == (opened if opened != PORTAL else website)


def test_the_text_below_facts_is_folded_and_one_without_facts_is_not() -> None:
    body = "<p>Dear Students,</p><p>Come to LT-3.</p><p>Bring your ID card.</p>"
    told = telegram_text(notice("update", title="Venue", venue="LT-3", body=body))
    assert told.text == "📌 Venue\nLT-3\n\nCome to LT-3.\n\nBring your ID card.\n\nT&P Cell"
    (fold,) = (entity for entity in told.entities if entity.type == "expandable_blockquote")
    assert told.text[fold.offset - 1 :][: fold.length] == "Come to LT-3.\n\nBring your ID card."  # 📌 takes two units
    plain = telegram_text(notice("announcement", title="Hostels", body=body))
    assert "expandable_blockquote" not in {entity.type for entity in plain.entities}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>Dear Students,<br>Come at 9.</p>", "Come at 9."),
        ("<p>Hello everyone!</p><p>Come at 9.</p>", "Come at 9."),
        ("<p>Dear students: the drive of 3 May is off.</p>", "Dear students: the drive of 3 May is off."),
        ("<p>Hi all, come at nine</p>", "Hi all, come at nine"),
        ("<p>Dear Students, come at nine</p>", "Dear Students, come at nine"),
        ("<p>History of the drive</p>", "History of the drive"),
    ],
)
def test_a_greeting_is_left_out_and_nothing_else(body: str, shown: str) -> None:
    assert telegram_text(notice("announcement", title="Drive", body=body)).text.split("\n")[2] == shown


def test_what_comes_late_says_when_it_was_published() -> None:
    told = notice("update", title="Venue")
    with time_machine.travel(NOW.replace(hour=13)):
        assert telegram_text(told).text.endswith("T&P Cell · Thu 26 Nov, 10:14 AM")
        told.first_seen_at = NOW  # it was told in time: an edit does not change that
        assert telegram_text(told, edited=True).text.endswith("T&P Cell")


def test_a_stage_that_the_title_names_is_not_said_again() -> None:
    told = notice("update", title="Venue for Stage 2 (Test) of Kestrel Labs", stage="Stage 2 (Test)", venue="LT-3")
    assert telegram_text(told).text.split("\n")[1] == "LT-3"


@pytest.mark.parametrize(
    ("fields", "called"),
    [
        ({"category": "job_posting", "company": "Kestrel Labs", "role": "Analyst"}, "Kestrel Labs · Analyst"),
        ({"category": "job_posting", "company": "Kestrel Labs"}, "Open for applications"),
        ({"category": "shortlisting", "company": "Kestrel Labs"}, "Shortlist · Kestrel Labs"),
        ({"category": "shortlisting", "roster_meaning": "waitlisted"}, "Waiting list · Open for applications"),
        ({"category": "placement_offer", "company": "Kestrel Labs"}, "Open for applications"),
        (
            {"category": "placement_offer", "company": "Kestrel Labs", "details": {"Placed": "4"}},
            "4 placed at Kestrel Labs",
        ),
        ({"category": "webinar", "company": "Kestrel Labs", "role": "Analyst"}, "Open for applications"),
    ],
)
def test_a_notice_is_called_the_same_in_a_chat_on_the_web_and_in_lists(fields: dict[str, object], called: str) -> None:
    told = Notice(title="Open for applications", published_at=NOW, **fields)
    assert telegram_text(told).text.split("\n")[0].partition(" ")[2] == called
    assert public(told).headline == called


def test_another_year_is_named() -> None:
    assert moment(datetime(2027, 1, 3, 0, 5, tzinfo=INDIA)) == "Sun 3 Jan 2027, 12:05 AM"
