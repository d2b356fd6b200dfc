"""The admin: every list opens, asks no more for many rows than for few, and tells nobody more than its page does."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import CharField, JSONField, Model, TextField
from django.http import HttpRequest, QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Subscriber, Subscription, User
from notifications.models import Delivery, Notice
from scraping.models import Branch, Job, RawItem, UpdateRun
from supersetbot import urls  # noqa: F401 (reads the admin modules, whose registry is walked below)
from tests.conftest import MakeKey
from tests.season import fill

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def rows(first: int, count: int) -> None:
    """More of what there is most of."""
    now = timezone.now()
    for number in range(first, first + count):
        subscriber = Subscriber.objects.create(telegram_id=number, name=f"Student {number}")
        subscription = Subscription.objects.create(subscriber=subscriber, channel="telegram", address=f"{number}")
        notice = Notice.objects.create(external_key=f"n{number}", title="x", published_at=now)
        Delivery.objects.create(notice=notice, subscription=subscription, channel="telegram", state="sent")
        RawItem.objects.create(source="superset", kind="notice", key=f"{number}", season=202627, payload={})
        UpdateRun.objects.create(trigger="schedule", state="ok", process="x", lease_until=now)


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_notice_is_withdrawn_after_a_question(admin_client: Client) -> None:
    rows(1, 2)
    keys = list(Notice.objects.values_list("pk", flat=True))
    asked: dict[str, Any] = {"action": "withdraw_them", "_selected_action": keys}
    page = admin_client.post(list_of(Notice), asked).content.decode()
    assert page.count("x: told 1 time<") == page.count('name="_selected_action"') == 2
    assert not Notice.objects.exclude(withdrawn_at=None).exists()
    done = admin_client.post(list_of(Notice), {**asked, "sure": "yes"}, follow=True).content.decode()
    assert "2 withdrawn." in done
    assert not Notice.objects.filter(withdrawn_at=None).exists()


def test_a_list_asks_no_more_for_more_rows(admin_client: Client, api_key: MakeKey) -> None:
    fill()
    api_key("stats")
    rows(1, 3)
    few = {model: statements(admin_client, list_of(model)) for model in MODELS}
    api_key("stats")
    rows(100, 12)
    for model in MODELS:
        assert statements(admin_client, list_of(model)) <= few[model], model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched(admin_client: Client, model: type[Model]) -> None:
    assert admin_client.get(list_of(model), {"q": "zenith ' % \\"}).status_code == 200


def test_a_run_says_what_each_source_brought_and_what_went_wrong(admin_client: Client) -> None:
    sources = {
        "superset": {"fetched": 38, "new": 2, "seconds": 1.5, "errors": []},
        "email": {"fetched": 0, "failed_whole": True, "errors": ["login: refused <b>"]},
    }
    run = UpdateRun.objects.create(trigger="schedule", state="partly", lease_until=timezone.now(), sources=sources)
    page = admin_client.get(reverse("admin:scraping_updaterun_change", args=[run.pk])).text
    assert "<strong>Portal</strong>: 38 fetched, 2 new, 1.5 seconds</p>" in page
    assert "<strong>Mailbox</strong>: 0 fetched</p><pre>login: refused &lt;b&gt;</pre>" in page


def texts(model: type[Model], prefix: str = "", depth: int = 1) -> Iterator[str]:
    """The paths to each text and each key of JSON of a model and of those it is related to."""
    for field in model._meta.get_fields():
        if isinstance(field, JSONField):
            yield from (f"{prefix}{field.name}", f"{prefix}{field.name}__secret", f"{prefix}{field.name}__0__name")
        elif isinstance(field, CharField | TextField):
            yield f"{prefix}{field.name}"
        elif field.is_relation and field.related_model and depth:
            yield from texts(field.related_model, f"{prefix}{field.name}__", depth - 1)


def refused(page: admin.ModelAdmin[Any], asked: HttpRequest) -> bool:
    """Whether the list that the page makes of the address is none: what its view answers with 400, or a redirection."""
    try:
        page.get_changelist_instance(asked)
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return True
    return False


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_address_filters_a_list_by_what_its_filters_do_not_offer(
    admin_client: Client, admin_user: User, model: type[Model]
) -> None:
    asked = RequestFactory().get(list_of(model))
    asked.user = admin_user
    assert not refused(admin.site._registry[model], asked)
    for path, lookup in product(texts(model), ("startswith", "icontains", "regex")):
        asked.GET = QueryDict(urlencode({f"{path}__{lookup}": "w"}))
        assert refused(admin.site._registry[model], asked), f"{path}__{lookup} filters {model._meta.label}"
    answer = admin_client.get(list_of(model), asked.GET)
    assert answer.status_code == 400 or answer.headers.get("Location", "").endswith("?e=1")


def test_filters_and_days_still_work(admin_client: Client) -> None:
    rows(1, 3)
    notices = reverse("admin:notifications_notice_changelist")
    now = timezone.localtime()
    for chosen in ({"category__exact": "x"}, {"announced__exact": "1"}):
        assert admin_client.get(notices, chosen).status_code == 200
    Notice.objects.filter(pk=Notice.objects.earliest("pk").pk).update(withdrawn_at=now)
    for withdrawn, count in (("yes", 1), ("no", 2)):
        assert admin_client.get(notices, {"withdrawn": withdrawn}).context["cl"].result_count == count
    blocked = {"off_reason": "blocked"}  # where the dashboard leads to
    assert admin_client.get(reverse("admin:accounts_subscription_changelist"), blocked).status_code == 200
    day = {f"published_at__{part}": getattr(now, part) for part in ("year", "month", "day")}
    assert admin_client.get(notices, day).context["cl"].result_count == 3


def test_who_may_only_look_runs_no_action_but_an_export(client: Client) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    request = RequestFactory().get("/")
    request.user = looker
    for model, page in admin.site._registry.items():
        assert page.get_actions(request).keys() <= {"export"}, model._meta.label


@pytest.mark.parametrize("right", ["view", "change"])
def test_dead_letters_are_tried_again_by_who_may_change_deliveries(client: Client, right: str) -> None:
    rows(1, 1)
    Delivery.objects.update(state="failed")
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=("view_delivery", f"{right}_delivery")))
    client.force_login(staff)
    chosen = {"action": "retry", "_selected_action": [Delivery.objects.get().pk]}
    client.post(reverse("admin:notifications_delivery_changelist"), chosen)
    assert Delivery.objects.get().state == ("failed" if right == "view" else "retry")


@pytest.mark.parametrize("page", ["add", "change"])
def test_superusers_alone_make_somebody_an_admin_of_the_bot(client: Client, page: str) -> None:
    """Nor does anybody else give a chat another number: it could be that of an admin."""
    mine = Subscriber.objects.create(telegram_id=5, name="me")
    address = reverse(f"admin:accounts_subscriber_{page}", args=[mine.pk] if page == "change" else [])
    sent = {"kind": "person", "telegram_id": "6", "username": "", "name": "x", "is_admin": "on", "_save": "1"}
    sent |= {"subscriptions-TOTAL_FORMS": "0", "subscriptions-INITIAL_FORMS": "0"}
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__endswith="_subscriber"))
    client.force_login(staff)
    client.post(address, sent)
    assert not Subscriber.objects.filter(is_admin=True).exists()
    assert not Subscriber.objects.filter(telegram_id=6).exists()
    client.force_login(User.objects.create_superuser("root"))
    assert client.post(address, sent).status_code == 302
    assert Subscriber.objects.get(telegram_id=6).is_admin


def test_who_may_not_see_students_reads_notices_as_strangers_do(client: Client) -> None:
    listed = [{"name": "Asha Verma", "enrollment": "22103001"}]
    texts = {
        "title": "Asha Verma is placed",
        "company": "Asha Verma",
        "body": "<p>Bring your card.</p>Asha Verma 22103001",
    }
    notice = Notice.objects.create(
        external_key="n", roster=listed, files=[{"name": "Asha.pdf"}], published_at=timezone.now(), **texts
    )
    Notice.objects.create(external_key="p", title="Edited", follows=notice, published_at=timezone.now())
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_notice"))
    client.force_login(clerk)
    pages = [reverse("admin:notifications_notice_changelist")]
    for name, row in product(("change", "history"), Notice.objects.all()):
        pages.append(reverse(f"admin:notifications_notice_{name}", args=[row.pk]))
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, "Asha" in answer.text, "22103001" in answer.text) == (200, False, False), page
    assert "Bring your card." in client.get(pages[1]).text + client.get(pages[2]).text
    assert client.get(pages[0], {"q": "Asha"}).context["cl"].result_count == 2  # it searches for nothing
    assert client.post(pages[1], {"title": "x"}).status_code == 403
    assert client.get(reverse("admin:notifications_notice_delete", args=[notice.pk])).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_offeredstudent"))
    assert "Asha Verma" in client.get(pages[0]).text


def test_lists_and_dashboard_tell_the_time_alike(admin_client: Client) -> None:
    at = timezone.localtime().replace(hour=18, minute=5)
    Notice.objects.create(external_key="n:1", title="Zenith", published_at=at, first_seen_at=timezone.now())
    page = admin_client.get("/admin/notifications/notice/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"{at:%-d %b %Y}, 6:05 PM" in page
    assert "Zenith</a>, not told" in admin_client.get("/admin/").text


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_each_list_has_the_colours_of_the_site(admin_client: Client, model: type[Model]) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    page = admin_client.get(url).text
    styles = re.findall(r"(site/palette|admin/own|admin/css/changelists)(?:\.\w+)?\.css", page)
    assert styles == ["site/palette", "admin/own", "admin/css/changelists"]


def test_seasons_read_as_everywhere_else(admin_client: Client) -> None:
    fill()
    rows(1, 1)
    for model in (Notice, RawItem):
        page = admin_client.get(list_of(model)).content.decode()
        assert ">2026-27<" in page
        assert ">202627<" not in page
    assert "2026-27" in admin_client.get(reverse("admin:scraping_rawitem_change", args=[RawItem.objects.get().pk])).text
    assert "Portal: notice 1" in admin_client.get(list_of(RawItem)).text


@pytest.mark.parametrize("written", ["2027-28", "202728"])
def test_a_season_is_edited_as_people_write_it(admin_client: Client, written: str) -> None:
    branch = Branch.objects.create(branch="CSE", campus="62", season=202627, start=1, end=2, students=1)
    page = reverse("admin:scraping_branch_change", args=[branch.pk])
    assert 'name="season" value="2026-27"' in admin_client.get(page).text
    given = {name: getattr(branch, name) for name in ("branch", "campus", "start", "end", "students")}
    assert "is not a season like" in admin_client.post(page, {**given, "season": "2026-29"}).text
    assert admin_client.post(page, {**given, "season": written}).status_code == HTTPStatus.FOUND
    branch.refresh_from_db()
    assert branch.season == 202728


def test_jobs_show_pay_as_students_read_it_and_can_be_narrowed_to_what_is_open(admin_client: Client) -> None:
    now = timezone.now()
    for name, day in (("Zenith", 1), ("Bluepeak", -1)):
        deadline = now + timedelta(days=day)
        Job.objects.create(
            identifier=name, season=202627, company=name, role="SDE", package=1_650_000, deadline=deadline
        )
    shown = admin_client.get(reverse("admin:scraping_job_changelist"), {"open": "yes"}).content.decode()
    assert "₹16.5 LPA" in shown
    assert "1650000" not in shown
    assert "Zenith" in shown
    assert "Bluepeak" not in shown
