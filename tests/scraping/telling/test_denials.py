"""Every denial of the corpus is told as what it is: no shortlist, nobody placed, no date of what is off.

The texts are in tests/corpus/denials.json, an object each: kind, title, text, and `event` where a new date stands.
"""

import json
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.categories import Category
from notifications.publishing.publish import publish
from notifications.rendering.render import telegram_text
from scraping.items import Facts, PortalNotice
from scraping.reading.notice import extract_notice
from scraping.telling.portal_draft import notice_draft
from tests.conftest import SEASON
from tests.paths import ROOT

pytestmark = pytest.mark.django_db

DENIALS: list[dict[str, Any]] = json.loads((ROOT / "tests" / "corpus" / "denials.json").read_text(encoding="utf-8"))
OF_LISTS = {"not_selected", "absent", "withdrawn", "waitlisted"}
SAYS = {
    "not_selected": "not selected",
    "absent": "absent",
    "withdrawn": "Offer withdrawn",
    "waitlisted": "on the waiting list",
    "cancelled": "Cancelled",
    "postponed": "Postponed",
    "past": "Over",
    "conditional": "Not published yet",
}
PUBLISHED = datetime(2026, 11, 28, 11, tzinfo=ZoneInfo("Asia/Kolkata"))


def parsed(denial: dict[str, Any]) -> PortalNotice:
    lines = (line.split("\t") for line in denial["text"].split("\n"))
    content = "".join(
        f"<p>{escape(cells[0])}</p>"
        if len(cells) == 1
        else f"<table><tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr></table>"
        for cells in lines
    )
    return PortalNotice(denial["id"], denial["title"], content, "T&P", PUBLISHED, None)


def told(notice: PortalNotice, facts: Facts) -> str:
    return telegram_text(publish(notice_draft(notice, facts, None, SEASON, notice.content)).notice).text


def test_there_are_sixty_of_eight_kinds() -> None:
    assert (len(DENIALS), {denial["kind"] for denial in DENIALS}) == (60, set(SAYS))


@pytest.mark.parametrize("denial", DENIALS, ids=lambda denial: f"{denial['id']}-{denial['kind']}")
def test_each_is_told_as_what_it_is(denial: dict[str, Any]) -> None:
    notice, kind = parsed(denial), denial["kind"]
    facts = extract_notice(notice)
    message = told(notice, facts)

    assert (facts.meaning if kind in OF_LISTS else facts.state) == kind
    assert facts.category not in ({Category.PLACEMENT_OFFER} if kind == "waitlisted" else {*GOOD_NEWS})
    assert (facts.event_at.isoformat() if facts.event_at else None) == denial.get("event")
    assert SAYS[kind] in message
    assert "Shortlist ·" not in message
    assert "placed at" not in message


GOOD_NEWS = (Category.SHORTLISTING, Category.PLACEMENT_OFFER, Category.JOB_POSTING)
