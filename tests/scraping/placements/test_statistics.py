"""Statistics by SQL against the plain reference, on hand-made and on generated offers."""

from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from scraping.models import Branch, Offer
from scraping.placements.statistics import Wanted, ranges_of, statistics
from tests.scraping.placements import reference_statistics as reference
from tests.scraping.placements.placed_offers import BRANCH_ROWS, SEASON, as_reference, asked, write, write_branches
from tests.scraping.placements.reference_statistics import Filter
from tests.scraping.placements.test_reference_statistics import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _branches(db: None) -> None:
    write_branches()


def agrees(offers: list[dict[str, Any]], wanted: Filter, *, left_out: bool = False) -> None:
    expected = reference.statistics(offers, BRANCH_ROWS, wanted, show_left_out=left_out)
    assert as_reference(statistics(asked(wanted, left_out=left_out))) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"company": "KESTREL systems"},
        {"company": "Kestrel"},
        {"role": "engineer"},
        {"location": "noida"},
        {"location": "Noi"},
        {"branch": "CSE"},
        {"branch": "JUIT"},
        {"branch": "Nowhere"},
        {"text": "esha"},
        {"text": "9922103"},
        {"text": "analy"},
        {"text": "100%"},
        {"text": "_"},
        {"text": " "},
        {"package_from": Decimal("6.005")},
        {"package_to": Decimal("6.005")},
        {"package_from": Decimal(12), "package_to": Decimal(20)},
        {"company": "Kestrel Systems", "branch": "CSE", "role": "Analyst", "location": "Pune"},
    ],
)
@pytest.mark.parametrize("left_out", [False, True])
def test_hand_made_offers(wanted: dict[str, Any], left_out: bool) -> None:
    write(OFFERS)
    agrees(OFFERS, Filter(season=SEASON, **wanted), left_out=left_out)


NUMBERS = st.one_of(
    st.integers(22_102_990, 22_104_010).map(str),
    st.integers(9_922_103_000, 9_922_104_010).map(str),
    st.sampled_from(["231B004", "221030016", "241030016", "24103001", "21803001", "77", "22-103 555", "²²103001"]),
)
PACKAGES = st.none() | st.decimals(0, 60, places=3)
ROLES = ("Engineer", "Analyst", "Data Scientist", "Trainee")


def student() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"enrollment": NUMBERS, "package": PACKAGES, "role": st.none() | st.sampled_from((*ROLES, "ANALYST", "Nobody"))}
    )


@st.composite
def offer(draw: st.DrawFn, number: int) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(ROLES), max_size=3, unique=True))
    students = draw(st.lists(student(), max_size=8, unique_by=lambda row: reference.written_plainly(row["enrollment"])))
    return {
        "company": f"Company{number} Works",
        "season": draw(st.sampled_from((SEASON, SEASON, 202627))),
        "location": draw(st.lists(st.sampled_from(("Noida", "Pune", "PUNE")), max_size=2)),
        "roles": [{"role": name, "package": draw(PACKAGES)} for name in names],
        "students": [{**row, "name": f"Student {row['enrollment']}"} for row in students],
    }


OFFER_SETS = st.integers(0, 6).flatmap(lambda count: st.tuples(*(offer(number) for number in range(count))))
FILTERS = st.builds(
    Filter,
    season=st.just(SEASON),
    company=st.sampled_from(("", "", "company1 works")),
    role=st.sampled_from(("", "", "analyst")),
    location=st.sampled_from(("", "", "pune")),
    branch=st.sampled_from(("", "", "CSE", "Other")),
    text=st.sampled_from(("", "", "2210", "engin", "WORKS")),
    package_from=st.none() | st.decimals(0, 60, places=3),
    package_to=st.none() | st.decimals(0, 60, places=3),
)


@given(offers=OFFER_SETS, wanted=FILTERS, left_out=st.booleans())
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_generated_offers(offers: tuple[dict[str, Any], ...], wanted: Filter, left_out: bool) -> None:
    Offer.objects.all().delete()
    write(offers)
    agrees(list(offers), wanted, left_out=left_out)


def test_more_offers_cost_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        write([{**OFFERS[0], "company": f"Company {number}"}])
    with django_assert_num_queries(3):
        assert statistics(Wanted(season=SEASON)).overall.offers == 90


def test_a_season_without_ranges_is_counted_by_those_of_the_season_before() -> None:
    write([{**OFFERS[0], "season": 202627}])
    assert statistics(Wanted(season=202627)).branches["CSE"].students == 2
    Branch.objects.create(season=202627, branch="CSE", start=23103000, end=23104000, students=10)
    assert statistics(Wanted(season=202627)).overall.students == 0


def test_the_first_seasons_ranges_come_with_the_migration() -> None:
    Branch.objects.all().delete()
    migration = import_module("scraping.migrations.0002_first_season")

    class Apps:
        get_model = staticmethod(lambda app, name: Branch)

    class Editor:
        connection = type("Connection", (), {"alias": "default"})

    migration.load(Apps, Editor)
    migration.load(Apps, Editor)

    rows = ranges_of(SEASON)
    assert sum(row.students for row in rows) == 1153
    assert len(rows) == 9
