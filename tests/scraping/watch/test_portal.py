"""When the portal is peeked at, and when it is left alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from notifications.models import Notice
from scraping.cycle.runs import one_run
from scraping.sources.base import SourceError
from scraping.sources.http import HttpError
from scraping.watch import portal as portal_module
from scraping.watch.peek import Peek
from scraping.watch.portal import PortalWatch, appeared
from scraping.watch.rhythm import Limits, Rhythm

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = SourceError("login_refused", "no")


@dataclass
class Script:
    """Answers peeks from a list, and keeps what the watch told."""

    peeks: list[Peek]
    changes: int = 0
    standings: list[str] = field(default_factory=list)
    asked: int = 0

    async def peek(self) -> Peek:
        self.asked += 1
        return self.peeks.pop(0) if self.peeks else Peek(changed=False, requests={"cse": 2})

    def change(self) -> None:
        self.changes += 1


Watching = Callable[..., tuple[PortalWatch, Script]]


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    """A watch that peeks at each step."""

    def make(*peeks: Peek, requests: int = 1500) -> tuple[PortalWatch, Script]:
        script = Script(list(peeks))
        rhythm = Rhythm(Limits(60, 900, requests))

        def note(kind: str, *_: object) -> None:
            script.standings.append(kind)

        # arg-type: a script in the peeker's place
        watch = PortalWatch(script, rhythm, script.change, note)  # type: ignore[arg-type]
        monkeypatch.setattr(portal_module, "monotonic", lambda: watch.next_at)
        return watch, script

    return make


def test_a_change_is_told_and_requests_are_counted(watching: Watching) -> None:
    watch, script = watching(Peek(changed=True, requests={"cse": 3}), Peek(changed=False, requests={"cse": 2}))
    watch.step()
    watch.step()
    assert (script.changes, script.standings, watch.requests) == (1, ["ok", "ok"], {"cse": 5})


def test_a_refusal_ends_the_peeks_until_a_slot_read_it_well(watching: Watching) -> None:
    watch, script = watching(Peek(changed=False, requests={}, error=REFUSED))
    for _ in range(5):
        watch.step()
    assert (script.asked, script.standings) == (1, ["off"])
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": ["login_refused"]}}
    watch.step()
    assert script.asked == 1
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": []}}
    watch.step()
    assert (script.asked, script.standings[-1]) == (2, "ok")


def test_a_retry_after_is_kept_to_also_after_a_good_slot(watching: Watching) -> None:
    busy = HttpError("http_429", "busy", status=429, transient=True, after=3600.0)
    watch, script = watching(Peek(changed=False, requests={}, error=busy))
    watch.step()
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": []}}
    watch.step()
    assert script.asked == 1


def test_other_errors_slow_it_down(watching: Watching) -> None:
    down = Peek(changed=False, requests={"cse": 1}, error=SourceError("connection", "away"))
    watch, script = watching(down, down)
    watch.step()
    watch.step()
    assert (watch.rhythm.failures, script.standings) == (2, ["slow", "slow"])
    watch.step()
    assert watch.rhythm.failures == 0


def test_a_peek_during_a_cycle_is_dropped(watching: Watching) -> None:
    watch, script = watching()
    with one_run("schedule"):
        watch.step()
    assert script.asked == 0
    watch.step()
    assert script.asked == 1


def test_a_used_up_day_rests_and_the_next_day_goes_on(watching: Watching) -> None:
    watch, script = watching(requests=48)
    watch.day, watch.requests = timezone.localdate(), {"cse": 48}
    watch.step()
    assert script.standings[-1] == "spent"


def test_a_clock_that_goes_back_brings_no_second_budget(watching: Watching) -> None:
    watch, _ = watching()
    watch.day, watch.requests = timezone.localdate() + timedelta(days=1), {"cse": 900}
    watch.step()
    assert (watch.day, watch.requests) == (timezone.localdate(), {"cse": 902})
    watch.day = timezone.localdate() - timedelta(days=1)
    watch.step()
    assert watch.requests == {"cse": 2}


def test_the_past_is_counted_by_weekday_and_hour() -> None:
    now = timezone.now()
    Notice.objects.create(external_key="superset:notice:1", title="A", published_at=now)
    Notice.objects.create(external_key="email:1", title="B", published_at=now)
    local = timezone.localtime(now)
    counts = appeared(now)
    assert counts[local.weekday()][local.hour] == sum(map(sum, counts)) == 1
    assert async_to_sync(Script([]).peek)().requests == {"cse": 2}
