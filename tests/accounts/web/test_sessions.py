"""Sessions of staff: who is logged in where, how long, and how they end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEntry, User, WebSession
from accounts.web import sessions
from accounts.web.sessions import browser, network
from supersetbot.operations import retention

pytestmark = pytest.mark.django_db
PASSWORD = "a long right password"
PAGE = "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def asha() -> User:
    return User.objects.create_superuser("asha", password=PASSWORD)


@pytest.fixture
def ravi() -> User:
    return User.objects.create_user("ravi", password=PASSWORD, is_staff=True)


def logged_in(name: str = "asha", agent: str = FIREFOX, address: str = "203.0.113.77") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    answer = client.post("/admin/login/?next=/admin/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def opens(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_one_sees_where_one_is_logged_in(asha: User) -> None:
    here = logged_in()
    logged_in(agent=CHROME, address="2001:db8:77:1::5")
    shown = here.get(PAGE).content.decode()
    for text in ("Firefox on Linux", "203.0.113.0/24", "(this one)", "Chrome on Android", "2001:db8:77::/48"):
        assert text in shown
    assert "203.0.113.77" not in shown


def test_a_clerk_sees_and_ends_own_sessions_only(asha: User, ravi: User) -> None:
    boss, clerk, elsewhere = logged_in(), logged_in("ravi"), logged_in("ravi", CHROME)
    assert "asha" not in clerk.get(PAGE).content.decode()
    everybody = list(WebSession.objects.values_list("pk", flat=True))
    answer = clerk.post(PAGE, {"session": everybody, "password": PASSWORD, "action": "end"})
    assert answer.status_code == 302
    assert (opens(boss), opens(clerk), opens(elsewhere)) == (True, False, False)


def test_all_others_end_at_one_press(asha: User) -> None:
    here, elsewhere = logged_in(), logged_in(agent=CHROME)
    assert here.post(PAGE, {"password": PASSWORD, "action": "end_others"}).status_code == 302
    assert (opens(here), opens(elsewhere)) == (True, False)


def test_a_superuser_ends_anybodys_and_the_audit_log_says_whose(asha: User, ravi: User) -> None:
    boss, clerk = logged_in(), logged_in("ravi")
    row = WebSession.objects.get(user=ravi)
    boss.post(PAGE, {"session": [row.pk], "password": PASSWORD, "action": "end"})
    assert (opens(boss), opens(clerk)) == (True, False)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.target) == (f"staff:{asha.pk}", "POST end", PAGE)
    assert entry.outcome == f"302 1 of staff:{ravi.pk}"


def test_nothing_ends_without_the_password_and_tries_are_counted(asha: User) -> None:
    here, elsewhere = logged_in(), logged_in(agent=CHROME)
    answers = [here.post(PAGE, {"password": "wrong", "action": "end_others"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["Retry-After"]
    assert here.post(PAGE, {"action": "end_others"}).status_code == 422
    assert opens(elsewhere)


def test_a_session_ends_when_it_is_idle(asha: User, clock: time_machine.Traveller, settings: Settings) -> None:
    client = logged_in()
    for _ in range(3):
        clock.shift(timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES - 1))
        assert opens(client)
    clock.shift(timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES + 1))
    assert not opens(client)


def test_a_session_ends_after_so_many_hours_however_busy(
    asha: User, clock: time_machine.Traveller, settings: Settings
) -> None:
    client = logged_in()
    for _ in range(2 * settings.STAFF_SESSION_HOURS - 1):
        clock.shift(timedelta(minutes=30))
        assert opens(client)
    clock.shift(timedelta(minutes=30))
    assert not opens(client)


def test_the_last_use_is_stored_to_the_minute(asha: User, clock: time_machine.Traveller) -> None:
    client = logged_in()
    begun = timezone.now()
    clock.shift(timedelta(seconds=50))
    client.get("/admin/")
    assert WebSession.objects.get().last_seen_at == begun
    clock.shift(timedelta(seconds=50))
    client.get("/admin/")
    row = WebSession.objects.get()
    assert (row.last_seen_at, row.begun_at) == (timezone.now(), begun)


def test_a_new_password_ends_the_other_sessions(asha: User) -> None:
    here, elsewhere = logged_in(), logged_in(agent=CHROME)
    new = {"old_password": PASSWORD, "new_password1": "unlikely-Words-4", "new_password2": "unlikely-Words-4"}
    assert here.post("/admin/password_change/", new).status_code == 302
    assert "Chrome" not in here.get(PAGE).content.decode()
    assert (opens(here), opens(elsewhere)) == (True, False)


def test_who_is_switched_off_or_deleted_has_no_session(asha: User, ravi: User) -> None:
    boss, clerk = logged_in(), logged_in("ravi")
    User.objects.filter(pk=ravi.pk).update(is_active=False)
    assert "ravi" not in boss.get(PAGE).content.decode()
    assert not opens(clerk)
    ravi.delete()
    assert not WebSession.objects.filter(user_id=ravi.pk).exists()


def test_a_login_gives_a_new_key_and_a_logout_leaves_nothing(asha: User) -> None:
    client = logged_in()
    first = client.cookies["sessionid"].value
    client.post("/admin/login/?next=/admin/", {"username": "asha", "password": PASSWORD})
    assert client.cookies["sessionid"].value != first
    assert WebSession.objects.count() == 1
    client.post("/admin/logout/")
    assert not WebSession.objects.exists()


def test_a_stolen_database_opens_no_session(asha: User) -> None:
    client = logged_in()
    key = client.cookies["sessionid"].value
    row = WebSession.objects.get()
    assert key not in (row.session_key, row.session_data)
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not opens(thief)


def test_a_session_that_was_ended_is_not_written_again(asha: User) -> None:
    store = sessions.SessionStore(logged_in().cookies["sessionid"].value)
    store["more"] = 1
    sessions.end(asha)
    with pytest.raises(UpdateError):
        store.save()
    assert not WebSession.objects.exists()


def test_ended_sessions_are_pruned(asha: User, clock: time_machine.Traveller) -> None:
    logged_in()
    clock.shift(timedelta(days=1))
    assert retention.prune()["sessions"] == 1


def test_a_longer_list_takes_no_more_statements(asha: User) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    client = logged_in()
    few = statements()
    for _ in range(8):
        logged_in()
    assert statements() == few


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit Chrome/143 Safari/537.36 Edg/143", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5 <script>", "curl/8.5 script"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, said: str) -> None:
    assert browser(agent) == said


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.0/24"), ("::ffff:203.0.113.77", "203.0.113.0/24"), ("x", ""), ("", "")],
)
def test_an_address_is_kept_coarsely(address: str, kept: str) -> None:
    assert network(address) == kept
