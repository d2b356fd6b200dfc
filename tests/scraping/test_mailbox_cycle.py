"""Mails from a real IMAP server to notices: each once, whatever is killed when."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from imapclient import SEEN, IMAPClient
from pytest_django import Settings

from accounts.times import moment
from notifications.models import Delivery, Notice
from scraping.cycle.cycle import look, update
from scraping.models import Offer, RawItem, UpdateRun
from scraping.reading.mail import read_mail
from scraping.sources.mailbox.client import MailboxConfig
from tests.conftest import SEASON, Subscribe
from tests.paths import ROOT
from tests.processes import database_url
from tests.scraping.mail_cast import ALERT, SHORTLIST, WEBINAR, forwarded, offer
from tests.scraping.sources.mailbox.servers import PASSWORD, USER, imap_server

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The mailbox as somebody else looks at it, over one connection."""

    config: MailboxConfig
    imap: IMAPClient

    def empty(self) -> None:
        self.imap.delete_messages(self.imap.search())
        self.imap.expunge()

    def deliver(self, *mails: bytes) -> list[int]:
        """Put mails into the INBOX, unread; their UIDs."""
        before = set(self.imap.search())
        for mail in mails:
            self.imap.append("INBOX", mail)
        return sorted(set(self.imap.search()) - before)

    def seen(self, uid: int) -> bool:
        self.imap.noop()
        return SEEN in self.imap.get_flags([uid])[uid]


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with imap_server() as config, IMAPClient(config.host, config.port, ssl=False, timeout=10) as imap:
        imap.login(USER, PASSWORD)
        imap.select_folder("INBOX")
        yield Mailbox(config, imap)


@pytest.fixture
def mailbox(server: Mailbox, settings: Settings) -> Iterator[Mailbox]:
    """An empty mailbox the service reads, on the day its mails were sent."""
    server.empty()
    settings.PLACEMENT_EMAIL, settings.PLACEMENT_APP_PASSWORD = USER, PASSWORD
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = server.config.host, server.config.port, "none"
    settings.SUPERSET_CREDENTIALS = []
    with time_machine.travel(NOW, tick=True):
        yield server


def read() -> UpdateRun:
    return update("test", sources=["email"])


def states() -> list[str]:
    return list(RawItem.objects.order_by("pk").values_list("state", flat=True))


def test_an_offer_is_stored_told_and_marked_as_read(mailbox: Mailbox, subscribe: Subscribe) -> None:
    subscribe()
    (uid,) = mailbox.deliver(offer("22103001 Asha Verma", "22103002 Bilal Khan"))

    run = read()

    assert (run.state, run.notices, run.queued) == (UpdateRun.State.OK, 1, 1)
    assert mailbox.seen(uid)
    stored = Offer.objects.get()
    assert (stored.company, stored.season, stored.students.count()) == ("Kestrel Systems", SEASON, 2)
    assert Notice.objects.get().title == "2 students have been placed at Kestrel Systems"
    assert stored.notice == Notice.objects.get() == RawItem.objects.get().notice


def test_who_is_placed_later_is_told_as_new(mailbox: Mailbox) -> None:
    mailbox.deliver(offer("22103001 Asha Verma"))
    read()
    mailbox.deliver(offer("22103001 Asha Verma", "22102003 Chitra Rao", number=2))
    read()
    mailbox.deliver(offer("22102003 Chitra Rao", number=3))
    read()

    newest, first = Notice.objects.order_by("-pk")
    assert newest.title == "1 more student has been placed at Kestrel Systems, total 2"
    assert newest.roster == [{"name": "Chitra Rao", "enrollment": "22102003"}]
    assert newest.details["Since"] == moment(first.first_seen_at).rpartition(", ")[2]
    assert first.title == "1 student has been placed at Kestrel Systems"
    assert states() == ["done", "done", "done"]


def test_a_mail_is_one_item_whatever_its_flag_says(mailbox: Mailbox) -> None:
    raw = forwarded("Session on chips", WEBINAR)
    (uid,) = mailbox.deliver(raw)
    read()
    mailbox.imap.remove_flags([uid], [SEEN])
    mailbox.deliver(raw)

    run = read()

    assert RawItem.objects.count() == Notice.objects.count() == 1
    assert (run.sources["email"]["new"], run.sources["email"]["unchanged"]) == (0, 2)
    mailbox.imap.noop()
    assert mailbox.imap.search("UNSEEN") == []


def test_a_mail_that_lies_there_twice_is_one_item_read_in_one_run(mailbox: Mailbox) -> None:
    raw = offer("22103001 Asha Verma")
    mailbox.deliver(raw, raw)

    run = read()

    assert (run.sources["email"]["new"], run.sources["email"]["unchanged"], states()) == (1, 1, ["done"])
    mailbox.imap.noop()
    assert mailbox.imap.search("UNSEEN") == []
    assert Notice.objects.get().title == "1 student has been placed at Kestrel Systems"


def test_what_three_people_forward_is_told_once(mailbox: Mailbox, subscribe: Subscribe) -> None:
    subscribe()
    mailbox.deliver(*(forwarded("Session on chips", WEBINAR, number=number) for number in (1, 2, 3)))

    run = read()

    assert (run.sources["email"]["new"], Notice.objects.count(), Delivery.objects.count()) == (3, 1, 1)
    assert set(RawItem.objects.values_list("notice", flat=True)) == {Notice.objects.get().pk}


def test_an_irrelevant_mail_is_kept_with_the_reason_and_marked_as_read(mailbox: Mailbox) -> None:
    (uid,) = mailbox.deliver(ALERT)

    read()

    item = RawItem.objects.get()
    assert item.state == RawItem.State.IRRELEVANT
    assert item.reason
    assert mailbox.seen(uid)
    assert not Notice.objects.exists()


