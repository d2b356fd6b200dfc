"""Public pages about notices: found, read, put in a calendar and a feed, and nobody named."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.models import Notice
from notifications.publishing.publish import withdraw
from notifications.telegram_bot import bot_link
from tests.season import NAMES, fill_notices

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def _season() -> None:
    fill_notices()


def get(client: Client, path: str) -> Any:
    return client.get(path, headers=BROWSER)


def listed(client: Client, query: str) -> int:
    found = re.search(r'<p class="quiet">(\d+) ', get(client, f"/{query}").text)
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 33),
        ("?category=shortlisting", 3),
        ("?season=202627", 33),
        ("?season=202526", 0),
        ("?company=zenith", 6),
        ("?q=identity+card&category=update", 3),
        ("?q=Quill&category=webinar", 1),
        ("?category=nonsense", 0),
        ("?season=soon", 0),
        ("?q=" + "x" * 300, 0),
        ("?page=99", 33),
        ("?page=first", 33),
    ],
)
def test_the_list_is_searched_and_filtered(client: Client, query: str, count: int) -> None:
    assert listed(client, query) == count


def test_a_card_of_a_list_says_its_round_and_no_word_twice(client: Client) -> None:
    Notice.objects.filter(category="shortlisting").update(company="Zenith", stage="Round 2")
    page = get(client, "/?category=shortlisting").text
    cards = page.split('<ol class="entries">')[1].split("</ol>")[0]
    assert (cards.count("Shortlist ·"), cards.count("Shortlist"), cards.count("Round 2 · ")) == (3, 3, 3)


def test_a_filter_stays_on_the_next_page(client: Client) -> None:
    page = get(client, "/?season=202627").text
    assert 'rel="next" href="?season=202627&amp;page=2"' in page
    assert "Page 2 of 2" in get(client, "/?season=202627&page=2").text


def test_what_was_typed_comes_back_as_text(client: Client) -> None:
    page = get(client, '/?q="><script>alert(1)</script>').text
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_list_takes_three_statements(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        get(client, "/")


def test_a_notice_shows_its_facts_links_and_text(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notice = Notice.objects.get(external_key="season:0")
    with django_assert_num_queries(2):
        page = get(client, f"/notices/{notice.pk}").text
    for part in ("Zenith Labs is open", "₹12 LPA", "Register", "(in 2 days)", "<b>all branches</b>", "/jobs/job-0"):
        assert part in page


def test_its_facts_stand_in_the_order_of_the_messages_and_it_opens_where_it_came_from(client: Client) -> None:
    notice = Notice.objects.get(external_key="season:0")
    facts = {"Who can apply": "B.Tech", "Rounds": "HR", "Pay": "Base 10 L"}
    opened = {"url": "https://portal.example.org/", "url_label": "Open on SuperSet"}
    Notice.objects.filter(pk=notice.pk).update(details=facts, **opened)
    page = get(client, f"/notices/{notice.pk}").text
    assert re.findall(r"<dt>(Pay|Who can apply|Rounds)</dt>", page) == ["Who can apply", "Rounds", "Pay"]
    assert '<a class="button plain" href="https://portal.example.org/" rel="noopener nofollow">Open on SuperSet' in page


def test_a_shortlist_says_how_many_and_not_who(client: Client) -> None:
    notice = Notice.objects.filter(category="shortlisting").first()
    assert notice is not None
    page = get(client, f"/notices/{notice.pk}").text
    assert f"{len(NAMES)} <span" in page
    assert "Be there at 9:45" in page


def test_no_page_names_a_student(client: Client) -> None:
    paths = ["/", "/?page=2", "/feed.atom", *(f"/notices/{pk}" for pk in Notice.objects.values_list("pk", flat=True))]
    for path in paths:
        text = get(client, path).text
        assert not [name for name in NAMES if name in text], path
        assert not re.search(r"\b2210300\d\b", text), path


def test_a_withdrawn_notice_is_gone(client: Client) -> None:
    notice = Notice.objects.get(external_key="season:3")
    withdraw("season:3")
    assert get(client, f"/notices/{notice.pk}").status_code == 404
    assert listed(client, "") == 32


def test_what_is_wider_than_a_phone_is_moved_by_keyboard(client: Client) -> None:
    notice = Notice.objects.get(external_key="season:3")
    Notice.objects.filter(pk=notice.pk).update(body="<pre>a table    drawn with spaces</pre>")
    assert '<pre tabindex="0">a table    drawn' in get(client, f"/notices/{notice.pk}").text


def test_only_addresses_on_the_web_become_links(client: Client) -> None:
    notice = Notice.objects.get(external_key="season:3")
    urls = ["javascript:alert(1)", "https://good.example/x", "//evil.example", "http://[broken", ""]
    Notice.objects.filter(pk=notice.pk).update(links=[{"url": url} for url in urls])
    page = get(client, f"/notices/{notice.pk}").text
    assert 'href="https://good.example/x"' in page
    for bad in ("javascript:", "evil.example", "broken"):
        assert bad not in page


def test_a_date_goes_into_a_calendar(client: Client) -> None:
    notice = Notice.objects.filter(category="shortlisting").first()
    assert notice is not None
    assert notice.event_at is not None
    response = client.get(f"/notices/{notice.pk}.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART;TZID=Asia/Kolkata:{timezone.localtime(notice.event_at):%Y%m%dT%H%M%S}" in response.text
    assert "LOCATION:LT-3" in response.text
    dateless = Notice.objects.filter(event_at=None, deadline=None).first()
    assert dateless is not None
    assert client.get(f"/notices/{dateless.pk}.ics").status_code == 404


def test_a_day_without_a_time_is_in_no_hours(client: Client) -> None:
    """It is stored as the midnight it begins with."""
    notice = Notice.objects.filter(category="shortlisting").latest("pk")
    Notice.objects.filter(pk=notice.pk).update(event_at=timezone.now() + timedelta(hours=3), event_all_day=True)
    page = get(client, f"/notices/{notice.pk}").text
    assert "<dt>When</dt>" in page
    assert "in 3 hours" not in page


def test_the_feed_holds_the_newest(client: Client) -> None:
    response = client.get("/feed.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert response.text.count("<entry>") == 33
    assert "<title>Zenith Labs · Analyst</title>" in response.text
    Notice.objects.filter(external_key="season:1").update(edited_at=timezone.now())
    assert client.get("/feed.atom").content != response.content


def test_the_feed_is_what_its_format_asks_whatever_a_notice_holds(client: Client) -> None:
    """RFC 4287: an author, and of each entry an id of its own and when it changed; XML 1.0: no control characters."""
    Notice.objects.filter(external_key="season:1").update(
        category="update", title="Form\x0c feed & <b>\x01", body="<p>\x0bHe said\x08</p>"
    )
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:author/a:name", namespaces=atom) == "SuperSet Bot"
    entries = feed.findall("a:entry", atom)
    assert len({entry.findtext("a:id", namespaces=atom) for entry in entries}) == 33
    assert all(entry.findtext("a:updated", namespaces=atom) for entry in entries)
    assert "Form feed & <b>" in [entry.findtext("a:title", namespaces=atom) for entry in entries]


def test_a_deadline_that_is_past_is_said_to_be(client: Client) -> None:
    Notice.objects.filter(external_key="season:0").update(deadline=timezone.now() - timedelta(days=1))
    notice = Notice.objects.get(external_key="season:0")
    for path in ("/?q=Zenith&category=job_posting", f"/notices/{notice.pk}"):
        page = get(client, path).text
        assert '<span class="quiet">Closed ' in page, path
        assert 'class="due' not in page, path


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    for path in ("/", "/feed.atom", "/notices/1"):
        first = get(client, path)
        if first.status_code == 404:
            continue
        again = client.get(path, headers=BROWSER | {"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path
        assert "Set-Cookie" not in first.headers


def test_the_subscribe_page_links_the_bot_with_a_code_drawn_here(client: Client, settings: Settings) -> None:
    assert "On Telegram" not in get(client, "/subscribe").text, "no bot has run yet"
    bot_link.introduce("placements_bot")
    page = get(client, "/subscribe").text
    assert 'href="https://t.me/placements_bot"' in page
    assert 'class="segno"' in page
    assert "<img" not in page.partition("<main")[2]
    assert "this machine alone" not in page
    settings.TELEGRAM_LINK_URL = "http://127.0.0.1:8080"
    page = get(client, "/subscribe").text
    assert 'href="http://127.0.0.1:8080/placements_bot"' in page
    assert "This bot lives on this machine alone" in page


def test_the_subscribe_page_carries_the_push_key(client: Client, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY, public = make_vapid_keys()
    settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL = "", "ops@example.edu"
    assert f'data-key="{public}"' in get(client, "/subscribe").text
    settings.VAPID_PRIVATE_KEY = ""
    assert "not set up on this server" in get(client, "/subscribe").text


def test_the_worker_may_look_after_the_whole_site(client: Client) -> None:
    response = client.get("/sw.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "/static/site/icon-192.png" in response.text
