"""Tells whoever started this process how it stands, in systemd's protocol (sd_notify(3)).

systemd sets NOTIFY_SOCKET, and so does `daemon start`; without it nothing is said.
"""

import os
import socket
from contextlib import suppress


def ready(status: str = "") -> None:
    """The start is over. `status` is one line on how it went, where there is something to say."""
    _say(f"READY=1\nSTATUS={status}")


def alive() -> None:
    """Still at work; systemd restarts a service that has a WatchdogSec and does not say so in time."""
    _say("WATCHDOG=1")


def _say(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
