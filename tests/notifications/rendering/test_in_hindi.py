"""Messages in the language of each reader, rendered once a language; long Hindi fits where it has to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.language import speaking, spoken
from accounts.models import Subscriber, Subscription
from accounts.personal import profiles
from accounts.subscribing import members
from accounts.telegram import replies
from accounts.times import moment, until
from notifications.channels.webpush.payload import PAYLOAD_LIMIT, payload
from notifications.models import Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.rendering import render
from notifications.rendering.render import Renderer, push_parts, telegram_parts
from notifications.rendering.retold import retold, retold_body, retold_detail, retold_label
from notifications.telegram_bot import application, find_commands, stand_commands
from scraping.corrections.lines import rules_in_words, rules_of
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests import season
from tests.bot import labels
from tests.conftest import Subscribe
from tests.hindi import english_in, written_by_others
from tests.notifications.conftest import MakeDraft, run
from tests.translations import stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("together")]
ROSTER = (
    {"name": "Asha Verma", "enrollment": "22103001", "panel": "2", "time": "10:40 AM", "room": "CL1"},
    {"name": "Bela Rao", "enrollment": "22103002"},
    {"name": "Chitra Nair", "enrollment": "22103003", "meaning": "waitlisted"},
)
CGPA = {"name": "cgpa", "value": 8, "quote": "", "program": ""}
Person = Callable[..., Subscription]


@pytest.fixture
def person(subscribe: Subscribe, settings: Settings) -> Person:
    settings.MEMBERSHIP = "approve"

    def make(language: str = "hi", number: str = "", *, member: bool = True) -> Subscription:
        subscription = subscribe()
        person = subscription.subscriber
        person.language, person.membership = language, "member" if member else "none"
        person.save()
        if number:
            profiles.agree(person.telegram_id or 0)
            for name, value in {"number": number, "cgpa": "7.5"}.items():
                profiles.tell(person.telegram_id or 0, name, value)
        return subscription

    return make


@pytest.fixture
def shortlist(draft: MakeDraft) -> Callable[..., Draft]:
    def make(**fields: object) -> Draft:
        known = {"category": "shortlisting", "company": "Zenith Labs", "stage": "Technical interview", "roster": ROSTER}
        return draft("list:1", **{"event_at": timezone.now() + timedelta(days=2), "venue": "LT-3", **known, **fields})

    return make


def said(telegram: BotApi, who: Subscription) -> list[str]:
    """The texts that somebody has in their chat, with their older versions and their buttons."""
    messages = telegram.messages(int(who.address))
    return [text for each in messages for text in (each.text, *(old.text for old in each.edits), *labels(each))]


def english(telegram: BotApi, *people: Subscription) -> list[str]:
    others = {*written_by_others(), "Technical interview", "LT-3", "Dev Shah"}  # of older versions, too
    return [line for who in people for text in said(telegram, who) for line in english_in(text, others)]


def test_no_message_of_the_season_is_english(telegram: BotApi, person: Person, draft: MakeDraft) -> None:
    mine, stranger = person(number="22103001"), person(member=False)
    season.fill_placements()
    season.fill_jobs()
    season.fill_notices()
    for number, notice in enumerate(Notice.objects.filter(follows=None)):
        shown = {name: getattr(notice, name) for name in ("category", "company", "role", "roster", "details", "links")}
        times = {name: getattr(notice, name) for name in ("event_at", "deadline", "package", "location", "venue")}
        publish(draft(f"again:{number}", title=notice.title, eligibility=(CGPA,), **shown, **times))
    run()
    assert len(said(telegram, mine)) > 30
    assert english(telegram, mine, stranger) == []


def test_no_change_is_told_in_english(telegram: BotApi, person: Person, shortlist: Callable[..., Draft]) -> None:
    mine, added, stranger = person(number="22103001"), person(number="22103009"), person(member=False)
    publish(shortlist())
    run()
    later = timezone.now() + timedelta(days=3)
    publish(shortlist(event_at=later, venue="LT-9", roster=({"name": "Dev Shah", "enrollment": "22103009"},)))
    run()
    publish(shortlist(event_at=later, venue="LT-9", deadline=later))
    run()
    withdraw("list:1")
    run()
    assert any("से बदलकर" in text and "जगह LT-3 से बदलकर LT-9 हुई" in text for text in said(telegram, stranger))
    assert any("अब आप इस लिस्ट में नहीं हैं" in text for text in said(telegram, mine))
    assert english(telegram, mine, added, stranger) == []


def test_decisions_are_told_to_each_in_their_language(telegram: BotApi, person: Person) -> None:
    hindi, other = person(member=False), person("en", member=False)
    members.admit(Subscriber.objects.filter(pk__in=(hindi.subscriber_id, other.subscriber_id)), by="approval")
    run()
    assert said(telegram, hindi)[-1].startswith("📣 अब आप सदस्य हैं")
    assert said(telegram, other)[-1].startswith("📣 You are a member now")


def test_a_broadcast_to_two_languages_is_rendered_once_in_each(
    telegram: BotApi, person: Person, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: Counter[str] = Counter()

    def counted(*args: object, **options: object) -> object:
        rendered[spoken()] += 1
        return whole(*args, **options)  # type: ignore[arg-type]  # passed on as they came

    whole = render.telegram_text
    monkeypatch.setattr(render, "telegram_text", counted)
    people = {language: [person(language) for _ in range(8)] for language in ("en", "hi")}
    publish(draft(category="job_posting", company="Zenith Labs", deadline=timezone.now() + timedelta(days=2)))
    run()
    assert rendered == {"en": 1, "hi": 1}
    assert all("Apply by" in said(telegram, who)[0] for who in people["en"])
    assert all("अप्लाई की डेडलाइन" in said(telegram, who)[0] for who in people["hi"])
    assert said(telegram, people["hi"][0])[1:4] == ["अप्लाई किया", "नहीं चाहिए", "याद दिलाएँ"]


def test_a_second_language_takes_no_more_statements(draft: MakeDraft) -> None:
    notice = publish(draft(category="job_posting", eligibility=(CGPA,))).notice
    item = SimpleNamespace(notice_id=notice.pk, subscriber_id=1, named="", names=True)
    counts = []
    for languages in (("en", "en"), ("en", "hi")):
        renderer = Renderer("telegram")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            renderer.load([item])
            for language in languages:
                with speaking(language):
                    shown = renderer.notice(notice.pk)
                    assert shown
                    renderer.rendered(shown, edited=False, names=True, personal=True, parts_out=0)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_dates_and_spans_are_said_in_hindi() -> None:
    at = datetime(2030, 11, 30, 23, 59, tzinfo=timezone.get_default_timezone())
    with speaking("hi"):
        assert moment(at) == "शनि 30 नवंबर 2030, 11:59 PM"
        assert until(at, at - timedelta(days=2)) == "2 दिन में"
        assert until(at, at - timedelta(minutes=1)) == "1 मिनट में"
    assert moment(at) == "Sat 30 Nov 2030, 11:59 PM"


STORED = {
    "venue moved from LT-3, B to LT-4": "जगह LT-3, B से बदलकर LT-4 हुई",
    "deadline moved from Sat 29 Nov to Sun 30 Nov, venue is LT": (
        "डेडलाइन शनि 29 नवंबर से बदलकर रवि 30 नवंबर हुई, जगह LT है"
    ),
    "date is Tue 1 Dec": "तारीख़ मंगल 1 दिसंबर है",
    "1 student has been placed at Zenith Labs": "Zenith Labs में 1 छात्र प्लेस हुआ",
    "3 more students have been placed at Quill & Co, total 12": "Quill & Co में 3 और छात्र प्लेस, कुल 12",
    "Placement policy 2027 updated": "प्लेसमेंट पॉलिसी 2027 अपडेट हुई",
    "you were added to this list": "आपका नाम इस लिस्ट में जुड़ा",
    "Open on SuperSet": "SuperSet पर खोलें",
    "Full Time": "फ़ुल टाइम",
    "": "",
}


@pytest.mark.parametrize(("text", "hindi"), STORED.items())
def test_what_was_stored_in_english_is_told_in_hindi(text: str, hindi: str) -> None:
    assert retold(text) == text
    with speaking("hi"):
        assert retold(text) == hindi


@pytest.mark.parametrize(
    "text", ["Zenith Labs visits", "deadline moved", "Venue is LT-3", "Sat 29 Nov: bring an ID", "हिन्दी"]
)
def test_what_others_wrote_stays(text: str) -> None:
    with speaking("hi"):
        assert retold(text) == text
        assert retold_body(f"<p>{text}</p>") == f"<p>{text}</p>"
        assert retold_detail(text, "Skills") == text


def test_facts_of_our_making_are_told_in_hindi() -> None:
    with speaking("hi"):
        assert retold_label("Who can apply") == "कौन अप्लाई कर सकता है"
        assert retold_label("Anything else") == "Anything else"
        assert retold_detail("Engineer · 8 offers · ₹12 LPA\nAnalyst · 1 offer", "Roles") == (
            "Engineer · 8 ऑफ़र · ₹12 LPA\nAnalyst · 1 ऑफ़र"
        )
        assert retold_detail("Tue 1 Dec, 6:00 PM · portal", "Dates") == "मंगल 1 दिसंबर, 6:00 PM · portal"
        assert retold_detail("1 Jul 2027", "Joining") == "1 जुलाई 2027"
        assert retold_detail("Jul 2027", "Joining") == "जुलाई 2027"
        assert retold_detail("Monday", "Since") == "सोमवार"
        assert retold_detail("Postponed", "Status") == "टल गया"
        body = "<p>What this mail says can't be read here: open the mail.</p>"
        assert retold_body(body) == "<p>यह मेल यहाँ पढ़ा नहीं जा सका: मेल खोलकर देखें।</p>"


@pytest.mark.parametrize(
    ("stored", "hindi"),
    [
        ("B.Tech CSE, IT · UG: 7.0 CGPA · Class 12: 60 %", "B.Tech CSE, IT · UG: 7.0 CGPA · कक्षा 12: 60 %"),
        ("Diploma: 60 % · Female only", "डिप्लोमा: 60 % · सिर्फ़ महिला"),
        ("CGPA ≥ 8; M.Tech: batch 2026, 2027; all branches", "CGPA ≥ 8; M.Tech: बैच 2026, 2027; सभी ब्रांच"),
        ("degree ≥ 60 %; at most 2 backlogs now", "डिग्री ≥ 60 %; अभी ज़्यादा से ज़्यादा 2 बैकलॉग"),
    ],
)
def test_the_rules_on_who_may_apply_are_told_in_hindi(stored: str, hindi: str) -> None:
    assert retold_detail(stored, "Who can apply") == stored
    with speaking("hi"):
        assert retold_detail(stored, "Who can apply") == hindi


def test_every_rule_that_staff_can_write_is_told_in_hindi() -> None:
    rules = "cgpa: 8\nug_percent: 60\nx: 60\nxii: 60\nbacklogs: 1\nhistory_of_backlogs: 2\ngap_years: 1\nbatch: 2027\n"
    english = rules_in_words(rules_of(f"{rules}branches: all branches\nprograms: B.Tech\ngender: female"))
    assert english_in(english)
    with speaking("hi"):
        assert english_in(retold_detail(english, "Who can apply")) == []


def test_a_long_text_in_hindi_is_parted_as_telegram_counts(draft: MakeDraft) -> None:
    notice = publish(draft(body=f"<p>{'प्लेसमेंट सेल की सूचना 🎓 ' * 600}</p>")).notice
    with speaking("hi"):
        parts = telegram_parts(notice)
    assert len(parts) > 2
    assert max(len(part.body.text.encode("utf-16-le")) // 2 for part in parts) <= 4096


def test_a_push_in_hindi_fits_in_bytes(draft: MakeDraft) -> None:
    notice = publish(draft(title="प्लेसमेंट " * 60, body=f"<p>{'क्षेत्रीय ' * 900}</p>")).notice
    with speaking("hi"):
        (part,) = push_parts(notice)
    encoded = payload(replace(part, url="https://placements.example.edu/notices/1"), PAYLOAD_LIMIT)
    assert PAYLOAD_LIMIT * 0.9 < len(encoded) <= PAYLOAD_LIMIT
    encoded.decode()  # no letter is cut


def test_toasts_in_hindi_are_shown_whole() -> None:
    toasts = [*stand_commands.ON.values(), *stand_commands.OFF.values(), stand_commands.IN_PRIVATE]
    toasts += [stand_commands.GONE, find_commands.GONE, replies.NOT_SUBSCRIBED, replies.GROUP_ADMINS_ONLY]
    toasts += [replies.LAST_SEASON, replies.FORGET_IN_PRIVATE, application.ADMINS_ONLY, application.UNKNOWN_BUTTON]
    with speaking("hi"):
        assert [str(toast) for toast in toasts if len(str(toast)) > 200] == []


def test_no_text_of_the_bot_is_too_long_for_a_message() -> None:
    longest = max(len(str(text).encode("utf-16-le")) // 2 for message in stored() for text in (message.string or ""))
    assert longest < 2000
