"""An installation of its own for tests that run the service's processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from supersetbot.operations import backups
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.processes import Installation, database_url


@pytest.fixture
def installation(
    tmp_path: Path, transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """An empty data folder over the test's database, for this process and those it starts. No daemon outlives it."""
    made = Installation(tmp_path, settings, monkeypatch)
    made.set(DATABASE_URL=database_url(), LOG_LEVEL="INFO")
    yield made
    made.end()


@pytest.fixture
def copies_can_be_made(db: None) -> None:
    """Skips where PostgreSQL is newer than this machine's pg_dump, which then copies nothing."""
    try:
        backups.require_programs()
    except backups.BackupError:
        pytest.skip("*** NOT VERIFIED: pg_dump is older than the server ***")


@pytest.fixture
def telegram(installation: Installation) -> Iterator[BotApi]:
    """A Telegram that the installation talks to, where every user id is a chat."""
    with BotApi(any_chat=True).in_thread() as api:
        installation.set(TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url)
        yield api
