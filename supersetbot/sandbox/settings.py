"""What the sandbox's processes are told: their settings, and where everything listens."""

import json
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from notifications.channels.webpush.vapid import make_vapid_keys
from supersetbot.sandbox import official_page
from supersetbot.sandbox.mailbox import outgoing
from supersetbot.sandbox.mailbox import server as mailbox
from supersetbot.sandbox.portal.portal_world import ACCOUNTS
from supersetbot.sandbox.portal.server import TENANT_ID
from supersetbot.sandbox.telegram.chat_page import Place

ADMIN_ID = 1003
CHANNEL_ID = -1001000000001
HOOK_PORT = 9000
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where things listen on 127.0.0.1."""

    chat: int
    portal: int
    web: int
    imap: int
    page: int
    smtp: int
    site: int
    push: int


def free_port(wanted: int = 0) -> int:
    """`wanted` where it is free, else any that is."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def environment(folder: Path, ports: Ports, membership: str) -> dict[str, str]:
    """The settings of the sandbox's processes: none of the caller's own but where programs are found."""
    accounts = [{"email": account.email, "password": account.password} for account in ACCOUNTS]
    return {name: value for name, value in os.environ.items() if name in _KEPT} | {
        "ENV_FILE": os.devnull,
        "DEBUG": "false",  # the pages that one would see, also where there is nothing
        "HTTPS": "false",
        "MEMBERSHIP": membership,
        "MEMBER_EMAIL_DOMAINS": json.dumps([outgoing.DOMAIN]),
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "TELEGRAM_BOT_TOKEN": f"1000001:{secrets.token_urlsafe(26)}",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{ports.chat}",
        "TELEGRAM_LINK_URL": f"http://127.0.0.1:{ports.chat}",
        "ADMIN_TELEGRAM_USER_IDS": f"[{ADMIN_ID}]",
        "TELEGRAM_CHAT_ID": str(CHANNEL_ID),
        "SUPERSET_BASE_URL": f"http://127.0.0.1:{ports.portal}/tnpsuite-core",
        "SUPERSET_TENANT_ID": TENANT_ID,
        "SUPERSET_CREDENTIALS": json.dumps(accounts),
        "PLACEMENT_EMAIL": mailbox.USER,
        "PLACEMENT_APP_PASSWORD": mailbox.PASSWORD,
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(ports.imap),
        "IMAP_SECURITY": "none",
        "OFFICIAL_PLACEMENT_URL": f"http://127.0.0.1:{ports.page}{official_page.PATH}",
        "WEBSITE_URL": f"http://127.0.0.1:{ports.site}/",
        "VAPID_PRIVATE_KEY_FILE": str(_push_key(folder)),
        "VAPID_EMAIL": f"tnp@{outgoing.DOMAIN}",
        # the sandbox's own push service, and a newcomer's own program
        "PUSH_ALLOW_HOSTS": json.dumps([f"127.0.0.1:{port}" for port in (ports.push, HOOK_PORT)]),
    }


def _push_key(folder: Path) -> Path:
    """Make the key that the push service knows the sandbox by, in a file that is the owner's alone."""
    path = folder / "vapid.key"
    path.touch(0o600)
    path.write_text(make_vapid_keys()[0], "ascii")
    return path


def places(ports: Ports) -> tuple[Place, ...]:
    """Where a newcomer looks besides the chat page."""
    web = f"http://127.0.0.1:{ports.web}"
    return (
        Place("Public site", f"http://127.0.0.1:{ports.site}/", "what everybody reads; “Get notified” works there"),
        Place("Admin", f"{web}/admin/", "user admin, password sandbox; a reading waits under Reviews"),
        Place("API", f"{web}/api/docs", "what programs read"),
        Place("Webhooks", f"{web}/admin/accounts/webhook/", f"call your program at http://127.0.0.1:{HOOK_PORT}/"),
    )
