"""`manage.py runbot` as a process of its own: how it starts, how it ends, what it says."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from notifications.telegram_bot.reply_queue import AT_ONCE
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.bot import STUDENT
from tests.paths import ROOT

INHERITED = {
    name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
}


@contextmanager
def runbot(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The process, with a database of its own in `folder`; killed where it outlives the block."""
    own = {"DATA_DIR": str(folder), "SECRET_KEY": "for-this-test-only-" * 3, "ENV_FILE": os.devnull, "DEBUG": "false"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "runbot"],
        cwd=ROOT,
        env=INHERITED | own | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database."""
    path = tmp_path_factory.mktemp("runbot")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=INHERITED | {"DATA_DIR": str(path), "DEBUG": "true", "ENV_FILE": os.devnull},
        check=True,
    )
    return path


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [(signal.SIGTERM, 0, "Stopped. Updates answered: 1.\n"), (signal.SIGINT, 130, "")],
)
def test_a_signal_ends_it_when_what_was_asked_is_answered(
    folder: Path, number: signal.Signals, code: int, says: str
) -> None:
    api = BotApi()
    with api.in_thread():
        api.add_user(STUDENT, "Asha")
        api.user_says(STUDENT, "/start")
        with runbot(folder, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=api.token) as process:
            api.wait_until(lambda: bool(api.messages(STUDENT)), 60)
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, says)
    assert not api.updates
    assert "Traceback" not in err
    assert api.token not in err


def _sent(api: BotApi, messages: int) -> bool:
    return len(api.sent_times()) >= messages


def test_one_that_is_killed_in_the_middle_owes_nobody_an_answer(folder: Path) -> None:
    asking = range(810_001, 810_121)
    with BotApi(any_chat=True).in_thread() as api:
        for person in asking:
            api.user_says(person, "/start")
        settings = {"TELEGRAM_API_URL": api.url, "TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_RATE": "100"}
        for answered in (20, 60):
            with runbot(folder, **settings):  # killed at the end of the block
                api.wait_until(partial(_sent, api, answered), 120)
        with runbot(folder, **settings):
            api.wait_until(lambda: set(asking) <= api.sent_by_chat.keys() and not api.updates, 120)
        assert sum(api.sent_by_chat.values()) - len(asking) <= 2 * AT_ONCE


def test_without_a_token_it_says_what_is_missing(tmp_path: Path) -> None:
    with runbot(tmp_path, TELEGRAM_BOT_TOKEN="") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == "CommandError: TELEGRAM_BOT_TOKEN is not set. @BotFather gives you one.\n"


def test_with_a_wrong_token_it_ends_with_one_line(folder: Path) -> None:
    api = BotApi()
    wrong = "123456789:AAE-this_is_not_the_token_you_want"
    with api.in_thread(), runbot(folder, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=wrong) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == ("CommandError: Telegram does not accept TELEGRAM_BOT_TOKEN. Check it, and TELEGRAM_API_URL.\n")


def test_without_tables_it_says_what_to_do(tmp_path: Path) -> None:
    with runbot(tmp_path, TELEGRAM_BOT_TOKEN="123456789:AAE-x") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "./manage migrate" in err
    assert "Traceback" not in err
