"""Staff who may read and nothing else."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from notifications.models import Delivery, Notice
from supersetbot.dashboard.roles import READERS, make_readers
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    make_readers(using="default")
    user = User.objects.create_user("reader", password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=READERS))
    client.force_login(user)
    return client


def test_readers_see_everything_and_change_nothing(reader: Client) -> None:
    notice = Notice.objects.create(external_key="a", title="A drive", published_at="2026-11-29T10:00:00Z")
    for path in ("", "all/", "notifications/notice/", f"notifications/notice/{notice.pk}/change/", "scraping/offer/"):
        assert reader.get(f"/admin/{path}").status_code == 200, path
    for path in ("dashboard/cycle", "dashboard/retry", "dashboard/broadcast", "dashboard/test"):
        assert reader.post(f"/admin/{path}").status_code == 403, path
    assert reader.post(f"/admin/notifications/notice/{notice.pk}/change/", {"title": "Mine"}).status_code == 403
    assert reader.post(f"/admin/notifications/notice/{notice.pk}/delete/", {"post": "yes"}).status_code == 403
    page = reader.get("/admin/").text
    assert "Run a cycle now" not in page
    assert "Tell everybody" not in page


def test_no_link_of_the_dashboard_is_closed_to_readers(
    reader: Client, admin_client: Client, subscribe: Subscribe
) -> None:
    notice = Notice.objects.create(external_key="a", title="A drive", published_at="2026-11-29T10:00:00Z")
    for state in ("pending", "failed"):
        Delivery.objects.create(notice=notice, subscription=subscribe(), channel="telegram", state=state)
    page = reader.get("/admin/").text
    assert "<li>A drive: 1 left</li>" in page
    links = {unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"]*|\?[^"]*)"', page)}
    assert f"/admin/notifications/notice/{notice.pk}/change/" in links
    assert [link for link in sorted(links) if reader.get(link, follow=True).status_code != 200] == []
    watched = f'<li><a href="/admin/dashboard/broadcast/{notice.pk}">A drive</a>: 1 left</li>'
    assert watched in admin_client.get("/admin/").text


def test_a_newer_version_adds_what_it_stores_and_takes_nothing_away() -> None:
    make_readers(using="default")
    group = Group.objects.get(name=READERS)
    kept = Permission.objects.get(codename="change_notice")
    group.permissions.set([kept])
    make_readers(using="default")
    assert group.permissions.filter(codename="view_delivery").exists()
    assert kept in group.permissions.all()
    assert {found.codename.partition("_")[0] for found in group.permissions.all()} == {"view", "change"}


def test_who_only_reads_sees_a_season_as_people_write_it(reader: Client) -> None:
    notice = Notice.objects.create(external_key="a", season=202627, published_at="2026-11-29T10:00:00Z")
    page = reader.get(f"/admin/notifications/notice/{notice.pk}/change/").text
    assert "2026-27" in page
    assert "202627" not in page
