"""The sandbox: a portal, a mailbox, a placement page, a Bot API with its chat page, and the service running against
them in its three processes.

Everything is on loopback and in a folder of its own; nothing of the real installation's settings is seen by it.
"""

import asyncio
import json
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from asgiref.sync import sync_to_async

from notifications.channels.webpush.vapid import make_vapid_keys
from supersetbot.sandbox import official_page
from supersetbot.sandbox.made_files import pdf
from supersetbot.sandbox.mailbox import outgoing
from supersetbot.sandbox.mailbox import server as mailbox
from supersetbot.sandbox.mailbox.mails import MailWriter, spam
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.portal_world import ACCOUNTS
from supersetbot.sandbox.portal.server import TENANT_ID, Portal
from supersetbot.sandbox.push.phone import PhoneBrowser
from supersetbot.sandbox.push.service import PushService
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import User
from supersetbot.sandbox.telegram.chat_page import Action, Place

log = logging.getLogger(__name__)

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
SCHEDULER = (str(MANAGE), "qcluster")
STOP_SECONDS = 10.0
ANSWER_SECONDS = 30.0
STUDENT_ID, ADMIN_ID = 1001, 1003
CHANNEL_ID = -1001000000001
# Where each process logs, in DATA_DIR/logs: the three of the service as their settings say by default.
LOGS = {"bot": "superset_bot.log", "scheduler": "scheduler.log", "web": "web.log", "mailbox": "mailbox.log"}
LINES_SHOWN = 20
HOOK_PORT = 9000
STOPPED = (
    "The scheduler was stopped, as /kill asks: nothing is read or sent until you press “Start the scheduler” on the "
    "chat page."
)
MAILS_ID = -2
# Longer than three hours by what a cycle takes to tell of it, and by what reminders are written ahead
REMINDED_BEFORE = timedelta(hours=3, seconds=75)
MEMBERSHIPS = {
    "open": "Everybody reads names now.",
    "approve": "Names are for members now: Meera, the admin, says yes or no. Send /join as a student.",
    "email": f"Names are for members now: send /join your.name@{outgoing.DOMAIN}, and look into the mails.",
}
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
        "DEBUG": "true",
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


