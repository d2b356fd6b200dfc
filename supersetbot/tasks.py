"""What the cluster does to look after the service itself. Each may run twice; `slot` says when it was due."""

import logging

from notifications.delivery import storms
from supersetbot.operations import alerts, backups, retention

log = logging.getLogger(__name__)


def look_after() -> str:
    """Every minute: tell the admins what is wrong, and what is well again."""
    return f"{alerts.look()} told"


def backup(slot: str = "") -> str:
    try:
        return str(backups.make_noted())
    except backups.BackupError as error:
        log.error("No backup was made: %s", error)
        return str(error)


def prune(slot: str = "") -> str:
    storms.believe_unreached()
    gone = {name: count for name, count in retention.prune().items() if count}
    retention.vacuum()
    if gone:
        log.info("Deleted what was old: %s", ", ".join(f"{count} {name}" for name, count in gone.items()))
    return str(gone)
