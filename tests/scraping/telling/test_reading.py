"""What a pass over the items notes of what it published."""

from typing import Any

import pytest

from accounts.models import MutedCategory
from accounts.personal import profiles
from notifications.models import Delivery
from notifications.publishing.publish import Draft
from scraping.telling.base import Reading
from tests.conftest import SEASON, Subscribe

pytestmark = pytest.mark.django_db


def test_an_edit_that_brings_somebody_on_a_list_whose_kind_they_muted_is_read(subscribe: Subscribe) -> None:
    subscription = subscribe()
    chat = subscription.subscriber.telegram_id
    assert chat
    profiles.agree(chat)
    profiles.tell(chat, "number", "22103001")
    MutedCategory.objects.create(subscription=subscription, category="shortlisting")
    draft: dict[str, Any] = {"external_key": "test:1", "title": "A list", "category": "shortlisting", "season": SEASON}
    reading = Reading()
    reading.publish(Draft(**draft, roster=({"name": "Bela Rao", "enrollment": "22103002"},)))
    assert not Delivery.objects.exists()

    notice = reading.publish(Draft(**draft, roster=({"name": "Asha Verma", "enrollment": "22103001"},)))

    assert Delivery.objects.get().notice == notice
    assert reading.announced == [notice.pk]