class World:
    """Everything running, from `start` to `stop`."""

    def __init__(
        self,
        portal: Portal,
        ports: Ports,
        settings: Mapping[str, str],
        queue_cycle: Callable[[], object],
        queue_official: Callable[[], object],
        *,
        told_jobs: Callable[[], set[str]],
    ) -> None:
        self.portal, self.ports = portal, ports
        self.page = official_page.OfficialPageServer()
        self.push = PushService()
        self.site = PhoneBrowser(f"http://127.0.0.1:{ports.web}", self.push)
        self.mailbox = mailbox.Mailbox(ports.imap)
        self._writer = MailWriter(lambda: [job.opening for job in portal.world.jobs.values()])
        self._settings = {**settings, "SUPERSET_PUBLIC_KEY": portal.public_key}
        self._queue_cycle, self._queue_official = queue_cycle, queue_official
        self._told_jobs = told_jobs
        self.telegram = BotApi(
            token=settings["TELEGRAM_BOT_TOKEN"],
            per_second=30,
            per_chat=None,
            actions=self._actions(),
            places=places(ports),
        )
        self._portal_down = False
        self._published_job: portal_world.Job | None = None  # the newest that students were told of
        self.telegram.add_user(STUDENT_ID, "Asha", about="a student")
        self.telegram.add_user(1002, "Ravi", about="a student")
        self.telegram.add_user(ADMIN_ID, "Meera", about="the admin")
        self.telegram.add_channel(CHANNEL_ID, "Placements")
        self._mails = self.telegram.add_mailbox(MAILS_ID, f"Mails to {outgoing.DOMAIN}")
        self._outgoing = outgoing.OutgoingMail(ports.smtp, self._show_mail)
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._started = asyncio.Event()
        self._switching = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        await self.portal.start(self.ports.portal)
        self._stack.push_async_callback(self.portal.stop)
        await self.page.start(self.ports.page)
        self._stack.push_async_callback(self.page.stop)
        await self.push.start(self.ports.push)
        self._stack.push_async_callback(self.push.stop)
        await self.site.start(self.ports.site)
        self._stack.push_async_callback(self.site.stop)
        await self.telegram.start(port=self.ports.chat)
        self._stack.push_async_callback(self.telegram.stop)
        await self._outgoing.start()
        self._stack.push_async_callback(self._outgoing.stop)
        self._stack.push_async_callback(self._stop_children)
        await self._spawn("mailbox", *mailbox.command(self.ports.imap))
        await asyncio.to_thread(self._first_mails)
        await self._start_service()
        await self._first_start()

    async def _first_start(self) -> None:
        """Have Asha start the bot before anything is told, so that a newcomer finds messages in her chat."""
        self.telegram.user_says(STUDENT_ID, "/start")
        with suppress(TimeoutError):  # `watch` says what became of a bot that does not answer
            await self.telegram.until(lambda: bool(self.telegram.messages(STUDENT_ID)), ANSWER_SECONDS)

    async def _start_service(self) -> None:
        web = ("-m", "gunicorn", "supersetbot.wsgi", "--bind", f"127.0.0.1:{self.ports.web}", "--log-level", "warning")
        await self._spawn("bot", str(MANAGE), "runbot")
        await self._spawn("scheduler", *SCHEDULER)
        await self._spawn("web", *web)
        await self._answers()

    async def stop(self) -> None:
        """End everything, the processes first."""
        await self._stack.aclose()

    async def watch(self, say: Callable[[str], object]) -> str:
        """Return when one of the processes has died by itself: which, how, and what it logged last.

        The scheduler may be stopped in order, which is said, and started again.
        """
        while True:
            name, child = await self._first_ended()
            async with self._switching:  # whoever was told to end has a successor then
                if child is None or self._children.get(name) is not child:
                    continue
                if name != "scheduler" or child.returncode:
                    how = f"has ended by itself (code {child.returncode})"
                    return f"The {name} process {how}. It logged last:\n{self._last_lines(name)}"
                del self._children[name]
                say(STOPPED)

    async def _first_ended(self) -> tuple[str, asyncio.subprocess.Process | None]:
        """Return the process that ends next, and its name; None where another was started meanwhile."""
        self._started.clear()
        waits = {asyncio.create_task(child.wait()): (name, child) for name, child in self._children.items()}
        started = asyncio.create_task(self._started.wait())
        try:
            done, _ = await asyncio.wait((*waits, started), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in (*waits, started):
                wait.cancel()
        return next((ended for wait, ended in waits.items() if wait in done), ("", None))

    async def _spawn(self, name: str, *command: str) -> None:
        path = self._log(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("ab") as log_file:
            self._children[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=MANAGE.parent,
                env=self._settings,
                stdout=log_file,
                stderr=log_file,
                start_new_session=True,
            )
        self._started.set()

    def _log(self, name: str) -> Path:
        return Path(self._settings["DATA_DIR"]) / "logs" / LOGS[name]

    def _last_lines(self, name: str) -> str:
        return "\n".join(self._log(name).read_text("utf-8", "replace").splitlines()[-LINES_SHOWN:])

    async def _start_scheduler(self) -> str:
        if "scheduler" in self._children:
            return "The scheduler is at work."
        await self._spawn("scheduler", *SCHEDULER)
        return "The scheduler was started."

    async def _answers(self) -> None:
        """Wait until the web server listens."""
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.ports.web)
                itself = writer.get_extra_info("sockname") == writer.get_extra_info("peername")
                writer.close()
                if not itself:  # a connection may be given the very port it asks for, while nobody listens there
                    return
            if self._children["web"].returncode is not None:
                raise RuntimeError(f"the web process ended at its start:\n{self._last_lines('web')}")
            await asyncio.sleep(0.05)

    async def _stop_children(self, *but: str) -> None:
        """SIGTERM to each main process, SIGKILL to one that is still there after a while."""
        told = {name: child for name, child in self._children.items() if name not in but}
        for child in told.values():
            with suppress(ProcessLookupError):
                child.terminate()
        for name, child in told.items():
            try:
                await asyncio.wait_for(child.wait(), STOP_SECONDS)
            except TimeoutError:
                log.warning("%s did not stop within %.0f s and was killed", name, STOP_SECONDS)
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()

    # --- the buttons of the chat page ---------------------------------------------

    def _actions(self) -> dict[str, Action]:
        def action(
            label: str, hint: str, change: Callable[[], str], queue: Callable[[], object] | None = self._queue_cycle
        ) -> Action:
            async def run() -> str:
                line = await asyncio.to_thread(change)
                if queue:
                    await sync_to_async(queue)()
                return line

            return Action(label, hint, run)

        figure = "The placement page counts three more companies"
        return {
            "notice": action("Publish a notice", "A new notice appears on the portal", self._publish_notice),
            "job": action("Publish a job", "A new job profile opens on the portal", self._publish_job),
            "list": action("Publish a list as PDF", "A notice links to the file of a shortlist", self._publish_list),
            "edit": action("Edit the last notice", "Its text changes: the message is edited", self._edit),
            "deadline": action("Move a deadline", "The newest job you know closes a day later", self._move_deadline),
            "soon": action("Three hours to a deadline", "A job closes soon: its reminder comes", self._close_soon),
            "mail": action("Send a mail", "The placement cell writes: the mailbox is watched", self._send_mail, None),
            "figure": action("Move a figure", figure, self._move_figure, self._queue_official),
            "portal": action("Portal down / up", "It answers 503 until pressed again", self._toggle_portal),
            "names": Action("Who reads names", "Open, by approval, by mail: the next one", self._next_membership),
            "cycle": action("Run a cycle now", "Read the portal, tell what is new", lambda: "A cycle is queued."),
            "scheduler": Action("Start the scheduler", "After /kill has stopped it", self._start_scheduler),
        }

    async def _next_membership(self) -> str:
        """Start the service anew with another MEMBERSHIP: a process reads its settings once."""
        async with self._switching:
            names = list(MEMBERSHIPS)
            chosen = names[(names.index(self._settings["MEMBERSHIP"]) + 1) % len(names)]
            self._settings["MEMBERSHIP"] = chosen
            await self._stop_children("mailbox")
            await self._start_service()
        return MEMBERSHIPS[chosen]

    def _show_mail(self, text: str) -> None:
        self.telegram.post(self._mails, User(MAILS_ID, "The bot's mail server", is_bot=True), text, [])

    def _publish_notice(self) -> str:
        return f"Published: {self.portal.publish_notice()['title']}"

    def _publish_job(self) -> str:
        self._published_job = portal_world.random_job()
        job = self.portal.publish_job(self._published_job)
        return f"Published: {job['jobProfileTitle']} at {job['companyName']}"

    def _publish_list(self) -> str:
        random = Random()
        company = random.choice(list(self.portal.world.jobs.values())).opening.company
        listed = portal_world.students(9, random)
        told = [[number, name, f"CL{place % 3 + 1}"] for place, (name, number) in enumerate(listed)]
        url = self.portal.publish_file(
            f"shortlist-{random.randrange(10**6)}.pdf", pdf([["Roll No", "Name", "Room"], *told])
        )
        title = f"Shortlist for Technical interview - {company}"
        content = f'<p>The shortlisted students are in <a href="{url}">this list</a>.</p>'
        self.portal.publish_notice(portal_world.make_notice((title, content), datetime.now(UTC), random))
        return f"Published: {title}"

    def _edit(self) -> str:
        identifier, notice = list(self.portal.world.notices.items())[-1]
        content = f"{notice.record['content']}<p>Bring your college ID card.</p>"
        self.portal.edit_notice(identifier, content=content)
        return f"Edited: {notice.record['title']}"

    def _move_deadline(self) -> str:
        told = self._told_jobs()
        jobs = [(identifier, job) for identifier, job in self.portal.world.jobs.items() if identifier in told]
        if not jobs:
            return "Nobody was told of a job yet: press “Publish a job” first, and wait until it arrives."
        identifier, job = jobs[-1]
        deadline = (job.short.get("jobProfileApplicationDeadline") or 0) + 86_400_000
        self.portal.edit_job(identifier, short={"jobProfileApplicationDeadline": deadline})
        return f"One more day for {job.short['jobProfileTitle']} at {job.short['companyName']}"

    def _close_soon(self) -> str:
        """Have the deadline come near instead of moving the clock: that of the job published last, or of a new one."""
        closes = datetime.now(UTC) + REMINDED_BEFORE
        deadline = {"jobProfileApplicationDeadline": portal_world.epoch(closes)}
        job = self._published_job
        if job is None:
            job = portal_world.random_job()
            job.short |= deadline
            self.portal.publish_job(job)
            self._published_job = job
        else:
            self.portal.edit_job(job.short["jobProfileIdentifier"], short=deadline)
        what = f"{job.short['jobProfileTitle']} at {job.short['companyName']}"
        return f"{what} closes in three hours and a minute: the reminder comes within two minutes."

    def _first_mails(self) -> None:
        """An offer and an unclear list of last week, which are told to nobody, and what is no business of students."""
        now = datetime.now(UTC)
        then = now - timedelta(days=7)
        self.mailbox.empty()
        self.mailbox.deliver(self._writer.next_mail(then)[1], self._writer.unclear_mail(then), spam(now))

    def _send_mail(self) -> str:
        subject, mail = self._writer.next_mail(datetime.now(UTC))
        self.mailbox.deliver(mail)
        return f"Sent: {subject}"

    def _move_figure(self) -> str:
        return f"{official_page.COMPANIES}: {self.page.move_figure()}"

    def _toggle_portal(self) -> str:
        if self._portal_down:
            self.portal.mend()
        else:
            self.portal.fail(faults.status(503))
        self._portal_down = not self._portal_down
        return "The portal is down." if self._portal_down else "The portal is up again."
