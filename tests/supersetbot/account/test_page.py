"""What the account page shows and changes, and that it is its owner's alone."""

import json
import re
from datetime import time, timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.categories import Category
from accounts.models import AccountSession, Consent, Filter, Profile, Subscriber
from accounts.personal import filters, profiles
from accounts.personal.timing import timing_of
from accounts.signin import visits
from accounts.subscribing import subscriptions
from accounts.subscribing.browsers import own
from accounts.subscribing.subscriptions import Chat
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.models import CalendarLink, Interest
from notifications.my_time import calendar_links
from notifications.publishing.publish import publish
from supersetbot.account.commands import DOOR_PATH
from supersetbot.account.page import SECTIONS
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft
from tests.supersetbot.account.conftest import ASHA, RAVI, Login, key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asha")]


@pytest.fixture
def page(login: Login) -> Client:
    return login()


def send(browser: Client, name: str, **form: str | list[str]) -> str:
    """Send a form of the page; what is shown afterwards."""
    answer = browser.post(f"/me/change/{name}", {"key": key(browser), **form})
    if answer.status_code == 302:
        assert answer.headers["Location"] == f"/me/?saved={name}#{name}"
        answer = browser.get(answer.headers["Location"])
        saved = "सेव हो गया।" if answer.headers["Content-Language"] == "hi" else "Saved."
        assert saved in answer.content.decode()
    return answer.content.decode()


def agree(telegram_id: int = ASHA) -> None:
    profiles.agree(telegram_id)


def test_the_door_is_where_the_bot_says() -> None:
    assert reverse("account-door") == DOOR_PATH


def test_nobody_sees_it_without_a_session(client: Client) -> None:
    for method, address in (("get", "/me/"), ("post", "/me/out"), ("post", "/me/change/profile")):
        answer = getattr(client, method)(address, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["Location"]) == (302, DOOR_PATH)


def test_no_cache_keeps_it_and_only_telegram_frames_it(page: Client) -> None:
    for address in ("/me/", "/me/in"):
        answer = page.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://web.telegram.org" in policy
        assert "script-src 'self'" in policy
        assert "ETag" not in answer.headers
    assert "frame-ancestors 'none'" in page.get("/privacy").headers["Content-Security-Policy"]


def test_each_form_leads_back_to_its_own_section(page: Client) -> None:
    agree()
    forms = re.findall(r'<form method="post" action="/me/change/(\w+)(#?\w*)"', page.get("/me/").content.decode())
    assert len(forms) >= 10
    assert not [name for name, fragment in forms if fragment != f"#{name}"]


def test_what_could_not_be_saved_is_said_above_its_form(page: Client) -> None:
    agree()
    shown = send(page, "profile", **{"fact-cgpa": "78"})
    assert '<p class="said bad" role="alert">Nothing is saved yet: see what is marked below.</p>' in shown
    assert "A CGPA is between 0 and 10." in shown


def test_all_of_it_takes_so_many_queries(
    page: Client, django_assert_num_queries: DjangoAssertNumQueries, draft: MakeDraft
) -> None:
    agree()
    page.get("/me/")
    with django_assert_num_queries(18):
        page.get("/me/")
    for number in range(5):
        filters.add(ASHA, filters.parse("word", f"python{number}"))
        publish(draft(f"n{number}"))
    with django_assert_num_queries(18):
        page.get("/me/")


def test_consent_comes_before_a_profile_and_is_taken_back_on_the_page(page: Client) -> None:
    assert "Read and agree first" in page.get("/me/").content.decode()
    send(page, "profile", **{"fact-cgpa": "7.8"})
    assert not Profile.objects.exists()
    send(page, "who", action="agree")
    assert Consent.objects.count() == 1
    send(page, "profile", **{"fact-cgpa": "7.8", "fact-number": "22103001"})
    assert profiles.known(ASHA) == {"cgpa": "7.8", "number": "22103001"}
    assert "Tick the box first" in send(page, "who", action="take_back")
    send(page, "who", action="take_back", sure="1")
    assert not Profile.objects.exists()
    assert not Consent.objects.exists()


