"""Offers that are taken back: they no longer count, and nothing older brings them back."""

from datetime import UTC, datetime

import pytest

from scraping.models import Offer, OfferedStudent
from scraping.placements.offers import OfferNews, Selected, merge
from scraping.placements.withdrawals import withdraw
from tests.conftest import SEASON

pytestmark = pytest.mark.django_db

ASHA, BILAL = Selected("Asha Verma", "22103001"), Selected("Bilal Khan", "22103002")
OFFERED, TAKEN_BACK, ANEW = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (10, 20, 25))


def offered(*students: Selected, sent_at: datetime = OFFERED) -> None:
    news = OfferNews(
        season=SEASON, company="Zenith Labs", students=students, number_of_offers=len(students), sent_at=sent_at
    )
    merge(news)


def placed() -> list[str]:
    return sorted(OfferedStudent.objects.values_list("name", flat=True))


def test_who_is_named_no_longer_counts() -> None:
    offered(ASHA, BILAL)
    assert withdraw(SEASON, "Zenith Labs Pvt Ltd", [ASHA], TAKEN_BACK) == 1
    assert placed() == ["Bilal Khan"]
    assert Offer.objects.get().number_of_offers == 1


def test_the_mail_of_before_brings_nobody_back() -> None:
    offered(ASHA, BILAL)
    withdraw(SEASON, "Zenith Labs", [ASHA], TAKEN_BACK)
    offered(ASHA, BILAL)
    assert placed() == ["Bilal Khan"]
    assert Offer.objects.get().number_of_offers == 1


def test_an_offer_made_anew_counts() -> None:
    offered(ASHA)
    withdraw(SEASON, "Zenith Labs", [ASHA], TAKEN_BACK)
    offered(ASHA, sent_at=ANEW)
    assert placed() == ["Asha Verma"]


def test_a_company_without_offers_left_is_none() -> None:
    offered(ASHA)
    withdraw(SEASON, "Zenith Labs", [ASHA], TAKEN_BACK)
    assert not Offer.objects.exists()


def test_everybody() -> None:
    offered(ASHA, BILAL)
    assert withdraw(SEASON, "Zenith Labs", [], TAKEN_BACK, everybody=True) == 2
    assert placed() == []


def test_again_it_changes_nothing() -> None:
    offered(ASHA, BILAL)
    withdraw(SEASON, "Zenith Labs", [ASHA], TAKEN_BACK)
    assert withdraw(SEASON, "Zenith Labs", [ASHA], TAKEN_BACK) == 0
    assert placed() == ["Bilal Khan"]


def test_by_name_where_no_number_is_stated() -> None:
    offered(ASHA, BILAL)
    assert withdraw(SEASON, "Zenith Labs", [Selected("Asha Verma")], TAKEN_BACK) == 1
    assert placed() == ["Bilal Khan"]


def test_another_company_keeps_its_offers() -> None:
    offered(ASHA)
    assert withdraw(SEASON, "Helio Energy", [ASHA], TAKEN_BACK) == 0
    assert placed() == ["Asha Verma"]
