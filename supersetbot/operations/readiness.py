"""Tells whoever started this process how it stands, in systemd's protocol (sd_notify(3)).

systemd sets NOTIFY_SOCKET, and so does `daemon start`; without it nothing is said.
"""

import os
import socket
from contextlib import suppress


def at_work(status: str = "") -> None:
    """Say that the start is over, with one line on how it went, and that the process is alive."""
    ready(status)
    alive()


def ready(status: str = "") -> None:
    """Say that the start is over. `status` is one line on how it went, where there is something to say."""
    _say(f"READY=1\nSTATUS={status}")


def alive() -> None:
    """Say that the process works; systemd restarts a service with a WatchdogSec that does not say so in time."""
    _say("WATCHDOG=1")


def _say(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
