"""Which company a name means, and what is stored of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.publishing.publish import Draft, publish, withdraw
from scraping.items import RolePay
from scraping.lookup.companies import all_companies, meant, of_token
from scraping.lookup.company import Company, Role, stored_of
from scraping.models import Job
from scraping.placements.offers import OfferNews, Selected, merge
from tests.season import COMPANIES, NAMES, fill_jobs, fill_notices, fill_placements

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_job(identifier: str, company: str, role: str = "Analyst", **fields: object) -> Job:
    return Job.objects.create(identifier=identifier, season=202627, company=company, role=role, **fields)


def named(text: str) -> str | list[str]:
    """The company that is meant, else those near it."""
    found = meant(text, all_companies())
    return found.company.name if found.company else [known.name for known in found.near]


def of(text: str) -> Company:
    known = meant(text, all_companies()).company
    assert known
    return stored_of(known, NOW)


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Zenith Labs", "Zenith Labs"),
        ("zenith labs private limited", "Zenith Labs"),
        ("zenith", "Zenith Labs"),
        ("zen", "Zenith Labs"),
        ("labs", "Zenith Labs"),
        ("quill and co", "Quill & Co"),
        ("AMD", "Advanced Micro Devices (AMD)"),
        ("tcs", "Tata Consultancy Services"),
        ("orbit", ["Orbit Systems", "Orbit Finance Group"]),
        ("marbel bank", ["Marble Bank"]),
        ("nothing like it at all", []),
        ("🎯 \"';--", []),
        ("x" * 4000, []),
        ("जेनिथ", ["Zenith Labs"]),
    ],
)
def test_a_name_means_a_company_or_those_near_it(text: str, company: object) -> None:
    fill_jobs()
    for number, name in enumerate(("Orbit Finance Group", "Advanced Micro Devices (AMD)", "Tata Consultancy Services")):
        make_job(f"more-{number}", name)
    assert named(text) == company


def test_spellings_of_one_company_are_one() -> None:
    make_job("1", "Kestrel Pvt. Ltd.")
    make_job("2", "KESTREL", role="Engineer")
    publish(Draft(external_key="a", title="x", company="Kestrel Limited", role="Intern", season=202526), announce=False)
    found = of("kestrel")
    assert found.name == "KESTREL"
    assert [season.season for season in found.seasons] == [202627, 202526]
    assert {role.name for role in found.seasons[0].roles} == {"Analyst", "Engineer"}
    assert found.seasons[1].roles == [Role("Intern")]
    assert of_token(all_companies()["kestrel"].token, all_companies()) == all_companies()["kestrel"]


def test_a_company_has_its_roles_pay_rounds_offers_and_open_jobs() -> None:
    make_job(
        "1",
        "Kestrel",
        package=Decimal(1_200_000),
        deadline=NOW + timedelta(days=2),
        interval="YEAR",
        stages=["Test", "HR"],
    )
    make_job(
        "2",
        "Kestrel",
        package=Decimal(800_000),
        deadline=NOW - timedelta(days=2),
        interval="YEAR",
        stages=["Test", "HR"],
    )
    students = tuple(Selected(name=name, enrollment=f"2210300{number}") for number, name in enumerate(NAMES))
    merge(OfferNews(season=202526, company="Kestrel", roles=(RolePay("SDE", 9.5),), students=students))
    publish(
        Draft(external_key="a", title="x", company="Kestrel", stage="Group discussion", season=202526), announce=False
    )
    found = of("kestrel")
    now, before = found.seasons
    assert (now.roles, now.rounds, now.offers) == ([Role("Analyst", ("₹8 LPA", "₹12 LPA"))], ["Test", "HR"], 0)
    assert (before.roles, before.rounds) == ([Role("SDE", ("₹9.5 LPA",))], ["Group discussion"])
    assert before.offers == len(NAMES)
    assert [(open_.job.identifier, open_.pay) for open_ in found.open] == [("1", "₹12 LPA")]


def test_a_company_that_is_a_students_name_is_none() -> None:
    roster = ({"name": "Aarav Sharma", "enrollment": "22103001"},)
    listed = Draft(external_key="a", title="x", category="shortlisting", company="Aarav Sharma", roster=roster)
    publish(listed, announce=False)
    assert named("Aarav Sharma") == []


def test_what_is_withdrawn_or_private_names_no_company() -> None:
    publish(Draft(external_key="a", title="x", company="Kestrel"), announce=False)
    publish(Draft(external_key="b", title="x", company="Falcon", private=True), announce=False)
    assert named("kestrel") == "Kestrel"
    withdraw("a")
    assert named("kestrel") == named("falcon") == []


def test_statements_do_not_grow(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fill_jobs()
    fill_notices()
    fill_placements()
    all_companies()
    with django_assert_num_queries(4):
        companies = all_companies()
    assert set(COMPANIES) <= {known.name for known in companies.values()}
    with django_assert_num_queries(5):
        stored_of(companies["zenithlabs"], NOW)


def test_a_name_in_devanagari_means_the_company_that_sounds_like_it() -> None:
    for number, company in enumerate(("Zenith Labs", "Saffron Lane Commerce", "Copper Kite Technologies")):
        make_job(str(number), company)
    assert named("ज़ेनिथ") == "Zenith Labs"


def test_three_letters_are_like_no_name() -> None:
    make_job("1", "Saffron Lane Commerce")
    assert named("cse") == []
