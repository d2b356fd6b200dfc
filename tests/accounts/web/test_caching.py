"""Answers that are kept: rendered once a version, for one address, and never where something went wrong."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.web.caching import LARGEST, cached_by_version

pytestmark = pytest.mark.usefixtures("page_memory")


class View:
    """Counts how often it is asked."""

    def __init__(self, status: int = 200, size: int = 3) -> None:
        self.asked, self.status, self.size = 0, status, size
        self.version = 1

    def __call__(self, path: str = "/", **extra: str) -> HttpResponse:
        @cached_by_version(lambda: self.version)
        def view(request: HttpRequest) -> HttpResponse:
            self.asked += 1
            return HttpResponse(b"x" * self.size, content_type="text/plain", status=self.status)

        return view(RequestFactory().get(path, **extra))  # type: ignore[arg-type]  # WSGI variables


def test_an_answer_is_rendered_once() -> None:
    view = View()
    first, second = view(), view()
    assert view.asked == 1
    assert second.content == first.content
    assert second.headers == first.headers
    assert second.headers["Cache-Control"] == "public, max-age=60"


def test_a_new_version_an_address_and_a_host_are_rendered_anew() -> None:
    view = View()
    view("/?page=1")
    view("/?page=2")
    view("/?page=1", HTTP_HOST="elsewhere.example")
    view.version = 2
    view("/?page=1")
    assert view.asked == 4


@pytest.mark.parametrize("view", [View(status=404), View(status=304), View(size=LARGEST + 1)])
def test_faults_and_giants_are_not_kept(view: View) -> None:
    before = view.asked
    view()
    view()
    assert view.asked == before + 2


def test_a_fault_is_not_for_others_to_keep() -> None:
    assert "Cache-Control" not in View(status=404)().headers
