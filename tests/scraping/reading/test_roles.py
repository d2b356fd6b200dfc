"""Roles with their pay, places of work and joining dates."""

from datetime import UTC, datetime

import pytest

from scraping.reading.facts.places import read_locations
from scraping.reading.facts.roles.offered import read_roles
from scraping.reading.facts.times.joining import read_joining_date
from scraping.reading.layout.fields import read_fields, readable_lines

NEAR = datetime(2025, 11, 20, tzinfo=UTC)


def roles_of(text: str, fallback: str | None = None) -> list[tuple[str, float | None]]:
    lines = readable_lines(text)
    return [(role.role, role.package) for role in read_roles(read_fields(lines), lines, lines, fallback)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Role: Analyst\nPackage: 12 LPA", [("Analyst", 12.0)]),
        ("Package: 12 LPA\nRole: Analyst", [("Analyst", 12.0)]),
        ("Role: Analyst, Tester\nPackage: 12 LPA", [("Analyst", 12.0), ("Tester", 12.0)]),
        ("Role: Analyst, Tester\nPackage: Analyst: 12 LPA, Tester: 8 LPA", [("Analyst", 12.0), ("Tester", 8.0)]),
        ("Role: Analyst, Tester\nPackage: 12 LPA (Analyst), 8 LPA (Tester)", [("Analyst", 12.0), ("Tester", 8.0)]),
        (
            "Role: Analyst Plus, Analyst\nPackage: Analyst Plus: 12 LPA, Analyst: 8 LPA",
            [("Analyst Plus", 12.0), ("Analyst", 8.0)],
        ),
        (
            "Role: Associate Product Manager, Designer\nPackage: APM - 18 LPA, Designer - 12 LPA",
            [("Associate Product Manager", 18.0), ("Designer", 12.0)],
        ),
        ("Role: Analyst, Tester\nCTC: 12 LPA / 8 LPA respectively", [("Analyst", 12.0), ("Tester", 8.0)]),
        ("Role: Analyst\nPackage: 12 LPA\nRole: Tester\nPackage: 8 LPA", [("Analyst", 12.0), ("Tester", 8.0)]),
        ("Roles:\n- Analyst\n- Tester\nPackage: 5 LPA", [("Analyst", 5.0), ("Tester", 5.0)]),
        ("Role: 1. Analyst 2. Tester\nCTC: 5 LPA", [("Analyst", 5.0), ("Tester", 5.0)]),
        ("Role\tPackage\tLocation\nAnalyst\t12 LPA\tPune\nTester\t8 LPA\tDelhi", [("Analyst", 12.0), ("Tester", 8.0)]),
        (
            "Role: Analyst (22103001, 22103002), Tester (22103003)\nPackage: Analyst: 5 LPA; Tester: 4 LPA",
            [("Analyst", 5.0), ("Tester", 4.0)],
        ),
        ("Role: Trader\nRoll No\tName\tCTC\n22103001\tAsha\t9 LPA\n22103002\tRavi\t9 LPA", [("Trader", 9.0)]),
        ("Role: Trader\nRoll No\tName\tCTC\n22103001\tAsha\t9 LPA\n22103002\tRavi\t8 LPA", [("Trader", None)]),
        ("Role: GET Sales, GET IT\nCTC: INR 7 LPA (Sales) / INR 8 LPA (IT)", [("GET Sales", 7.0), ("GET IT", 8.0)]),
        ("Role: .NET Developer\nPackage: 5 LPA", [(".NET Developer", 5.0)]),
        ("Role: Trainee\nStipend: 30k per month\nAfter the internship the CTC will be 8 LPA.", [("Trainee", 8.0)]),
        ("Role: Trainee\nStipend: 30,000 per month\nCTC post internship: 8.2 LPA", [("Trainee", 8.2)]),
        ("Name\tEnrollment\tOffered Role\nAsha Rao\t22103001\tTester\nCTC: 5 LPA", [("Tester", 5.0)]),
        ("Role: Fellow & Scholar\nPackage: 5 LPA", [("Fellow & Scholar", 5.0)]),
        ("Role: Engineer (Java, Go)\nCTC: 6 LPA", [("Engineer (Java, Go)", 6.0)]),
        ("Role: Engineer\nPackage: 9 LPA fixed\nVariable: 1 LPA", [("Engineer", 10.0)]),
        ("Role: Engineer\nPackage:\n- Base: 10 LPA\n- Joining bonus: 1 Lakh", [("Engineer", 11.0)]),
        ("Role: GET\nSalary: as per industry standards", [("GET", None)]),
        ("They join with a CTC of 7.5 LPA.", [("", 7.5)]),
        ("Cash prizes worth INR 5 lakh", []),
        ("", []),
    ],
)
def test_each_role_has_its_package(text: str, roles: list[tuple[str, float | None]]) -> None:
    assert roles_of(text) == roles


def test_students_listed_with_their_own_role_and_package_tell_the_roles() -> None:
    table = "Name\tEnrollment No\tRole\tCTC\nAsha Rao\t22103001\tAnalyst\t12 LPA\nVikram Seth\t22103002\tTester\t8 LPA"

    assert roles_of(table) == [("Analyst", 12.0), ("Tester", 8.0)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Role: Intern, Full Time\nStipend: 30k per month", [("Intern", 3.6), ("Full Time", None)]),
        ("Role: Full Time\nStipend: 30k per month", [("Full Time", None)]),
        ("Role: Software Trainee\nStipend: 30k per month", [("Software Trainee", 3.6)]),
    ],
)
def test_a_bare_stipend_is_the_interns_alone(text: str, roles: list[tuple[str, float | None]]) -> None:
    assert roles_of(text) == roles


