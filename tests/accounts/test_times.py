"""Whatever tells a person the time writes it alike."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.template import engines
from django.utils import formats

from accounts.times import moment, time_of_day
from tests.paths import ROOT

EVENING = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)  # 17:30 in India
ROOMS = ("accounts", "notifications", "scraping", "supersetbot")
# A day's clock in the format strings of strftime and of Django, but where a program or an input field reads it.
_CLOCK = re.compile(r"%H:?%M|%I:%M|\bH:i|\bg:i|{{[^}]*\|(?:time\b|date:\"[^\"]*[GHghiPs])")
MACHINES = {
    "scraping/attachments/formats/spreadsheets.py": "a cell as its sheet shows it",
    "scraping/cycle/schedule.py": "names of schedule rows, as the settings write slots",
    "scraping/reading/facts/times/dates.py": "an ISO time that is read again",
    "scraping/review/forms.py": "an input field",
    "scraping/sources/mailbox/parse.py": "a key",
    "scraping/management/commands/import_mongo.py": "a file's name",
    "supersetbot/account/schemas.py": "JSON",
    "supersetbot/account/sections/times.py": "an input field",
    "supersetbot/formats/en_GB/formats.py": "the same clock in Django's words",
    "supersetbot/operations/backups.py": "a file's name",
    "supersetbot/operations/logs.py": "lines of a log",
    "supersetbot/sandbox/mailbox/mails.py": "the header of a mail that others wrote",
    "supersetbot/sandbox/portal/templates.py": "a portal that others wrote",
    "notifications/delivery/deferring.py": "a key",
    "notifications/my_time/clashes.py": "a key",
    "notifications/my_time/reminders.py": "a key",
    "notifications/telegram_bot/filter_commands.py": "callback data",
    "notifications/telegram_bot/quiet_commands.py": "callback data",
}


@pytest.mark.parametrize(
    ("at", "written"),
    [(time(0, 5), "12:05 AM"), (time(9, 30), "9:30 AM"), (time(12), "12:00 PM"), (EVENING, "5:30 PM")],
)
def test_a_time_of_day_has_twelve_hours(at: datetime | time, written: str) -> None:
    assert time_of_day(at) == written


def test_templates_write_times_as_messages_do() -> None:
    template = engines["django"].from_string(
        "{% load times %}{{ at|moment }}; {{ at|time_of_day }}; {{ at|day }}; {{ no|moment }}"
    )
    assert template.render({"at": EVENING, "no": None}) == f"{moment(EVENING)}; 5:30 PM; Sun 29 Nov; "


@pytest.mark.parametrize("value", [datetime(2026, 11, 29, 17, 30), time(17, 30)])  # noqa: DTZ001 (as the admin has it)
def test_the_admin_has_the_same_clock(value: Any) -> None:
    assert formats.localize(value).replace("\N{NO-BREAK SPACE}", " ").endswith("5:30 PM")
    assert formats.localize(date(2026, 11, 29)).replace("\N{NO-BREAK SPACE}", " ") == "29 Nov 2026"


def test_nothing_else_writes_a_clock_of_its_own() -> None:
    found = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for pattern in ("*.py", "*.html", "*.txt")
        for path in (ROOT / room).rglob(pattern)
        if "migrations" not in path.parts and _CLOCK.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(MACHINES)
