"""What a draft says in an order is shown in that order; what was stored before keeps its looks."""

from importlib import import_module

import orjson
import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, Outcome, content_hash, publish
from notifications.rendering.render import telegram_text
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def draft(**fields: object) -> Draft:
    # arg-type: the fields vary
    return Draft(external_key="a", title="Kestrel Labs", **{"published_at": NOW, **fields})  # type: ignore[arg-type]


def stored_before(details: dict[str, str]) -> Notice:
    """A notice as the version before wrote it: an object of labels, a link without a label."""
    notice = Notice.objects.create(external_key="a", title="Kestrel Labs", published_at=NOW, url="https://x.example/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_notice SET details = %s", [orjson.dumps(details).decode()])
    return notice


def lines(notice: Notice) -> list[str]:
    return telegram_text(notice).text.split("\n")


def test_the_order_of_the_draft_is_the_order_of_the_message() -> None:
    notice = publish(draft(details={"Skills": "SQL", "Bond": "none", "Aims": "x"}), announce=False).notice
    notice.refresh_from_db()
    assert [line.split()[0] for line in lines(notice)[2:5]] == ["Skills", "Bond", "Aims"]


def test_a_row_that_holds_an_object_is_read() -> None:
    notice = stored_before({"Bond": "none"})
    notice.refresh_from_db()
    assert notice.details == {"Bond": "none"}


def test_the_upgrade_keeps_what_older_notices_show() -> None:
    notice = stored_before({"Zeal": "z", "Pay": "10 L", "Status": "Cancelled"})
    import_module("notifications.migrations.0009_details_in_order").keep_what_was_shown(apps, None)
    notice.refresh_from_db()
    assert [*notice.details] == ["Status", "Pay", "Zeal"]
    assert notice.url_label == "Open on SuperSet"


def test_neither_order_nor_the_links_label_edits_what_went_out(subscribe: Subscribe) -> None:
    subscribe()
    told = publish(draft(details={"Bond": "none", "Skills": "SQL"}, url="https://x.example/")).notice
    Delivery.objects.update(state=Delivery.State.SENT, sent_at=NOW, message_ids=[1])
    again = draft(details={"Skills": "SQL", "Bond": "none"}, url="https://x.example/", url_label="Open on SuperSet")
    assert content_hash(again) == told.content_hash
    assert publish(again).outcome is Outcome.UNCHANGED
    told.refresh_from_db()
    assert (told.url_label, told.version) == ("Open on SuperSet", 1)
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
