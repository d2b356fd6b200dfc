"""The door of the account page: links that count once, what Telegram signed, and everybody else who tries."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AccountLink, AccountSession, Subscriber, User
from accounts.signin import links, visits
from accounts.signin.init_data import FRESH_SECONDS
from accounts.subscribing import subscriptions
from accounts.subscribing.forgetting import forget
from accounts.subscribing.subscriptions import Chat
from supersetbot.account.commands import DOOR_PATH
from tests.accounts.signin.test_init_data import TOKEN, signed
from tests.supersetbot.account.conftest import ASHA, RAVI, SAME_ORIGIN, Login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asha")]


def browser() -> Client:
    return Client(headers=SAME_ORIGIN)


def open_by(client: Client, **form: str) -> int:
    return client.post(DOOR_PATH, form).status_code


def test_a_link_opens_the_page_once(login: Login) -> None:
    secret = links.make(ASHA)
    assert open_by(first := browser(), secret=secret) == 302
    assert first.get("/me/").status_code == 200
    assert open_by(second := browser(), secret=secret) == 403
    assert second.get("/me/").headers["Location"] == DOOR_PATH


def test_whoever_only_looks_at_the_address_uses_nothing_up(login: Login) -> None:
    secret = links.make(ASHA)
    for agent in ("TelegramBot (like TwitterBot)", "Mozilla/5.0"):
        for method in ("get", "head"):
            answer = getattr(browser(), method)(DOOR_PATH, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert not answer.cookies
    assert secret not in browser().get(DOOR_PATH).content.decode()
    assert open_by(browser(), secret=secret) == 302


def test_a_whole_address_that_was_copied_into_the_field_is_understood(login: Login) -> None:
    assert open_by(browser(), secret=f" https://bot.example.edu/me/in#{links.make(ASHA)} ") == 302


def test_a_link_ends_after_ten_minutes_and_where_a_newer_one_was_made(login: Login) -> None:
    older, newer = links.make(ASHA), links.make(ASHA)
    assert open_by(browser(), secret=older) == 403
    with time_machine.travel(timezone.now() + links.GOOD_FOR + timedelta(seconds=1), tick=False):
        assert open_by(browser(), secret=newer) == 403


@pytest.mark.parametrize("secret", ["", " ", "x", "#", "x" * 500, "\x00", "ä\ufffd", "' OR 1=1 --"])
def test_what_is_no_link_opens_nothing(secret: str, login: Login) -> None:
    links.make(ASHA)
    assert open_by(browser(), secret=secret) == 403
    assert AccountLink.objects.count() == 1


def test_guessing_is_slowed_down(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supersetbot.account.door._TRIES", 60)
    client = browser()
    answers = [open_by(client, secret=f"guess {number}") for number in range(62)]
    assert set(answers[:60]) == {403}
    assert set(answers[60:]) == {429}
    refused = client.post(DOOR_PATH, {"secret": links.make(ASHA)})
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 500) == (429, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_once_one_gets_in(login: Login) -> None:
    secret = links.make(ASHA)

    def attempt(_: int) -> int:
        try:
            return open_by(browser(), secret=secret)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [302, 403, 403, 403]


def test_the_database_holds_neither_a_link_nor_a_cookie(login: Login) -> None:
    secret = links.make(ASHA)
    client = login()
    stored = str([*AccountLink.objects.values(), *AccountSession.objects.values()])
    assert secret not in stored
    assert client.cookies["account"].value not in stored


def test_who_is_not_subscribed_gets_no_link() -> None:
    assert links.make(RAVI) == ""
    subscriptions.start(Chat(-5, Subscriber.Kind.GROUP, "Batch"))
    assert links.make(-5) == ""


def test_a_session_that_somebody_planted_is_worth_nothing(login: Login) -> None:
    """Session fixation: a login makes a new key, whatever the browser sent before."""
    client = browser()
    client.cookies["account"] = "planted-by-somebody-else"
    login(client=client)
    assert client.cookies["account"].value != "planted-by-somebody-else"
    planted = browser()
    planted.cookies["account"] = "planted-by-somebody-else"
    assert planted.get("/me/").status_code == 302


def test_a_login_ends_what_the_browser_had_open_before(login: Login) -> None:
    subscriptions.start(Chat(RAVI, name="Ravi"))
    client = login()
    old = client.cookies["account"].value
    login(RAVI, client)
    assert "Ravi" in client.get("/me/").content.decode()
    client.cookies["account"] = old
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://testserver"}, 302),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_only_a_form_of_this_site_lets_somebody_in(headers: dict[str, str], status: int, login: Login) -> None:
    answer = Client(headers={"Accept": "text/html", **headers}).post(DOOR_PATH, {"secret": links.make(ASHA)})
    assert answer.status_code == status


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_for_this_host_and_for_no_script(settings: Settings, *, https: bool) -> None:
    settings.HTTPS = https
    answer = browser().post(DOOR_PATH, {"secret": links.make(ASHA)}, secure=https)
    (cookie,) = answer.cookies.values()
    assert cookie.key == ("__Host-account" if https else "account")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert bool(cookie["secure"]) is https
    assert cookie["max-age"] == 30 * 86_400


def test_a_session_ends_when_it_is_idle_and_after_a_month(login: Login) -> None:
    client, now = login(), timezone.now()
    for days in (6, 12, 18, 24, 29):  # used now and then
        with time_machine.travel(now + timedelta(days=days), tick=False):
            assert client.get("/me/").status_code == 200
    with time_machine.travel(now + timedelta(days=30, minutes=1), tick=False):
        assert client.get("/me/").status_code == 302
    idle = login()
    with time_machine.travel(timezone.now() + visits.IDLE + timedelta(minutes=1), tick=False):
        assert idle.get("/me/").status_code == 302


def test_a_person_has_ten_sessions_at_most(login: Login) -> None:
    clients = [login() for _ in range(12)]
    assert AccountSession.objects.count() == visits.MOST
    assert [client.get("/me/").status_code for client in clients] == [302] * 2 + [200] * 10


def test_forget_ends_it(login: Login) -> None:
    client = login()
    links.make(ASHA)
    forget(ASHA)
    assert client.get("/me/").status_code == 302
    assert not AccountSession.objects.exists()
    assert not AccountLink.objects.exists()


def test_it_opens_nothing_of_the_admin_and_staff_nothing_of_it(login: Login, admin_user: User) -> None:
    client = login()
    for address in ("/admin/", "/admin/accounts/subscriber/", "/admin/dashboard/"):
        assert client.get(address).status_code in (302, 404)
    assert "sessionid" not in client.cookies
    staff = browser()
    staff.force_login(admin_user)
    assert staff.get("/me/").headers["Location"] == DOOR_PATH


# --- Telegram's Mini App -----------------------------------------------------------


@pytest.fixture
def telegram(settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = TOKEN
    settings.HTTPS = True


def by_telegram(client: Client, text: str) -> int:
    return client.post(DOOR_PATH, {"init_data": text}, secure=True).status_code


@pytest.mark.usefixtures("telegram")
def test_telegram_lets_a_person_in_and_the_cookie_works_in_its_frame() -> None:
    client = browser()
    assert by_telegram(client, signed()) == 302
    cookie = client.cookies["__Host-account"]
    assert (cookie["samesite"], bool(cookie["secure"]), cookie["partitioned"]) == ("None", True, True)
    assert "Partitioned" in cookie.OutputString()
    page = client.get("/me/", secure=True)
    assert page.status_code == 200
    assert "frame-ancestors https://web.telegram.org;" in page.headers["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in page.headers
    assert AccountSession.objects.get().by == "telegram"
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        assert client.get("/me/", secure=True).status_code == 302


@pytest.mark.usefixtures("telegram")
def test_what_was_taken_once_is_taken_again_only_from_the_browser_that_has_it() -> None:
    client, thief, text = browser(), browser(), signed()
    assert by_telegram(client, text) == 302
    assert by_telegram(thief, text) == 403
    assert by_telegram(client, text) == 302
    assert AccountSession.objects.count() == 1
    assert by_telegram(thief, signed(query_id="another")) == 302


@pytest.mark.usefixtures("telegram")
def test_forged_stale_and_strange_data_let_nobody_in() -> None:
    client = browser()
    stale = str(int(timezone.now().timestamp()) - FRESH_SECONDS - 5)
    stranger = json.dumps({"id": 77, "first_name": "Nobody"})
    for text in (signed("1:Other"), signed(auth_date=stale), signed() + "&user=%7B%22id%22%3A1%7D", "", "x"):
        assert by_telegram(client, text) == 403
    answer = client.post(DOOR_PATH, {"init_data": signed(user=stranger)}, secure=True)
    assert (answer.status_code, "Send it /start" in answer.content.decode()) == (403, True)
    assert not AccountSession.objects.exists()
    assert TOKEN not in answer.content.decode()
