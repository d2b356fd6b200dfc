"""Settings: what is wrong is said in one line, and nothing secret is in it."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import psycopg_pool
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from psycopg_pool.base import AttemptWithBackoff

from supersetbot import env
from supersetbot.env import read_env_file
from supersetbot.operations.logs import HIDDEN, Redactor
from tests.paths import ROOT


def manage(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with these settings and no others."""
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path), "SECRET_KEY": "s3cret-" * 8}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **settings: str) -> dict[str, Any]:
    """The settings as they are read in an environment of these and no others."""
    kept = {"ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path), "SECRET_KEY": "s3cret-" * 8}
    monkeypatch.setattr(os, "environ", kept | settings)
    monkeypatch.setattr(env, "SECRETS", [])
    return runpy.run_path(str(ROOT / "supersetbot" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DEBUG", "perhaps", "true or false"),
        ("TELEGRAM_RATE", "fast", "a number from 0.1 to 10000"),
        ("TELEGRAM_RATE", "nan", "a number from 0.1 to 10000"),
        ("TELEGRAM_CONCURRENCY", "0", "a whole number from 1 to 1000"),
        ("WEBHOOK_PORT", "65536", "a whole number from 1 to 65535"),
        ("ACTIVE_PLACEMENT_YEAR", "202599", "a season such as 202627"),
        ("PLACEMENT_YEARS", "202627", "a JSON list of seasons"),
        ("INSTITUTE_WORDS", '{"halls": ["oat"]}', "a JSON object such as"),
        ("INSTITUTE_WORDS", '["oat"]', "a JSON object such as"),
        ("CORS_ORIGINS", "{}", "a JSON list of origins"),
        ("MEMBER_EMAIL_DOMAINS", '"example.edu"', "a JSON list of domains"),
        ("MEMBERSHIP", "everybody", "one of approve, email, open"),
        ("CORS_ORIGINS", '["*"]', "a JSON list of origins"),
        ("METRICS_ADDRESSES", '["10.0.0.0/99"]', "a JSON list of addresses"),
        ("SUPERSET_BASE_URL", "portal.example", "an address that starts with http"),
        ("TELEGRAM_API_URL", "http://[", "an address that starts with http"),
        ("WEBSITE_URL", "www.example.edu", "an address that starts with http"),
        ("ADMIN_TELEGRAM_USER_IDS", '["me"]', "a JSON list of int"),
        ("ADMIN_TELEGRAM_USER_IDS", "1900", "a JSON list of int"),
        ("ADMIN_TELEGRAM_USER_IDS", f"[{2**63}]", "at most 64 bits"),
        ("TELEGRAM_CHAT_ID", str(-(2**63)), "a whole number from"),
        ("UPDATE_SLOTS", "noon", "times and ranges such as 08:00-23:00/60m,00:00"),
        ("PEEK", "sometimes", "true or false"),
        ("PEEK_SECONDS_MIN", "1", "a number from 10 to 3600"),
        ("PEEK_SECONDS_MAX", "30", "a number from 60 to 3600"),
        ("PEEK_DAILY_REQUESTS", "47", "a whole number from 48 to 100000"),
        ("IMAP_IDLE_SECONDS", "1741", "a number from 10 to 1740"),
        ("PRUNE_SLOTS", "25:00", "there is no 25:00"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "one of text, json"),
        ("ALLOWED_HOSTS", "https://bot.example.edu", "names without https://"),
        ("ALLOWED_HOSTS", "bot.example.edu:8000", "such as bot.example.edu,www.example.edu"),
        ("ALLOWED_HOSTS", '["bot.example.edu"]', "separated by commas"),
        ("PUSH_ALLOW_HOSTS", "[1]", 'such as ["127.0.0.1"]'),
    ],
)
def test_a_bad_value_is_named_with_what_is_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, wanted: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read(monkeypatch, tmp_path, **{name: value})
    assert str(error.value).startswith(f"Setting {name}: got {value!r}, wants ")
    assert wanted in str(error.value)


@pytest.mark.parametrize("value", ["987654321", "987654321 AAE", "@placements_bot", "bot987654321:AAE", "<token>:AAE"])
def test_a_token_of_the_wrong_shape_is_told_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="kept secret, wants the whole token from @BotFather") as error:
        read(monkeypatch, tmp_path, TELEGRAM_BOT_TOKEN=value)
    assert value not in str(error.value)


