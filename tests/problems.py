"""Errors of the API: each is problem details (RFC 9457)."""

from typing import Any

from accounts.web.problems import PROBLEM_TYPE


def problem_of(response: Any) -> tuple[int, str]:
    """The status and the sentence of an error, whose form is looked at."""
    found = response.json()
    assert response.headers["Content-Type"] == PROBLEM_TYPE
    assert list(found)[:4] == ["type", "title", "status", "detail"]
    assert found["status"] == response.status_code
    assert found["detail"].endswith(".") or found["errors"]
    return response.status_code, found["detail"]


def misfits_of(response: Any) -> list[str]:
    """The names of the values that do not fit, each with where it stands."""
    assert problem_of(response)[0] == 422
    return [f"{error['where']} {error['name']}" for error in response.json()["errors"]]
