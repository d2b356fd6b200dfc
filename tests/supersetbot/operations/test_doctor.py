"""The doctor: each ailment is found, with a way to fix it, and without a secret."""

import json
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Authenticator, User
from accounts.web import second_factor
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.models import Heartbeat, beat
from notifications.telegram_bot import bot_status
from scraping.cycle import schedule
from scraping.cycle.runs import one_run
from scraping.models import RawItem, Review, WatchState
from supersetbot.operations import checks, health
from supersetbot.operations.doctor import database, examination, machine, results, telegram
from supersetbot.operations.doctor.examination import examine
from supersetbot.operations.doctor.results import Finding
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.mail_server import mail_server as server_that_wants
from tests.paths import ROOT
from tests.scraping.conftest import portal

__all__ = ["portal"]
pytestmark = pytest.mark.django_db(transaction=True)
CHANNEL = -1_001_000_000_001


@pytest.fixture(autouse=True)
def well(settings: Settings, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """An installation where all is well: what each test takes away is what is found."""
    settings.SECRET_KEY = "aB3$dE6&" * 8
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path
    settings.LOG_FILES = {"bot": tmp_path / "logs" / "bot.log"}
    (tmp_path / "staticfiles.json").write_text("{}")
    settings.ALLOWED_HOSTS = ["bot.example.edu"]
    settings.ADMIN_TELEGRAM_USER_IDS = [1900]
    settings.TELEGRAM_CHAT_ID = CHANNEL
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "tnp@example.edu"
    settings.MEMBERSHIP = "approve"
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.WEBHOOK_PORT = 1
    beat("scheduler")
    bot_status.report(bot_status.State.POLLING)
    monkeypatch.setattr(machine, "open_to_others", list)
    with BotApi().in_thread() as api:
        api.add_channel(CHANNEL, "Placements")
        settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL = api.token, api.url
        yield api


@pytest.mark.usefixtures("well")
def test_a_file_of_settings_that_others_can_read_is_found(settings: Settings, tmp_path: Path) -> None:
    settings.ENV_FILE = tmp_path / ".env"
    settings.ENV_FILE.write_text("SECRET_KEY=x")
    settings.ENV_FILE.chmod(0o644)
    assert finding("private files").detail == f"other users may read the settings in {tmp_path}/.env (0644)"
    settings.ENV_FILE.chmod(0o640)
    assert finding("private files").ok


def test_a_clock_that_differs_from_the_databases_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding("clock").ok
    monkeypatch.setattr(database, "seconds_ahead_of_database", lambda: -86_400.0)
    found = finding("clock")
    assert (found.ok, found.detail) == (False, "this machine's clock is -86400 s off the database's")


def finding(name: str) -> Finding:
    (found,) = examination.findings(name, examination.CHECKS[name])
    return found


@pytest.mark.parametrize(
    ("required", "hosts", "ok", "told"),
    [
        ("optional", ["localhost"], True, "2, on this machine alone"),
        ("optional", ["bot.example.edu"], None, "no second factor: asha"),
        ("required", ["localhost"], False, "no second factor yet: asha"),
    ],
)
def test_staff_without_a_second_factor_are_named(
    settings: Settings, required: str, hosts: list[str], ok: bool | None, told: str
) -> None:
    settings.STAFF_SECOND_FACTOR, settings.ALLOWED_HOSTS = required, hosts
    User.objects.create_superuser("asha")
    second_factor.begin(User.objects.create_superuser("ravi"))
    Authenticator.objects.update(confirmed=True)
    found = finding("staff")
    assert (found.ok, found.detail) == (ok, told)
    User.objects.filter(username="asha").delete()
    assert finding("staff").detail == "1 with a second factor"


@pytest.mark.parametrize(
    ("membership", "domains", "backend", "told"),
    [
        ("open", [], "dummy", "anybody who finds the bot reads the names"),
        ("approve", [], "smtp", "EMAIL_URL is set, and no domain"),
        ("email", ["example.edu"], "smtp", "by code or by an admin's word"),
        ("approve", [], "dummy", "by an admin's word or an invitation"),
    ],
)
def test_how_people_become_members_is_told(
    settings: Settings, membership: str, domains: list[str], backend: str, told: str
) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = membership, domains
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert told in finding("members").detail


@pytest.fixture
def mailing(settings: Settings) -> Iterator[Settings]:
    """Settings of codes by a mail server that wants a password."""
    with server_that_wants("the-right-one") as inbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "tnp@example.edu", "the-right-one"
        yield settings


def test_the_mail_server_is_logged_in_to(mailing: Settings) -> None:
    server = f"127.0.0.1:{mailing.EMAIL_PORT}"
    assert finding("mail server") == Finding("mail server", ok=True, detail=f"{server} lets us in")
    mailing.EMAIL_HOST_PASSWORD = "hunter2"
    assert finding("mail server") == Finding(
        "mail server",
        ok=False,
        detail=f"{server} refuses the login of tnp@example.edu (535)",
        fix="Put the right user and password into EMAIL_URL.",
    )
    mailing.EMAIL_USE_TLS = True
    assert finding("mail server").detail == (
        f"{server} can't be used (STARTTLS extension not supported by server.): no codes are mailed"
    )


def test_a_mail_server_that_is_away_or_silent_is_found(mailing: Settings) -> None:
    mailing.EMAIL_PORT = 9
    assert finding("mail server").detail == "127.0.0.1:9 refuses the connection: no codes are mailed"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailing.EMAIL_PORT, mailing.EMAIL_TIMEOUT = silent.getsockname()[1], 0.2
        found = finding("mail server")
    assert found.detail == f"127.0.0.1:{mailing.EMAIL_PORT} does not answer within 0.2 s: no codes are mailed"
    assert "EMAIL_URL" in found.fix


@pytest.mark.usefixtures("copies_can_be_made")
def test_where_all_is_well_everything_is_ok(well: BotApi) -> None:
    findings = {finding.name: finding for finding in examine()}
    assert {name: found.detail for name, found in findings.items() if not found.ok} == {
        "mailbox": "PLACEMENT_EMAIL and its app password are not both set",
        "mail server": "EMAIL_URL names no mail server: no codes are mailed",
        "watcher": "nothing was watched yet: the scheduler watches",
        "cycle": "no cycle yet, and none is scheduled: ./manage schedule --sync. Until a cycle was good, /ready is 503",
        "web": "nothing answers at 127.0.0.1:1",
    }
    assert findings["bot token"].detail == "@superset_sandbox_bot"
    assert findings["channel"].detail == "Placements"
    assert findings["portal login"].detail == "2 accounts can log in"


@pytest.mark.parametrize(
    ("setting", "value", "name", "wrong", "fix"),
    [
        ("TELEGRAM_BOT_TOKEN", "", "bot token", "TELEGRAM_BOT_TOKEN is not set", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "1:wrong", "bot token", "does not accept TELEGRAM_BOT_TOKEN", "@BotFather"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:9", "bot token", "can't be reached", "internet"),
        ("TELEGRAM_CHAT_ID", 404, "channel", "getChat: Bad Request: chat not found", "TELEGRAM_CHAT_ID"),
        ("SUPERSET_CREDENTIALS", [], "portal login", "no account", "SUPERSET_CREDENTIALS"),
        ("SUPERSET_BASE_URL", "http://127.0.0.1:9", "portal login", "", "SUPERSET_BASE_URL"),
        ("VAPID_PUBLIC_KEY", "BAAA", "VAPID", "does not belong", "vapid_keys"),
        ("VAPID_PRIVATE_KEY", "x", "VAPID", "not a key", "vapid_keys"),
        ("VAPID_EMAIL", "", "VAPID", "it is not set", "Set VAPID_EMAIL"),
        ("PUSH_ALLOW_HOSTS", frozenset({"127.0.0.1"}), "push hosts", "strangers have 127.0.0.1 called", "Take"),
        ("VAPID_EMAIL", "tnp@localhost", "VAPID", "localhost is not a name on the internet", "Set VAPID_EMAIL"),
        ("DEFAULT_PLACEMENT_YEAR", 202526, "settings", "not among PLACEMENT_YEARS", "PLACEMENT_YEARS"),
        ("LOG_FILES", {"bot": Path("/proc/logs/bot.log")}, "log folder", "can't be written", "chown"),
    ],
)
def test_an_ailment_is_found_with_its_mend(  # noqa: PLR0917 (one parameter a column of the table)
    well: BotApi, settings: Settings, setting: str, value: object, name: str, wrong: str, fix: str
) -> None:
    setattr(settings, setting, value)
    found = finding(name)
    assert found.ok is False
    assert wrong in found.detail
    assert fix in found.fix
    assert well.token not in found.detail + found.fix


@pytest.mark.parametrize("status", [200, 401, 403, 404, 502])
def test_a_proxy_in_telegram_s_place_is_not_taken_for_telegram(well: BotApi, status: int) -> None:
    well.faults.plan("proxy_page", status=status)
    found = finding("bot token")
    assert found.ok is False
    assert f"answers in its place: HTTP {status}" in found.detail
    assert "proxy" in found.fix


def test_a_refused_password_is_found_and_tried_no_more_than_the_portal_allows(
    settings: Settings, portal: Portal
) -> None:
    settings.SUPERSET_CREDENTIALS = [{**settings.SUPERSET_CREDENTIALS[0], "password": "hunter2"}]
    found = [finding("portal login") for _ in range(5)]
    assert all("login_refused" in f.detail and "set the right password" in f.fix for f in found)
    assert "hunter2" not in str(found)
    assert portal.calls["login"] == 3


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(20e9, 19.9e9, 0.1e9))
    found = finding("disk")
    assert (found.ok, found.detail.startswith("100 MB of 20 GB free")) == (False, True)
    assert "./manage prune" in found.fix


def test_a_clock_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "CLOCK_OFF_SECONDS", -1.0)
    assert "clock is" in finding("bot token").detail