def test_several_hosts_may_be_named_with_room_between(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = read(monkeypatch, tmp_path, ALLOWED_HOSTS="bot.example.edu, .example.org,[::1], 10.0.0.5")
    assert found["ALLOWED_HOSTS"] == ["bot.example.edu", ".example.org", "[::1]", "10.0.0.5"]


def test_an_env_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", ENV_FILE=str(tmp_path / "env"))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr == f"Setting ENV_FILE: got '{tmp_path}/env', wants a file that is there.\n"


def test_a_name_that_is_almost_one_of_ours_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    misspelt = {"TELEGRAM_TOKEN": "1:a", "SUPERSET_CREDENTIAL": "[]", "BACKUP_SLOT": "never", "LLM_APIKEY": "x"}
    misspelt |= {"PREK": "off", "PEKE": "off", "DEBG": "true", "debug": "true", "HTTPSS": "false"}
    others = {
        "EMAIL_HOST": "x",
        "LOGNAME": "root",
        "WEB_CONCURRENCY": "2",
        "HTTPS_PROXY": "x",
        "http_proxy": "x",
        "DEBIAN_FRONTEND": "x",
        "PREFIX": "x",
        "POSTGRES_PASSWORD": "x",
    }
    assert read(monkeypatch, tmp_path, **misspelt, **others)["MISSPELT"] == {
        "TELEGRAM_TOKEN": "TELEGRAM_BOT_TOKEN",
        "SUPERSET_CREDENTIAL": "SUPERSET_CREDENTIALS",
        "BACKUP_SLOT": "BACKUP_SLOTS",
        "LLM_APIKEY": "LLM_API_KEY",
        "PREK": "PEEK",
        "PEKE": "PEEK",
        "DEBG": "DEBUG",
        "debug": "DEBUG",
        "HTTPSS": "HTTPS",
    }


def test_the_example_can_be_copied_as_it_is_but_for_the_secret_key(tmp_path: Path) -> None:
    """No made-up account is logged in with."""
    result = manage(tmp_path, "check", ENV_FILE=str(ROOT / ".env.example"))
    assert (result.returncode, result.stderr) == (0, "")
    given = [line for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"[A-Z_]+=.", line)]
    assert given == []


def test_what_is_left_empty_has_its_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    kept = ("SECRET_KEY", "DATA_DIR")
    empty = read(monkeypatch, tmp_path, **{name: " " for name in names if name not in kept})
    missing = read(monkeypatch, tmp_path)
    differing = [name for name, value in missing.items() if name.isupper() and repr(empty[name]) != repr(value)]
    assert differing == []
    assert missing["HTTPS"]


@pytest.mark.parametrize("contact", ["tnp@localhost", "mailto: tnp@example.edu", "tnp@example.edu\n", "https://"])
@pytest.mark.parametrize("command", ["check", "doctor"])
def test_a_contact_that_push_services_refuse_stops_the_start_with_one_line(
    tmp_path: Path, command: str, contact: str
) -> None:
    result = manage(tmp_path, command, VAPID_EMAIL=contact)
    assert (result.returncode, result.stderr.count("\n"), result.stdout) == (1, 1, "")
    assert result.stderr.startswith(f"Setting VAPID_EMAIL: got {contact!r}, wants a mail address such as")


