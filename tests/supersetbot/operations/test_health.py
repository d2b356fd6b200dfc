"""/health answers at once; /ready says what is wrong, each with its age."""

import re
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule
from pytest_django import DjangoAssertNumQueries, Settings

from notifications.delivery.leases import is_gone, process_name
from notifications.models import ChannelState, Delivery, Heartbeat, Notice, beat
from notifications.telegram_bot import bot_status
from scraping.cycle import schedule
from scraping.cycle.runs import one_run
from scraping.models import UpdateRun
from supersetbot import heartbeats
from supersetbot.operations import failures, health
from supersetbot.operations.room import write_to_database
from tests.conftest import Subscribe

NOON = timezone.localtime().replace(hour=12, minute=30)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Half past noon: slots went by this morning."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def well(db: None, clock: time_machine.Traveller) -> None:
    """A service at work: schedule, heartbeat, a good cycle a moment ago, migrations applied, no bot yet."""
    schedule.sync()
    beat("scheduler")
    with one_run("schedule"):
        pass


@pytest.fixture(autouse=True)
def migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database has tables without migrations."""
    monkeypatch.setattr(health, "unapplied_migrations", lambda: 0)


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/ready")
    return response.status_code, response.json()["checks"]


def test_health_asks_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    response = client.get("/health")
    assert response.headers["X-SuperSet-Installation"] == health.installation()
    assert response.json().keys() == {"status", "version"}
    assert response.json()["status"] == "healthy"
    assert "no-store" in response.headers["Cache-Control"]
    assert int(response.headers["Content-Length"]) == len(response.content)  # else it goes out in chunks


@pytest.mark.django_db
def test_the_root_says_ok_to_a_program(client: Client) -> None:
    assert client.get("/").json()["status"] == "ok"


@pytest.mark.usefixtures("well")
def test_a_service_at_work_is_ready(client: Client) -> None:
    status, checks = ready(client)
    assert {name for name, check in checks.items() if not check["ok"]} == set()
    assert status == 200


@pytest.mark.usefixtures("well")
def test_a_cycle_without_any_source_is_called_so(client: Client, settings: Settings) -> None:
    settings.SUPERSET_CREDENTIALS = [{"email": "tpo@example.edu", "password": "x"}]
    assert ready(client)[1]["cycle"]["detail"].startswith("last good cycle: run ")
    UpdateRun.objects.update(state=UpdateRun.State.PARTLY)
    assert ready(client)[1]["cycle"]["detail"].endswith(", which did not read all sources")
    settings.SUPERSET_CREDENTIALS = []
    assert ready(client)[1]["cycle"]["detail"] == "cycles read nothing: no source is set up"


@pytest.mark.usefixtures("well")
def test_a_dead_scheduler_is_seen(client: Client, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(seconds=100))
    assert ready(client)[0] == 200
    clock.shift(timedelta(seconds=30))
    status, checks = ready(client)
    assert status == 503
    assert checks["cluster"]["detail"] == "no heartbeat: does the database answer it?"
    assert checks["cluster"]["age_seconds"] == 130.0


@pytest.fixture
def dead() -> str:
    """The name of a process of this machine that has ended."""
    with subprocess.Popen(["sleep", "60"]) as process:
        name = process_name(process.pid)
        assert not is_gone(name)
        process.kill()
    return name


@pytest.mark.usefixtures("well")
def test_a_scheduler_or_a_bot_that_died_is_seen_at_once(client: Client, dead: str) -> None:
    beat("scheduler", owner=dead)
    bot_status.report(bot_status.State.POLLING)
    before = bot_status.read()
    assert before
    assert before.alive
    beat("bot", owner=dead)
    checks = ready(client)[1]
    pid = dead.split(":")[1]
    for name in ("cluster", "bot"):
        assert checks[name]["ok"] is False
        assert checks[name]["detail"] == f"its process (PID {pid}) has died; it was last heard of at 12:30 PM"


@pytest.mark.usefixtures("well")
def test_a_scheduler_that_was_stopped_is_seen_at_once(client: Client) -> None:
    beat("scheduler", "stopped")
    assert ready(client)[1]["cluster"]["detail"] == "stopped at 12:30 PM"


@pytest.mark.usefixtures("well")
def test_one_scheduler_that_ends_hides_no_other(client: Client, clock: time_machine.Traveller) -> None:
    Heartbeat.objects.all().delete()
    heartbeats.scheduler_lives("another machine:1:1")
    heartbeats.scheduler_lives(process_name())
    heartbeats.scheduler_stopped(process_name())
    assert ready(client)[1]["cluster"]["ok"]
    clock.shift(timedelta(days=2))
    heartbeats.scheduler_lives(process_name())
    assert Heartbeat.objects.filter(process__startswith="scheduler").count() == 1


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process grows: what a full disk, a quota or a limit does, without being root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("well")
def test_a_disk_without_room_is_told_with_the_reason_and_ends_by_itself(client: Client) -> None:
    with no_room():
        status, checks = ready(client)
        assert client.get("/health").status_code == 200
    assert (status, checks["disk"]["ok"]) == (503, False)
    assert checks["disk"]["detail"] == "DATA_DIR can't be written: File too large"
    assert ready(client)[0] == 200
    assert not list(Path(settings.DATA_DIR).glob("tmp*"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="its files belong to the server")
def test_a_database_without_room_is_told_though_it_can_be_read() -> None:
    assert health.CHECKS["writes"]().ok
    with no_room():
        check = health.CHECKS["writes"]()
        assert not UpdateRun.objects.exists()
    assert not check.ok
    assert re.match("the database can't be written: (disk I/O error|disk is full)$", check.detail)
    assert health.CHECKS["writes"]().ok


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="its files belong to the server")
def test_a_command_without_room_says_what_may_be_full() -> None:
    with no_room(), pytest.raises(OperationalError) as caught:
        write_to_database()
    said = failures.one_line(caught.value)
    assert re.match(r"The database can't be read or written \((disk I/O error|.*disk is full)\): ", said)
    assert said.endswith("`./manage doctor` says whether the disk is full.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one writer")
def test_a_database_that_another_process_writes_to_has_room() -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert health.CHECKS["writes"]() == health.Check(ok=True, detail="another process is writing")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


@pytest.mark.usefixtures("well")
def test_a_cycle_that_is_too_old_is_seen_and_a_bad_one_or_the_official_page_does_not_help(
    client: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=4))
    beat("scheduler")
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": ["the portal does not answer"], "failed_whole": True}}
    with one_run("schedule", lane=UpdateRun.Lane.OWN_SCHEDULE):
        pass
    status, checks = ready(client)
    assert (status, checks["cycle"]["ok"], checks["cycle"]["age_seconds"]) == (503, False, 4 * 3600.0)


@pytest.mark.usefixtures("well")
def test_a_new_installation_says_what_it_waits_for(client: Client) -> None:
    UpdateRun.objects.all().delete()
    status, checks = ready(client)
    assert (status, checks["cycle"]["ok"]) == (503, False)
    assert checks["cycle"]["detail"] == "no cycle yet: the first one starts at 1:00 PM, or now by ./manage cycle"
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": ["the portal does not answer"], "failed_whole": True}}
    failed = f"no good cycle yet (run {run.pk}: Failed): the next one starts at 1:00 PM, or now by ./manage cycle"
    assert ready(client)[1]["cycle"]["detail"] == failed
    Schedule.objects.all().delete()
    assert ready(client)[1]["cycle"]["detail"].endswith("and none is scheduled: ./manage schedule --sync")


@pytest.mark.usefixtures("well")
def test_a_cycle_of_a_clock_that_was_ahead_does_not_help(client: Client, clock: time_machine.Traveller) -> None:
    UpdateRun.objects.update(started_at=NOON + timedelta(days=3653))
    clock.shift(timedelta(hours=4))
    beat("scheduler")
    _, checks = ready(client)
    assert checks["cycle"]["ok"] is False


@pytest.mark.usefixtures("well")
def test_a_night_without_slots_is_no_fault(client: Client, clock: time_machine.Traveller) -> None:
    clock.move_to(NOON.replace(hour=0, minute=1) + timedelta(days=1))
    with one_run("schedule"):
        pass
    clock.shift(timedelta(hours=7))
    assert ready(client)[1]["cycle"]["ok"]


@pytest.mark.usefixtures("well")
def test_a_delivery_that_waits_too_long_is_seen(
    client: Client, subscribe: Subscribe, clock: time_machine.Traveller
) -> None:
    notice = Notice.objects.create(external_key="a", title="x", published_at=timezone.now())
    Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", next_attempt_at=timezone.now())
    assert ready(client)[1]["deliveries"]["ok"]
    clock.shift(timedelta(minutes=31))
    beat("scheduler")
    status, checks = ready(client)
    assert (status, checks["deliveries"]) == (503, {"ok": False, "detail": "1 due", "age_seconds": 31 * 60.0})


@pytest.mark.usefixtures("well")
def test_a_copy_that_is_overdue_is_seen_and_one_that_is_not_due_yet_is_not(
    client: Client, clock: time_machine.Traveller, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    assert ready(client)[1]["backups"]["detail"] == "there is no copy yet"
    clock.move_to(NOON + timedelta(days=1))
    check = ready(client)[1]["backups"]
    assert (check["ok"], check["detail"]) == (False, "none was made at 3:30 AM: there is no copy yet")
    beat("backup")
    assert ready(client)[1]["backups"]["ok"]
    beat("backup failed", "pg_dump 15 is older than the server (17)")
    assert ready(client)[1]["backups"]["ok"]
    clock.shift(timedelta(hours=1))
    beat("backup failed", "pg_dump 15 is older than the server (17)")
    assert "failed at 1:30 PM: pg_dump 15 is older" in ready(client)[1]["backups"]["detail"]
    Schedule.objects.filter(name__startswith="backup").update(repeats=0)
    Heartbeat.objects.filter(process__startswith="backup").delete()
    assert ready(client)[1]["backups"]["ok"]


@pytest.mark.usefixtures("well")
def test_a_stopped_channel_says_why(client: Client) -> None:
    ChannelState.objects.create(channel="telegram", stopped_reason="Telegram refuses the token")
    assert ready(client)[1]["channels"] == {
        "ok": False,
        "detail": "Telegram: Telegram refuses the token",
        "age_seconds": None,
    }


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(
    ("state", "minutes", "fine"),
    [
        ("polling", 0, True),
        ("polling", 4, False),
        ("conflict", 0, False),
        ("refused", 0, False),
        ("stopped", 0, False),
    ],
)
def test_what_the_bot_complains_of_and_its_death_are_seen(
    client: Client, clock: time_machine.Traveller, state: str, minutes: int, fine: bool
) -> None:
    bot_status.report(state, "another bot polls")
    clock.shift(timedelta(minutes=minutes))
    assert ready(client)[1]["bot"]["ok"] is fine


@pytest.mark.usefixtures("well")
def test_migrations_left_to_apply_are_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "unapplied_migrations", lambda: 2)
    status, checks = ready(client)
    assert (status, checks["migrations"]["detail"]) == (503, "2 to apply")


@pytest.mark.usefixtures("well")
def test_without_a_database_nothing_else_is_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> health.Check:
        raise OperationalError("password=secret")

    monkeypatch.setattr(health, "_database", away)
    status, checks = ready(client)
    assert status == 503
    assert checks["database"]["detail"] == "the database does not answer (OperationalError)"
    others = {name: check["detail"] for name, check in checks.items() if name != "database"}
    assert others.pop("disk") == "DATA_DIR can be written"
    assert set(others.values()) == {"not looked at"}


@pytest.mark.usefixtures("well")
def test_a_broken_check_is_a_finding(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> health.Check:
        raise KeyError("x")

    monkeypatch.setitem(health.CHECKS, "broker", broken)
    status, checks = ready(client)
    assert (status, checks["broker"]) == (503, {"ok": False, "detail": "KeyError", "age_seconds": None})


def test_a_look_at_one_source_is_no_good_cycle(well: None, clock: time_machine.Traveller) -> None:
    assert health.CHECKS["cycle"]().ok
    clock.shift(timedelta(hours=5))
    with one_run("watch"):
        pass
    assert not health.CHECKS["cycle"]().ok
