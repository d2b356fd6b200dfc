"""The schedule: what the settings ask for, what an admin switched off, what was missed, and clocks that are wrong."""

import subprocess
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from pytest_django import Settings

from scraping.cycle.runs import one_run
from scraping.cycle.schedule import missed_slot, repair, sync
from scraping.cycle.slots import parse_slots
from scraping.models import UpdateRun
from scraping.tasks import catch_up, scheduled_cycle
from tests.paths import ROOT

pytestmark = pytest.mark.django_db(transaction=True)  # the cluster's scheduler closes connections
KOLKATA = ZoneInfo("Asia/Kolkata")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=KOLKATA)


def ran(started_at: datetime, **fields: object) -> UpdateRun:
    """A run that has ended."""
    defaults = {"trigger": "schedule", "state": UpdateRun.State.OK, "process": "", "lease_until": started_at}
    return UpdateRun.objects.create(started_at=started_at, **{**defaults, **fields})


def fired() -> list[dict[str, str]]:
    """Have the cluster's scheduler look at the rows; the arguments of the cycles it has queued."""
    OrmQ.objects.all().delete()
    scheduler()
    tasks = [entry.task for entry in OrmQ.objects.order_by("pk")]
    return [task["kwargs"] for task in tasks if task["func"] == "scraping.tasks.scheduled_cycle"]


@pytest.mark.parametrize(
    ("text", "count", "first", "last"),
    [
        ("08:00-23:00/60m,00:00", 17, time(0), time(23)),
        ("12:00", 1, time(12), time(12)),
        (" 9:05 , 09:05,10:00-10:20/10m ", 4, time(9, 5), time(10, 20)),
        ("00:00-23:59/1m", 1440, time(0), time(23, 59)),
        ("06:00-18:00/6h", 3, time(6), time(18)),
        ("00:00", 1, time(0), time(0)),
    ],
)
def test_slots_are_read(text: str, count: int, first: time, last: time) -> None:
    slots = parse_slots(text)
    assert (len(slots), slots[0], slots[-1]) == (count, first, last)


