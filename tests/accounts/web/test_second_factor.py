"""The second factor of staff: set up, asked for, used once, throttled, required, taken away; keys that show nowhere."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from accounts.models import AuditEntry, Authenticator, User, WebSession
from accounts.web import login, second_factor
from tests import leaks

pytestmark = pytest.mark.django_db
PASSWORD = "a long right password"
PAGE = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def asha() -> User:
    return User.objects.create_superuser("asha", password=PASSWORD)


@pytest.fixture
def app(asha: User) -> Authenticator:
    """An app that counts, of somebody who has no session."""
    device = second_factor.begin(asha)
    Authenticator.objects.update(confirmed=True)
    return device


def code(device: Authenticator, steps: int = 0) -> str:
    """What the phone shows now, or `steps` times 30 s later."""
    return f"{totp(device.bin_key, drift=steps):06}"


def log_in(code: str = "", password: str = PASSWORD, *, client: Client | None = None) -> HttpResponse:
    form = {"username": "asha", "password": password, "code": code}
    answer = (client or Client()).post("/admin/login/?next=/admin/", form)
    assert isinstance(answer, HttpResponse)
    return answer


def set_up(client: Client) -> tuple[Authenticator, list[str]]:
    """Set it up as a person does: read the key off the page, type the code."""
    shown = client.get(PAGE).content.decode()
    device = Authenticator.objects.get(confirmed=False)
    assert second_factor.key_in_words(device) in shown
    assert "<svg" in shown
    answer = client.post(PAGE, {"password": PASSWORD, "code": code(device), "action": "set_up"}).content.decode()
    return device, re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", answer)


def test_staff_set_it_up_with_a_picture_a_key_and_a_code_and_get_recovery_codes_once(asha: User) -> None:
    client = Client()
    log_in(client=client)
    _, codes = set_up(client)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    again = client.get(PAGE).content.decode()
    assert codes[0] not in again
    assert "10 recovery codes are left" in again
    assert client.get("/admin/").status_code == 200


def test_then_a_login_takes_both(app: Authenticator) -> None:
    assert log_in().status_code == 200
    assert log_in("000000").status_code == 200
    assert log_in(code(app), password="wrong").status_code == 200
    assert not WebSession.objects.exists()


def test_a_right_password_with_a_right_code_logs_in(app: Authenticator) -> None:
    client = Client()
    assert log_in(code(app), client=client).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert AuditEntry.objects.latest("pk").outcome == "302 by password and app"


def test_the_answer_does_not_tell_which_was_wrong(app: Authenticator) -> None:
    def told(answer: HttpResponse) -> str:
        return re.sub(r' *value="[^"]*"', "", answer.content.decode())

    found = [told(log_in(*typed)) for typed in (("123456", "wrong"), ("000000", PASSWORD), ("", PASSWORD))]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("written", ["{0}", " {1} {2} ", "{1}-{2}", "devanagari"])
def test_a_code_is_read_as_people_type_it(app: Authenticator, written: str) -> None:
    right = code(app)
    devanagari = right.translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    typed = devanagari if written == "devanagari" else written.format(right, right[:3], right[3:])
    assert log_in(typed).status_code == 302


def test_a_code_is_taken_once(app: Authenticator) -> None:
    right = code(app)
    assert log_in(right).status_code == 302
    assert log_in(right).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_a_phone_may_be_half_a_minute_off(app: Authenticator, steps: int, status: int) -> None:
    assert log_in(code(app, steps)).status_code == status


@pytest.mark.django_db(transaction=True)
def test_two_who_send_one_code_at_once_do_not_both_get_in(app: Authenticator) -> None:
    right = code(app)

    def attempt(_: int) -> int:
        try:
            return log_in(right).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(attempt, range(4))) == [200, 200, 200, 302]


@pytest.mark.django_db(transaction=True)
def test_two_who_send_one_recovery_code_at_once_do_not_both_get_in(app: Authenticator, asha: User) -> None:
    right = second_factor.new_recovery_codes(asha)[0]

    def attempt(_: int) -> int:
        try:
            return log_in(right).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(attempt, range(4))) == [200, 200, 200, 302]


def test_each_wrong_code_doubles_the_wait(app: Authenticator, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        log_in("000000")
        clock.shift(timedelta(hours=1))
    app.refresh_from_db()
    assert app.throttling_failure_count == 3
    assert log_in("000000").status_code == 200
    clock.shift(timedelta(seconds=7))
    assert log_in(code(app)).status_code == 200, "8 s have to pass"
    clock.shift(timedelta(seconds=2))
    assert log_in(code(app)).status_code == 302


def test_who_has_the_password_guesses_few_codes_in_a_year(app: Authenticator, clock: time_machine.Traveller) -> None:
    end, looked_at = timezone.now() + timedelta(days=365), 0
    while timezone.now() < end:
        second_factor.accept(app.user, "000000")
        looked_at += 1
        app.refresh_from_db()
        assert app.throttling_failure_count == looked_at, "as soon as the next one counts"
        clock.shift(timedelta(seconds=2 ** (looked_at - 1)))
    assert looked_at < 30


def test_wrong_codes_lock_the_account_as_wrong_passwords_do(app: Authenticator) -> None:
    found = [log_in("000000").status_code for _ in range(12)]
    assert found == [200] * login.RATES["account"].limit + [429, 429]
    assert log_in(code(app)).status_code == 429


def test_a_right_password_with_a_wrong_code_is_told_apart_in_the_audit_log(app: Authenticator, asha: User) -> None:
    log_in("000000")
    row = AuditEntry.objects.get()
    assert (row.actor, row.outcome) == ("nobody", f"200 right password, no right code: staff:{asha.pk}")


def test_no_flood_of_failed_logins_hides_it(app: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supersetbot.web.audited._FAILED_LOGINS_AN_HOUR", 2)
    for _ in range(4):
        log_in(password="wrong")
    log_in("000000")
    assert "right password" in AuditEntry.objects.latest("pk").outcome


def test_a_recovery_code_logs_in_once_however_it_is_written(app: Authenticator, asha: User) -> None:
    first, second = second_factor.new_recovery_codes(asha)[:2]
    assert log_in(first).status_code == 302
    assert log_in(first).status_code == 200
    StaticDevice.objects.update(throttling_failure_count=0)
    assert log_in(second.upper().replace("-", " ")).status_code == 302
    assert second_factor.recovery_codes_left(asha) == 8


@pytest.mark.parametrize("typed", ["", "  ", "12345", "1234567", "x" * 60])
def test_what_is_no_code_at_all_makes_nobody_wait(app: Authenticator, asha: User, typed: str) -> None:
    codes = second_factor.new_recovery_codes(asha)
    assert log_in(typed).status_code == 200
    assert log_in(codes[0]).status_code == 302
    assert log_in(code(app)).status_code == 302


def test_a_recovery_code_of_another_counts_for_nothing(app: Authenticator) -> None:
    other = User.objects.create_superuser("ravi", password="x")
    second_factor.begin(other)
    Authenticator.objects.update(confirmed=True)
    assert log_in(second_factor.new_recovery_codes(other)[0]).status_code == 200


def test_a_stolen_database_makes_no_codes(app: Authenticator, asha: User, settings: Settings) -> None:
    codes = second_factor.new_recovery_codes(asha)
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert not stored & {code.replace("-", "") for code in codes}
    assert TOTPDevice.objects.get().bin_key != app.bin_key
    settings.SECRET_KEY = "of the thief"
    assert second_factor.accept(asha, code(app)) is not None, "with the key of the test's thief"
    settings.SECRET_KEY = "of the service"
    assert second_factor.accept(asha, f"{totp(TOTPDevice.objects.get().bin_key, drift=1):06}") is None


def test_a_key_that_was_shown_and_not_confirmed_is_worth_nothing(asha: User) -> None:
    client = Client()
    log_in(client=client)
    client.get(PAGE)
    seen = Authenticator.objects.get()
    client.get(PAGE)
    answer = client.post(PAGE, {"password": PASSWORD, "code": code(seen), "action": "set_up"})
    assert answer.status_code == 422
    assert not second_factor.is_set_up(asha)


def test_it_is_not_set_up_without_the_password(asha: User) -> None:
    client = Client()
    log_in(client=client)
    client.get(PAGE)
    right = code(Authenticator.objects.get())
    assert client.post(PAGE, {"password": "wrong", "code": right}).status_code == 422
    assert not second_factor.is_set_up(asha)
    found = [client.post(PAGE, {"password": "wrong", "code": right}).status_code for _ in range(12)]
    assert found[-1] == 429, "as many tries as at the login"


def test_setting_it_up_ends_the_other_sessions_and_gives_this_one_a_new_key(asha: User) -> None:
    here, elsewhere = Client(), Client()
    log_in(client=here)
    log_in(client=elsewhere)
    before = here.cookies["sessionid"].value
    set_up(here)
    assert here.get("/admin/").status_code == 200
    assert here.cookies["sessionid"].value != before
    assert elsewhere.get("/admin/").status_code == 302
    assert WebSession.objects.count() == 1


def test_a_session_from_before_is_asked_for_the_code(asha: User) -> None:
    client = Client()
    log_in(client=client)
    second_factor.begin(asha)
    Authenticator.objects.update(confirmed=True)
    answer = client.get("/admin/accounts/subscriber/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/accounts/subscriber/")
    assert not WebSession.objects.filter(user=asha).exists()


def test_new_recovery_codes_end_the_old_ones(asha: User, clock: time_machine.Traveller) -> None:
    client = Client()
    log_in(client=client)
    device, codes = set_up(client)
    clock.shift(timedelta(seconds=30))
    answer = client.post(PAGE, {"password": PASSWORD, "code": code(device), "action": "renew"}).content.decode()
    assert codes[0] not in answer
    assert len(re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", answer)) == 10
    assert log_in(codes[0]).status_code == 200


def test_it_is_removed_with_password_and_code_only(asha: User, clock: time_machine.Traveller) -> None:
    client = Client()
    log_in(client=client)
    _, codes = set_up(client)
    assert client.post(PAGE, {"password": PASSWORD, "code": "000000", "action": "remove"}).status_code == 422
    assert second_factor.is_set_up(asha)
    assert client.post(PAGE, {"password": PASSWORD, "code": codes[0], "action": "remove"}).status_code == 302
    assert not second_factor.is_set_up(asha)
    assert AuditEntry.objects.latest("pk").outcome == "302 removed"
    assert log_in().status_code == 302


def test_where_it_is_required_nothing_else_opens_before(asha: User, settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = "required"
    client = Client()
    assert log_in(client=client).status_code == 302
    for path in (
        "/admin/",
        "/admin/dashboard/",
        "/admin/accounts/subscriber/",
        "/admin/sessions/",
        "/admin/password_change/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, PAGE), path
    assert client.post("/admin/accounts/subscriber/add/", {"kind": "person"}).status_code == 302
    device, _ = set_up(client)
    assert client.get("/admin/accounts/subscriber/").status_code == 200
    assert log_in(code(device, 1)).status_code == 302


def test_where_it_is_required_staff_without_it_are_strangers_on_public_pages(asha: User, settings: Settings) -> None:
    client = Client()
    log_in(client=client)
    assert client.get("/status").wsgi_request.user.is_authenticated
    settings.STAFF_SECOND_FACTOR = "required"
    assert not client.get("/status").wsgi_request.user.is_authenticated
    assert client.post("/admin/logout/").status_code == 200


def test_no_address_of_the_service_knows_staff_who_lack_what_is_required(asha: User, settings: Settings) -> None:
    client = Client(headers={"Accept": "text/html"}, raise_request_exception=False)
    log_in(client=client)
    settings.STAFF_SECOND_FACTOR = "required"
    found = {re.sub(r"<[^>]+>", "1", route) for route, _ in leaks.routes() if "(" not in route}
    for address in sorted(f"/{route}" for route in found):
        for method in ("GET", "POST"):
            answer = client.generic(method, address)
            if address in (PAGE, "/admin/logout/"):
                log_in(client=client)
            elif address.startswith("/admin/"):
                assert (answer.status_code, answer["Location"]) == (302, PAGE), address
            else:
                assert not answer.wsgi_request.user.is_authenticated, address


def test_a_page_open_to_all_does_not_vary_by_who_asks(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(".language")]  # its own cookie
    assert "Cookie" not in client.get("/privacy").headers.get("Vary", "")


def test_the_command_takes_it_away_and_ends_sessions(app: Authenticator, asha: User) -> None:
    client = Client()
    log_in(code(app), client=client)
    said = StringIO()
    call_command("reset_second_factor", "asha", stdout=said)
    assert said.getvalue() == "asha logs in by password alone now; 1 sessions ended.\n"
    assert client.get("/admin/").status_code == 302
    row = AuditEntry.objects.latest("pk")
    assert (row.actor, row.action, row.target) == ("command", "second factor removed", f"staff:{asha.pk}")
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_second_factor", "asha")
    with pytest.raises(CommandError, match="no such user"):
        call_command("reset_second_factor", "nobody")
    rows = AuditEntry.objects.order_by("-pk").values_list("action", "target", "outcome")[:2]
    failed = ("second factor removed", "nobody", "failed"), ("second factor removed", f"staff:{asha.pk}", "failed")
    assert tuple(rows) == failed


def test_no_page_shows_the_key_or_the_codes_of_anybody(
    app: Authenticator, asha: User, admin_client: Client, client: Client
) -> None:
    assert not {TOTPDevice, StaticDevice, StaticToken, Authenticator} & admin.site._registry.keys()
    assert admin_client.get("/admin/otp_totp/totpdevice/").status_code == 404
    codes = second_factor.new_recovery_codes(asha)
    log_in(code(app), client=client)
    secrets = [second_factor.key_in_words(app), app.key, *codes]
    for path in (PAGE, f"/admin/accounts/user/{asha.pk}/change/", "/admin/accounts/user/"):
        shown = client.get(path).content.decode()
        assert not [secret for secret in secrets if secret in shown]


def test_no_log_line_holds_a_key_or_a_code(asha: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    log_in(client=client)
    device, codes = set_up(client)
    for _ in range(12):
        log_in(codes[0])
    said = caplog.text
    assert said
    secrets = [device.key, code(device), second_factor.key_in_words(device), codes[0], PASSWORD]
    assert not [secret for secret in secrets if secret in said]


def test_the_pages_with_secrets_are_kept_by_no_cache(asha: User) -> None:
    client = Client()
    log_in(client=client)
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_the_list_of_users_says_who_has_one(app: Authenticator, admin_client: Client) -> None:
    shown = admin_client.get("/admin/accounts/user/?q=asha").content.decode()
    assert re.search(r'field-second_factor"><img [^>]*alt="True"', shown)


def test_staff_who_may_change_users_make_nobody_a_superuser(client: Client, asha: User) -> None:
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model__in=["user", "group"]))
    client.force_login(clerk)
    assert client.get("/admin/accounts/user/").status_code == 200
    for path in (f"accounts/user/{clerk.pk}/change", f"accounts/user/{asha.pk}/password", "auth/group/add"):
        assert client.post(f"/admin/{path}/", {"is_superuser": "on"}).status_code == 403
    clerk.refresh_from_db()
    assert not clerk.is_superuser
