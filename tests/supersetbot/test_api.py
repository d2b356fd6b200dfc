"""The API as a whole: every protected route refuses who has no business there; figures are kept for a while."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from scraping.models import Job, UpdateRun
from supersetbot.api import NO_KEY, NO_OWN_KEY
from tests.api_document import DOCUMENT
from tests.conftest import MakeKey, Subscribe
from tests.problems import problem_of
from tests.season import fill_jobs, fill_notices, fill_placements

pytestmark = pytest.mark.django_db

PERSONAL = "/api/me"
_SECURE = [
    (method, path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation.get("security")
]
GUARDED = [(method, path) for method, path in _SECURE if not path.startswith(PERSONAL)]
OF_PERSONS = [(method, path) for method, path in _SECURE if path.startswith(PERSONAL)]
SCOPES = {"/api/notify": "notify", "/webhook": "update", "/api/stats": "stats", "/metrics": "metrics"}


def call(client: Client, method: str, path: str, headers: dict[str, str]) -> int:
    path = re.sub(r"\{\w+\}", "1", path)
    answer = client.generic(method.upper(), path, b"{}", "application/json", headers=headers)
    return int(answer.status_code)


def test_these_routes_are_guarded() -> None:
    assert {path for _, path in GUARDED} >= {
        "/api/notify",
        "/api/notify/telegram",
        "/api/notify/web-push",
        "/api/notify/{notice_id}",
        "/api/stats",
        "/api/stats/users",
        "/api/stats/runs",
        "/api/stats/runs/{run_id}",
        "/webhook/update",
        "/metrics",
    }


@pytest.mark.parametrize(("method", "path"), OF_PERSONS)
def test_a_persons_own_route_refuses_the_institutes_keys(
    client: Client, api_key: MakeKey, method: str, path: str
) -> None:
    """What it takes instead is tested in tests/supersetbot/account."""
    assert call(client, method, path, {}) == 401
    assert call(client, method, path, {"X-API-Key": "guessed"}) == 401
    assert call(client, method, path, api_key(*SCOPES.values())) in (401, 403)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_guarded_route_refuses(client: Client, api_key: MakeKey, method: str, path: str) -> None:
    past = timezone.now() - timedelta(minutes=1)
    scope = next(scope for start, scope in SCOPES.items() if path.startswith(start))
    others = set(SCOPES.values()) - {scope}
    assert call(client, method, path, {}) == 401
    assert call(client, method, path, {"X-API-Key": "guessed"}) == 401
    assert call(client, method, path, api_key(scope, revoked_at=past)) == 401
    assert call(client, method, path, api_key(scope, expires_at=past)) == 401
    assert call(client, method, path, api_key(*others)) == 403
    assert call(client, method, path, api_key(scope)) not in (401, 403)


def test_without_any_key_the_caller_is_told_how_to_come(client: Client) -> None:
    response = client.get("/api/stats")
    assert problem_of(response) == (401, NO_KEY)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/me", "/api/me/profile"])
def test_whoever_asks_for_a_student_s_data_is_told_which_key_it_takes(
    client: Client, api_key: MakeKey, path: str
) -> None:
    response = client.get(path, headers=api_key("stats"))
    assert problem_of(response) == (401, NO_OWN_KEY)


LISTS = [
    (path, sort)
    for path, methods in DOCUMENT["paths"].items()
    if not path.startswith(PERSONAL)
    for parameter in methods.get("get", {}).get("parameters", ())
    if parameter["name"] == "sort"
    for sort in parameter["schema"]["enum"]
]


@pytest.mark.parametrize(("path", "sort"), LISTS)
def test_a_list_is_walked_by_its_cursor_in_each_of_its_orders(
    client: Client, api_key: MakeKey, path: str, sort: str
) -> None:
    fill_notices(5)
    fill_jobs(5)
    fill_placements(5)
    Job.objects.filter(identifier__in=("job-1", "job-2")).update(created_at=None, deadline=None)
    UpdateRun.objects.bulk_create(
        UpdateRun(trigger="test", state="ok", lease_until=timezone.now(), process="") for _ in range(5)
    )
    key = api_key("stats")
    whole = [entry["id"] for entry in client.get(path, {"sort": sort}, headers=key).json()["items"]]
    walked: list[object] = []
    cursor: dict[str, str | int] = {}
    while len(walked) <= len(whole):
        page = client.get(path, cursor | {"sort": sort, "limit": 2}, headers=key).json()
        assert page["count"] == len(whole)
        walked += [entry["id"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert (walked, len(whole)) == (whole, 5)


def test_these_lists_have_cursors() -> None:
    assert {path for path, _ in LISTS} == {"/api/notices", "/api/jobs", "/api/offers", "/api/stats/runs"}


@pytest.mark.usefixtures("page_memory")
def test_figures_are_worked_out_once_and_kept(
    client: Client,
    api_key: MakeKey,
    subscribe: Subscribe,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    key = api_key("stats", last_used_at=timezone.now())
    subscribe()
    assert client.get("/api/stats", headers=key).json()["users"]["subscribers"] == 1
    subscribe()
    with django_assert_num_queries(1):  # the key
        assert client.get("/api/stats", headers=key).json()["users"]["subscribers"] == 1


def test_the_documentation_is_served_from_here(client: Client) -> None:
    page = client.get("/api/docs").text
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "https://" not in page.replace("https://django-ninja", "")
    assert client.get("/api/openapi.json").json()["info"]["version"] == settings_version()


def settings_version() -> str:
    from django.conf import settings

    return str(settings.VERSION)
