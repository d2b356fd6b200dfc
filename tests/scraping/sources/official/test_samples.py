"""The real page's shapes, where the samples are at hand."""

import pytest

from scraping.sources.official.figures import figures
from scraping.sources.official.history import read_history
from scraping.sources.official.page import OfficialPage
from scraping.sources.official.parse import parse_page
from tests.paths import SAMPLES as ALL_SAMPLES

SAMPLES = ALL_SAMPLES / "official_page"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"*** no samples of the official page in {SAMPLES} ***")


def sample(name: str) -> OfficialPage:
    return parse_page((SAMPLES / name).read_bytes(), "https://institute.example/students/placement")


def values(page: OfficialPage) -> dict[int | None, list[str]]:
    return {batch.graduating_year: [str(figure.value) for figure in figures(batch).values()] for batch in page.batches}


def test_todays_page_is_read_whole() -> None:
    page = sample("students_placement_2026.html")
    assert values(page) == {2027: ["81", "46.38", "14.24", "11.00"], 2026: ["494", "94.25", "11.75", "7.01"]}
    assert page.active_batch.graduating_year == 2027
    assert page.main_heading == "Training & Placement"
    assert len(page.intro_text) > 40
    assert [recruiter.src[:34] for recruiter in page.recruiters] == ["https://institute.example/uploads/"]


def test_a_page_of_fragments_is_read_whole() -> None:
    page = sample("next_flight_only_2026.html")
    assert values(page) == {2026: ["11.15", "7.01"]}
    assert [bool(recruiter.name) for recruiter in page.recruiters] == [True]


def test_the_page_before_the_redesign_is_read_whole() -> None:
    page = sample("legacy_homepage_DERIVED.html")
    assert values(page) == {2025: ["260", "62.00", "20.1", "18.0"], 2024: ["252"]}
    assert page.active_batch.graduating_year == 2025
    assert page.main_heading
    assert page.intro_text
    assert len(page.recruiters) == 2


def test_earlier_batches_are_read_whole() -> None:
    batches = read_history((SAMPLES / "official_batches_2024_2025.json").read_bytes())
    assert [(batch.graduating_year, len(batch.cards)) for batch in batches] == [(2025, 9), (2024, 9)]
    assert all(figure.value is not None for batch in batches for figure in figures(batch).values())
