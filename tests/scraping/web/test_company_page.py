"""The public page of a company."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from notifications.models import Notice
from notifications.publishing.publish import withdraw
from scraping.models import Job
from tests.season import NAMES, fill_jobs, fill_notices, fill_placements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _season() -> None:
    fill_jobs()
    fill_notices()
    fill_placements()


def get(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers={"Accept": "text/html", **headers})


def test_it_shows_what_is_stored_and_nobody(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    get(client, "/companies/Nimbus Cloud")
    with django_assert_num_queries(4 + 5 + 3):  # all companies, this one, the version
        page = get(client, "/companies/Nimbus%20Cloud").text
    for part in ("Open now", 'href="/jobs/job-3"', "2026-27", "Software Engineer", "Online test → Technical", "Offers"):
        assert part in page
    assert page.count('<h3><a href="/notices/') == 5
    assert not [name for name in NAMES if name in page]


def test_other_spellings_lead_to_it_and_others_to_those_near(client: Client) -> None:
    answer = get(client, "/companies/nimbus cloud pvt ltd")
    assert (answer.status_code, answer.url) == (302, "/companies/Nimbus%20Cloud")
    unknown = get(client, "/companies/marbel bank")
    assert unknown.status_code == 404
    assert 'href="/companies/Marble%20Bank"' in unknown.text
    for strange in ("<script>alert(1)</script>", "%F0%9F%8E%AF", "a/b/../c", "x" * 3000, "'%22--"):
        answer = get(client, f"/companies/{strange}")
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


def test_it_is_linked_from_notices_and_jobs_whatever_its_name(client: Client) -> None:
    notice = Notice.objects.get(external_key="season:0")
    assert 'href="/companies/Zenith%20Labs"' in get(client, f"/notices/{notice.pk}").text
    assert 'href="/companies/Nimbus%20Cloud"' in get(client, "/jobs/job-3").text
    Job.objects.filter(identifier="job-3").update(company="A/B & C?\n#%")
    assert "A/B &amp; C?" in get(client, "/jobs/job-3").text
    found = get(client, "/companies/A/B & C")
    assert found.status_code == 302
    assert "A/B &amp; C?" in get(client, found.url).text


def test_it_is_not_sent_again_until_something_changes(client: Client, page_memory: None) -> None:
    first = get(client, "/companies/Zenith Labs")
    again = get(client, "/companies/Zenith Labs", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    withdraw("season:0")
    assert get(client, "/companies/Zenith Labs", **{"If-None-Match": first["ETag"]}).status_code == 200