def test_a_profile_is_read_as_the_bot_reads_it(page: Client) -> None:
    agree()
    send(page, "profile", **{"fact-cgpa": "7,8", "fact-x": "91 %", "fact-branch": "cse", "fact-gender": "female"})
    assert profiles.known(ASHA) == {"cgpa": "7.8", "x": "91", "branch": "CSE", "gender": "female"}
    assert 'value="7.8"' in page.get("/me/").content.decode()
    send(page, "profile", **{"fact-cgpa": "7.8", "fact-x": ""})
    assert profiles.known(ASHA) == {"cgpa": "7.8"}


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [
        ("cgpa", "10.5", "A CGPA is between 0 and 10."),
        ("cgpa", "78 %", "A CGPA is between 0 and 10."),
        ("x", "9.1", "That looks like a CGPA."),
        ("branch", "Alchemy", "I do not know that branch."),
        ("number", "12", "That is no enrolment number."),
        ("backlogs", "many", "Send a whole number"),
        ("batch", "27", "Send the year"),
        ("gender", "x" * 61, "at most 60 characters"),
    ],
)
def test_what_can_not_be_taken_is_said_at_its_field_and_nothing_is_stored(
    page: Client, name: str, text: str, refusal: str
) -> None:
    agree()
    form = {"key": key(page), "fact-xii": "88.4", f"fact-{name}": text}
    answer = page.post("/me/change/profile", form)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert refusal in shown
    assert re.search(rf'name="fact-{name}"[^>]*aria-invalid="true"[^>]*aria-describedby', shown) or re.search(
        rf'name="fact-{name}"[^>]*aria-describedby[^>]*aria-invalid="true"', shown
    )
    assert profiles.known(ASHA) == {}


def test_anothers_number_is_refused_and_claims_are_counted(page: Client) -> None:
    agree()
    subscriptions.start(Chat(RAVI, name="Ravi"))
    agree(RAVI)
    profiles.tell(RAVI, "number", "22103001")
    assert "Somebody here has claimed this number" in send(page, "profile", **{"fact-number": "22103001"})
    assert profiles.known(ASHA) == {}
    for number in range(12):
        shown = send(page, "profile", **{"fact-number": f"2210300{number:02}"})
    assert "You claimed numbers too often today" in shown


def test_a_filter_says_what_it_would_have_done_before_it_is_saved(page: Client, draft: MakeDraft) -> None:
    for number, pay in enumerate((5, 8, 12)):
        publish(draft(f"job:{number}", category="job_posting", company="Zenith", package=f"₹{pay} LPA"))
    shown = send(page, "filters", kind="package", value="8", action="preview")
    assert "I would have told you 2 of 3 notices." in shown
    assert not Filter.objects.exists()
    assert "Postings from 8 LPA" in send(page, "filters", kind="package", value="8", action="save")
    shown = send(page, "filters", kind="not-company", value="Zenith", action="preview")
    assert "0 of 3" in shown
    assert "Nothing would come but your own name on lists." in shown
    send(page, "filters", remove=str(filters.of(ASHA)[0].pk))
    assert filters.of(ASHA) == []


def test_a_filter_that_is_none_and_one_too_many_are_refused(page: Client) -> None:
    assert "Send the least package in lakhs" in send(page, "filters", kind="package", value="much", action="save")
    assert "Say of what" in send(page, "filters", kind="word", value=" ", action="preview")
    send(page, "filters", kind="colour", value="red", action="save")
    for number in range(filters.MOST):
        filters.add(ASHA, filters.parse("word", f"python{number}"))
    assert f"You have {filters.MOST} filters" in send(page, "filters", kind="word", value="one", action="save")
    assert len(filters.of(ASHA)) == filters.MOST


