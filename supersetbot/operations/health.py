"""Is it alive, and does it work? `/health` answers at once; `/ready` looks at everything (spec: system, HTTP API)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_q.brokers import get_broker

from notifications.delivery.counts import due
from notifications.models import ChannelState, Service
from notifications.telegram_bot import bot_status
from scraping.cycle.schedule import LATE, last_due, next_due
from scraping.models import UpdateRun
from scraping.sources.registry import any_set_up
from supersetbot import heartbeats
from supersetbot.operations import backups
from supersetbot.operations.failures import unapplied_migrations
from supersetbot.operations.room import write_to_data_dir, write_to_database
from supersetbot.spelled import clock

CYCLE_LATE = timedelta(hours=2)
BACKUP_LATE = timedelta(hours=2)
PENDING_LATE = timedelta(minutes=30)
MIRROR_LATE = timedelta(hours=2)
INSTALLATION_HEADER = "X-SuperSet-Installation"
# What a database says that can't be written; the rest of its words may hold a host or a path.
_NOT_WRITABLE = (
    "disk is full",
    "No space left on device",
    "disk I/O error",
    "readonly database",
    "read-only transaction",
)
_BOT_FAULTS = (bot_status.State.OFFLINE, bot_status.State.CONFLICT, bot_status.State.REFUSED)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: fine or not, what it is, and how old in seconds where an age matters."""

    ok: bool
    detail: str
    age: float | None = None


def installation() -> str:
    """Return what tells this installation from others on this machine: a digest of its DATA_DIR."""
    return blake2b(bytes(Path(settings.DATA_DIR).resolve()), digest_size=6).hexdigest()


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer that the process is alive, without asking the database."""
    headers = {"Cache-Control": "no-store", INSTALLATION_HEADER: installation()}
    response = JsonResponse({"status": "healthy", "version": settings.VERSION}, headers=headers)
    response["Content-Length"] = len(response.content)
    return response


@csrf_exempt
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer with every check and its finding: 503 where one fails."""
    checks = findings()
    fine = all(check.ok for check in checks.values())
    body = {
        "status": "ready" if fine else "not ready",
        "checks": {
            name: {"ok": check.ok, "detail": check.detail, "age_seconds": check.age} for name, check in checks.items()
        },
    }
    return JsonResponse(body, status=200 if fine else 503)


def findings() -> dict[str, Check]:
    """Every check by name. Without a database nothing else is looked at: each would wait for it as long again."""
    found = {"disk": _try(disk), "database": _try(_database)}
    if not found["database"].ok:
        return {name: Check(ok=False, detail="not looked at") for name in CHECKS} | found
    return found | {name: _try(check) for name, check in CHECKS.items()}


