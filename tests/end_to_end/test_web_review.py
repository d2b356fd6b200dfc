"""The list of readings to look at, and one of them, in a browser: on a desk and on a phone."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from notifications.models import Notice
from scraping.models import Review
from tests.end_to_end.browser import DESKTOP, PHONE, picture
from tests.scraping.mail_cast import forwarded, receive
from tests.scraping.review.reviewed_mails import publish_notice, unclear

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = "Kavya Rohan Meera Arjun Nisha Kabir".split()
LAST = "Menon Iyer Joshi Rao".split()
LISTED = "\n".join(f"{row}\t221030{row:02}\t{FIRST[row % 6]} {LAST[row // 6]}" for row in range(24))
LONG = (
    "Dear Students,\n\nGreetings from the placement cell.\n\nThe following students have to be in LT-3 on 14 December, "
    f"10:00 AM with their laptop and ID card.\n\n{LISTED}\n\nRegards,\nT&P Cell\n"
    f"https://forms.example/{'a-very-long-address-that-does-not-break-' * 3}\n"
)


@pytest.fixture
def reviewer(page: Page) -> Page:
    receive(
        unclear(),
        forwarded("Quartz Labs: be there on 14 December", LONG, number=2),
        forwarded("Tomorrow", "Dear all,\n\nThe thing we spoke of is tomorrow. Come in time.\n", number=3),
    )
    publish_notice("<p>Students of Lumen Foundry:</p><p>22103001 Asha Verma</p><p>22103002 Bilal Khan</p>")
    Review.objects.filter(title="Lumen Foundry").update(opened_at=timezone.now() - timedelta(days=2))
    User.objects.create_superuser("operator", password="secret")
    page.set_viewport_size(DESKTOP)
    page.goto("/admin/login/?next=/admin/scraping/review/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Readings to look at")).to_be_visible()
    return page


def pictures(page: Page, name: str) -> None:
    """What is seen on a desk and on a phone; nothing may stand outside of either."""
    for what, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
        picture(page, f"{name}-{what}")
    looked_at = page.context.new_page()  # axe's own styles are refused, which the other page would complain of
    for scheme in ("light", "dark"):
        looked_at.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        looked_at.goto(page.url)
        violations = Axe().run(looked_at).response["violations"]
        faults = [fault for fault in violations if fault["impact"] in ("serious", "critical")]
        assert [(scheme, fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    looked_at.close()
    page.set_viewport_size(DESKTOP)


def test_a_reading_is_corrected_and_confirmed(reviewer: Page) -> None:
    pictures(reviewer, "reviews")
    reviewer.get_by_role("link", name="Quartz Labs: be there").click()
    expect(reviewer.get_by_role("heading", name="The text")).to_be_visible()
    pictures(reviewer, "review")
    expect(reviewer.get_by_label("Date", exact=True)).to_have_value("2026-12-14")
    reviewer.get_by_label("Kind").select_option("Shortlist")
    reviewer.get_by_label("The list says").select_option("Shortlisted")
    reviewer.get_by_label("Role", exact=True).fill("Analyst")
    reviewer.get_by_role("button", name="Correct it").click()
    expect(reviewer.get_by_text("Corrected:")).to_be_visible()
    notice = Notice.objects.get(role="Analyst", roster_meaning="shortlisted")
    assert notice.event_at is not None, "what was not touched stays"

    reviewer.get_by_role("link", name="Tomorrow").click()
    reviewer.get_by_role("button", name="It is right").click()
    expect(reviewer.get_by_text("It is right: closed.")).to_be_visible()
    reviewer.get_by_role("link", name="Done").click()
    pictures(reviewer, "reviews-done")
    reviewer.get_by_role("link", name="Quartz Labs: be there").click()
    expect(reviewer.get_by_text("Read as:")).not_to_have_count(0)
    pictures(reviewer, "review-done")


def test_a_pair_of_the_corpus_is_one_press_away(reviewer: Page, settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    reviewer.get_by_role("link", name="Quartz Labs: be there").click()
    with reviewer.expect_download() as download:
        reviewer.get_by_role("button", name="Save to the corpus").click()
    with ZipFile(BytesIO(Path(download.value.path()).read_bytes())) as archive:
        assert all(name.startswith("mails/review-") for name in archive.namelist())