def test_the_season_is_that_of_the_recipients_alias(mailbox: Mailbox) -> None:
    mailbox.deliver(forwarded("Session on chips", WEBINAR, to="placement+202526@college.example"))
    mailbox.deliver(forwarded("Another session", f"batch 202425\n{WEBINAR}", number=2))
    read()
    assert list(Notice.objects.order_by("pk").values_list("season", flat=True)) == [202526, SEASON]


def test_mails_of_other_seasons_are_left_alone_when_one_is_asked_for(mailbox: Mailbox) -> None:
    (uid,) = mailbox.deliver(forwarded("Session on chips", WEBINAR))
    update("test", sources=["email"], seasons=[202526])
    assert not RawItem.objects.exists()
    assert not mailbox.seen(uid)


def test_a_mail_that_fails_three_times_is_set_aside_and_the_next_goes_on(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips_over_shortlists(page: object, jobs: object) -> object:
        if "Lumen" in page.mail.text:  # type: ignore[attr-defined]  # a stand-in of the test
            raise RecursionError("too deep")
        return read_mail(page, jobs)  # type: ignore[arg-type]  # the test varies the arguments

    monkeypatch.setattr("scraping.telling.mail.read_mail", trips_over_shortlists)
    poison, good = mailbox.deliver(
        forwarded("Lumen Foundry - Shortlist", SHORTLIST), forwarded("Session on chips", WEBINAR, number=2)
    )

    for attempts in (1, 2):
        read()
        item = RawItem.objects.get(key__startswith="1@mail.example ")
        assert (item.state, item.attempts) == (RawItem.State.PENDING, attempts)
    read()

    item.refresh_from_db()
    assert (item.state, item.reason) == (RawItem.State.SET_ASIDE, "RecursionError: too deep")
    assert (mailbox.seen(poison), mailbox.seen(good)) == (False, True)
    read()
    item.refresh_from_db()
    assert item.attempts == 3
    assert Notice.objects.count() == 1


DIE = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from scraping.sources.mailbox import client
where = sys.argv[1]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before flagging":
    client.MailboxClient.mark_seen = die
elif where == "while reading":
    from scraping.telling import mail
    mail.read_mail = die
from scraping.cycle.cycle import update
update("dies", sources=["email"])
"""


def killed(where: str, mailbox: Mailbox) -> None:
    """A process that reads the mailbox and is killed by SIGKILL in the middle."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "NOTIFY_MAX_AGE_HOURS": "0",  # its clock shows today, the mails are of NOW
        "DJANGO_SETTINGS_MODULE": "supersetbot.settings",
        "PLACEMENT_EMAIL": USER,
        "PLACEMENT_APP_PASSWORD": PASSWORD,
        "IMAP_HOST": mailbox.config.host,
        "IMAP_PORT": str(mailbox.config.port),
        "IMAP_SECURITY": "none",
    }
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DIE, where],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == -9, ended.stderr


@pytest.mark.parametrize("where", ["while reading", "before flagging"])
def test_a_kill_at_any_moment_loses_nothing_and_tells_nothing_twice(
    mailbox: Mailbox, subscribe: Subscribe, where: str
) -> None:
    subscribe()
    uids = mailbox.deliver(offer("22103001 Asha Verma"), forwarded("Session on chips", WEBINAR, number=2))

    killed(where, mailbox)
    assert not any(mailbox.seen(uid) for uid in uids)
    run = read()

    assert run.state == UpdateRun.State.OK
    assert all(mailbox.seen(uid) for uid in uids)
    assert states() == ["done", "done"]
    assert Notice.objects.count() == Delivery.objects.count() == 2


def test_a_mail_that_ends_the_process_each_time_is_given_up(mailbox: Mailbox, settings: Settings) -> None:
    settings.MAIL_MAX_ATTEMPTS = 1
    mailbox.deliver(forwarded("Session on chips", WEBINAR))
    killed("while reading", mailbox)

    read()

    item = RawItem.objects.get()
    assert item.state == RawItem.State.SET_ASIDE
    assert item.reason == "each attempt to read it failed: it ended the process"


def test_a_dry_run_stores_nothing_and_leaves_mails_unread(mailbox: Mailbox) -> None:
    (uid,) = mailbox.deliver(offer("22103001 Asha Verma"))
    assert look(["email"])["email"].new == 1
    assert not RawItem.objects.exists()
    assert not mailbox.seen(uid)


def test_a_mailbox_that_refuses_the_password_is_one_failed_source(mailbox: Mailbox, settings: Settings) -> None:
    settings.PLACEMENT_APP_PASSWORD = "wrong horse"
    run = read()
    assert run.state == UpdateRun.State.FAILED
    (error,) = run.sources["email"]["errors"]
    assert error.startswith("login_refused")
    assert "wrong horse" not in error


def test_without_an_account_no_mailbox_is_read(settings: Settings) -> None:
    settings.PLACEMENT_EMAIL = ""
    assert "email" not in read().sources


def test_a_large_attachment_is_not_kept(mailbox: Mailbox) -> None:
    from email import message_from_bytes, policy

    message = message_from_bytes(forwarded("Session on chips", WEBINAR), policy=policy.default)
    message.add_attachment(os.urandom(2_000_000), maintype="application", subtype="pdf", filename="slides.pdf")
    (uid,) = mailbox.deliver(message.as_bytes())

    read()

    assert len(RawItem.objects.get().payload["eml"]) < 3_000
    assert Notice.objects.get().title == "Session on chips"
    assert mailbox.seen(uid)
