"""The database, its clock and tables, and the queue with the scheduler that works it off."""

import os
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count

from accounts import encryption
from accounts.clock import CLOCKS_DIFFER, seconds_ahead_of_database
from accounts.models import Profile
from supersetbot.operations import health
from supersetbot.operations.doctor.results import CheckFailedError, Skipped
from supersetbot.operations.failures import lacks_room, why_unreachable
from supersetbot.operations.room import MAKE_ROOM
from supersetbot.spelled import spell


def check_database() -> str:
    started = monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        text = why_unreachable() or " ".join(str(error).split())
        astray = "DATABASE_URL says where it is: is it there, and may this user go there?"
        raise CheckFailedError(text, MAKE_ROOM if lacks_room(text) else astray) from None
    file = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not os.access(file, os.W_OK):
        raise CheckFailedError(
            f"{file} can't be written", f"As root: chown -R USER {settings.DATA_DIR} (the service's user)."
        )
    return f"{connection.display_name} answers in {1000 * (monotonic() - started):.0f} ms"


def check_clock() -> str:
    off = seconds_ahead_of_database()
    if abs(off) > CLOCKS_DIFFER.total_seconds():
        mend = "timedatectl set-ntp true, here and on the database's machine"
        raise CheckFailedError(f"this machine's clock is {off:+.0f} s off the database's", mend)
    return "agrees with the database's" if connection.vendor == "postgresql" else "SQLite has no other to compare with"


def check_migrations() -> str:
    check = health.CHECKS["migrations"]()
    if not check.ok:
        raise CheckFailedError(check.detail, "./manage migrate")
    return check.detail


def check_profiles() -> str:
    stored = dict(Profile.objects.order_by().values_list("key").annotate(count=Count("pk")))
    lost = {key: count for key, count in stored.items() if key not in encryption.key_ids()}
    total = sum(stored.values())
    if lost:
        named = ", ".join(f"{count} by key {key}" for key, count in sorted(lost.items()))
        raise CheckFailedError(f"FIELD_KEYS lacks the key of {named}", "Add the lost key behind the others.")
    outdated = total - stored.get(encryption.current_key_id(), 0)
    if outdated:
        raise Skipped(f"{outdated} of {total} are encrypted by an older key", "./manage rotate_field_keys")
    if not settings.FIELD_KEYS:
        return f"{total}, encrypted by a key made from SECRET_KEY; set FIELD_KEYS to be able to change that"
    return f"{total}, all encrypted by the first of FIELD_KEYS"


def check_broker() -> str:
    from django_q.brokers import get_broker

    kind = next(iter(settings.Q_BROKER))
    try:
        broker = get_broker()
        waiting, info = broker.queue_size(), broker.info()
    except Exception as error:  # each broker has errors of its own
        wrong = f"{kind} does not answer ({type(error).__name__})"
        raise CheckFailedError(wrong, "Is it up? Q_BROKER says where it is; `Q_BROKER=database` needs none.") from None
    return f"{info}, {waiting} tasks wait"


def check_scheduler() -> str:
    check = health.CHECKS["cluster"]()
    if check.age is None:
        raise Skipped("never started", "./manage daemon start scheduler")
    if not check.ok:
        raise CheckFailedError(f"{check.detail} ({spell(check.age)} ago)", "./manage daemon restart scheduler")
    return f"{check.detail} {spell(check.age)} ago"


def check_cycle() -> str:
    check = health.CHECKS["cycle"]()
    if check.age is None:
        raise Skipped(f"{check.detail}. Until a cycle was good, /ready is 503", "./manage cycle, or /fu to the bot")
    told = f"{check.detail}, {spell(check.age)} ago"
    if not check.ok:
        raise CheckFailedError(told, "./manage cycle runs one now, or says why not.")
    return told
