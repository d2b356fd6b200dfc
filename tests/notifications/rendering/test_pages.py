"""Buttons that lead from a message to our pages: its dates for the phone's calendar, and all of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.language import speaking
from notifications.models import Notice
from notifications.publishing.publish import publish, withdraw
from notifications.rendering.pages import page_buttons
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.calendars import read
from tests.notifications.conftest import MakeDraft, run

SITE = "https://bot.example.edu"
SOON = timezone.now() + timedelta(days=2)


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.WEBSITE_URL = f"{SITE}/"


def labels(**fields: Any) -> list[str]:
    with speaking("en"):
        return [button.text for button in page_buttons(Notice(**{"pk": 7, **fields}))]


def test_a_notice_leads_to_its_page_and_one_with_a_date_to_come_to_its_calendar() -> None:
    assert labels() == ["Read on the web"]
    assert labels(event_at=SOON) == labels(deadline=SOON) == ["Add to calendar", "Read on the web"]
    assert labels(event_at=SOON - timedelta(days=3)) == ["Read on the web"]


@pytest.mark.parametrize("fields", [{"pk": None}, {"private": True}, {"follows_id": 3}, {"withdrawn_at": SOON}])
def test_where_no_page_shows_it_there_is_none(fields: dict[str, Any]) -> None:
    assert labels(event_at=SOON, **fields) == []


@pytest.mark.parametrize("site", ["", "http://localhost:8000"])
def test_without_a_site_that_phones_reach_there_is_none(settings: Settings, site: str) -> None:
    settings.WEBSITE_URL = site
    assert labels(event_at=SOON) == []


@pytest.mark.usefixtures("together")
def test_they_stand_in_a_row_between_links_and_answers(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, client: Client
) -> None:
    mine = subscribe()
    facts = {"category": "job_posting", "company": "Zenith Labs", "url": "https://portal.example/x"}
    publish(draft(deadline=SOON, **facts))
    run()
    (message,) = telegram.messages(int(mine.address))
    rows: Any = (message.reply_markup or {})["inline_keyboard"]
    said = [[key["text"] for key in row] for row in rows]
    answers = ["Applied", "Not interested", "Remind me"]
    assert said[:3] == [["Open"], ["Add to calendar", "Read on the web"], answers]
    calendar, page = (urlsplit(key["url"]).path for key in rows[1])
    assert [event.summary for event in read(client.get(calendar).content)] == ["Apply: Zenith Labs"]
    assert "Zenith Labs" in client.get(page).text
    withdraw("test:1")
    run()
    (message,) = telegram.messages(int(mine.address))
    assert "Add to calendar" not in str(message.reply_markup)