def _try(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except DatabaseError as error:
        return Check(ok=False, detail=f"the database does not answer ({type(error).__name__})")
    except Exception as error:  # a broken check is a finding, not a broken page
        return Check(ok=False, detail=type(error).__name__)


def disk() -> Check:
    try:
        write_to_data_dir()
    except OSError as error:
        return Check(ok=False, detail=f"DATA_DIR can't be written: {error.strerror}")
    return Check(ok=True, detail="DATA_DIR can be written")


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check(ok=True, detail=connection.vendor)


def _writes() -> Check:
    """A row is committed: a database without room can be read for long."""
    try:
        written = write_to_database()
    except DatabaseError as error:
        why = next((reason for reason in _NOT_WRITABLE if reason in str(error)), type(error).__name__)
        return Check(ok=False, detail=f"the database can't be written: {why}")
    return Check(ok=True, detail="the database can be written" if written else "another process is writing")


def _migrations() -> Check:
    missing = unapplied_migrations()
    return Check(not missing, f"{missing} to apply" if missing else "all applied")


def _broker() -> Check:
    waiting = get_broker().queue_size()
    return Check(ok=True, detail=f"{waiting} tasks waiting")


def _cluster() -> Check:
    beat = heartbeats.scheduler()
    if beat is None:
        return Check(ok=False, detail="never seen: is `./manage qcluster` running?")
    age = _age(beat.at)
    if ended := heartbeats.ended(beat):
        return Check(ok=False, detail=ended, age=age)
    late = abs(age) > heartbeats.LATE.total_seconds()
    return Check(not late, "no heartbeat: does the database answer it?" if late else "at work, last heartbeat", age)


def _bot() -> Check:
    """The bot is a process of its own: one never started is no fault; one that stopped or died is."""
    bot = bot_status.read()
    if bot is None:
        return Check(ok=True, detail="never started")
    state, age = bot_status.State(bot.state), _age(bot.seen_at)
    if state == bot_status.State.STOPPED:
        return Check(ok=False, detail=f"stopped at {clock(bot.seen_at)}", age=age)
    if bot.died:
        return Check(ok=False, detail=heartbeats.died(bot.owner, bot.seen_at), age=age)
    if not bot.alive:
        return Check(ok=False, detail="says nothing any more: has it died?", age=age)
    said = f"{state.label}: {bot.text}" if bot.text else state.label
    return Check(state not in _BOT_FAULTS, said, age)


def _cycle() -> Check:
    """A good cycle is due after each slot; nights without slots are no fault."""
    now, cycles = timezone.now(), UpdateRun.objects.cycles()
    good = cycles.filter(state__in=UpdateRun.GOOD, started_at__lte=now).first()
    due = last_due(now - CYCLE_LATE)
    if good is None:
        return Check(ok=due is None, detail=_until_the_first(cycles.first()))
    late = due is not None and good.started_at < due - timedelta(minutes=1)
    of_all = good.state == UpdateRun.State.OK
    last = f"last good cycle: run {good.pk}" if of_all else f"last cycle: run {good.pk}, which did not read all sources"
    said = last if any_set_up() else "cycles read nothing: no source is set up"
    return Check(not late, said, _age(good.ended_at or good.started_at))


def _until_the_first(failed: UpdateRun | None) -> str:
    """Return what a new installation waits for: until its first good cycle it is not ready."""
    tried = f"no good cycle yet (run {failed.pk}: {failed.get_state_display()})" if failed else "no cycle yet"
    upcoming = next_due()
    if upcoming is None:
        return f"{tried}, and none is scheduled: ./manage schedule --sync"
    return f"{tried}: the {'next' if failed else 'first'} one starts at {clock(upcoming)}, or now by ./manage cycle"


def before_the_first_cycle() -> bool:
    """Whether no cycle has ended yet, and the first one is at work, or comes in time."""
    begun = set(UpdateRun.objects.cycles().begun().order_by().values_list("state", flat=True).distinct())
    upcoming = next_due()
    comes = upcoming is not None and upcoming > timezone.now() - LATE
    return begun == {UpdateRun.State.RUNNING} or (comes and not begun)


def _deliveries() -> Check:
    found = due(timezone.now()).aggregate(count=Count("pk"), oldest=Min("next_attempt_at"))
    age = _age(found["oldest"]) if found["oldest"] else 0.0
    return Check(age <= PENDING_LATE.total_seconds(), f"{found['count']} due", age)


def _channels() -> Check:
    lines = [f"{state}: {state.trouble}" for state in ChannelState.objects.all() if state.trouble]
    lines += Service.objects.exclude(held_since=None).values_list("held_reason", flat=True)[:3]
    return Check(not lines, "; ".join(lines) or "none stopped")


def _backups() -> Check:
    """A copy is due after each slot, once there is something to copy."""
    due, found = last_due(timezone.now() - BACKUP_LATE, "backup"), backups.standing()
    age = _age(found.made_at) if found.made_at else None
    last = f"the last copy was made at {clock(found.made_at)}" if found.made_at else "there is no copy yet"
    if found.failed_at:
        return Check(ok=False, detail=f"failed at {clock(found.failed_at)}: {found.why}; {last}", age=age)
    first = UpdateRun.objects.order_by("pk").values_list("started_at", flat=True).first()
    if due and first and first < due and (found.made_at is None or found.made_at < due - timedelta(minutes=1)):
        return Check(ok=False, detail=f"none was made at {clock(due)}: {last}", age=age)
    return Check(ok=True, detail="the last copy was made" if found.made_at else last, age=age)


def _mirror() -> Check:
    """Behind by what MongoDB does not know yet; without one there is nothing to tell it."""
    if not settings.MONGO_CONNECTION_STR:
        return Check(ok=True, detail="not configured")
    from scraping.mongo.mirror import lag  # loads pymongo, which few processes need

    behind = lag()
    age = _age(behind.since) if behind.since else 0.0
    said = f"{behind.notes} changes to write" + (f"; {behind.error}" if behind.error else "")
    return Check(age <= MIRROR_LATE.total_seconds(), said, age)


def _age(when: datetime) -> float:
    return round((timezone.now() - when).total_seconds(), 1)


CHECKS: dict[str, Callable[[], Check]] = {
    "migrations": _migrations,
    "writes": _writes,
    "broker": _broker,
    "cluster": _cluster,
    "bot": _bot,
    "cycle": _cycle,
    "deliveries": _deliveries,
    "channels": _channels,
    "backups": _backups,
    "mirror": _mirror,
}