def test_processes_that_died_are_found() -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=10))
    found = finding("scheduler")
    assert (found.ok, found.fix) == (False, "./manage daemon restart scheduler")
    bot_status.report(bot_status.State.CONFLICT, "Another bot polls with the same token (409).")
    assert "Another bot polls" in finding("bot").detail


def test_a_web_server_is_found_where_it_answers(settings: Settings, portal: Portal) -> None:
    settings.WEBHOOK_PORT = urlsplit(settings.SUPERSET_BASE_URL).port
    found = finding("web")
    assert (found.ok, found.detail) == (False, f"another program answers at 127.0.0.1:{settings.WEBHOOK_PORT}")
    assert f"ss -ltnp 'sport = :{settings.WEBHOOK_PORT}'" in found.fix


@pytest.mark.usefixtures("well")
def test_only_our_own_web_server_is_called_well(settings: Settings, tmp_path: Path) -> None:
    """Whoever else has the port: another installation, a program that says it is healthy, one that says nothing."""
    with answering({health.INSTALLATION_HEADER: health.installation()}) as settings.WEBHOOK_PORT:
        assert finding("web") == Finding("web", ok=True, detail=f"answers at 127.0.0.1:{settings.WEBHOOK_PORT}")
        settings.DATA_DIR = tmp_path / "another"
        assert finding("web").detail.startswith("a SuperSet Bot with another DATA_DIR answers at 127.0.0.1:")
    with answering({}) as settings.WEBHOOK_PORT:
        assert finding("web").detail == f"another program answers at 127.0.0.1:{settings.WEBHOOK_PORT}"
    with answering(None) as settings.WEBHOOK_PORT:
        assert finding("web").detail == f"another program holds 127.0.0.1:{settings.WEBHOOK_PORT}, and does not answer"


