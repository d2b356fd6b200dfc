"""The dashboard in a browser: its buttons pressed as an operator presses them."""

import pytest
from django_otp.oath import totp
from django_q.models import OrmQ, Schedule
from playwright.sync_api import Page, expect

from accounts.models import Authenticator, User
from notifications.models import Delivery, Notice
from scraping.cycle import schedule
from tests.conftest import Subscribe
from tests.end_to_end.browser import DESKTOP, PHONE, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dashboard(page: Page) -> Page:
    User.objects.create_superuser("operator", password="secret")
    schedule.sync()
    page.set_viewport_size(DESKTOP)
    page.goto("/admin/login/?next=/admin/dashboard/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    return page


def test_a_second_factor_is_set_up_and_asked_for(dashboard: Page) -> None:
    dashboard.get_by_role("link", name="Second factor").click()
    expect(dashboard.locator("svg.segno")).to_be_visible()
    picture(dashboard, "second-factor")
    app = Authenticator.objects.get()
    dashboard.get_by_label("Your password").fill("secret")
    dashboard.get_by_label("Code").fill(f"{totp(app.bin_key):06}")
    dashboard.get_by_role("button", name="Set up").click()
    codes = dashboard.locator("pre").inner_text().split()
    assert len(codes) == 10
    dashboard.get_by_role("link", name="Sessions").click()
    expect(dashboard.get_by_text("(this one)")).to_be_visible()
    dashboard.get_by_role("button", name="Log out").click()
    expect(dashboard.get_by_role("heading", name="Logged out")).to_be_visible()
    dashboard.goto("/admin/login/?next=/admin/sessions/")
    dashboard.get_by_label("Username").fill("operator")
    dashboard.get_by_label("Password").fill("secret")
    dashboard.get_by_role("button", name="Log in").click()
    expect(dashboard.get_by_text("Please enter the correct")).to_be_visible()
    dashboard.get_by_label("Password").fill("secret")
    dashboard.get_by_label("Code").fill(codes[3])
    dashboard.get_by_role("button", name="Log in").click()
    expect(dashboard.get_by_role("heading", name="Sessions")).to_be_visible()


def test_a_cycle_is_started_and_a_slot_switched(dashboard: Page) -> None:
    dashboard.get_by_role("button", name="Run a cycle now").click()
    expect(dashboard.get_by_text("A cycle is queued")).to_be_visible()
    assert OrmQ.objects.count() == 1
    slot = dashboard.get_by_role("button", name="Update 2:00 PM")
    expect(slot).to_have_attribute("aria-pressed", "true")
    slot.click()
    expect(slot).to_have_attribute("aria-pressed", "false")
    assert Schedule.objects.get(name="update 14:00").repeats == 0


def test_everybody_is_told_after_a_look_and_a_confirmation_and_it_is_stopped_on_its_way(
    dashboard: Page, subscribe: Subscribe
) -> None:
    for _ in range(3):
        subscribe()
    dashboard.get_by_role("link", name="Tell everybody…").click()
    dashboard.get_by_label("Title").fill("Season kick-off")
    dashboard.get_by_label("Message").fill("Be in the auditorium at 10.")
    dashboard.get_by_role("button", name="Preview").click()
    expect(dashboard.get_by_text("It goes to 3")).to_be_visible()
    dashboard.get_by_role("button", name="Send", exact=True).click()
    assert not Notice.objects.exists(), "unconfirmed"
    dashboard.get_by_label("Yes, tell all 3 of them").check()
    dashboard.get_by_role("button", name="Send", exact=True).click()
    expect(dashboard.get_by_text("Waiting for the scheduler…")).to_be_visible()
    Delivery.objects.update(state="retry", attempts=1, error_code="http_502", error_text="Bad Gateway")
    said = "Not taken so far: 3 are tried again. Most often: http_502 Bad Gateway."
    expect(dashboard.get_by_role("status")).to_have_text(said)
    Delivery.objects.update(state="pending", attempts=0, error_code="", error_text="")
    expect(dashboard.get_by_text("Waiting for the scheduler…")).to_be_visible()
    dashboard.get_by_role("button", name="Pause").click()
    expect(dashboard.get_by_text("Paused.")).to_be_visible()
    expect(dashboard.locator("[data-figure=held]")).to_have_text("3")
    dashboard.get_by_role("button", name="Go on").click()
    expect(dashboard.locator("[data-figure=waiting]")).to_have_text("3")
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(state="sent")
    expect(dashboard.locator("[data-figure=sent]")).to_have_text("1")
    dashboard.get_by_role("button", name="Cancel the rest").click()
    expect(dashboard.locator("[data-figure=skipped]")).to_have_text("2")
    expect(dashboard.get_by_text("Cancelled.")).to_be_visible()


def test_dead_letters_are_tried_again_with_one_press(dashboard: Page, subscribe: Subscribe) -> None:
    notice = Notice.objects.create(external_key="a", title="Zenith Labs visits", published_at="2026-11-22T10:00:00Z")
    Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", state="failed")
    dashboard.reload()
    dashboard.get_by_role("button", name="Try again").click()
    expect(dashboard.get_by_text("1 will be tried again.")).to_be_visible()
    picture(dashboard, "dashboard-desktop")
    dashboard.set_viewport_size(PHONE)
    assert dashboard.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(dashboard, "dashboard-phone")
    assert Delivery.objects.get().state == "retry"
