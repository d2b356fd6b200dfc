"""A mail that takes offers back: told in words of its own, and off the statistics."""

import pytest

from notifications.models import Notice
from notifications.rendering.render import telegram_text
from scraping.models import Offer, OfferedStudent, RawItem
from tests.scraping.mail_cast import forwarded, offer, receive

pytestmark = pytest.mark.django_db

BOTH = offer("22103001 Asha Verma", "22103002 Bilal Khan")


def taken_back(text: str) -> bytes:
    return forwarded("Kestrel Systems - offers withdrawn", text, number=7)


def test_the_offers_it_names_no_longer_count() -> None:
    receive(BOTH)
    receive(taken_back("Kestrel Systems has withdrawn the offer made to the following student.\n\n22103001 Asha Verma"))

    notice = Notice.objects.order_by("pk").last()
    assert notice is not None
    message = telegram_text(notice).text
    assert "Offer withdrawn" in message
    assert "1 student whose offer is withdrawn\n22103001  Asha Verma" in message
    assert "placed" not in message
    assert list(OfferedStudent.objects.values_list("name", flat=True)) == ["Bilal Khan"]


def test_all_offers_of_a_company() -> None:
    receive(BOTH)
    receive(taken_back("Kestrel Systems has withdrawn all its offers to our students due to a hiring freeze."))
    assert not Offer.objects.exists()


def test_it_is_not_known_whose() -> None:
    receive(BOTH)
    receive(taken_back("Kestrel Systems has withdrawn an offer."))
    assert OfferedStudent.objects.count() == 2
    assert RawItem.objects.filter(doubt="offers were withdrawn, and it is not known whose").count() == 1


def test_students_who_wait_beside_those_selected_are_not_placed() -> None:
    receive(offer("22103001 Asha Verma", "Waitlisted: Bilal Khan (22103002)"))
    assert list(OfferedStudent.objects.values_list("name", flat=True)) == ["Asha Verma"]
    message = telegram_text(Notice.objects.get()).text
    assert message.startswith("🎉 1 placed at Kestrel Systems")
    assert "1 student on the waiting list\n22103002  Bilal Khan" in message