def test_seasons_and_categories_are_those_of_the_chat(page: Client, settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [202627, 202526]
    send(page, "notices", seasons=["202627", "202526"], categories=["shortlisting", "update"])
    standing = subscriptions.standing(ASHA)
    assert standing
    assert standing.seasons == (202627, 202526)
    assert set(Category.values) - standing.muted == {"shortlisting", "update"}
    assert "One season has to stay." in send(page, "notices", categories=["update"])
    assert "Select a valid choice" in send(page, "notices", seasons=["201920"])
    assert subscriptions.standing(ASHA) == standing
    subscriptions.switch_off(ASHA, "stopped")
    assert "Notices are off in your chat." in page.get("/me/").content.decode()


def test_times_are_stored_and_half_of_a_span_is_refused(page: Client, asha: Subscriber) -> None:
    send(page, "times", quiet_from="23:00", quiet_until="07:00", mute="3h", remind_1h="on", quietly="on")
    mine = timing_of(asha)
    assert (mine.quiet_from, mine.quiet_until, mine.digest_at) == (time(23), time(7), None)
    assert (mine.remind_24h, mine.remind_1h, mine.quietly) == (False, True, True)
    assert mine.muted_until
    assert mine.muted_until > timezone.now() + timedelta(hours=2)
    shown = page.get("/me/").content.decode()
    assert 'value="23:00"' in shown
    assert "Muted until" in shown
    assert "Quiet hours have a beginning and an end." in send(page, "times", quiet_from="23:00")
    assert "that end as they begin" in send(page, "times", quiet_from="23:00", quiet_until="23:00")
    assert "Enter a valid time." in send(page, "times", digest_at="late")
    assert "Enter a valid time." in send(page, "times", quiet_from="23:00:00.5", quiet_until="23:00")
    assert (timing_of(asha).quiet_from, timing_of(asha).quiet_until) == (time(23), time(7))
    send(page, "times", mute="end", remind_24h="on")
    assert (timing_of(asha).muted_until, timing_of(asha).quiet_from) == (None, None)


def test_where_one_stands_is_shown_with_lists_to_members_alone(
    page: Client, asha: Subscriber, draft: MakeDraft, settings: Settings
) -> None:
    settings.MEMBERSHIP = "approve"
    agree()
    profiles.tell(ASHA, "number", "22103001")
    Subscriber.objects.filter(pk=asha.pk).update(membership="member")
    publish(draft("job:1", category="job_posting", company="Zenith", role="Engineer", job_key="1"))
    Interest.objects.create(subscriber=asha, key="1", applied_at=timezone.now())
    roster = ({"name": "Asha Verma", "enrollment": "22103001"}, {"name": "Quirinus Zuck", "enrollment": "22103009"})
    publish(draft("list:1", category="shortlisting", company="Zenith", job_key="1", roster=roster))
    shown = page.get("/me/").content.decode()
    assert "Zenith · Engineer" in shown
    assert "🎯 You are on the list. 2 students." in shown
    assert "2 students." in shown
    assert "Applied on" in shown
    assert "Quirinus" not in shown
    Subscriber.objects.filter(pk=asha.pk).update(membership="refused")
    shown = page.get("/me/").content.decode()
    assert "Zenith · Engineer" in shown
    assert "You are on the list" not in shown


def test_the_language_is_that_of_the_bot_and_of_the_page(page: Client, asha: Subscriber) -> None:
    assert (
        "सेव हो गया।"
        in page.post("/me/change/language", {"key": key(page), "language": "hi"}, follow=True).content.decode()
    )
    asha.refresh_from_db()
    assert asha.language == "hi"
    assert page.get("/me/").headers["Content-Language"] == "hi"
    assert page.post("/me/change/language", {"key": key(page), "language": "xx"}).status_code == 422


@pytest.mark.parametrize(("language", "other"), [("en", "हिन्दी"), ("hi", "English")])
def test_the_other_language_at_the_foot_is_chosen_in_its_section(
    page: Client, asha: Subscriber, language: str, other: str
) -> None:
    Subscriber.objects.filter(pk=asha.pk).update(language=language)
    shown = page.get("/me/").content.decode()
    link = re.search(rf'<a href="#(\w+)" lang="\w\w">{other}</a>', shown.partition("<footer")[2])
    assert link
    assert f'id="{link[1]}"' in shown
    assert "?lang=" not in shown


def test_ones_data_come_as_a_file_a_few_times_an_hour(page: Client) -> None:
    agree()
    profiles.tell(ASHA, "cgpa", "7.8")
    form = {"key": key(page), "action": "download"}
    answer = page.post("/me/change/data", form)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mydata.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    found = json.loads(answer.content)
    assert found["what you told of yourself"] == [{"cgpa": "7.8"}]
    assert page.cookies["account"].value not in answer.content.decode()
    answers = [page.post("/me/change/data", form).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]


def test_forget_deletes_all_of_it_once_it_is_confirmed(page: Client) -> None:
    agree()
    assert "Tick the box first" in send(page, "data", action="forget")
    answer = page.post("/me/change/data", {"key": key(page), "action": "forget", "sure": "1"})
    assert "All of it is deleted" in answer.content.decode()
    assert not Subscriber.objects.exists()
    assert not AccountSession.objects.exists()
    assert page.get("/me/").status_code == 302


def test_nobody_reaches_anothers_rows(page: Client, login: Login) -> None:
    subscriptions.start(Chat(RAVI, name="Ravi"))
    filters.add(RAVI, filters.parse("word", "python"))
    ravi = login(RAVI)
    send(page, "filters", remove=str(filters.of(RAVI)[0].pk))
    send(page, "sessions", end=str(AccountSession.objects.get(subscriber__telegram_id=RAVI).pk))
    assert len(filters.of(RAVI)) == 1
    assert ravi.get("/me/").status_code == 200


def test_sessions_are_seen_and_ended(page: Client, login: Login) -> None:
    other = login()
    shown = page.get("/me/").content.decode()
    assert shown.count("A link of the bot") == 2
    assert shown.count("(<strong>this one") + shown.count("this one)") == 1
    ending = AccountSession.objects.order_by("-pk")[0]
    send(page, "sessions", end=str(ending.pk))
    assert other.get("/me/").status_code == 302
    later = login()
    assert page.get("/me/").content.decode().index("this one") < page.get("/me/").content.decode().index("End it in")
    left = page.post("/me/out", {"key": key(page)})
    assert "closed in this browser" in left.content.decode()
    form = {"key": key(later), "end": AccountSession.objects.get().pk}
    assert "closed in this browser" in later.post("/me/change/sessions", form).content.decode()
    assert page.get("/me/").status_code == 302
    assert not AccountSession.objects.exists()


@pytest.mark.parametrize("wrong", ["", "0" * 64, "ä"])
def test_a_form_of_another_site_or_session_changes_nothing(page: Client, login: Login, wrong: str) -> None:
    agree()
    other = key(login())
    for form_key in (wrong, other):
        answer = page.post("/me/change/profile", {"key": form_key, "fact-cgpa": "7.8"})
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.content.decode()
    crossing = page.post(
        "/me/change/profile", {"key": key(page), "fact-cgpa": "7.8"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert crossing.status_code == 403
    assert page.post("/me/out", {"key": wrong}).status_code == 302
    assert page.get("/me/").status_code == 200
    assert profiles.known(ASHA) == {}


def test_the_address_of_a_form_leads_back_to_the_page(page: Client) -> None:
    assert page.get("/me/change/profile").headers["Location"] == "/me/#profile"


def test_changes_are_counted(page: Client) -> None:
    form = {"key": key(page), "end": "0"}
    answers = [page.post("/me/change/sessions", form).status_code for _ in range(62)]
    assert answers == [302] * 60 + [429] * 2


CHANGED = [name for name, section in SECTIONS.items() if section.change]


@pytest.mark.parametrize("name", [*SECTIONS, "nothing"])
def test_a_form_with_anything_in_it_is_no_defect(page: Client, name: str) -> None:
    agree()
    for value in ("", "x", "9" * 400, "\x00", "<script>alert(1)</script>", "²"):
        form = dict.fromkeys(("action", "end", "remove", "kind", "value", "fact-cgpa", "fact-number", "sure"), value)
        answer = page.post(f"/me/change/{name}", {**form, "key": key(page)})
        assert answer.status_code in (302, 422) if name in CHANGED else answer.status_code == 404
        assert "<script>alert" not in answer.content.decode()


def test_what_somebody_wrote_is_text(page: Client) -> None:
    filters.add(ASHA, filters.parse("word", "<b>bold"))
    Subscriber.objects.filter(telegram_id=ASHA).update(name="<i>Asha")
    shown = page.get("/me/?saved=<u>").content.decode()
    assert "<b>bold" not in shown
    assert "<i>Asha" not in shown
    assert "<u>" not in shown


def test_a_lost_key_loses_nothing(page: Client, settings: Settings) -> None:
    agree()
    profiles.tell(ASHA, "cgpa", "7.8")
    sealed, session_key = Profile.objects.get().sealed, key(page)
    settings.SECRET_KEY, before = "another", settings.SECRET_KEY
    assert escape(str(profiles.UNREADABLE)) in page.get("/me/").content.decode()
    form = {"key": visits.form_key(AccountSession.objects.get()), "fact-cgpa": "9"}
    assert escape(str(profiles.UNREADABLE)) in page.post("/me/change/profile", form).content.decode()
    assert Profile.objects.get().sealed == sealed
    settings.SECRET_KEY = before
    assert key(page) == session_key


def test_a_calendar_is_made_renewed_and_ended(page: Client, asha: Subscriber, settings: Settings) -> None:
    settings.WEBSITE_URL = "https://bot.example.edu/"
    assert not CalendarLink.objects.exists()
    shown = send(page, "calendar", action="make")
    token = calendar_links.link_token(asha)
    assert f"https://bot.example.edu/calendar/{token}.ics" in shown
    assert f'href="https://bot.example.edu/calendar/{token}/add"' in shown
    assert f"cid=webcal%3A%2F%2Fbot.example.edu%2Fcalendar%2F{token}.ics" in shown
    assert token not in send(page, "calendar", action="renew")
    send(page, "calendar", action="end")
    assert not CalendarLink.objects.exists()
    assert "Make my calendar" in page.get("/me/").content.decode()


def test_a_browser_is_told_too_until_it_is_stopped(page: Client, asha: Subscriber, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "ops@example.edu"
    endpoint = "https://push.example.net/send/abc"
    send(page, "browsers", endpoint=endpoint, **Browser().keys)
    (mine,) = own(asha)
    assert mine.address == endpoint
    shown = page.get("/me/").content.decode()
    assert endpoint not in shown
    assert f'data-browser="{sha256(endpoint.encode()).hexdigest()}"' in shown
    for wrong in ({"endpoint": "http://127.0.0.1/"}, {"endpoint": "x" * 2000}, {"auth": "x"}, {"endpoint": ""}):
        form = {"endpoint": endpoint, **Browser().keys, **wrong}
        answer = page.post("/me/change/browsers", {"key": key(page), **form})
        assert answer.status_code == 422
    send(page, "browsers", stop=str(mine.pk))
    assert own(asha) == []
