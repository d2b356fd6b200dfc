"""From the old bot to this one, against a portal that goes on serving what the old bot had told."""

from typing import Any

import pytest
from django.core.management import call_command

from notifications.models import Delivery, Notice
from scraping.cycle.cycle import cycle
from scraping.models import Job
from supersetbot.sandbox.portal.server import Portal
from tests.scraping.mongo.conftest import job, notice, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("telegram")
def test_the_next_cycle_tells_only_what_the_old_bot_did_not_know(portal: Portal, server: Any) -> None:
    told, untold, posted = portal.publish_notice(), portal.publish_notice(), portal.publish_job()
    old = server["SupersetPlacement"]
    old["Users"].insert_one(user(1001))
    old["Jobs"].insert_one(job(posted["jobProfileIdentifier"], company=posted["companyName"]))
    old["Notices"].insert_many([notice(told["identifier"]), notice(untold["identifier"], sent_to_telegram=False)])
    call_command("import_mongo", verbosity=0)

    first = cycle("test")
    fresh = portal.publish_notice()
    second = cycle("test")

    assert (first.queued, first.sent) == (0, 0)
    assert (second.queued, second.sent) == (1, 1)
    assert Delivery.objects.get().notice.external_key == f"superset:notice:{fresh['identifier']}"
    assert Job.objects.get().company == posted["companyName"]
    assert Notice.objects.filter(external_key__startswith="superset:notice:").count() == 3
