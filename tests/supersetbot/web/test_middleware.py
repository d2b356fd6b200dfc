"""What every request passes: limits, security headers, CORS, and errors in the form their reader can use."""

import logging
import re
from io import BytesIO
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from supersetbot.web.errors import NOT_HERE
from supersetbot.web.middleware import BODY_LIMIT, POLICY
from supersetbot.wsgi import measured
from tests.problems import problem_of

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("path", ["/health", "/api/nothing", "/admin/login/"])
@pytest.mark.django_db
def test_every_answer_carries_the_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "unsafe" not in POLICY


def test_a_body_over_the_limit_is_413(client: Client) -> None:
    response = client.post("/health", b"x" * (BODY_LIMIT + 1), content_type="application/json")
    assert problem_of(response)[0] == 413
    assert client.post("/health", b"x" * BODY_LIMIT, content_type="application/json").status_code == 405


def test_a_body_in_chunks_is_read_as_far_as_it_may_go() -> None:
    seen: list[tuple[str, bytes]] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.append((environ["CONTENT_LENGTH"], environ["wsgi.input"].read()))
        return []

    for body in (b"", b"{}", b"x" * 2_000_000):
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": BytesIO(body)}
        measured(application)(chunked, lambda *answer: print)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert seen == [("0", b""), ("2", b"{}"), (str(limit + 1), b"x" * (limit + 1))]


@pytest.mark.django_db
def test_a_body_that_breaks_off_is_the_callers_fault(client: Client) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    body = {"wsgi.input": Broken(), "CONTENT_LENGTH": "50"}
    # arg-type: the test varies the arguments
    response = client.post("/api/push/subscribe", content_type="application/json", **body)  # type: ignore[arg-type]
    assert problem_of(response) == (400, "The body did not come whole.")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/notices", "/", "/health", "/api/stats", "/static/site/icon.svg"])
def test_head_is_answered_like_get_without_the_body(client: Client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.getvalue()) == (got.status_code, b"")
    assert head.headers["Content-Length"] == str(len(got.getvalue()))
    assert head.headers.get("ETag") == got.headers.get("ETag")


@pytest.mark.django_db
def test_a_post_to_a_page_is_refused_in_the_form_its_reader_can_use() -> None:
    careful = Client(enforce_csrf_checks=True)
    assert problem_of(careful.post("/subscribe")) == (403, "That is not allowed.")
    assert "CSRF" in careful.post("/admin/login/", headers=BROWSER).text


