"""Public pages about jobs, statistics and the policy."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from scraping.bot import answer as stats_in_bot
from scraping.models import Job, Offer, OfferedStudent, Policy
from tests.season import COMPANIES, NAMES, fill_jobs, fill_placements

pytestmark = pytest.mark.django_db


@pytest.fixture
def _jobs() -> None:
    fill_jobs()


@pytest.fixture
def _placements() -> None:
    fill_placements()


def get(client: Client, path: str) -> Any:
    return client.get(path, headers={"Accept": "text/html"})


@pytest.mark.usefixtures("_jobs")
def test_what_is_still_open_comes_first_the_nearest_deadline_before_others(client: Client) -> None:
    titles = re.findall(r'<h2><a href="/jobs/job-(\d)"', get(client, "/jobs").text)
    assert titles == ["2", "3", "4", "5", "0", "1"]


@pytest.mark.usefixtures("_jobs")
def test_jobs_are_searched(client: Client) -> None:
    page = get(client, "/jobs?q=marble+analyst").text
    assert "Marble Bank" in page
    assert "Orbit" not in page


@pytest.mark.usefixtures("_jobs")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("open=1", "2345"),
        ("open=1&sort=new", "2345"),
        ("sort=new", "012345"),
        ("lpa=15", "345"),
        ("lpa=15.5&open=1", "45"),
        ("branch=ECE", "5"),
        ("branch=ECE&q=quill", "5"),
        ("lpa=much", ""),
        ("lpa=NaN", ""),
        ("lpa=-1", ""),
        ("lpa=1e99", ""),
    ],
)
def test_jobs_are_filtered_and_sorted(client: Client, query: str, found: str) -> None:
    Job.objects.filter(identifier="job-5").update(courses=["B.Tech - ECE"])
    page = get(client, f"/jobs?{query}").text
    assert "".join(re.findall(r'<h2><a href="/jobs/job-(\d)"', page)) == found
    assert "Show all" in page


@pytest.mark.usefixtures("_jobs")
def test_the_form_of_jobs_shows_what_was_chosen_and_the_branches_there_are(client: Client) -> None:
    page = get(client, "/jobs?open=1&branch=IT&lpa=6&sort=new").text
    assert re.findall(r"<option>(\w+)</option>|<option selected>(\w+)</option>", page) == [("CSE", ""), ("", "IT")]
    assert 'name="lpa" value="6"' in page
    assert '<option value="1" selected>' in page
    assert '<option value="new" selected>' in page


@pytest.mark.usefixtures("_jobs")
def test_a_list_of_jobs_takes_four_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        get(client, "/jobs?q=a&open=1")


@pytest.mark.usefixtures("_jobs")
def test_a_job_shows_its_facts_and_documents(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        page = get(client, "/jobs/job-3").text
    for part in ("Nimbus Cloud", "₹15 LPA", "B.Tech CSE, IT", "Online test → Technical interview", "what students use"):
        assert part in page
    assert 'href="https://files.example.org/jd.pdf?sig=1"' in page
    assert "<li>Slides.pdf</li>" in page
    assert get(client, "/jobs/none").status_code == 404


@pytest.mark.usefixtures("_jobs")
def test_its_deadline_goes_into_a_calendar(client: Client) -> None:
    job = Job.objects.get(identifier="job-3")
    assert job.deadline is not None
    text = client.get("/jobs/job-3.ics").text
    assert f"DTSTART;TZID=Asia/Kolkata:{timezone.localtime(job.deadline):%Y%m%dT%H%M%S}" in text
    assert "URL:http://testserver/jobs/job-3" in text
    Job.objects.update(deadline=None)
    assert client.get("/jobs/job-3.ics").status_code == 404


@pytest.mark.usefixtures("_jobs")
def test_a_job_has_its_page_whatever_the_portal_calls_it(client: Client) -> None:
    Job.objects.filter(identifier="job-3").update(identifier="2026/a b?#ü")
    link = re.search(r'href="(/jobs/2026/[^"]+)"', get(client, "/jobs").text)
    assert link
    assert "Nimbus Cloud" in get(client, link[1]).text
    assert "URL:http://testserver/jobs/2026/a" in client.get(f"{link[1]}.ics").text


@pytest.mark.usefixtures("_placements")
def test_statistics_are_drawn_and_name_no_student(client: Client) -> None:
    OfferedStudent.objects.filter(offer__company="Zenith Labs").update(added_at=timezone.now() - timedelta(days=9))
    page = get(client, "/statistics").text
    for part in ("students placed", "Students by package", "Placed by branch", "Offers over time", "<polyline"):
        assert part in page
    assert page.count('<rect class="bar"') == 9 + 4 + len(COMPANIES)
    assert not [name for name in NAMES if name in page]
    assert not re.search(r"\b(99)?22\d{6}\b", page)


@pytest.mark.usefixtures("_placements")
def test_who_sees_no_chart_hears_its_figures(client: Client) -> None:
    page = get(client, "/statistics").text
    assert re.search(r"<desc>0 to 3 LPA: \d+; 3 to 5 LPA: \d+; ", page)
    assert re.search(r'<span>CSE</span> <span class="quiet">\d+ of 612 \([\d.]+ %\)</span>', page)


@pytest.mark.usefixtures("_placements")
def test_page_and_bot_write_figures_alike(client: Client) -> None:
    page, said = get(client, "/statistics").text, stats_in_bot((settings.ACTIVE_PLACEMENT_YEAR,))
    for shown in re.findall(r"\(([\d.]+ %)\)", said)[1:]:
        assert f"({shown})</span>" in page
    overall, average = re.search(r"\(([\d.]+ %)\)", said), re.search(r"Average (₹[\d.]+) LPA", said)
    assert overall
    assert average
    assert f"<dd>{overall[1]}</dd>" in page
    assert f"<dd>{average[1]}</dd>" in page


@pytest.mark.usefixtures("_placements")
def test_a_single_company_is_not_all_one(client: Client) -> None:
    Offer.objects.exclude(company="Zenith Labs").delete()
    page = get(client, "/statistics").text
    assert "<summary>The company</summary>" in page


@pytest.mark.usefixtures("_placements")
def test_statistics_are_kept_until_an_offer_changes(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = get(client, "/statistics").text
    with django_assert_num_queries(3):
        assert get(client, "/statistics").text == first


@pytest.mark.usefixtures("_placements")
@pytest.mark.parametrize("query", ["?season=202526", "?season=nonsense"])
def test_a_season_without_offers_says_so_and_nonsense_is_the_active_one(client: Client, query: str) -> None:
    page = get(client, f"/statistics{query}").text
    assert ("No offer of this season" in page) is (query == "?season=202526")
    assert ("students placed" in page) is (query != "?season=202526"), "no empty figures"


@pytest.mark.usefixtures("_placements")
def test_the_policy_is_a_page_with_links_to_its_parts(client: Client) -> None:
    page = get(client, "/policy").text
    assert 'href="#how-many-offers"' in page
    assert '<h3 id="how-many-offers">' in page
    assert "<td>below 6</td>" in page
    assert page.count("<h1") == 1


@pytest.mark.usefixtures("_placements")
def test_the_policy_of_another_batch_is_a_link_away(client: Client) -> None:
    Policy.objects.create(year=2026, title="The older one", content="Hello")
    assert "?year=2026" in get(client, "/policy").text
    assert "The older one" in get(client, "/policy?year=2026").text
    for query in ("?year=1999", "?year=x", "?year=" + "9" * 60):
        assert "Batch of 2027" in get(client, f"/policy{query}").text


@pytest.mark.usefixtures("_placements")
def test_without_a_policy_the_page_says_so(client: Client) -> None:
    Policy.objects.all().delete()
    assert "No placement policy is known yet" in get(client, "/policy").text
