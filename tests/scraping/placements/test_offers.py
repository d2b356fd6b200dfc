"""Putting mails about one company together: who is new, what is raised, what is never lost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps

from scraping.items import JobRef, RolePay
from scraping.models import Job, Offer, OfferedStudent, RawItem
from scraping.placements.offers import Merged, OfferNews, Selected, merge, merged_roles
from scraping.telling.offer_draft import offer_draft, role_lines, since
from tests.conftest import SEASON

pytestmark = pytest.mark.django_db

ASHA = Selected("Asha Verma", "22103001")
BILAL = Selected("Bilal Khan", "22103002")
CHITRA = Selected("Chitra Rao", "22102003")


def news(*students: Selected, company: str = "Zenith Labs", **fields: Any) -> OfferNews:
    return OfferNews(season=SEASON, company=company, students=students, **fields)


def mail(key: str) -> RawItem:
    return RawItem.objects.create(source="email", kind="mail", key=key, season=SEASON, payload={}, fingerprint="")


def title(merged: Merged) -> str:
    return offer_draft(merged, "").title


def test_a_first_mail_makes_the_offer() -> None:
    merged = merge(news(ASHA, BILAL, roles=(RolePay("Engineer", 12.0, "CTC 12 LPA"),), locations=("Noida",)))
    assert (merged.added, merged.total, merged.is_news) == (2, 2, True)
    assert title(merged) == "2 students have been placed at Zenith Labs"
    assert merged.offer.roles == [{"role": "Engineer", "package": 12.0, "details": "CTC 12 LPA"}]
    assert (merged.offer.locations, merged.offer.number_of_offers) == (["Noida"], 2)


@pytest.mark.parametrize("company", ["zenith labs", "Zenith Labs Pvt. Ltd.", "ZENITH  LABS PRIVATE LIMITED"])
def test_a_second_mail_adds_who_is_new(company: str) -> None:
    merge(news(ASHA, BILAL))
    merged = merge(news(BILAL, CHITRA, company=company))
    assert [student.name for student in merged.new] == ["Chitra Rao"]
    assert title(merged) == "1 more student has been placed at Zenith Labs, total 3"
    assert Offer.objects.get().company == "Zenith Labs"


def test_without_a_new_student_there_is_no_news() -> None:
    merge(news(ASHA, BILAL))
    assert not merge(news(BILAL, roles=(RolePay("Engineer", 14.0),))).is_news


def test_another_season_is_another_offer() -> None:
    merge(news(ASHA))
    merged = merge(replace(news(ASHA), season=202526))
    assert title(merged) == "1 student has been placed at Zenith Labs"
    assert Offer.objects.count() == 2


@pytest.mark.parametrize(
    ("known", "new", "merged"),
    [
        ((), (RolePay("SDE", 12.0),), [("SDE", 12.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("sde", 14.0),), [("SDE", 14.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("SDE", 10.0),), [("SDE", 12.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("SDE"),), [("SDE", 12.0)]),
        ((RolePay("SDE"),), (RolePay("SDE", 10.0),), [("SDE", 10.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("Software Development Engineer", 13.0),), [("SDE", 13.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("Analyst", 9.0),), [("SDE", 12.0), ("Analyst", 9.0)]),
        ((RolePay("SDE", 12.0),), (RolePay("", 14.0),), [("SDE", 14.0)]),
        ((RolePay("", 12.0),), (RolePay("SDE"),), [("SDE", 12.0)]),
        (
            (RolePay("SDE", 12.0), RolePay("Analyst", 9.0)),
            (RolePay("", 10.0),),
            [("SDE", 12.0), ("Analyst", 9.0), ("", 10.0)],
        ),
    ],
)
def test_roles_are_added_and_packages_only_raised(
    known: tuple[RolePay, ...], new: tuple[RolePay, ...], merged: list[tuple[str, float]]
) -> None:
    rows = merged_roles(merged_roles([], known), new)
    assert [(row["role"], row["package"]) for row in rows] == merged


def test_a_students_own_package_is_only_raised() -> None:
    merge(news(replace(ASHA, package=10.0, role="Analyst")))
    merge(news(replace(ASHA, package=8.0, role="Engineer")))
    student = OfferedStudent.objects.get()
    assert (student.package, student.role) == (Decimal(10), "Analyst")
    merge(news(replace(ASHA, package=11.5)))
    student.refresh_from_db()
    assert (float(student.package or 0), student.counted_package) == (11.5, 1_150_000)


@pytest.mark.parametrize(("first", "second"), [("22103001", ""), ("", "22103001"), ("22103001", "22-103 001")])
def test_a_student_whose_number_is_missing_once_is_the_same(first: str, second: str) -> None:
    merge(news(Selected("Asha Verma", first)))
    assert not merge(news(Selected("ASHA VERMA", second))).is_news
    assert OfferedStudent.objects.get().student == "22103001"


def test_two_namesakes_are_two_students() -> None:
    merge(news(ASHA, Selected("Asha Verma", "22102009")))
    assert merge(news(Selected("Asha Verma"))).total == 3


def test_a_number_of_offers_without_names_counts() -> None:
    first = merge(news(number_of_offers=5))
    same = merge(news(ASHA, BILAL, number_of_offers=5))
    more = merge(news(ASHA, BILAL, number_of_offers=8))
    assert (title(first), first.is_news) == ("5 students have been placed at Zenith Labs", True)
    assert not same.is_news
    assert (title(more), more.is_news) == ("3 more students have been placed at Zenith Labs, total 8", True)


def test_a_mail_read_again_says_what_it_said() -> None:
    first, second = mail("1"), mail("2")
    merge(news(ASHA, BILAL, mail=first))
    merge(news(CHITRA, mail=second))

    again = merge(news(ASHA, BILAL, mail=first))

    assert not again.is_news
    assert title(again) == "2 students have been placed at Zenith Labs"
    assert OfferedStudent.objects.count() == 3


def test_a_company_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="names no company"):
        merge(news(ASHA, company="!!"))
    assert not Offer.objects.exists()


JOBS = [JobRef("j1", "Zenith Labs", "Software Engineer"), JobRef("j2", "Other Works", "Analyst")]


@pytest.mark.parametrize(
    ("company", "role", "job"),
    [
        ("Zenith Labs Pvt Ltd", "Software Engineer", "j1"),
        ("Zenith Labs", "", "j1"),
        ("Zenith Labs", "Designer", None),
        ("Faraway", "Software Engineer", None),
    ],
)
def test_an_offer_is_on_campus_where_it_matches_a_job(company: str, role: str, job: str | None) -> None:
    for reference in JOBS:
        Job.objects.create(
            identifier=reference.identifier, season=SEASON, company=reference.company, role=reference.role
        )
    roles = (RolePay(role, 12.0),) if role else ()
    offer = merge(news(ASHA, company=company, roles=roles), JOBS).offer
    assert (offer.job.identifier if offer.job else None) == job


def test_roles_are_shown_with_their_offers_and_packages() -> None:
    engineers = [replace(student, role="Engineer") for student in (ASHA, BILAL)]
    roles = (RolePay("Engineer", 12.0), RolePay("Analyst", 9.55), RolePay("Trainee"))
    merged = merge(news(*engineers, replace(CHITRA, role="analyst"), roles=roles))
    assert role_lines(merged.offer, 3) == ["Engineer · 2 offers · ₹12 LPA", "Analyst · 1 offer · ₹9.55 LPA", "Trainee"]


@time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC))
def test_since_when_is_a_weekday_within_the_week() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert since(datetime(2026, 11, 23, 9, tzinfo=UTC), now) == "Monday"
    assert since(datetime(2026, 11, 26, 1, tzinfo=UTC), now) == "6:30 AM"
    assert since(datetime(2026, 11, 9, 9, tzinfo=UTC), now) == "Mon 9 Nov"


def test_roles_that_were_counted_with_a_name_are_masked_by_the_upgrade() -> None:
    merge(news(ASHA, BILAL, roles=(RolePay("Engineer", 12.0),)))
    OfferedStudent.objects.filter(name=ASHA.name).update(counted_role="SDE - Asha Verma", role_key="sde - asha verma")
    import_module("scraping.migrations.0009_masked_roles").mask(apps, None)
    counted = OfferedStudent.objects.order_by("pk").values_list("counted_role", "role_key")
    assert list(counted) == [("SDE - …", "sde - …"), ("Engineer", "engineer")]