@pytest.mark.django_db
def test_a_form_of_the_admin_may_be_longer(client: Client) -> None:
    form = {"username": "x" * 100_000, "password": "y"}
    assert client.post("/admin/login/", form).status_code == 200
    assert client.post("/admin/login/", {"username": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize("path", ["/api/notices?q=%00", "/api/jobs/a%00b", "/%00"])
def test_a_nul_in_the_address_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_length_that_is_no_number_is_none(client: Client) -> None:
    assert client.get("/health", CONTENT_LENGTH="many").status_code == 200


@pytest.mark.parametrize("path", ["/api/nothing", "/api/../etc/passwd", "/webhook/nothing"])
def test_an_api_path_that_is_not_there_is_json(client: Client, path: str) -> None:
    response = client.get(path, headers=BROWSER)
    assert problem_of(response) == (404, NOT_HERE)


def test_an_error_is_json_to_a_program_when_debugging_too(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    response = client.get("/api/nothing", headers=BROWSER)
    assert problem_of(response) == (404, NOT_HERE)


def test_a_refused_method_is_told_to_a_page_on_the_list(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://campus.example"]
    response = client.delete("/api/notices", headers={"Origin": "https://campus.example"})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (405, "https://campus.example")


def test_a_page_that_is_not_there_is_a_page_to_a_browser_and_json_to_a_program(client: Client) -> None:
    page = client.get("/nothing", headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert problem_of(client.get("/nothing")) == (404, NOT_HERE)


def test_a_method_that_is_not_there_says_which_are(client: Client) -> None:
    response = client.delete("/api/notices")
    assert problem_of(response) == (405, "There is no DELETE here.")
    assert response.headers["Allow"] == "GET"


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_is_for_reading(path: str) -> None:
    response = Client(enforce_csrf_checks=True).post(path)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert problem_of(response) == (405, "There is no POST here.")


def test_a_defect_is_json_without_its_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret details")

    monkeypatch.setattr("notifications.api.visible_notices", break_down)
    client.raise_request_exception = False
    response = client.get("/api/notices")
    assert problem_of(response)[0] == 500
    assert "secret" not in response.text


@pytest.mark.django_db
def test_only_sites_on_the_list_may_call_from_a_page(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://placements.example.edu"]
    for origin, allowed in (("https://placements.example.edu", True), ("https://evil.example", False), ("null", False)):
        headers = client.get("/api/notices", headers={"Origin": origin}).headers
        assert (headers.get("Access-Control-Allow-Origin") == origin) is allowed
        assert "Access-Control-Allow-Credentials" not in headers
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/", headers={"Origin": origin}).headers


def test_a_preflight_allows_the_key_header(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://placements.example.edu"]
    asks = {"Origin": "https://placements.example.edu", "Access-Control-Request-Method": "POST"}
    assert "x-api-key" in client.options("/api/notify", headers=asks).headers["Access-Control-Allow-Headers"]


@pytest.fixture
def https(settings: Settings) -> None:
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"


@pytest.mark.usefixtures("https", "db")
def test_a_page_asked_for_in_the_clear_is_sent_to_https(client: Client) -> None:
    response = client.get("/notices/?q=lab", headers=BROWSER | {"Host": "bot.example.edu"})
    assert (response.status_code, response.headers["Location"]) == (301, "https://bot.example.edu/notices/?q=lab")
    behind_a_proxy = BROWSER | {"Host": "bot.example.edu", "X-Forwarded-Proto": "https"}
    response = client.get("/admin/login/", headers=behind_a_proxy)
    assert (response.status_code, response.cookies["__Host-csrftoken"]["secure"]) == (200, True)


@pytest.mark.usefixtures("https", "db")
def test_a_program_is_answered_in_the_clear(client: Client) -> None:
    assert client.get("/api/notices", headers={"Host": "bot.example.edu"}).status_code == 200
    assert client.get("/", headers={"Host": "bot.example.edu"}).json()["status"] == "ok"


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_who_asks_this_machine_itself_needs_no_https(client: Client, host: str) -> None:
    response = client.get("/admin/login/", headers=BROWSER | {"Host": host})
    assert response.status_code == 200
    assert not response.cookies["csrftoken"]["secure"]
    assert response.cookies["csrftoken"].OutputString().startswith("csrftoken=")


@pytest.mark.usefixtures("https", "db")
def test_one_logs_in_on_this_machine_without_https() -> None:
    User.objects.create_superuser("asha", password="right")
    careful = Client(enforce_csrf_checks=True, headers=BROWSER | {"Host": "127.0.0.1:8000"})
    page = careful.get("/admin/login/").text
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    form = {"username": "asha", "password": "right", "csrfmiddlewaretoken": found[1]}
    answer = careful.post("/admin/login/?next=/admin/", form)
    assert answer.status_code == 302
    assert {name: bool(cookie["secure"]) for name, cookie in answer.cookies.items()}["sessionid"] is False
    assert careful.get("/admin/").status_code == 200


@pytest.mark.usefixtures("https", "db")
def test_every_cookie_is_for_this_host_over_https_and_for_no_script(settings: Settings) -> None:
    User.objects.create_superuser("asha", password="right")
    client = Client(headers=BROWSER | {"Host": "bot.example.edu", "X-Forwarded-Proto": "https"})
    client.get("/admin/login/")
    client.post("/admin/login/?next=/admin/", {"username": "asha", "password": "right"})
    for cookie in client.cookies.values():
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", "")
        assert cookie["samesite"] in ("Lax", "Strict")
        assert cookie["httponly"] or cookie.key == settings.CSRF_COOKIE_NAME
        assert len(cookie.OutputString()) < 4096


def test_https_is_insisted_on_for_a_year_and_for_subdomains(client: Client, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    for path in ("/health", "/api/nothing", "/nothing"):
        answer = client.get(path, headers={"X-Forwarded-Proto": "https"})
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/privacy", "/health", "/api/notices", "/subscribe"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_methods_that_nothing_uses_are_refused(client: Client, path: str, method: str) -> None:
    assert client.generic(method, path, headers=BROWSER).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/health/", 200), ("/api/notices/", 200), ("/api/stats//", 401)])
def test_a_slash_at_the_end_of_an_api_path_does_no_harm(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status
    assert client.post("/api/notify/").status_code == 401


def test_a_name_the_server_does_not_go_by_is_one_line_in_the_log(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", records.append)
    monkeypatch.setattr(logging.getLogger("django.security.DisallowedHost"), "handlers", [handler])
    response = client.get("/api/notices", headers={"Host": "elsewhere.example"})
    assert problem_of(response)[0] == 400
    assert [(record.exc_info, "elsewhere.example" in record.getMessage()) for record in records] == [(None, True)]


@pytest.mark.django_db
def test_a_form_of_too_many_fields_is_one_line_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", records.append)
    monkeypatch.setattr(logging.getLogger("django"), "handlers", [handler])
    response = Client().post("/admin/login/", {f"field{number}": "x" for number in range(3000)}, headers=BROWSER)
    assert response.status_code == 400
    assert [(record.exc_info, "DATA_UPLOAD_MAX_NUMBER_FIELDS" in record.getMessage()) for record in records] == [
        (None, True)
    ]
