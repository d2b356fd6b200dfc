"""The sandbox's mailbox, and the mails that are sent to it."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from accounts.categories import Category
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.sources.mailbox.client import MailboxClient, MailboxConfig
from scraping.sources.mailbox.parse import parse_mail
from supersetbot.sandbox.mailbox.mails import MailWriter, spam
from supersetbot.sandbox.mailbox.server import PASSWORD, USER, Mailbox, command
from supersetbot.sandbox.portal.season import season
from supersetbot.sandbox.settings import free_port

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def served() -> Iterator[tuple[Mailbox, MailboxConfig]]:
    port = free_port()
    with subprocess.Popen([sys.executable, *command(port)]) as server:
        yield Mailbox(port), MailboxConfig(host="127.0.0.1", port=port, security="none", user=USER, password=PASSWORD)
        server.terminate()


def test_mails_put_into_it_lie_there_unread(served: tuple[Mailbox, MailboxConfig]) -> None:
    mailbox, config = served
    mailbox.empty()
    mailbox.deliver(spam(NOW), spam(NOW))
    with MailboxClient(config) as client:
        assert len(client.unread()) == 2


def writer() -> MailWriter:
    return MailWriter(lambda: [job.opening for job in season(NOW).jobs.values()], Random(1))


def test_the_rules_read_what_is_sent() -> None:
    mails = writer()
    read = [read_mail(lay_out_mail(parse_mail(mails.next_mail(NOW)[1]))) for _ in range(6)]
    assert [facts.category for facts in read] == [
        Category.PLACEMENT_OFFER,
        Category.PLACEMENT_OFFER,
        Category.SHORTLISTING,
        Category.WEBINAR,
        Category.HACKATHON,
        Category.POLICY_UPDATE,
    ]
    offer, more = read[:2]
    assert (len(offer.roster), len(more.roster)) == (5, 2)
    assert offer.company == more.company
    assert read_mail(lay_out_mail(parse_mail(spam(NOW)))).category == "irrelevant"


def test_the_unclear_mail_lists_students_for_nothing_known() -> None:
    facts = read_mail(lay_out_mail(parse_mail(writer().unclear_mail(NOW))))
    assert (len(facts.roster), facts.meaning) == (4, "")


def test_no_two_mails_are_one() -> None:
    mails = writer()
    assert len({parse_mail(mails.next_mail(NOW)[1]).message_id for _ in range(12)}) == 12
