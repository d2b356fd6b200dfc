"""/stats: who is placed, and for how much."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.telegram.registry import in_database
from scraping.bot import LOOK, NOTHING_YET, answer, answer_about
from scraping.models import Job
from tests.bot import Talk, bot_at_work, cast
from tests.scraping.placements.placed_offers import SEASON, write, write_branches
from tests.scraping.placements.test_reference_statistics import OFFERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _season(settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [SEASON]
    settings.DEFAULT_PLACEMENT_YEAR = settings.ACTIVE_PLACEMENT_YEAR = SEASON


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def place() -> None:
    write_branches()
    write(OFFERS)


async def test_stats_are_a_few_lines(talk: Talk) -> None:
    await in_database(place)
    assert (await talk.say("/stats")).text.splitlines() == [
        "📊 Placements 2025-26",
        "4 of 946 placed (0.42 %) · 5 offers · 3 companies",
        "Average ₹19.17 LPA · median ₹20 LPA · highest ₹25.5 LPA",
        "CSE: 2 of 612 placed (0.33 %), average ₹16 LPA",
        "ECE: 1 of 240 placed (0.42 %), average ₹25.5 LPA",
        "IT: 1 of 66 placed (1.52 %)",
        "Intg. MTech: 0 of 28 placed (0 %)",
    ]


async def test_without_offers_stats_say_so(talk: Talk) -> None:
    assert (await talk.say("/stats")).text == str(NOTHING_YET)


def test_stats_may_be_about_a_company_or_role() -> None:
    place()
    text, _ = answer_about((SEASON,), "kestrel")
    assert text.startswith("📊 Kestrel")
    assert "1 company" in text
    assert answer_about((SEASON,), "asha")[0] == f"Nothing is known about “asha”. {LOOK}"


def test_stats_of_a_company_say_what_is_known_of_its_jobs() -> None:
    place()
    Job.objects.create(
        identifier="1",
        season=202627,
        company="Kestrel Systems Private Limited",
        role="Falconer",
        package=1_200_000,
        interval="YEAR",
        deadline=timezone.now() + timedelta(days=2),
    )
    text, _ = answer_about((SEASON,), "kestrel")
    _, jobs = text.split("\n\n")
    first, open_now, *seasons = jobs.splitlines()
    assert first.endswith(": jobs")
    assert open_now.startswith("• Falconer · ₹12 LPA: until ")
    assert [line[:9] for line in seasons] == ["• 2025-26"], "what is open is said once"


def test_stats_of_a_company_without_offers_say_so() -> None:
    Job.objects.create(identifier="1", season=SEASON, company="Zenith Labs", role="Analyst")
    text, _ = answer_about((SEASON,), "zenith")
    assert text.startswith("📊 Zenith Labs: no offers are known of these seasons.\n\n")


def test_stats_of_a_role_are_of_all_who_offer_it_and_near_names_are_offered() -> None:
    place()
    Job.objects.create(identifier="1", season=SEASON, company="Analyst House")
    assert answer_about((SEASON,), "analyst")[0].startswith("📊 “analyst”: placements 2025-26")
    text, keyboard = answer_about((SEASON,), "kestral")
    assert text == "Nothing is known about “kestral”. Did you mean one of these?"
    assert len(keyboard) == 1


def test_stats_of_a_role_nobody_is_placed_in_yet_name_its_jobs() -> None:
    soon = timezone.now() + timedelta(days=2)
    common = {"season": SEASON, "role": "Software Engineer (SDE)"}
    Job.objects.create(identifier="1", company="Orbit", **common)
    Job.objects.create(
        identifier="2", company="Zenith Labs", package=1_600_000, interval="YEAR", deadline=soon, **common
    )
    Job.objects.create(identifier="3", company="Nykaa", season=SEASON, role="Software Tester")
    text, keyboard = answer_about((SEASON,), "Software Engineer")
    figures, jobs = text.split("\n\n")
    assert figures == "📊 “Software Engineer”: no offers are known of these seasons."
    head, first, second = jobs.splitlines()
    assert head == "💼 “Software Engineer”: jobs"
    assert first.startswith("• Zenith Labs · Software Engineer (SDE) · ₹16 LPA: until ")
    assert second == "• Orbit · Software Engineer (SDE)"
    assert not keyboard


def test_of_a_roles_jobs_six_are_named_and_the_others_counted() -> None:
    for number in range(8):
        Job.objects.create(identifier=str(number), company=f"Firm {number}", season=SEASON, role="Data Analyst")
    assert answer_about((SEASON,), "data analyst")[0].endswith("• and 2 more jobs")


def test_stats_may_be_about_a_branch() -> None:
    place()
    Job.objects.create(identifier="1", season=SEASON, company="Saffron Lane Commerce")
    assert answer_about((SEASON,), "cse")[0].splitlines() == [
        "📊 CSE: placements 2025-26",
        "2 of 612 placed (0.33 %) · 3 offers · 2 companies",
        "Average ₹16 LPA · median ₹16 LPA · highest ₹20 LPA",
    ]


def test_each_season_followed_has_its_block() -> None:
    place()
    write([{**OFFERS[0], "season": 202627}])
    assert [block.splitlines()[0] for block in answer((202627, SEASON)).split("\n\n")] == [
        "📊 Placements 2026-27",
        "📊 Placements 2025-26",
    ]