def test_never_is_no_slot() -> None:
    assert parse_slots(" Never ") == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("noon", "'noon' is neither"),
        ("08:00-23:00", "'08:00-23:00' is neither"),
        ("24:00", "there is no 24:00"),
        ("08:00-07:00/60m", "goes backwards"),
        ("08:00-09:00/0m", "goes nowhere"),
        (" , ", "names no time"),
        ("08:00;09:00", "is neither"),
        ("12:00, 25:10-26:00/5m", "'25:10-26:00/5m': there is no 25:10"),
    ],
)
def test_what_is_wrong_with_slots_is_named(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_slots(text)


def test_sync_makes_the_rows_once_and_takes_away_what_is_no_longer_asked_for(settings: Settings) -> None:
    settings.UPDATE_SLOTS, settings.OFFICIAL_SLOTS = "08:00,09:00", "12:00"
    settings.BACKUP_SLOTS = settings.PRUNE_SLOTS = "never"
    assert sync() == (3 + len(settings.EVERY_MINUTE), 0)
    assert sync() == (0, 0)
    settings.UPDATE_SLOTS = "09:00,10:00"
    assert sync() == (1, 1)
    assert set(Schedule.objects.filter(name__startswith="update").values_list("name", flat=True)) == {
        "update 09:00",
        "update 10:00",
    }


def test_what_an_admin_switched_off_or_made_stays(settings: Settings) -> None:
    settings.UPDATE_SLOTS = "08:00"
    sync()
    Schedule.objects.filter(name="update 08:00").update(repeats=0)
    Schedule.objects.create(name="my own", func="scraping.tasks.catch_up", schedule_type=Schedule.DAILY)
    sync()
    assert Schedule.objects.get(name="update 08:00").repeats == 0
    assert Schedule.objects.filter(name="my own").exists()


def test_rows_that_stand_there_twice_are_made_one() -> None:
    sync()
    twin = Schedule.objects.get(name="update 09:00")
    twin.pk = None
    twin.save()
    assert sync() == (0, 1)
    assert Schedule.objects.filter(name="update 09:00").count() == 1


def test_a_slot_fires_once_at_its_time_and_says_which_it_is(settings: Settings) -> None:
    settings.UPDATE_SLOTS = "09:00,10:00"
    with time_machine.travel(at("22 08:59"), tick=False) as clock:
        sync()
        assert fired() == []
        clock.move_to(at("22 09:00:20"))
        assert fired() == [{"slot": "2026-11-22T03:30:00+00:00"}]
        assert fired() == []
        clock.move_to(at("23 09:00:20"))
        assert len(fired()) == 2


def test_after_seven_missed_slots_one_cycle_runs(settings: Settings) -> None:
    with time_machine.travel(at("22 08:30"), tick=False) as clock:
        sync()
        ran(at("22 08:00:10"))
        clock.move_to(at("22 15:10"))
        slots = fired()
        assert len(slots) == 7
        said = [scheduled_cycle(**arguments) for arguments in slots]
        catch_up()
    assert UpdateRun.objects.filter(started_at__gte=at("22 15:00")).count() == 1
    assert sum("is done already" in text for text in said) == 6


def test_slots_that_no_row_fired_are_made_up_by_one_cycle() -> None:
    with time_machine.travel(at("22 12:02"), tick=False) as clock:
        sync()
        ran(at("22 11:00:10"))
        catch_up()
        assert UpdateRun.objects.count() == 1  # the slot of 12:00 is about to be done
        clock.move_to(at("22 12:04"))
        catch_up()
        catch_up()
    assert [run.trigger for run in UpdateRun.objects.all()] == ["catch-up", "schedule"]


def test_a_fresh_installation_has_missed_nothing() -> None:
    with time_machine.travel(at("22 12:30"), tick=False):
        sync()
        assert missed_slot(timezone.now()) is None


@pytest.mark.parametrize("state", ["queued", "skipped"])
def test_a_run_that_never_began_makes_up_for_no_slot(state: str) -> None:
    with time_machine.travel(at("22 12:30"), tick=False):
        sync()
        ran(at("22 11:00:10"))
        ran(at("22 12:00:10"), state=state)
        assert missed_slot(timezone.now()) == at("22 12:00")


def test_a_slot_switched_off_is_not_missed() -> None:
    with time_machine.travel(at("22 12:30"), tick=False):
        sync()
        ran(at("22 11:00:10"))
        assert missed_slot(timezone.now()) == at("22 12:00")
        Schedule.objects.filter(name="update 12:00").update(repeats=0)
        assert missed_slot(timezone.now()) is None


def test_a_slot_renamed_by_hand_keeps_nothing_from_running() -> None:
    with time_machine.travel(at("22 12:30"), tick=False):
        sync()
        ran(at("22 11:00:10"))
        Schedule.objects.filter(name="update 13:00").update(name="update after lunch")
        assert missed_slot(timezone.now()) == at("22 12:00")


def test_a_lost_run_is_made_up_for_but_not_for_ever() -> None:
    with time_machine.travel(at("22 12:30"), tick=False):
        sync()
        ran(at("22 11:00:10"))
        ran(at("22 12:00:10"), state=UpdateRun.State.LOST)
        assert missed_slot(timezone.now()) == at("22 12:00")
        ran(at("22 12:05:10"), state=UpdateRun.State.LOST, trigger="catch-up")
        assert missed_slot(timezone.now()) is None


def test_a_slot_given_out_twice_runs_once() -> None:
    slot = timezone.now().isoformat()
    assert scheduled_cycle(slot).startswith("Update")
    assert "is done already" in scheduled_cycle(slot)
    assert scheduled_cycle((timezone.now() + timedelta(seconds=1)).isoformat()).startswith("Update")
    assert UpdateRun.objects.count() == 2


def test_a_slot_whose_run_was_lost_runs_again() -> None:
    slot = timezone.now()
    ran(slot, state=UpdateRun.State.LOST)
    assert scheduled_cycle(slot.isoformat()).startswith("Update")


def test_while_a_cycle_is_at_work_the_slot_is_skipped() -> None:
    with one_run("command"):
        assert "Another update is running" in scheduled_cycle(timezone.now().isoformat())


@pytest.mark.parametrize("away", [timedelta(days=3653), timedelta(hours=3)])
def test_after_a_clock_that_was_ahead_slots_fire_again(away: timedelta) -> None:
    with time_machine.travel(at("22 10:30") + away, tick=False) as clock:
        sync()
        fired()
        ran(timezone.now())
        clock.move_to(at("22 10:30"))
        repair()
        rows = {row.name: row.next_run for row in Schedule.objects.all()}
        assert rows["sweep"] == at("22 10:31")
        assert rows["update 11:00"] in (at("22 11:00"), at("23 11:00"))
        ran(at("22 09:00:10"))
        clock.move_to(at("22 10:45"))
        assert missed_slot(timezone.now()) == at("22 10:00")
        assert scheduled_cycle(at("22 10:00").isoformat()).startswith("Update")


def test_mending_leaves_alone_what_is_right_off_or_put_off() -> None:
    with time_machine.travel(at("22 10:30"), tick=False):
        sync()
        Schedule.objects.filter(name="update 11:00").update(next_run=at("23 11:00"))
        Schedule.objects.filter(name="update 12:00").update(next_run=at("29 12:00"), repeats=0)
        assert repair() == 0


def test_a_clock_set_back_a_minute_does_not_run_a_slot_again() -> None:
    with time_machine.travel(at("22 09:00:20"), tick=False) as clock:
        assert scheduled_cycle(at("22 09:00").isoformat()).startswith("Update")
        clock.move_to(at("22 09:00:05"))
        assert "is done already" in scheduled_cycle(at("22 09:00").isoformat())


NEXT = """
import sys, time_machine, django
django.setup()
from datetime import UTC, datetime
from django_q.models import Schedule
for now in sys.argv[1:]:
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        row = Schedule(schedule_type=Schedule.CRON, cron="0 9 * * *")
        print(row.calculate_next_run().astimezone(UTC).isoformat())
"""
NINE_IN_KOLKATA = {
    "2026-11-22T03:00:00+00:00": "2026-11-22T03:30:00+00:00",
    "2026-03-08T06:59:00+00:00": "2026-03-09T03:30:00+00:00",  # New York springs forward at 07:00
    "2026-11-01T03:29:00+00:00": "2026-11-01T03:30:00+00:00",
    "2026-11-01T05:30:00+00:00": "2026-11-02T03:30:00+00:00",  # and falls back at 06:00
}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_nine_o_clock_is_nine_in_kolkata_wherever_the_machine_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    command = [sys.executable, "-W", "ignore", "-c", NEXT, *NINE_IN_KOLKATA]
    assert subprocess.check_output(command, cwd=ROOT, text=True).split() == list(NINE_IN_KOLKATA.values())
