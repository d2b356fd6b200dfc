"""From one database to another by dumpdata and loaddata, as docs/operating.md says: nothing is lost or told again."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts.personal import profiles
from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, publish
from scraping.cycle import schedule
from scraping.cycle.cycle import cycle
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.paths import ROOT
from tests.scraping.conftest import portal, telegram

__all__ = ["portal", "telegram"]
pytestmark = pytest.mark.django_db(transaction=True)


def dumped() -> list[str]:
    """The options of dumpdata in the docs."""
    written = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    line = re.search(r"manage dumpdata (.+) -o \S+$", written, re.MULTILINE)
    return line[1].split() if line else []


def counts() -> dict[str, int]:
    models = [model for model in apps.get_models() if model._meta.managed]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_a_database_moves_with_all_its_rows(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, tmp_path: Path
) -> None:
    chat = subscribe().subscriber.telegram_id
    assert chat
    profiles.agree(chat)
    profiles.tell(chat, "number", "22103001")
    schedule.sync()
    portal.publish_job()
    portal.publish_notice()
    assert cycle("test").sent == 2
    publish(Draft(external_key="late", title="Told later", published_at=timezone.now()))
    before, told = counts(), profiles.known(chat)
    file = tmp_path / "all.json"
    call_command("dumpdata", *dumped(), "-o", str(file), verbosity=0)

    call_command("flush", interactive=False, verbosity=0)
    assert not Notice.objects.exists()
    call_command("loaddata", str(file), verbosity=0)

    assert {label: count for label, count in counts().items() if before[label] != count} == {}
    assert profiles.known(chat) == told != {}
    assert Delivery.objects.filter(state="pending").count() == 1
    assert cycle("test").sent == 1  # what waited, and nothing twice
    assert Notice.objects.create(external_key="new", title="x", published_at=timezone.now()).pk
