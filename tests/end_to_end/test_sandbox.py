"""`manage.py sandbox` as a newcomer runs it: its processes, a chat, a notice, and Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from playwright.sync_api import Browser, expect

from supersetbot.sandbox.world import MAILS_ID
from tests.end_to_end.browser import PHONE
from tests.paths import ROOT

STUDENT, ADMIN = 1001, 1003
PATIENCE = 60.0
REMINDER_PATIENCE = 150.0  # its time, and the minute's task behind it


class Visitor:
    """Someone at the chat page: does things, and waits for what the page is told."""

    def __init__(self, chat: httpx.Client, web: httpx.Client, site: str) -> None:
        self.chat, self.web, self.site = chat, web, site

    def says(self, text: str, user: int = STUDENT) -> None:
        self._control(do="user_says", user_id=user, text=text)

    def presses_key(self, message_id: int, label: str, user: int) -> None:
        self._control(do="press", user_id=user, message_id=message_id, button=label)

    def _control(self, **order: object) -> None:
        self.chat.post("/_control", content=orjson.dumps(order)).raise_for_status()

    def said(self, chat_id: int) -> list[str]:
        """What stands in a chat, the oldest first; that of `MAILS_ID` is what the bot sent by mail."""
        shown = self.chat.get(f"/_page/chats/{chat_id}").raise_for_status().json()
        return [message.get("text", "") for message in shown["messages"]]

    def link(self, chat_id: int) -> str:
        """The address on the last button of a chat that has one."""
        shown = self.chat.get(f"/_page/chats/{chat_id}").raise_for_status().json()
        keyboards = [
            message["reply_markup"]["inline_keyboard"] for message in shown["messages"] if "reply_markup" in message
        ]
        return [str(button["url"]) for rows in keyboards for row in rows for button in row if "url" in button][-1]

    def presses(self, action: str) -> str:
        return str(self.chat.post(f"/_world/{action}").raise_for_status().json()["line"])

    def reviews(self) -> str:
        """The admin's list of readings to look at."""
        form = self.web.get("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
        assert token, form.text
        who = {"username": "admin", "password": "sandbox", "csrfmiddlewaretoken": token[1]}
        self.web.post("/admin/login/", data=who)
        return self.web.get("/admin/scraping/review/").raise_for_status().text

    def waits_for(self, said: Callable[[str], bool], first: Callable[[], object], user: int = STUDENT) -> str:
        """Do `first`, then read the page's events until the bot's message that is wanted has come."""
        return self.waits_for_message(said, first, user)[1]

    def waits_for_message(
        self, said: Callable[[str], bool], first: Callable[[], object], user: int = STUDENT
    ) -> tuple[int, str]:
        """As `waits_for`, with the message's id."""
        with self.chat.stream("GET", "/_page/events") as events:
            lines = events.iter_lines()
            next(lines)
            first()
            give_up_at = monotonic() + PATIENCE
            for line in lines:  # one comes at least every few seconds, whether or not anything happens
                number, text = _bots_message(line, user)
                if text and said(text):
                    return number, text
                assert monotonic() < give_up_at, self.said(user)
        raise AssertionError("the page's events ended")

    def waits_until_it_came(self, said: Callable[[str], bool], user: int = STUDENT) -> None:
        """Until the bot's message that is wanted is there, whether or not it had come before."""
        with self.chat.stream("GET", "/_page/events", timeout=REMINDER_PATIENCE) as events:
            lines = events.iter_lines()
            next(lines)
            came = any(map(said, self.said(user)))
            while not came:
                came = said(_bots_message(next(lines), user)[1])


def _bots_message(line: str, user: int) -> tuple[int, str]:
    if not line.startswith("data: "):
        return 0, ""
    event: dict[str, Any] = orjson.loads(line.removeprefix("data: "))
    message = event.get("message") or {}
    mine = message.get("by_bot") and event.get("chat_id") == user
    return (int(message.get("message_id", 0)), str(message.get("text", ""))) if mine else (0, "")


def kill_and_start_again(visitor: Visitor) -> None:
    """The admin reads a log, stops the scheduler, and has it started again: a notice arrives."""
    visitor.waits_for(lambda text: text != "", lambda: visitor.says("/start", ADMIN), ADMIN)
    log = visitor.waits_for(lambda text: "scheduler.log" in text, lambda: visitor.says("/logs scheduler", ADMIN), ADMIN)
    assert "INFO" in log
    asked = visitor.waits_for_message(lambda text: "Go ahead?" in text, lambda: visitor.says("/kill", ADMIN), ADMIN)
    visitor.waits_for(
        lambda text: text.startswith("The scheduler has stopped."),
        lambda: visitor.presses_key(asked[0], "Stop the scheduler", ADMIN),
        ADMIN,
    )
    assert visitor.web.get("/ready").json()["checks"]["cluster"]["ok"] is False
    assert visitor.presses("scheduler") == "The scheduler was started."
    visitor.waits_for(lambda text: text.startswith("💼"), first=lambda: visitor.presses("job"))


@pytest.fixture
def sandbox() -> Iterator[subprocess.Popen[str]]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-u", "manage.py", "sandbox", *(f"--{port}-port=0" for port in ("chat", "web", "site"))],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGINT)


@pytest.fixture
def visitor(sandbox: subprocess.Popen[str]) -> Iterator[Visitor]:
    assert sandbox.stdout is not None
    greeting = ""
    for line in sandbox.stdout:
        greeting += line
        if line.startswith("Ctrl-C"):
            break
    found = [re.search(rf"{name}\s+(http://[\d.:]+)", greeting) for name in ("Chat page", "Admin", "Public site")]
    chat, web, site = (address[1] for address in found if address)
    with httpx.Client(base_url=chat, timeout=PATIENCE) as page, httpx.Client(base_url=web) as server:
        yield Visitor(page, server, site)


def open_the_account_page(visitor: Visitor) -> None:
    """The bot's link opens it in a browser, on loopback without https."""
    visitor.waits_for(lambda text: text.startswith("Your page shows"), first=lambda: visitor.says("/account"))
    address = urlsplit(visitor.link(STUDENT))
    page = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    opened = visitor.web.post(address.path, data={"secret": address.fragment}, headers=page)
    assert (opened.status_code, opened.headers["Location"]) == (302, "/me/")
    assert "This is the page of <strong>Asha</strong>" in visitor.web.get("/me/", headers=page).text


def join_by_mail(visitor: Visitor) -> None:
    """The service starts anew with another membership, twice; a code comes by mail, and an invitation by the admin."""
    assert "Meera, the admin, says yes or no" in visitor.presses("names")
    assert "/join your.name@vindhya.example" in visitor.presses("names")
    listed = visitor.waits_for(lambda text: text.startswith("🎯"), first=lambda: visitor.presses("list"))
    assert "9 students are listed. Members read the names: /join" in listed
    asked = "/join asha.verma@vindhya.example"
    visitor.waits_for(lambda text: "a code is on its way" in text, first=lambda: visitor.says(asked))
    mail = visitor.said(MAILS_ID)[-1]
    assert mail.startswith("To: asha.verma@vindhya.example\nYour code for the placement bot\n")
    code = re.search(r"/join (\d{6})", mail)
    assert code
    visitor.waits_for(lambda text: "You are a member now" in text, first=lambda: visitor.says(code[0]))


def test_a_newcomer_sees_a_job_arrive_and_ends_it_all(sandbox: subprocess.Popen[str], visitor: Visitor) -> None:
    assert visitor.chat.get("/").status_code == 200
    assert visitor.web.get("/health").json()["status"] == "healthy"
    nothing = visitor.web.get("/nothing", headers={"Accept": "text/html"})
    assert (nothing.status_code, "<title>Not Found · SuperSet Bot</title>" in nothing.text) == (404, True)

    assert "Welcome, Asha!" in visitor.said(STUDENT)[1]

    assert visitor.presses("deadline").startswith("Nobody was told of a job yet")
    lines: list[str] = []
    arrived = visitor.waits_for(lambda text: text.startswith("💼"), first=lambda: lines.append(visitor.presses("job")))
    role, _, company = lines[0].removeprefix("Published: ").rpartition(" at ")
    assert arrived.startswith(f"💼 {company} · {role}\n")
    assert visitor.web.get("/api/jobs").json()["items"][0]["role"] == role
    moved = visitor.waits_for(
        lambda text: "Deadline moved from" in text, first=lambda: lines.append(visitor.presses("deadline"))
    )
    assert f"{company} · {role}" in moved
    assert visitor.presses("soon").startswith(f"{role} at {company} closes in three hours")

    visitor.waits_for(lambda text: "placed at" in text, first=lambda: visitor.presses("mail"))
    assert "Placements 2026-27" in visitor.waits_for(lambda text: text.startswith("📊"), lambda: visitor.says("/stats"))
    visitor.waits_for(lambda text: "Companies visited 37 → 40" in text, first=lambda: visitor.presses("figure"))

    assert "it is not known for what" in visitor.reviews()

    listed = visitor.waits_for(lambda text: text.startswith("🎯"), first=lambda: visitor.presses("list"))
    assert "9 students" in listed

    visitor.waits_until_it_came(lambda text: text.startswith("⏰") and text.endswith("(in 3 hours)"))
    open_the_account_page(visitor)
    join_by_mail(visitor)
    kill_and_start_again(visitor)
    sandbox.send_signal(signal.SIGINT)
    output, _ = sandbox.communicate(timeout=PATIENCE)
    assert "The scheduler was stopped, as /kill asks" in output
    assert output.endswith("Everything has ended.\n")
    assert sandbox.returncode == 130
    assert "Traceback" not in output


@pytest.mark.browser
def test_a_student_gets_a_push_in_the_sandboxs_browser_and_none_after_leaving(
    visitor: Visitor, browser: Browser
) -> None:
    page = browser.new_page(base_url=visitor.site, viewport=PHONE)
    page.goto("/")
    page.get_by_role("link", name="Get notified").click()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.locator("#said")).to_have_text("Notifications are on in this browser.")

    role, _, company = visitor.presses("job").removeprefix("Published: ").rpartition(" at ")
    card = page.get_by_label("Notifications of this browser")
    expect(card).to_contain_text(f"💼 {company} · {role}", timeout=PATIENCE * 1000)
    card.get_by_role("button", name="Dismiss").first.click()
    expect(card).not_to_contain_text(role)

    page.reload()
    page.get_by_role("button", name="Turn off").click()
    expect(page.locator("#said")).to_have_text("Notifications are off. Nothing more will come.")
    visitor.waits_for(lambda text: text.startswith("💼"), first=lambda: visitor.presses("job"))
    expect(card).to_have_count(0)
    page.close()
