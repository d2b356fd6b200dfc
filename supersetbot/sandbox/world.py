"""The sandbox: a portal, a mailbox, a placement page, a Bot API with its chat page, and the service running against
them in its three processes.

Everything is on loopback and in a folder of its own; nothing of the real installation's settings is seen by it.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from random import Random

from asgiref.sync import sync_to_async

from supersetbot.sandbox import official_page
from supersetbot.sandbox.made_files import pdf
from supersetbot.sandbox.mailbox import outgoing
from supersetbot.sandbox.mailbox import server as mailbox
from supersetbot.sandbox.mailbox.mails import MailWriter, spam
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.processes import Processes
from supersetbot.sandbox.push.phone import PhoneBrowser
from supersetbot.sandbox.push.service import PushService
from supersetbot.sandbox.settings import ADMIN_ID, CHANNEL_ID, Ports, places
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import User
from supersetbot.sandbox.telegram.chat_page import Action

ANSWER_SECONDS = 30.0
STUDENT_ID = 1001
MAILS_ID = -2
README_NUMBER = "24510039"  # the enrolment number that README tries /me with
# Longer than three hours by what a cycle takes to tell of it, and by what reminders are written ahead
REMINDED_BEFORE = timedelta(hours=3, seconds=75)
MEMBERSHIPS = {
    "open": "Everybody reads names now.",
    "approve": "Names are for members now: Meera, the admin, says yes or no. Send /join as a student.",
    "email": f"Names are for members now: send /join your.name@{outgoing.DOMAIN}, and look into the mails.",
}


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
        self.processes = Processes({**settings, "SUPERSET_PUBLIC_KEY": portal.public_key}, ports.web)
        self.page = official_page.OfficialPageServer()
        self.push = PushService()
        self.site = PhoneBrowser(f"http://127.0.0.1:{ports.web}", self.push)
        self.mailbox = mailbox.Mailbox(ports.imap)
        self._writer = MailWriter(lambda: [job.opening for job in portal.world.jobs.values()])
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
        self._stack.push_async_callback(self.processes.stop)
        await self.processes.start("mailbox", *mailbox.command(self.ports.imap))
        await asyncio.to_thread(self._first_mails)
        await self.processes.start_service()
        await self._first_start()

    async def _first_start(self) -> None:
        """Have Asha start the bot before anything is told, so that a newcomer finds messages in her chat."""
        self.telegram.user_says(STUDENT_ID, "/start")
        with suppress(TimeoutError):  # `watch` says what became of a bot that does not answer
            await self.telegram.until(lambda: bool(self.telegram.messages(STUDENT_ID)), ANSWER_SECONDS)

    async def stop(self) -> None:
        """End everything, the processes first."""
        await self._stack.aclose()

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
            "list": action(
                "Publish a list as PDF", f"A shortlist in a file; {README_NUMBER} is on it", self._publish_list
            ),
            "edit": action("Edit the last notice", "Its text changes: the message is edited", self._edit),
            "deadline": action("Move a deadline", "The newest job you know closes a day later", self._move_deadline),
            "soon": action("Three hours to a deadline", "A job closes soon: its reminder comes", self._close_soon),
            "mail": action("Send a mail", "The placement cell writes: the mailbox is watched", self._send_mail, None),
            "figure": action("Move a figure", figure, self._move_figure, self._queue_official),
            "portal": action("Portal down / up", "It answers 503 until pressed again", self._toggle_portal),
            "names": Action("Who reads names", "Open, by approval, by mail: the next one", self._next_membership),
            "cycle": action("Run a cycle now", "Read the portal, tell what is new", lambda: "A cycle is queued."),
            "scheduler": Action("Start the scheduler", "After /kill has stopped it", self.processes.start_scheduler),
        }

    async def _next_membership(self) -> str:
        """Start the service anew with another MEMBERSHIP: a process reads its settings once."""
        settings = self.processes.settings
        async with self.processes.switching:
            names = list(MEMBERSHIPS)
            chosen = names[(names.index(settings["MEMBERSHIP"]) + 1) % len(names)]
            settings["MEMBERSHIP"] = chosen
            await self.processes.stop("mailbox")
            await self.processes.start_service()
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
        listed = portal_world.students(9, random, README_NUMBER)
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
