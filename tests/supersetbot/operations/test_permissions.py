"""What the service stores is for its own user alone, whoever made the folder, however wide the umask."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from supersetbot.operations import permissions
from supersetbot.operations.doctor import examination
from supersetbot.operations.doctor.results import CheckFailedError
from tests.paths import ROOT

ENVIRONMENT = {"ENV_FILE": os.devnull, "SECRET_KEY": "s3cret-" * 8, "PATH": os.environ["PATH"]}


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command under a umask that closes nothing."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**ENVIRONMENT, "DATA_DIR": str(folder), **environment},
        umask=0,
        capture_output=True,
        text=True,
        check=False,
    )


def modes(folder: Path) -> dict[str, str]:
    """Of the folder and all in it."""
    paths = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder.parent)): f"{stat.S_IMODE(path.stat().st_mode):04o}" for path in paths}


@pytest.fixture
def loose(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation as older versions left it: everybody may read all."""
    data = tmp_path / "data"
    settings.DATA_DIR, settings.BACKUP_DIR = data, data / "backups"
    settings.LOG_FILES = {"bot": data / "logs" / "superset_bot.log"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "superset.sqlite3")}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    files = "superset.sqlite3 superset.sqlite3-wal superset.sqlite3-shm logs/superset_bot.log logs/superset_bot.log.1"
    for name in (*files.split(), "pids/bot.pid", "backups/supersetbot-20261129-033000-000000.sqlite3"):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        path.chmod(0o644)
    for folder in (data, *(path for path in data.iterdir() if path.is_dir())):
        folder.chmod(0o755)
    return data


@contextmanager
def somebody_else() -> Iterator[None]:
    """As a user to whom a mode says something, where the tests run as root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new installation."""
    data = tmp_path_factory.mktemp("installation") / "data"
    assert manage(data, "migrate", "-v0").returncode == 0
    return data


def test_a_new_installation_is_private_from_the_first_file_on(migrated: Path) -> None:
    assert manage(migrated, "backup").returncode == 0
    found = modes(migrated)
    assert found.pop("data") == found.pop("data/backups") == "0700"
    assert len(found) >= 2
    assert set(found.values()) == {"0600"}


def test_a_database_elsewhere_is_private_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "elsewhere.sqlite3"
    file.touch(0o644)
    file.chmod(0o644)
    done = manage(tmp_path / "data", "migrate", "-v0", DATABASE_URL=f"sqlite:///{file}")
    assert done.returncode == 0
    found = modes(tmp_path)
    assert found[f"{tmp_path.name}/elsewhere.sqlite3"] == "0600"
    assert found[tmp_path.name] == "0755"  # it is not ours


def test_a_start_closes_what_was_open(loose: Path) -> None:
    permissions.begin()
    found = modes(loose)
    assert {found.pop(name) for name in ("data", "data/logs", "data/pids", "data/backups")} == {"0700"}
    assert len(found) == 7
    assert set(found.values()) == {"0600"}
    assert permissions.open_to_others() == []
    (loose / "later").touch()
    assert modes(loose)["data/later"] == "0600"


def test_what_is_not_the_services_own_stays_as_it_is(loose: Path) -> None:
    own = loose / "notes.txt"
    own.touch()
    own.chmod(0o644)
    permissions.begin()
    assert modes(loose)["data/notes.txt"] == "0644"


def test_a_folder_for_all_is_not_closed(loose: Path) -> None:
    loose.chmod(0o1777)
    permissions.begin()
    assert modes(loose)["data"] == "1777"
    assert modes(loose)["data/superset.sqlite3"] == "0600"


def test_what_is_closed_to_this_user_stops_no_command(loose: Path) -> None:
    loose.chmod(0)
    with somebody_else():
        permissions.begin()
        assert permissions.open_to_others() == []
    loose.chmod(0o700)


def test_the_doctor_finds_what_others_may_read_and_changes_nothing(loose: Path) -> None:
    with pytest.raises(CheckFailedError) as caught:
        examination.CHECKS["private files"]()
    assert str(caught.value) == f"other users may read {loose} (0755), and 10 more"
    assert f"chmod go= -R {loose}" in caught.value.fix
    assert modes(loose)["data"] == "0755"

    permissions.begin()
    (loose / "superset.sqlite3").chmod(0o640)
    with pytest.raises(CheckFailedError, match=r"may read .*/superset\.sqlite3 \(0640\)$"):
        examination.CHECKS["private files"]()
    permissions.begin()
    assert examination.CHECKS["private files"]() == f"{loose} is for this user alone"


def test_the_command_doctor_finds_it_too(migrated: Path, tmp_path: Path) -> None:
    data = shutil.copytree(migrated, tmp_path / "data")
    data.chmod(0o755)
    said = manage(data, "doctor", TELEGRAM_API_URL="http://127.0.0.1:9")
    assert f"other users may read {data} (0755)" in said.stdout
    assert modes(data)["data"] == "0755"
    manage(data, "check")
    assert modes(data)["data"] == "0700"


def test_static_files_can_be_read_by_a_web_servers_user(tmp_path: Path) -> None:
    where = tmp_path / "static-root"
    code = f"import supersetbot.settings as s; s.STATIC_ROOT = {str(where)!r}"
    (tmp_path / "static_settings.py").write_text(
        f"{code}\nfrom supersetbot.settings import *\nSTATIC_ROOT = s.STATIC_ROOT\n"
    )
    done = manage(
        tmp_path / "data",
        "collectstatic",
        "--no-input",
        "-v0",
        DJANGO_SETTINGS_MODULE="static_settings",
        PYTHONPATH=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert all(int(mode, 8) & 0o004 for mode in modes(where).values())
