"""No secret reaches a log line: not in a message, an argument, a URL or a traceback."""

import json
import logging
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TextIO, cast
from urllib.parse import quote

import pytest
from django_q.tasks import async_task

from scraping.cycle.queue import queue_cycle
from scraping.models import UpdateRun
from supersetbot.operations.logs import (
    HIDDEN,
    JsonFormatter,
    RedactedStream,
    Redactor,
    SharedFileHandler,
    TextFormatter,
    last_lines,
    level_for,
)
from supersetbot.sandbox.portal import faults
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.processes import Installation, wait_until
from tests.scraping.conftest import portal

__all__ = ["portal"]

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("tests", logging.INFO, __file__, 1, message, args, trace, "here")


@pytest.fixture(params=[TextFormatter, JsonFormatter])
def formatter(request: pytest.FixtureRequest) -> logging.Formatter:
    made: logging.Formatter = request.param(["hunter2-password", "short"])
    return made


@pytest.mark.parametrize(
    "line",
    [
        "login with hunter2-password failed",
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        "Authorization: Custom aGVsbG8.session-key",
        "Authorization: Bearer abc.def-ghi",
    ],
)
def test_secrets_are_hidden_wherever_they_stand(formatter: logging.Formatter, line: str) -> None:
    for text in (formatter.format(record(line)), formatter.format(record("%s", line))):
        assert HIDDEN in text
        for secret in ("hunter2-password", TOKEN, "aGVsbG8.session-key", "abc.def-ghi"):
            assert secret not in text


def test_a_time_says_its_zone(formatter: logging.Formatter) -> None:
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4}", formatter.format(record("x")))


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2K", "\u2028", "\x85"])
def test_a_text_from_outside_makes_no_second_line(formatter: logging.Formatter, sign: str) -> None:
    said = formatter.format(record("asked by %s", f"me{sign}2026-11-22 09:00:01 INFO all is well"))
    assert not {"\n", "\r", "\x1b"} & set(said)
    assert isinstance(formatter, JsonFormatter) or sign not in said


def test_tracebacks_hide_them_too(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError as error:
        text = formatter.format(record("failed", error=error))
    assert "ValueError" in text
    assert TOKEN not in text


def test_json_is_one_object_a_line() -> None:
    line = JsonFormatter([]).format(record("two\nlines"))
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines"


@pytest.mark.parametrize("secret", ["pass@word/1 2", "quote'\"\\slash"])
def test_secrets_are_hidden_in_every_form_they_take(secret: str) -> None:
    redact = Redactor([secret])
    for text in (secret, quote(secret, safe=""), repr(secret), json.dumps({"password": secret})):
        assert redact(f"got {text}, sorry").count(HIDDEN) == 1
        assert secret not in redact(text)


def test_what_bypasses_the_loggers_is_hidden_too() -> None:
    stream = StringIO()
    print(f"Traceback: https://api.example/bot{TOKEN}/getMe", file=cast("TextIO", RedactedStream(stream, [])))
    assert stream.getvalue() == f"Traceback: https://api.example/bot{HIDDEN}/getMe\n"


@pytest.mark.parametrize(
    ("arguments", "level"),
    [(["-v", "0"], "WARNING"), (["-v3"], "DEBUG"), (["--verbosity=2"], "INFO"), ([], "ERROR"), (["-v", "x"], "ERROR")],
)
def test_verbosity_sets_the_level(arguments: list[str], level: str) -> None:
    assert level_for(["manage.py", "cycle", *arguments], "ERROR") == level
    assert level_for(["manage.py", "cycle", *arguments], "ERROR", terminal=True) == level


@pytest.mark.parametrize(
    ("arguments", "level"),
    [(["cycle"], "WARNING"), (["update"], "WARNING"), (["cycle", "-v2"], "INFO"), (["qcluster"], "INFO"), ([], "INFO")],
)
def test_on_a_terminal_figures_are_told_once(arguments: list[str], level: str) -> None:
    assert level_for(["manage.py", *arguments], "INFO", terminal=True) == level
    assert level_for(["manage.py", *arguments], "INFO") == "INFO"


WRITE = """
import logging.config, os, sys
from pathlib import Path
from supersetbot.operations.logs import file_handler, logging_config
path, name = Path(sys.argv[1]), sys.argv[2]
handler = file_handler(path, max_bytes=4000, backups=50)
logging.config.dictConfig(logging_config(level="INFO", style="text", secrets=[], handler=handler))
forked = os.fork()
for number in range(150):
    logging.info("%s%d line %d.", name, bool(forked), number)
if forked:
    os.wait()
    os.write(2, b"straight to standard error\\n")
"""


def test_many_processes_write_one_rotating_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scheduler.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(path), name]) for name in "ab"]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    files = list(tmp_path.iterdir())
    assert len(files) > 5
    assert max(file.stat().st_size for file in files) < 4300  # a line or two of those who come at the same instant
    lines = [line for file in files for line in file.read_text().splitlines()]
    said = [line.rsplit(" ", 3)[-3:] for line in lines if "line" in line]
    assert len(said) == len({tuple(words) for words in said}) == 4 * 150
    assert lines.count("straight to standard error") == 2