def test_without_a_label_the_role_said_elsewhere_counts() -> None:
    assert roles_of("CTC of 7 LPA", fallback="Analyst") == [("Analyst", 7.0)]


def locations_of(text: str) -> list[str]:
    lines = readable_lines(text)
    return list(read_locations(read_fields(lines), lines, lines))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Location: Pune, Delhi & Noida", ["Pune", "Delhi", "Noida"]),
        ("Location: Bangalore/ Hyderabad", ["Bangalore", "Hyderabad"]),
        ("Job Location - Noida, India", ["Noida"]),
        ("Location: Sector 21, Gurugram, Haryana, India", ["Sector 21, Gurugram, Haryana, India"]),
        ("Location: Bengaluru, Karnataka", ["Bengaluru, Karnataka"]),
        ("Location: Hyderabad; Pune, Maharashtra", ["Hyderabad", "Pune, Maharashtra"]),
        ("Location: Jaipur, Rajasthan / Indore, Madhya Pradesh", ["Jaipur, Rajasthan", "Indore, Madhya Pradesh"]),
        ("Location: Tokyo, Japan", ["Tokyo, Japan"]),
        ("Location: Any location in India", []),
        ("Work Location: Pan India", ["Pan India"]),
        ("Location: Remote (WFH)", ["Remote (WFH)"]),
        ("The job location will be Pune.", ["Pune"]),
        ("They will be posted at Pune.", ["Pune"]),
        ("Posting for all is Pune. Offer letters follow.", ["Pune"]),
        ("Office: Pune", ["Pune"]),
        ("Where - Pune, work from office", ["Pune"]),
        ("They will start as interns from 15 January 2027 in Pune (5 months).", ["Pune"]),
        ("- Asha Rao (22103001), Pune\n- Ravi Sen (22103002), Noida", ["Pune", "Noida"]),
        ("Orbit is looking for interns - 4 months, remote, Rs 8,000 per month.", ["remote"]),
        ("CTC 3.8 lakh p.a. Posting Moraiya. Joining in July.", ["Moraiya"]),
        ("They join us at our Pune office in June.", ["Pune"]),
        ("Based at: Pune", ["Pune"]),
        ("Role\tPackage\tLocation\nAnalyst\t5 LPA\tPune\nTester\t4 LPA\tDelhi", ["Pune", "Delhi"]),
        ("Location: Noida. Students should relocate", ["Noida"]),
        ("Location: TBD", []),
        ("Location: to be communicated later", []),
        ("Location:\nPlease carry your card.", []),
    ],
)
def test_places_of_work(text: str, places: list[str]) -> None:
    assert locations_of(text) == places


@pytest.mark.parametrize(
    ("text", "joining"),
    [
        ("Date of joining: 1 July 2026", "2026-07-01"),
        ("Joining: July 2026", "2026-07"),
        ("They become full-time Software Engineers starting July 2026.", "2026-07"),
        ("The date of joining has been revised to 18 January 2027 (earlier 4 January 2027).", "2027-01-18"),
        ("Posting Moraiya. Joining after the final exam, July 2026.", "2026-07"),
        ("Joining Date: 31 Feb 2026", "2026-02"),
        ("Students will join from 15th January 2026.", "2026-01-15"),
        ("To be joined as interns", None),
        ("Internship from Aug 2025 to July 2026", "2025-08"),
        ("Internships starting in January '26", "2026-01"),
        ("The tentative date of joining is 6th July 2026.", "2026-07-06"),
        ("Internship start date: 8th January 2026", "2026-01-08"),
        ("Joining date: immediate", None),
        ("They will be joining us at Indore on 1st July 2027.", "2027-07-01"),
        ("They work as Backend Intern for six months from 4 January 2027 at Pune.", "2027-01-04"),
        ("A stipend of Rs. 18,000 per month from 4th January 2027.", "2027-01-04"),
        ("A Legal Intern position for two months (1 December 2026 to 31 January 2027).", "2026-12-01"),
        ("Duration: 6 months from 11 January 2027", "2027-01-11"),
        ("Reporting date: 11 January 2027", "2027-01-11"),
        ("Period: 4 January 2027 to 30 June 2027", "2027-01-04"),
        ("Location Bhat. Joining 2nd Aug 2027.", "2027-08-02"),
        ("The batch of 2026 joins the club in the hall", None),
    ],
)
def test_joining_dates(text: str, joining: str | None) -> None:
    lines = readable_lines(text)

    assert read_joining_date(read_fields(lines), "", lines, NEAR) == joining


def test_the_programme_behind_a_role_is_no_part_of_it() -> None:
    lines = ["1) Process Engineer - BE Chemical - 5.75 LPA", "2) QC Chemist - M.Sc. Organic Chemistry - 3.6 LPA"]

    offered = read_roles([], lines)

    assert [(role.role, role.package) for role in offered] == [("Process Engineer", 5.75), ("QC Chemist", 3.6)]


@pytest.mark.parametrize(
    "text",
    [
        "Orbit would like to hire a UX Designer (7 LPA) and a Visual Designer (6 LPA) from the 2027 batch.",
        "We hire for two roles: UX Designer - 7 LPA, Visual Designer - 6 LPA.",
    ],
)
def test_roles_of_one_sentence_with_the_pay_of_each(text: str) -> None:
    assert roles_of(text) == [("UX Designer", 7.0), ("Visual Designer", 6.0)]
