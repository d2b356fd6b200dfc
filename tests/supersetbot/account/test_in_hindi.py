"""The account page in Hindi: its sections, what they answer, and the door (spec: messages, Languages)."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.personal import filters, profiles
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.models import Interest, Notice
from tests import season
from tests.hindi import english_on, written_by_others
from tests.supersetbot.account.conftest import ASHA, SAME_ORIGIN, Login, key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asha")]
# What each section is sent, right and wrong.
FORMS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("who", {"action": "take_back"}),
    ("profile", {"fact-number": "22103001", "fact-cgpa": "78"}),
    ("profile", {"fact-number": "22103001", "fact-cgpa": "7.8", "fact-x": "91"}),
    ("filters", {"action": "preview", "kind": "package", "value": "q"}),
    ("filters", {"action": "preview", "kind": "word", "value": "shortlist"}),
    ("notices", {"season": []}),
    ("times", {"quiet_from": "23:00"}),
    ("times", {"quiet_from": "23:00", "quiet_until": "23:00", "digest_at": "25"}),
    ("times", {"quiet_from": "23:00", "quiet_until": "07:00", "mute": "180"}),
    ("tokens", {"name": "Skript", "scope": "read", "days": "30"}),
    ("calendar", {"action": "make"}),
    ("calendar", {"action": "new"}),
    ("data", {"action": "forget"}),
)


@pytest.fixture
def page(settings: Settings, login: Login) -> Client:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.WEBSITE_URL = "https://placements.example.edu"
    season.fill()
    browser = login()
    Subscriber.objects.update(language="hi")
    return browser


def test_no_section_is_english(page: Client) -> None:
    others = {*written_by_others(), "Asha", "Skript", "Authorization: Bearer", "shortlist", "unknown", "me"}
    found = {"before": english_on(page.get("/me/").content.decode(), others)}
    profiles.agree(ASHA)
    filters.add(ASHA, filters.parse("package", "6"))
    posting = Notice.objects.filter(category="job_posting").earliest("pk")
    person = Subscriber.objects.get(telegram_id=ASHA)
    Interest.objects.create(subscriber=person, key=posting.posting_key, applied_at=timezone.now())
    found["agreed"] = english_on(page.get("/me/").content.decode(), others)
    for name, form in FORMS:
        answer = page.post(f"/me/change/{name}", {"key": key(page), **form})
        if answer.status_code == 302:
            answer = page.get(answer.headers["Location"])
        found[f"{name} {form}"] = english_on(answer.content.decode(), others)
    found["old form"] = english_on(page.post("/me/change/who", {"key": "x"}).content.decode(), others)
    found["out"] = english_on(page.post("/me/out", {"key": key(page)}, follow=True).content.decode(), others)
    assert {what: lines for what, lines in found.items() if lines} == {}


def test_the_door_is_in_the_language_of_the_browser(client: Client) -> None:
    for form in ({}, {"secret": "x"}, {"init_data": "x"}):
        headers = {**SAME_ORIGIN, "Accept-Language": "hi-IN,hi;q=0.9,en;q=0.5"}
        answer = client.post("/me/in", form, headers=headers) if form else client.get("/me/in", headers=headers)
        assert english_on(answer.content.decode()) == []
