"""The admin's lists and its dashboard fit a phone and a small laptop, in both colour schemes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings

from accounts.models import Subscriber, User
from notifications.delivery.leases import process_name
from notifications.models import Delivery, Notice
from scraping.cycle import schedule
from scraping.models import Job, JobDocument, RawItem, UpdateRun
from supersetbot import heartbeats
from tests.conftest import Subscribe
from tests.end_to_end.browser import DESKTOP, PHONE, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = (
    "accounts/subscriber",
    "accounts/subscription",
    "notifications/notice",
    "notifications/delivery",
    "scraping/updaterun",
    "scraping/rawitem",
    "scraping/job",
    "django_q/schedule",
)

SERIOUS = ("serious", "critical")


@pytest.fixture
def inside(page: Page, subscribe: Subscribe, settings: Settings) -> Page:
    """The admin with something in each list, and somebody logged in."""
    settings.SUPERSET_CREDENTIALS = [{"email": "tpo@example.edu", "password": "x"}]
    User.objects.create_superuser("operator", password="secret")
    schedule.sync()
    heartbeats.scheduler_lives(process_name())
    now = timezone.now()
    notice = Notice.objects.create(
        external_key="superset:1",
        title="Shortlist for the technical interview of Zenith Semiconductors and Allied Laboratories",
        category="shortlisting",
        company="Zenith Semiconductors",
        published_at=now,
        season=202627,
    )
    Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", error_code="chat_not_found")
    Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", state="failed")
    UpdateRun.objects.create(trigger="schedule", state="ok", lease_until=now, ended_at=now, error="x" * 300)
    RawItem.objects.create(source="email", kind="mail", key="k" * 60, season=202627, payload={}, reason="y" * 200)
    job = Job.objects.create(identifier="j" * 36, company="Zenith Semiconductors", role="Engineer", season=202627)
    JobDocument.objects.create(
        job=job, identifier="d" * 60, name="Description.pdf", url=f"https://x.example/{'u' * 90}"
    )
    page.set_viewport_size(DESKTOP)
    page.goto("/admin/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return page


def forms() -> tuple[str, ...]:
    """A form of each sort: one with moments, with a table in it, with two lists to choose from, with raw content."""
    rows = {"accounts/user": User, "notifications/notice": Notice, "scraping/job": Job, "scraping/rawitem": RawItem}
    return tuple(f"{path}/{model._default_manager.latest('pk').pk}/change" for path, model in rows.items())


def overflow(page: Page) -> int:
    """By how many pixels the page, or its list, is wider than its room."""
    wide = """() => Math.max(0, ...[document.documentElement, ...document.querySelectorAll('.results, .dash-card')]
        .map(e => e.scrollWidth - e.clientWidth))"""
    return int(page.evaluate(wide))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_admin_fits_a_phone_and_a_small_laptop(inside: Page, scheme: str) -> None:
    inside.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    too_wide = {}
    for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
        inside.set_viewport_size(size)
        for path in LISTS:
            inside.goto(f"/admin/{path}/", wait_until="networkidle")
            picture(inside, f"admin-{path.replace('/', '-')}-{name}-{scheme}")
            if over := overflow(inside):
                too_wide[f"{path} {name}"] = over
        for path in ("", f"dashboard/people/{Subscriber.objects.earliest('pk').pk}", *forms()):
            inside.goto(f"/admin/{path}", wait_until="networkidle")
            picture(inside, f"admin-{path.replace('/', '-') or 'dashboard'}-{name}-{scheme}")
            if over := overflow(inside):
                too_wide[f"{path or 'dashboard'} {name}"] = over
    assert too_wide == {}


@pytest.mark.parametrize(("scheme", "name", "size"), [("light", "desktop", DESKTOP), ("dark", "phone", PHONE)])
def test_the_admin_is_usable_by_those_who_see_little(inside: Page, scheme: str, name: str, size: ViewportSize) -> None:
    tab = inside.context.new_page()  # axe's own styles break the policy that `inside` is watched for
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    person = Subscriber.objects.earliest("pk")
    others = (f"accounts/subscriber/{person.pk}/change", f"dashboard/people/{person.pk}", "dashboard/broadcast")
    faults: dict[str, list[tuple[str, str]]] = {}
    tab.set_viewport_size(size)
    for path in ("", *(f"{each}/" for each in LISTS), *others, *forms()):
        tab.goto(f"/admin/{path}", wait_until="networkidle")
        picture(tab, f"axe-{path.replace('/', '-')}-{name}-{scheme}")
        found = [fault for fault in Axe().run(tab).response["violations"] if fault["impact"] in SERIOUS]
        if found:
            faults[f"{path} {name}"] = [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
    assert faults == {}


def test_filters_are_cut_between_their_lines(inside: Page) -> None:
    cut = """() => [...document.querySelectorAll('#changelist-filter ul')].flatMap((list) => {
        const bottom = list.getBoundingClientRect().bottom;
        return [...list.children].filter((line) => {
            const box = line.getBoundingClientRect();
            return box.top < bottom - 1 && box.bottom > bottom + 1;
        }).map((line) => line.textContent.trim());
    })"""
    for path in LISTS:
        inside.goto(f"/admin/{path}/", wait_until="networkidle")
        assert inside.evaluate(cut) == [], path


def test_what_folds_on_a_phone_is_one_press_away(inside: Page) -> None:
    inside.set_viewport_size(PHONE)
    inside.goto("/admin/notifications/notice/", wait_until="networkidle")
    version = inside.locator("#result_list td.field-version")
    expect(version).to_be_hidden()
    inside.get_by_role("button", name="More").click()
    expect(version).to_be_visible()


def test_the_dashboard_begins_with_one_verdict_and_its_buttons(inside: Page) -> None:
    inside.goto("/admin/", wait_until="networkidle")
    verdict = inside.locator(".dash-verdict")
    expect(verdict.get_by_role("heading")).to_have_text("1 thing needs you")
    verdict.get_by_role("button", name="Try them again").click()
    expect(inside.get_by_text("1 will be tried again.")).to_be_visible()
    expect(inside.locator(".dash-verdict").get_by_role("heading")).to_have_text("All is well")