def test_a_bad_value_stops_the_start_with_one_line(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", UPDATE_SLOTS="noon")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("Setting UPDATE_SLOTS: got 'noon'")


@pytest.mark.parametrize("name", ["SUPERSET_CREDENTIALS", "SUPERSET_CREDENTIALS_BY_YEAR", "DATABASE_URL", "Q_BROKER"])
def test_a_bad_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    for value in ("hunter2://pass", "hunter2", '[{"email": "hunter2"}]'):
        with pytest.raises(ImproperlyConfigured, match=f"Setting {name}: got a value that is kept secret") as error:
            read(monkeypatch, tmp_path, **{name: value})
        assert "hunter2" not in str(error.value)
    assert capfd.readouterr() == ("", "")


def test_without_a_secret_key_nothing_starts(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", SECRET_KEY="")
    assert result.returncode == 1
    assert "SECRET_KEY" in result.stderr


ENV_FILE = """\ufeff# a comment\r
LOG_LEVEL="debug"\r
export TELEGRAM_BOT_TOKEN='1:a b'  \r
  SECRET_KEY = pa$$ # =word \r
\r
ADMIN_TELEGRAM_USER_IDS=[1, 2]\r
"""


@pytest.fixture
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a .env may be; what it sets is in environ.Env.ENVIRON."""
    monkeypatch.setattr(environ.Env, "ENVIRON", {"LOG_LEVEL": "INFO"})
    return tmp_path / ".env"


def test_an_env_file_may_have_windows_line_ends_quotes_a_mark_and_room(env_file: Path) -> None:
    env_file.write_bytes(ENV_FILE.encode())
    read_env_file(env_file)
    assert environ.Env.ENVIRON == {
        "LOG_LEVEL": "INFO",  # the environment wins
        "TELEGRAM_BOT_TOKEN": "1:a b",
        "SECRET_KEY": "pa$$ # =word",
        "ADMIN_TELEGRAM_USER_IDS": "[1, 2]",
    }


def test_a_line_that_can_not_be_read_is_named_by_its_number(env_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    env_file.write_text('SUPERSET_CREDENTIALS=[\n{"email": "cse@example.edu", "password": "hunter2"}\n]\n')
    with pytest.raises(ImproperlyConfigured, match=f"Setting ENV_FILE: got line 2 of {env_file}, wants NAME=value"):
        read_env_file(env_file)
    assert capfd.readouterr() == ("", "")


def test_an_env_file_in_another_encoding_is_told(env_file: Path) -> None:
    env_file.write_bytes("SECRET_KEY=caf\xe9".encode("latin-1"))
    with pytest.raises(ImproperlyConfigured, match="wants a readable file in UTF-8"):
        read_env_file(env_file)


SECRETS = {
    "SECRET_KEY": "a-long-random-text",
    "DATABASE_URL": "postgres://tnp:hunter2@db.example.edu/superset",
    "WEBHOOK_API_KEY": "a-key-of-a-program-of-ours",
    "WEBHOOK_SECRET": "what-signs-its-requests-to-us",
    "TELEGRAM_BOT_TOKEN": "123456:in-a-file",
    "FIELD_KEYS": f'["{"A" * 43}="]',
    "EMAIL_URL": "smtp+tls://tnp:hunter2@mail.example.edu:587",
    "VAPID_PRIVATE_KEY": "half-of-a-pair",
    "SUPERSET_CREDENTIALS": '[{"email": "cse@example.edu",\n  "password": "hunter2"}]',
    "SUPERSET_CREDENTIALS_BY_YEAR": '{"202526": [{"email": "cse@example.edu", "password": "hunter2"}]}',
    "PLACEMENT_EMAIL": "tnp@example.edu",
    "PLCAMENT_EMAIL": "tnp@example.edu",
    "PLACEMENT_APP_PASSWORD": "abcd efgh",
    "PLCAMENT_APP_PASSWORD": "abcd efgh",
    "ATTACHMENTS_STORAGE": '{"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"secret_key": "hunter2"}}',
    "LLM_API_KEY": "AIza-key",
    "GOOGLE_API_KEY": "AIza-key",
    "MONGO_CONNECTION_STR": "mongodb://tnp:hunter2@db.example.edu",
    "PING_URL": "https://hc-ping.com/hunter2",
    "Q_BROKER": "redis://:hunter2@127.0.0.1/0",
}


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRETS[name]}\n")
    without_key = {"SECRET_KEY": ""} if name == "SECRET_KEY" else {}
    in_file = read(monkeypatch, tmp_path, **{f"{name}_FILE": str(file)}, **without_key)
    beside = read(monkeypatch, tmp_path, **{name: SECRETS[name]})
    assert {each: repr(in_file[each]) for each in beside if each.isupper()} == {
        each: repr(value) for each, value in beside.items() if each.isupper()
    }
    assert in_file["MISSPELT"] == {}


def test_nothing_that_may_hold_a_secret_is_read_from_the_environment_alone() -> None:
    read = (ROOT / "supersetbot" / "settings.py").read_text()
    hidden = re.findall(r'env\.(?:secret|email)\("([A-Z_]+)"', read)
    hidden += [
        name for name, rest in re.findall(r'env\.parsed\(\s*"(\w+)"(.*?)\n\S', read, re.DOTALL) if "hidden" in rest
    ]
    assert set(hidden) <= set(SECRETS)


def test_a_database_named_in_a_file_is_the_one_that_is_used(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"sqlite:///{tmp_path}/elsewhere.sqlite3")
    result = manage(tmp_path, "showmigrations", "contenttypes", DATABASE_URL_FILE=str(tmp_path / "url"))
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "elsewhere.sqlite3").exists()
    assert not (tmp_path / "superset.sqlite3").exists()


@pytest.mark.parametrize("name", ["WEBHOOK_SECRET", "DATABASE_URL"])
def test_a_file_without_a_secret_and_a_secret_in_two_places_stop_the_start_with_one_line(
    tmp_path: Path, name: str
) -> None:
    file = tmp_path / "secret"
    missing = manage(tmp_path, "check", **{f"{name}_FILE": str(file)})
    file.write_text("\n")
    empty = manage(tmp_path, "check", **{f"{name}_FILE": str(file)})
    both = manage(tmp_path, "check", **{f"{name}_FILE": str(file), name: "hunter2"})
    got = f"Setting {name}_FILE: got '{file}', wants"
    assert missing.stderr == f"{got} a readable file (FileNotFoundError).\n"
    assert empty.stderr == f"{got} a file that is not empty.\n"
    assert both.stderr == f"{got} no {name} beside it: only one of the two may be set.\n"
    assert [missing.returncode, empty.returncode, both.returncode] == [1, 1, 1]


def test_a_file_for_what_is_no_secret_is_told(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", WEBHOOK_PORT_FILE="port", UPDATE_SLOTS_FILE="slots", POSTGRES_PASSWORD_FILE="x")
    assert result.stderr.count("is no setting.") == 2
    assert "WEBHOOK_PORT_FILE is no setting." in result.stderr
    assert "HINT: Set UPDATE_SLOTS: only secrets are read from a file." in result.stderr


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"MEMBERSHIP": "email"}, "MEMBER_EMAIL_DOMAINS: got [], wants the institute's domains"),
        ({"MEMBER_EMAIL_DOMAINS": '["example.edu"]'}, "EMAIL_URL: got nothing, wants the mail server"),
        ({"EMAIL_URL": "pigeon://x:secret-word@y"}, "EMAIL_URL: got something hidden"),
    ],
)
def test_members_are_never_promised_a_code_that_can_not_be_mailed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, str], wanted: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read(monkeypatch, tmp_path, **settings)
    assert wanted in str(error.value)
    assert "secret-word" not in str(error.value)


def test_the_misspelt_names_of_older_installations_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    older = {"PLCAMENT_EMAIL": "tnp@example.edu", "PLCAMENT_APP_PASSWORD": "abcd efgh", "GOOGLE_API_KEY": "AIza-key"}
    found = read(monkeypatch, tmp_path, **older)
    names = ("PLACEMENT_EMAIL", "PLACEMENT_APP_PASSWORD", "LLM_API_KEY")
    assert [found[name] for name in names] == list(older.values())


@pytest.mark.parametrize("name", ["MONGO_CONNECTION_STR", "Q_BROKER", "DATABASE_URL"])
def test_passwords_in_addresses_are_hidden_as_written_and_as_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    scheme = {"MONGO_CONNECTION_STR": "mongodb", "Q_BROKER": "redis", "DATABASE_URL": "postgres"}[name]
    found = read(monkeypatch, tmp_path, **{name: f"{scheme}://tnp:hunter%402@db.example.edu/0"})
    redact = Redactor(found["SECRETS"])
    assert redact("hunter@2 or hunter%402") == f"{HIDDEN} or {HIDDEN}"


def test_help_needs_no_settings(tmp_path: Path) -> None:
    result = manage(tmp_path, "cycle", "--help", SECRET_KEY="")
    assert (result.returncode, result.stderr) == (0, "")
    assert "usage: manage.py cycle" in result.stdout


def test_who_has_read_enough_of_the_output_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    kept = {"ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path), "DEBUG": "true"}
    command = [sys.executable, "manage.py", "help"]
    done = subprocess.run(command, cwd=ROOT, env=kept, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_data_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = manage(tmp_path, "check", DATA_DIR=str(tmp_path / "file" / "data"))
    assert result.stderr.startswith("Setting DATA_DIR: got ")


def test_production_settings_pass_the_deploy_check(tmp_path: Path) -> None:
    production = {
        "SECRET_KEY": "k3y-" + "aB3$" * 20,
        "ALLOWED_HOSTS": "bot.example.edu",
        "TELEGRAM_BOT_TOKEN": "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI",
        "SUPERSET_CREDENTIALS": '[{"email": "cse@example.edu", "password": "pw"}]',
    }
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **production)
    assert "no issues" in result.stdout
    assert result.returncode == 0


def test_over_https_cookies_are_bound_to_this_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = read(monkeypatch, tmp_path)
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert "SESSION_COOKIE_NAME" not in read(monkeypatch, tmp_path, HTTPS="false")


def test_a_secret_for_programs_that_can_be_guessed_is_told(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", WEBHOOK_API_KEY="hunter2", WEBHOOK_SECRET="x" * 24)
    assert "WEBHOOK_API_KEY is short enough to be guessed" in result.stderr
    assert "WEBHOOK_SECRET" not in result.stderr
    assert "hunter2" not in result.stderr + result.stdout


def test_a_database_without_tables_is_one_line(tmp_path: Path) -> None:
    result = manage(tmp_path, "cycle")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "./manage migrate" in result.stderr


def test_a_postgresql_server_that_is_back_after_an_hour_is_used_within_seconds() -> None:
    pool = psycopg_pool.ConnectionPool(open=False, **settings.POSTGRES_OPTIONS["pool"])
    attempt, now, pauses = AttemptWithBackoff(timeout=pool.reconnect_timeout), 0.0, []
    while now < 3600:
        if attempt.time_to_give_up(now):  # whoever asks next has it begin anew
            attempt = AttemptWithBackoff(timeout=pool.reconnect_timeout)
        attempt.update_delay(now)
        pauses.append(attempt.delay)
        now += attempt.delay

    assert max(pauses) < 5


def test_every_setting_stands_in_the_example() -> None:
    read = (ROOT / "supersetbot" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', read))
    example = (ROOT / ".env.example").read_text()
    assert {name for name in names if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()
