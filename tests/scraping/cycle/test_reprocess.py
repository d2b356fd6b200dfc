"""Reading again what was stored, by today's rules."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command, execute_from_command_line
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.delivery import edits
from notifications.models import Delivery, Notice
from scraping.items import Facts
from scraping.models import Offer, RawItem
from scraping.reading.privacy import shown
from scraping.telling import mail as reader
from scraping.telling import mail_draft as compose_mail
from tests.conftest import Subscribe
from tests.scraping.mail_cast import ALERT, WEBINAR, forwarded, offer, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 6, tzinfo=UTC), tick=True):
        yield


def reprocess(*arguments: str) -> str:
    out = StringIO()
    call_command("reprocess", *arguments, stdout=out)
    return out.getvalue()


def other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on mails are read otherwise: titles in capitals."""
    monkeypatch.setattr(compose_mail, "shown", lambda text, page: shown(text, page).upper())


def test_by_the_same_rules_nothing_changes() -> None:
    receive(forwarded("Session on chips", WEBINAR), ALERT, offer("22103001 Asha Verma", number=2))
    assert reprocess() == "3 items read again, 0 changed.\n"
    assert Offer.objects.get().students.count() == 1


def test_a_dry_run_shows_what_would_change_and_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    receive(forwarded("Session on chips", WEBINAR))
    other_rules(monkeypatch)

    out = reprocess("--dry-run")

    assert "  title: Session on chips → SESSION ON CHIPS\n" in out
    assert out.endswith("1 items read again, 1 would change.\n")
    assert Notice.objects.get().title == "Session on chips"


def test_what_changed_is_stored_and_nobody_is_told(monkeypatch: pytest.MonkeyPatch, subscribe: Subscribe) -> None:
    subscribe()
    receive(forwarded("Session on chips", WEBINAR))
    Delivery.objects.update(state="sent", sent_at=timezone.now(), version_sent=1, message_ids=[7])
    other_rules(monkeypatch)

    reprocess()

    assert Notice.objects.get().title == "SESSION ON CHIPS"
    assert edits.queue() == 0
    assert Delivery.objects.get().state == "sent"


def test_with_notify_what_was_sent_is_edited(monkeypatch: pytest.MonkeyPatch, subscribe: Subscribe) -> None:
    subscribe()
    receive(forwarded("Session on chips", WEBINAR))
    Delivery.objects.update(state="sent", sent_at=timezone.now(), version_sent=1, message_ids=[7])
    other_rules(monkeypatch)

    reprocess("--notify")

    assert Delivery.objects.earliest("pk").work == "edit"


def test_with_notify_what_staff_withdrew_stays_so(
    monkeypatch: pytest.MonkeyPatch, subscribe: Subscribe, admin_client: Client
) -> None:
    subscribe()
    receive(forwarded("Session on chips", WEBINAR))
    notice = Notice.objects.get()
    page = reverse("admin:notifications_notice_changelist")
    admin_client.post(page, {"action": "withdraw_them", "_selected_action": [notice.pk], "sure": "yes"})
    other_rules(monkeypatch)

    reprocess("--notify")

    assert Notice.objects.get().withdrawn_at is not None
    assert Delivery.objects.get().state == "skipped"
    admin_client.post(page, {"action": "bring_them_back", "_selected_action": [notice.pk]})
    assert Notice.objects.get().withdrawn_at is None
    assert Delivery.objects.get().state == "retry"


def test_a_mail_judged_irrelevant_once_is_told_to_nobody_later(
    monkeypatch: pytest.MonkeyPatch, subscribe: Subscribe
) -> None:
    subscribe()
    with monkeypatch.context() as strict:
        strict.setattr(reader, "read_mail", lambda *_: Facts("irrelevant", "test", 1.0, extra={"reason": "too strict"}))
        receive(forwarded("Session on chips", WEBINAR))
    assert RawItem.objects.get().state == RawItem.State.IRRELEVANT

    out = reprocess()

    assert "Irrelevant, too strict → Done" in out
    assert Notice.objects.get().announced is False
    assert not Delivery.objects.exists()


def test_an_item_that_can_not_be_read_any_more_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    receive(forwarded("Session on chips", WEBINAR))

    def broken(*_: object) -> Facts:
        raise ZeroDivisionError

    monkeypatch.setattr(reader, "read_mail", broken)

    assert "can't be read any more: ZeroDivisionError" in reprocess()
    assert RawItem.objects.get().state == RawItem.State.DONE


def test_a_day_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        execute_from_command_line(["manage.py", "reprocess", "--since", "yesterday"])
    assert "yesterday is no day such as 2026-11-22" in capsys.readouterr().err


def test_only_what_came_in_since_a_day_and_from_a_source_is_read() -> None:
    receive(forwarded("Session on chips", WEBINAR))
    assert reprocess("--since", "2026-11-23").startswith("0 items")
    assert reprocess("--source", "superset").startswith("0 items")
    assert reprocess("--since", "2026-11-22", "--source", "email").startswith("1 items")