@contextmanager
def answering(headers: dict[str, str] | None) -> Iterator[int]:
    """A server that says {"status": "healthy"} with these headers, or hangs up without any; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if headers is None:
                return
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b'{"status": "healthy", "version": "0.1.0"}')

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_until_the_first_cycle_the_doctor_says_when_it_starts() -> None:
    schedule.sync()
    found = finding("cycle")
    assert found.ok is None
    assert found.detail.startswith("no cycle yet: the first one starts at ")
    assert found.fix.startswith("./manage cycle")
    with one_run("schedule"):
        pass
    assert finding("cycle").detail.startswith("last good cycle: run ")


def test_a_watcher_without_its_scheduler_is_not_called_well() -> None:
    WatchState.objects.create(pk=1, beat_at=timezone.now(), sources={})
    assert finding("watcher").ok
    beat("scheduler", "stopped")
    assert (finding("watcher").ok, finding("watcher").fix) == (None, "./manage daemon start scheduler")


@pytest.mark.parametrize(
    ("source", "text", "fix"),
    [
        ("superset", "login_refused: cse@example.edu: the portal refused the login (401)", "See portal login below"),
        ("superset", "http_429: it asks for a rest", "It is watched again once a slot has read it well. PEEK=off"),
        ("email", "login_refused: the password", "See mailbox above."),
    ],
)
def test_a_source_that_is_not_watched_says_what_brings_it_back(source: str, text: str, fix: str) -> None:
    now = timezone.now()
    standing = {"state": "off", "text": text, "since": now.isoformat(), "at": now.isoformat()}
    WatchState.objects.create(pk=1, beat_at=now, sources={source: standing})
    found = finding("watcher")
    assert (found.ok, text in found.detail) == (False, True)
    assert found.fix.startswith(fix)


def test_tables_that_are_missing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supersetbot.operations.health.unapplied_migrations", lambda: 2)
    assert (finding("migrations").detail, finding("migrations").fix) == ("2 to apply", "./manage migrate")


def test_without_a_database_the_rest_is_still_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_database() -> str:
        raise results.CheckFailedError("connection refused", "Is the server up?")

    monkeypatch.setitem(examination.CHECKS, "database", no_database)
    findings = {found.name: found for found in examine()}
    assert findings["bot token"].ok
    assert findings["database"].ok is False
    assert findings["portal login"].ok is None


def test_a_check_that_fails_by_itself_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise KeyError("oops")

    monkeypatch.setitem(examination.CHECKS, "disk", broken)
    assert finding("disk").detail == "KeyError: 'oops'"


def test_the_command_prints_what_to_do_and_ends_with_1(settings: Settings) -> None:
    out = StringIO()
    settings.TELEGRAM_BOT_TOKEN = ""
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=out, stderr=StringIO(), no_color=True)
    assert "WRONG  bot token     TELEGRAM_BOT_TOKEN is not set\n" in out.getvalue()
    assert "→ Ask @BotFather for one" in out.getvalue()


@pytest.mark.usefixtures("copies_can_be_made")
def test_for_machines_it_is_json_and_0_where_all_is_well() -> None:
    out = StringIO()
    call_command("doctor", "--json", stdout=out)
    findings = json.loads(out.getvalue())
    assert {"name", "ok", "detail", "fix"} == set(findings[0])
    assert not [found for found in findings if found["ok"] is False]


def test_a_redis_that_is_down_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment = {"Q_BROKER": "redis://:hunter2-redis@127.0.0.1:9/0", "DATA_DIR": str(tmp_path), "DEBUG": "true"}
    for name, value in {**environment, "DJANGO_SETTINGS_MODULE": "supersetbot.settings"}.items():
        monkeypatch.setenv(name, value)
    code = (
        "import django; django.setup(); from supersetbot.operations.doctor import database, examination; "
        "print(examination.findings('b', database.check_broker))"
    )
    said = subprocess.check_output([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, text=True)
    assert "redis does not answer (ConnectionError)" in said
    assert "hunter2" not in said


def test_without_tables_what_needs_them_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: health.Check(ok=False, detail="44 to apply"))
    findings = {found.name: found for found in examine()}
    assert findings["migrations"].fix == "./manage migrate"
    assert {findings[name].detail for name in ("broker", "portal login")} == {"not looked at: first the migrations"}


def test_a_short_secret_key_is_told_with_how_to_make_another(settings: Settings) -> None:
    settings.SECRET_KEY = "too-short"
    assert finding("settings").fix == "Make a new SECRET_KEY: openssl rand -base64 48"


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        (
            "PLACEMENT_EMAIL",
            "tnp@example.edu",
            "PLACEMENT_APP_PASSWORD is not: no mail is read (supersetbot.W005) → Make an app password",
        ),
        (
            "PLACEMENT_APP_PASSWORD",
            "abcd efgh",
            "PLACEMENT_EMAIL is not: no mail is read (supersetbot.W005) → Set PLACEMENT_EMAIL",
        ),
        ("LLM_API_KEY", "AIza-key", "LLM_API_KEY (or GOOGLE_API_KEY) is set and its extra is not installed"),
        ("LLM_BASE_URL", "http://127.0.0.1:9/v1", "LLM_BASE_URL is set and its extra is not installed"),
        ("MISSPELT", {"TELEGRAM_TOKEN": "TELEGRAM_BOT_TOKEN"}, "TELEGRAM_TOKEN is no setting (supersetbot.W004) → Did"),
    ],
)
def test_what_is_set_up_by_half_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, setting: str, value: object, told: str
) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    setattr(settings, setting, value)
    found = finding("settings")
    assert found.ok is False
    assert told in f"{found.detail} → {found.fix}"
    assert str(value) not in found.detail


def test_each_wrong_setting_has_a_line_of_its_own(settings: Settings) -> None:
    settings.MISSPELT = {"TELEGRAM_TOKEN": "TELEGRAM_BOT_TOKEN"}
    settings.PLACEMENT_EMAIL = "tnp@example.edu"
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=out, stderr=StringIO(), no_color=True)
    assert out.getvalue().count("WRONG  settings") == 2


def test_what_waits_for_a_look_is_told_and_what_waits_long_is_found(settings: Settings) -> None:
    assert finding("reviews") == Finding("reviews", ok=True, detail="REVIEW=after: none to look at")
    item = RawItem.objects.create(source="superset", kind="notice", key="n1", season=202627, payload={})
    review = Review.objects.create(key="superset:notice:n1", item=item)
    assert finding("reviews").detail == "REVIEW=after: 1 to look at, the oldest for 0 minutes"
    settings.REVIEW = "before"
    review.held_since = timezone.now() - timedelta(hours=1)
    review.save()
    assert finding("reviews").detail == "1 held back until somebody looks, the oldest for 1 hour"
    review.held_since = timezone.now() - timedelta(hours=5)
    review.save()
    found = finding("reviews")
    assert (found.ok, found.detail) == (False, "1 held back until somebody looks, the oldest for 5 hours")
    assert "Reviews in the admin" in found.fix