def test_a_full_disk_stops_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bot.log").symlink_to("/dev/full")
    handler = SharedFileHandler(str(tmp_path / "bot.log"), max_bytes=1000, backups=1)
    handler.handle(record("lost"))
    handler.handle(record("lost too"))
    with suppress(OSError):
        handler.close()
    assert "Traceback" not in capfd.readouterr().err


def test_a_log_folder_that_went_away_stops_nobody(tmp_path: Path) -> None:
    handler = SharedFileHandler(str(tmp_path / "logs.log"), max_bytes=1000, backups=1)
    (tmp_path / "logs.log").unlink()
    handler.handle(record("written anew"))
    assert "written anew" in (tmp_path / "logs.log").read_text()
    shutil.rmtree(tmp_path)
    handler.handle(record("lost"))
    tmp_path.mkdir()
    handler.handle(record("back"))
    assert "back" in (tmp_path / "logs.log").read_text()
    handler.close()


def test_last_lines_reads_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "bot.log"
    path.write_text("".join(f"line {number}\n" for number in range(1000)) + "half\xff a line", encoding="latin-1")
    assert last_lines(path, 2) == ["line 999", "half� a line"]
    assert last_lines(path, 5000, longest=31) == ["line 998", "line 999", "half� a line"]
    assert last_lines(path, 0) == []


@pytest.mark.django_db(transaction=True)
def test_no_secret_is_in_the_logs_of_a_service_in_trouble(
    installation: Installation,
    telegram: BotApi,
    portal: Portal,
) -> None:
    """Daemons at the most talkative level, sources and Telegram failing, tasks that fail with the secrets in hand."""
    secrets = [telegram.token, "webhook-key-hunter2", *(account.password for account in portal.world.accounts)]
    credentials = [{"email": account.email, "password": account.password} for account in portal.world.accounts]
    installation.set(
        LOG_LEVEL="DEBUG",
        SUPERSET_BASE_URL=portal.url,
        SUPERSET_PUBLIC_KEY=portal.public_key,
        SUPERSET_CREDENTIALS=json.dumps(credentials),
        WEBHOOK_API_KEY=secrets[1],
    )
    telegram.faults.plan("error", times=3, methods={"getUpdates"})
    portal.fail(faults.status(503))
    for secret in secrets:
        async_task("builtins.int", f"https://api.example/bot{secret}/x")
    installation.daemon("start", "scheduler")
    installation.daemon("start", "bot")
    queue_cycle("test")
    wait_until(lambda: UpdateRun.objects.filter(ended_at__isnull=False).exists(), 30)
    wait_until(lambda: installation.log("scheduler").count("invalid literal for int()") >= len(secrets), 30)
    text = installation.log("scheduler") + installation.log("bot")
    assert text.count(HIDDEN) > len(secrets)
    assert "Traceback" in text
    assert [secret for secret in secrets if secret in text] == []
