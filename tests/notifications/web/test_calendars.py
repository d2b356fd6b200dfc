"""Calendars over the web: what a calendar's program gets, however often and with whatever it asks."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscriber
from notifications.models import Notice
from notifications.my_time.calendar_links import ADD_PATH, link_token, renew
from notifications.publishing.publish import publish, withdraw
from notifications.web import calendars
from supersetbot.operations.logs import JsonFormatter, TextFormatter
from tests.conftest import SEASON, Subscribe
from tests.notifications.calendars import read
from tests.notifications.conftest import MakeDraft
from tests.problems import problem_of
from tests.season import NAMES, fill_notices

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=2)


@pytest.fixture(autouse=True)
def _nobody_asked_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "asked", calendars.Asked())


@pytest.fixture
def person(subscribe: Subscribe, draft: MakeDraft) -> Subscriber:
    subscriber = subscribe().subscriber
    publish(draft(category="job_posting", company="Zenith Labs", deadline=SOON))
    return subscriber


def address(token: str) -> str:
    return f"/calendar/{token}.ics"


def test_ones_own_calendar_is_private_and_told_once(client: Client, person: Subscriber, draft: MakeDraft) -> None:
    path = address(link_token(person))
    first = client.get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, max-age=900"
    assert [event.summary for event in read(first.content)] == ["Apply: Zenith Labs"]
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again.headers["Cache-Control"]
    publish(draft(category="job_posting", company="Zenith Labs", deadline=SOON + timedelta(hours=1)))
    assert client.get(path, headers=known).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_an_address_that_opens_nothing_says_no_more(client: Client, person: Subscriber) -> None:
    old = link_token(person)
    assert client.get(address(old)).status_code == 200
    renew(person)
    answers = [client.get(address(token)) for token in (old, "0" * 40, "x", "%27%22", "1" * 300, "٣" * 40)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "Zenith" not in answers[0].text


def test_who_asks_each_second_is_told_to_wait(client: Client, person: Subscriber) -> None:
    path = address(link_token(person))
    statuses = [client.get(path).status_code for _ in range(30)]
    assert statuses == [200] * 10 + [429] * 20
    assert 1 <= int(client.get(path).headers["Retry-After"]) <= 60
    other = address("0" * 40)
    assert [client.get(other).status_code for _ in range(12)][-3:] == [404, 429, 429]


def test_no_log_holds_an_address(client: Client, person: Subscriber, caplog: pytest.LogCaptureFixture) -> None:
    token = link_token(person)
    with caplog.at_level(logging.DEBUG):
        for _ in range(12):
            client.get(address(token))
        client.get(f"/calendar/{token}/more")
        client.post(f"/calendar/{token}/add")
    assert token in caplog.text, "Django names the path of what it refuses"
    for formatter in (TextFormatter(()), JsonFormatter(())):
        lines = [formatter.format(record) for record in caplog.records]
        assert any("/calendar/[hidden]" in line for line in lines)
        assert not [line for line in lines if token in line]


def test_a_phone_is_led_to_its_calendar(client: Client, settings: Settings, person: Subscriber) -> None:
    token = link_token(person)
    assert reverse("add-calendar", args=[token]) == ADD_PATH.format(token=token)
    answer = client.get(f"/calendar/{token}/add")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"webcal://testserver/calendar/{token}.ics")
    settings.WEBSITE_URL = "https://bot.example.edu/"
    answer = client.get(f"/calendar/{token}/add")
    assert answer.headers["Location"] == f"webcal://bot.example.edu/calendar/{token}.ics"


def test_a_phone_is_led_to_no_calendar_that_is_none(client: Client, person: Subscriber) -> None:
    old = link_token(person)
    renew(person)
    tokens = (old, "0" * 40, "x", "1" * 300)
    for path in ("/calendar/{}/add", "/calendar/{}.ics"):
        problems = [problem_of(client.get(path.format(token))) for token in tokens]
        assert problems == [(404, "There is no such calendar.")] * 4
    answers = [client.get(f"/calendar/{token}/add", headers={"Accept": "text/html"}) for token in tokens]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, "There is no such calendar.")}


def test_a_notice_gives_its_event_and_its_deadline(client: Client, draft: MakeDraft) -> None:
    notice = publish(draft(title="Code Cup", event_at=SOON, deadline=SOON - timedelta(days=1), venue="CL1")).notice
    answer = client.get(f"/notices/{notice.pk}.ics")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="notice-{notice.pk}.ics"'
    deadline, event = read(answer.content)
    assert (deadline.summary, event.summary, event.location) == ("Deadline: Code Cup", "Code Cup", "CL1")
    assert event.url == f"http://testserver/notices/{notice.pk}"


def test_a_season_has_a_calendar_for_everybody(client: Client, settings: Settings, draft: MakeDraft) -> None:
    settings.PLACEMENT_YEARS = [SEASON]
    fill_notices()
    publish(draft("cup", title="Code Cup", event_at=SOON))
    publish(draft("own", title="For some", event_at=SOON, private=True))
    publish(draft("old", title="Other season", event_at=SOON, season=202526))
    path = f"/seasons/{SEASON}.ics"
    first = client.get(path)
    assert "public" in first.headers["Cache-Control"]
    told = {str(event.summary): event for event in read(first.content)}
    assert "Code Cup" in told
    assert "Apply: Zenith Labs" in "".join(told)
    assert not {"For some", "Other season"} & told.keys()
    assert not [name for name in NAMES if name in first.text]
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    withdraw("cup")
    off = next(event for event in read(client.get(path).content) if "Code Cup" in str(event.summary))
    assert (off.summary, off.status, off.uid) == ("Cancelled: Code Cup", "CANCELLED", told["Code Cup"].uid)
    assert client.get("/seasons/190001.ics").status_code == 404
    assert Notice.objects.count() > 30
