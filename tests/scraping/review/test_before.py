"""REVIEW=before: what is doubtful is held back until somebody looked, and is never lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from notifications.models import Delivery, Notice
from scraping.cycle.read_items import read_pending
from scraping.models import Offer, RawItem, Review
from scraping.telling import reviewed
from tests.conftest import Subscribe
from tests.scraping.mail_cast import WEBINAR, forwarded, receive
from tests.scraping.review.reviewed_mails import press, publish_notice, receive_at, unclear

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LATER = NOW + timedelta(days=4)  # older than what is told by its age
LISTED = "<p>Students of Lumen Foundry:</p><p>22103001 Asha Verma</p><p>22103002 Bilal Khan</p>"


@pytest.fixture(autouse=True)
def _before(settings: Settings) -> Iterator[None]:
    settings.REVIEW = "before"
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _student(subscribe: Subscribe) -> None:
    subscribe()


def reprocess(*arguments: str) -> None:
    call_command("reprocess", *arguments, stdout=StringIO())


def test_it_is_held_back_and_what_is_sure_is_not() -> None:
    receive(unclear(), forwarded("Session on chips", WEBINAR, number=2))
    assert [notice.title for notice in Notice.objects.all()] == ["Session on chips"]
    assert RawItem.objects.get(state="held").reason.endswith("it is not known for what")
    assert Review.objects.get().held_since is not None


@pytest.mark.parametrize(("action", "meaning"), [("confirm", "unknown"), ("correct", "shortlisted")])
def test_it_is_told_once_somebody_looked_however_late(
    client: Client, admin_user: User, action: str, meaning: str
) -> None:
    receive(unclear())
    with time_machine.travel(LATER, tick=True):
        client.force_login(admin_user)
        press(client, Review.objects.get(), action, meaning=meaning)
        notice = Notice.objects.get()
        assert (notice.announced, notice.roster_meaning, Delivery.objects.count()) == (True, meaning, 1)
    assert Review.objects.get().held_since is None
    assert RawItem.objects.get().state == "done"


def test_it_stays_held_over_cycles_and_reprocessing() -> None:
    receive(unclear())
    for again in (read_pending, reprocess, lambda: reprocess("--notify")):
        again()
        assert RawItem.objects.get().state == "held"
    assert not Notice.objects.exists()


def test_what_loses_its_doubt_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    receive(unclear())
    monkeypatch.setattr(reviewed, "doubts_of", lambda *_: ())
    with time_machine.travel(LATER, tick=True):
        reprocess()
        assert RawItem.objects.get().state == "held", "nobody is to be told now, and it would be lost"
        assert Review.objects.get().is_open
        reprocess("--notify")
    assert Notice.objects.get().announced
    assert Review.objects.get().verdict == "cleared"


def test_after_a_change_of_the_setting_the_next_cycle_tells_it(settings: Settings) -> None:
    receive(unclear())
    settings.REVIEW = "after"
    with time_machine.travel(LATER, tick=True):
        read_pending()
    assert Notice.objects.get().announced
    assert Review.objects.get().is_open
    assert Review.objects.get().held_since is None


def test_copies_wait_with_the_first_one_and_are_told_once(admin_client: Client) -> None:
    receive_at(unclear(1), "1.1")
    receive_at(unclear(2), "1.2")
    assert not Notice.objects.exists()
    assert Review.objects.count() == 1
    press(admin_client, Review.objects.get(), "confirm")
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)
    reprocess("--notify")
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_doubtful_edit_waits_and_the_notice_stays_as_it_was_told(admin_client: Client) -> None:
    publish_notice("<p>A webinar by Lumen Foundry on 27 November 2026 at 5 PM.</p>", title="Webinar by Lumen Foundry")
    before = Notice.objects.get()
    assert before.announced
    publish_notice(LISTED)
    notice = Notice.objects.get()
    assert (notice.title, notice.version) == (before.title, before.version)
    press(admin_client, Review.objects.get(), "confirm")
    assert Notice.objects.get(follows=None).title == "Lumen Foundry"


def test_what_is_told_to_nobody_is_not_held() -> None:
    with time_machine.travel(NOW + timedelta(days=30), tick=True):
        receive(unclear())
    assert not Notice.objects.get().announced
    assert Review.objects.get().held_since is None


def test_a_doubtful_offer_counts_once_somebody_looked(admin_client: Client) -> None:
    text = (
        "Dear Students,\n\nCongratulations to the following students on receiving offers from Kestrel Systems.\n\n"
        "Role: Analyst\nPackage: INR 12 LPA\n\n1\t22103001\tAsha Verma\n\nAlso: 22103044, 22103055\n"
    )
    receive(forwarded("Kestrel Systems - Offers", text))
    assert RawItem.objects.get().state == "held"
    assert not Offer.objects.exists()
    press(admin_client, Review.objects.get(), "confirm")
    assert Offer.objects.get().company == "Kestrel Systems"


def test_what_is_not_for_students_waits_for_nobody(admin_client: Client) -> None:
    receive(unclear())
    press(admin_client, Review.objects.get(), "correct", category="irrelevant")
    assert RawItem.objects.get().state == "irrelevant"
    assert Review.objects.get().held_since is None
    assert not Notice.objects.exists()
