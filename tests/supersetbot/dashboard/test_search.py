"""Search for staff: notices, jobs, students and companies, each by all the words."""

import pytest
from django.test import Client

from notifications.publishing.publish import publish
from tests.notifications.conftest import MakeDraft
from tests.season import fill

pytestmark = pytest.mark.django_db
URL = "/admin/dashboard/search"


@pytest.mark.parametrize(
    ("words", "found", "missing"),
    [
        ("aarav sharma", "Aarav Sharma 0 22103001", "Diya"),
        ("22103001", "Aarav Sharma 0", "Kabir"),
        ("marble", "Marble Bank: Analyst", "Orbit Systems"),
        ("zenith applications", "Zenith Labs · ", "Update: Nimbus"),
        ("%", "Nothing found.", "Zenith"),
    ],
)
def test_what_fits_is_found(admin_client: Client, words: str, found: str, missing: str) -> None:
    fill()
    page = admin_client.get(URL, {"q": words}).text
    assert found in page
    assert missing not in page.partition("dash-grid")[2]


def test_without_words_nothing_is_asked(admin_client: Client) -> None:
    assert "Nothing found" not in admin_client.get(URL).text


def test_every_hit_leads_somewhere(admin_client: Client) -> None:
    fill()
    import re

    page = admin_client.get(URL, {"q": "zenith"}).text
    links = set(re.findall(r'<li><a href="(/admin/[^"]+change/)">', page))
    assert links
    assert {admin_client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("words", ["22103001", "asha verma"])
def test_a_notice_is_found_by_who_is_on_its_list(admin_client: Client, draft: MakeDraft, words: str) -> None:
    roster = ({"name": "Asha Verma", "enrollment": "22103001"},)
    publish(draft("l1", category="shortlisting", company="Kestrel", roster=roster))
    assert "Shortlist · Kestrel" in admin_client.get(URL, {"q": words}).text
    listed = admin_client.get("/admin/notifications/notice/", {"q": words})
    assert listed.context["cl"].result_count == 1
