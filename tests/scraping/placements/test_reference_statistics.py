"""The reference itself, against figures worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest

from tests.scraping.placements.reference_statistics import Filter, branch_of, package_of, statistics

SEASON = 202526
BRANCHES = [
    {"season": SEASON, "branch": branch, "campus": campus, "start": start, "end": end, "students": students}
    for branch, campus, start, end, students in (
        ("CSE", "62", 22103000, 22104000, 342),
        ("CSE", "128", 9922103000, 9922104000, 270),
        ("ECE", "62", 22102000, 22103000, 240),
        ("ECE", "128", 9922102000, 9922103000, 147),
        ("IT", "62", 22104000, 22105000, 66),
        ("BT", "62", 22101000, 22102000, 47),
        ("Intg. MTech", "CSE", 21803000, 21804000, 28),
        ("Intg. MTech", "ECE", 21802000, 21803000, 3),
        ("Intg. MTech", "BT", 21801000, 21802000, 10),
    )
]
KESTREL = {
    "company": "Kestrel Systems",
    "season": SEASON,
    "location": ["Pune", "Noida"],
    "roles": [{"role": "Engineer", "package": 20}, {"role": "Analyst", "package": 12}],
    "students": [
        {"name": "Asha Verma", "enrollment": "22103001", "role": "Engineer"},  # CSE, 20
        {"name": "Bilal Khan", "enrollment": "9922103002", "role": "Analyst"},  # CSE, 12
        {"name": "Chitra Rao", "enrollment": "22102003", "role": "Engineer", "package": 25.5},  # ECE
        {"name": "Dev Nair", "enrollment": "231B004", "role": "Engineer"},  # JUIT
    ],
}
LUMEN = {
    "company": "Lumen Foundry",
    "season": SEASON,
    "location": ["Noida"],
    "roles": [{"role": "Trainee", "package": 6.005}],
    "students": [
        {"name": "Asha Verma", "enrollment": "22103001"},  # CSE, 6.005: not their best
        {"name": "Esha Jain", "enrollment": "21802005"},  # Intg. MTech, 6.005
        {"name": "Farid Ali", "enrollment": "241030016"},  # MTech
        {"name": "Gita Sen", "enrollment": "77"},  # Other
    ],
}
TARANG = {
    "company": "Tarang Analytics",
    "season": SEASON,
    "roles": [{"role": "Intern"}],
    "students": [{"name": "Hari Das", "enrollment": "22104999"}],  # IT, not stated
}
OFFERS = [KESTREL, LUMEN, TARANG]


def overall(**wanted: Any) -> dict[str, Any]:
    figures: dict[str, Any] = statistics(OFFERS, BRANCHES, Filter(**wanted))["overall"]
    return figures


@pytest.mark.parametrize(
    ("enrollment", "branch"),
    [
        ("22102999", "ECE"),
        ("22103000", "CSE"),
        ("22103999", "CSE"),
        ("22104000", "IT"),
        ("22105000", "Other"),
        ("22100999", "Other"),
        ("22101000", "BT"),
        ("9922103000", "CSE"),
        ("9922102999", "ECE"),
        ("9922104000", "Other"),
        ("21801000", "Intg. MTech"),
        ("21802500", "Intg. MTech"),
        ("21803999", "Intg. MTech"),
        ("21804000", "Other"),
        ("231B004", "JUIT"),
        ("24A103001", "JUIT"),
        ("221030016", "JUIT"),
        ("241030016", "MTech"),
        ("24103001", "MTech"),
        (22103001, "CSE"),
        (" 22103-001 ", "CSE"),
        ("²²103001", "Other"),
        ("77", "Other"),
        ("", "Other"),
        (None, "Other"),
    ],
)
def test_the_branch_of_an_enrolment_number(enrollment: object, branch: str) -> None:
    assert branch_of(enrollment, BRANCHES, SEASON) == branch


def test_ranges_hold_for_their_season_only() -> None:
    assert branch_of("22103001", BRANCHES, 202627) == "Other"


ROLES = [{"role": "Engineer", "package": 20}, {"role": "Analyst", "package": "12"}, {"role": "Intern"}]


@pytest.mark.parametrize(
    ("student", "roles", "package"),
    [
        ({"package": 9, "role": "Engineer"}, ROLES, "9"),
        ({"package": "9.5"}, ROLES, "9.5"),
        ({"role": " analyst "}, ROLES, "12"),
        ({"role": "Intern"}, ROLES, "20"),
        ({"role": "Nobody"}, ROLES, "20"),
        ({}, ROLES, "20"),
        ({}, ROLES[1:], "12"),
        ({"package": 0}, ROLES[1:2], "12"),
        ({"package": "on request"}, ROLES[1:2], "12"),
        ({"package": "NaN"}, ROLES[1:2], "12"),
        ({}, ROLES[2:], None),
        ({}, [], None),
    ],
)
def test_a_package_is_their_own_else_their_roles_else_the_offers(
    student: dict[str, Any], roles: list[dict[str, Any]], package: str | None
) -> None:
    assert package_of(student, roles) == (Decimal(package) if package else None)


def test_overall_figures() -> None:
    # best packages: Asha 20, Bilal 12, Chitra 25.5, Esha 6.005; Hari's is not known
    assert overall() == {
        "offers": 6,
        "students": 5,
        "companies": 3,
        "eligible": 1153,
        "percentage": Decimal("0.43"),  # 5 / 1153
        "average": Decimal("15.88"),  # 63.505 / 4 = 15.87625
        "median": Decimal("16.00"),  # (12 + 20) / 2
        "highest": Decimal("25.50"),
    }


def test_figures_of_a_branch() -> None:
    assert statistics(OFFERS, BRANCHES)["branches"]["CSE"] == {
        "offers": 3,
        "students": 2,
        "eligible": 612,
        "percentage": Decimal("0.33"),
        "average": Decimal("16.00"),
        "median": Decimal("16.00"),
        "highest": Decimal("20.00"),
    }


def test_every_branch_is_listed_also_without_a_placement() -> None:
    branches = statistics(OFFERS, BRANCHES)["branches"]
    assert {name: (row["offers"], row["eligible"]) for name, row in branches.items()} == {
        "CSE": (3, 612),
        "ECE": (1, 387),
        "IT": (1, 66),
        "BT": (0, 47),
        "Intg. MTech": (1, 41),
    }


def test_a_branch_without_a_known_package_has_no_amounts() -> None:
    row = statistics(OFFERS, BRANCHES)["branches"]["IT"]
    assert (row["students"], row["average"], row["median"], row["highest"]) == (1, None, None, None)
    assert row["percentage"] == Decimal("1.52")


def test_a_company_counts_its_own_packages() -> None:
    assert statistics(OFFERS, BRANCHES)["companies"] == {
        "Kestrel Systems": {
            "students": 3,
            "roles": ["Analyst", "Engineer"],
            "average": Decimal("19.17"),  # (20 + 12 + 25.5) / 3 = 19.1666…
            "highest": Decimal("25.50"),
        },
        "Lumen Foundry": {
            "students": 2,
            "roles": ["Trainee"],
            "average": Decimal("6.01"),  # half up
            "highest": Decimal("6.01"),
        },
        "Tarang Analytics": {"students": 1, "roles": ["Intern"], "average": None, "highest": None},
    }


def test_the_median_of_an_odd_number_is_the_middle_one() -> None:
    assert overall(company="Kestrel Systems")["median"] == Decimal("20.00")


def test_a_student_placed_three_times_counts_once_with_the_best() -> None:
    offers = [
        {
            "company": f"Company {package}",
            "season": SEASON,
            "roles": [{"role": "Engineer", "package": package}],
            "students": [{"name": "Asha Verma", "enrollment": number}],
        }
        for package, number in ((7, "22103001"), (11, "22103 001"), (9, 22103001))
    ]
    figures = statistics(offers, BRANCHES)["overall"]
    assert (figures["offers"], figures["students"], figures["average"]) == (3, 1, Decimal("11.00"))


def test_others_are_shown_on_request_but_not_counted() -> None:
    shown = statistics(OFFERS, BRANCHES, show_left_out=True)
    plain = statistics(OFFERS, BRANCHES)
    assert shown["overall"] == plain["overall"]
    assert {name: shown["branches"][name]["students"] for name in ("JUIT", "MTech", "Other")} == {
        "JUIT": 1,
        "MTech": 1,
        "Other": 1,
    }
    assert shown["branches"]["JUIT"]["percentage"] is None
    assert "JUIT" not in plain["branches"]


def test_asking_for_one_of_the_others_counts_it() -> None:
    figures = statistics(OFFERS, BRANCHES, Filter(branch="JUIT"))
    assert figures["overall"]["students"] == 1
    assert figures["overall"]["average"] == Decimal("20.00")
    assert list(figures["branches"]) == ["JUIT"]


@pytest.mark.parametrize("offers", [[], [{"company": "Quartzite", "season": SEASON, "roles": ROLES, "students": []}]])
def test_without_students_there_is_nothing_to_count(offers: list[dict[str, Any]]) -> None:
    figures = statistics(offers, BRANCHES)
    assert figures["overall"] == {
        "offers": 0,
        "students": 0,
        "companies": 0,
        "eligible": 1153,
        "percentage": Decimal("0.00"),
        "average": None,
        "median": None,
        "highest": None,
    }
    assert figures["companies"] == {}


def test_without_branches_everybody_is_other() -> None:
    assert statistics(OFFERS, [])["overall"]["percentage"] is None
    assert statistics([TARANG], [], show_left_out=True)["branches"]["Other"]["students"] == 1


@pytest.mark.parametrize(
    ("wanted", "students"),
    [
        ({"company": "kestrel systems"}, 3),
        ({"company": "Kestrel"}, 0),
        ({"role": "ENGINEER"}, 2),
        ({"role": "trainee"}, 2),
        ({"location": "Noida"}, 4),
        ({"location": "pune"}, 3),
        ({"location": "Delhi"}, 0),
        ({"branch": "CSE"}, 2),
        ({"text": "esha"}, 1),
        ({"text": "9922103"}, 1),
        ({"text": "analy"}, 2),  # an Analyst, and Tarang Analytics
        ({"text": "lumen"}, 2),
        ({"text": " "}, 5),
        ({"package_from": Decimal(12)}, 3),
        ({"package_to": Decimal(12)}, 3),  # Bilal; Asha and Esha at Lumen Foundry
        ({"package_from": Decimal(12), "package_to": Decimal(20)}, 2),
        ({"package_from": Decimal(21), "package_to": Decimal(25)}, 0),
        ({"season": SEASON}, 5),
        ({"season": 202627}, 0),
        ({"company": "Kestrel Systems", "branch": "CSE", "role": "Analyst"}, 1),
    ],
)
def test_filters_narrow_who_is_counted(wanted: dict[str, Any], students: int) -> None:
    assert overall(**wanted)["students"] == students


def test_only_the_branch_and_the_season_narrow_the_head_count() -> None:
    assert overall(branch="CSE")["eligible"] == 612
    assert overall(company="Kestrel Systems")["eligible"] == 1153
    assert overall(season=202627)["eligible"] == 0


def test_a_range_of_packages_looks_at_the_offer_not_at_the_best() -> None:
    figures = overall(package_to=Decimal(12))
    assert (figures["offers"], figures["highest"]) == (3, Decimal("12.00"))
