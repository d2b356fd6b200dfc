"""Logging in to the admin: so many attempts by address and by account; who is locked out is seen, and unlocked."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import LoginAttempts, RequestCount, User
from accounts.web import login

pytestmark = pytest.mark.django_db
HOME, AWAY = "203.0.113.7", "198.51.100.9"
RIGHT, WRONG = "right-password", "wrong-password"
OF_ACCOUNT, OF_ADDRESS = login.RATES["account"].limit, login.RATES["address"].limit


@pytest.fixture
def asha() -> User:
    return User.objects.create_superuser("asha", password=RIGHT)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def attempt(name: str = "asha", password: str = WRONG, address: str = HOME) -> HttpResponse:
    form = {"username": name, "password": password}
    answer = Client(REMOTE_ADDR=address, HTTP_ACCEPT="text/html").post("/admin/login/?next=/admin/", form)
    assert isinstance(answer, HttpResponse)
    return answer


def statuses(attempts: int, **fields: str) -> list[int]:
    return [attempt(**fields).status_code for _ in range(attempts)]


def test_forty_wrong_passwords_are_not_all_answered(asha: User) -> None:
    found = statuses(40)
    assert found == [200] * OF_ACCOUNT + [429] * (40 - OF_ACCOUNT)


def test_a_locked_account_is_told_when_and_its_right_password_is_not_looked_at(
    asha: User, clock: time_machine.Traveller
) -> None:
    statuses(OF_ACCOUNT)
    answer = attempt(password=RIGHT)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Too many attempts to log in. Try again in 15 min" in answer.content.decode()
    clock.shift(timedelta(minutes=15))
    assert attempt(password=RIGHT).status_code == 302


def test_an_account_is_locked_from_wherever_it_is_tried(asha: User) -> None:
    for number in range(OF_ACCOUNT):
        attempt(address=f"198.51.100.{number}")
    assert attempt(address=HOME, password=RIGHT).status_code == 429
    assert attempt("ASHA", address=HOME).status_code == 429


def test_an_address_is_locked_whatever_account_it_tries(asha: User) -> None:
    for number in range(OF_ADDRESS):
        assert attempt(f"guess-{number}").status_code == 200
    assert attempt(password=RIGHT).status_code == 429
    assert attempt(password=RIGHT, address=AWAY).status_code == 302


def test_an_account_that_does_not_exist_is_treated_as_one_that_does(asha: User) -> None:
    assert statuses(OF_ACCOUNT + 1, name="nobody") == statuses(OF_ACCOUNT + 1, address=AWAY)


def test_who_is_no_staff_is_answered_like_a_wrong_password(asha: User) -> None:
    User.objects.create_user("student", password=RIGHT)
    told = [re.sub(r' value="[^"]*"', "", attempt(*typed).text) for typed in (("student", RIGHT), ("student", WRONG))]
    assert told[0] == told[1]


def test_a_right_password_ends_the_count(asha: User) -> None:
    for _ in range(3):
        statuses(OF_ACCOUNT - 1)
        assert attempt(password=RIGHT).status_code == 302
    assert not login.attempts().exists()


def test_no_name_that_was_typed_is_stored(asha: User) -> None:
    attempt("My-Secret-Password")
    assert login.attempts().count() == 2
    rows = RequestCount.objects.values_list("key", flat=True)
    assert "secret" not in "".join(rows).lower()
    assert set(map(login.who, login.attempts())) == {HOME, "an account that does not exist"}


@pytest.mark.django_db(transaction=True)
def test_workers_asked_at_once_let_no_more_pass(asha: User) -> None:
    def ask(number: int) -> int:
        try:
            return attempt(address=f"198.51.100.{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        assert sorted(workers.map(ask, range(30))) == [200] * OF_ACCOUNT + [429] * (30 - OF_ACCOUNT)


def test_who_is_locked_is_seen_in_the_admin_and_unlocked_there(asha: User, admin_client: Client) -> None:
    statuses(OF_ACCOUNT + 3)
    statuses(2, name="nobody", address=AWAY)
    page = "/admin/accounts/loginattempts/"
    shown = admin_client.get(page).content.decode()
    assert all(text in shown for text in ("asha", HOME, AWAY, "an account that does not exist"))
    only_locked = admin_client.get(page, {"locked": "yes"}).content.decode()
    assert "asha" in only_locked
    assert AWAY not in only_locked

    rows = list(login.locked().values_list("pk", flat=True))
    answer = admin_client.post(page, {"action": "unlock", "_selected_action": rows}, follow=True)
    assert "1 may try again." in answer.content.decode()
    assert attempt(password=RIGHT).status_code == 302


def test_a_clerk_without_the_right_to_delete_unlocks_nobody(asha: User, client: Client) -> None:
    statuses(OF_ACCOUNT + 1)
    client.force_login(User.objects.create_user("clerk", password="x", is_staff=True))
    rows = list(login.locked().values_list("pk", flat=True))
    answer = client.post("/admin/accounts/loginattempts/", {"action": "unlock", "_selected_action": rows})
    assert answer.status_code == 403
    assert login.locked().exists()


@pytest.mark.parametrize("arguments", [["asha"], ["--all"], ["Asha", HOME]])
def test_the_command_unlocks_an_operator_who_can_not_get_in(asha: User, arguments: list[str]) -> None:
    statuses(OF_ACCOUNT + 1)
    said = StringIO()
    call_command("unlock_login", *arguments, stdout=said)
    assert "may try again." in said.getvalue()
    assert attempt(password=RIGHT).status_code == 302


def test_the_command_unlocks_an_address_and_nothing_else() -> None:
    RequestCount.objects.create(key="push:60:203.0.113.7", count=99, ends_at=timezone.now() + timedelta(minutes=1))
    statuses(OF_ADDRESS + 1, name="nobody")
    statuses(1, address="not an address")
    said = StringIO()
    call_command("unlock_login", HOME, stdout=said)
    assert said.getvalue() == "1 may try again.\n"
    call_command("unlock_login", HOME, stdout=said)
    assert said.getvalue().endswith("Nobody of that name is locked out.\n")
    assert RequestCount.objects.filter(key="push:60:203.0.113.7").exists()
    assert LoginAttempts.objects.filter(key="login:address:unknown").exists()
    with pytest.raises(CommandError, match="or say --all"):
        call_command("unlock_login")


def test_strangers_lock_nobody_out_of_the_browser_they_log_in_with(asha: User) -> None:
    known = Client(REMOTE_ADDR=AWAY)
    form = {"username": "asha", "password": RIGHT}
    assert known.post("/admin/login/?next=/admin/", form).status_code == 302
    statuses(OF_ACCOUNT + 5)
    assert attempt(password=RIGHT, address="192.0.2.1").status_code == 429
    assert known.post("/admin/login/?next=/admin/", form).status_code == 302


def test_a_browser_that_logged_in_before_has_no_more_tries_than_others(asha: User) -> None:
    known = Client(REMOTE_ADDR=AWAY)
    known.post("/admin/login/?next=/admin/", {"username": "asha", "password": RIGHT})
    wrong = {"username": "asha", "password": WRONG}
    found = [known.post("/admin/login/?next=/admin/", wrong).status_code for _ in range(OF_ACCOUNT + 2)]
    assert found == [200] * OF_ACCOUNT + [429] * 2
    assert "asha, in a browser that has logged in before" in set(map(login.who, login.attempts()))
    call_command("unlock_login", "asha", stdout=StringIO())
    form = {"username": "asha", "password": RIGHT}
    assert known.post("/admin/login/?next=/admin/", form).status_code == 302


def test_a_browser_is_known_for_its_own_account_only_and_by_a_signed_cookie(asha: User) -> None:
    User.objects.create_superuser("ravi", password=RIGHT)
    known = Client(REMOTE_ADDR=AWAY)
    known.post("/admin/login/?next=/admin/", {"username": "ravi", "password": RIGHT})
    statuses(OF_ACCOUNT)
    form = {"username": "asha", "password": RIGHT}
    assert known.post("/admin/login/?next=/admin/", form).status_code == 429
    known.cookies["known"] = login.account_key("asha") + ":0123456789abcdef:forged"
    assert known.post("/admin/login/?next=/admin/", form).status_code == 429


def test_the_old_password_is_not_guessed_where_it_is_changed(asha: User) -> None:
    thief = Client(REMOTE_ADDR=AWAY)
    thief.force_login(asha)
    form = {"old_password": WRONG, "new_password1": "unlikely-Words-4", "new_password2": "unlikely-Words-4"}
    found = [thief.post("/admin/password_change/", form).status_code for _ in range(OF_ACCOUNT + 2)]
    assert found == [200] * OF_ACCOUNT + [429] * 2
    assert thief.post("/admin/password_change/", {**form, "old_password": RIGHT}).status_code == 429
    answer = thief.post(f"/admin/accounts/user/{asha.pk}/password/", {"password1": "x", "password2": "x"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/password_change/")
    asha.refresh_from_db()
    assert asha.check_password(RIGHT)


def test_a_new_password_is_set_by_who_knows_the_old_one(asha: User) -> None:
    client = Client()
    client.force_login(asha)
    form = {"old_password": RIGHT, "new_password1": "unlikely-Words-4", "new_password2": "unlikely-Words-4"}
    assert "Change password" in client.get("/admin/password_change/").content.decode()
    assert client.post("/admin/password_change/", form).status_code == 302
    asha.refresh_from_db()
    assert asha.check_password("unlikely-Words-4")


def test_a_superuser_sets_the_password_of_another(asha: User, client: Client) -> None:
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(asha)
    form = {"password1": "unlikely-Words-4", "password2": "unlikely-Words-4", "usable_password": "true"}
    assert client.post(f"/admin/accounts/user/{clerk.pk}/password/", form).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password("unlikely-Words-4")
