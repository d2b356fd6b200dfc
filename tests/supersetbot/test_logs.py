"""No secret reaches a log line: not in a message, an argument, a URL or a traceback."""

import json
import logging

import pytest

from supersetbot.logs import HIDDEN, JsonFormatter, TextFormatter

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("tests", logging.INFO, __file__, 1, message, args, trace, "here")


@pytest.fixture(params=[TextFormatter, JsonFormatter])
def formatter(request: pytest.FixtureRequest) -> logging.Formatter:
    made: logging.Formatter = request.param(["hunter2-password", "short"])
    return made


@pytest.mark.parametrize(
    "line",
    [
        "login with hunter2-password failed",
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        "Authorization: Custom aGVsbG8.session-key",
        "Authorization: Bearer abc.def-ghi",
    ],
)
def test_secrets_are_hidden_wherever_they_stand(formatter: logging.Formatter, line: str) -> None:
    for text in (formatter.format(record(line)), formatter.format(record("%s", line))):
        assert HIDDEN in text
        for secret in ("hunter2-password", TOKEN, "aGVsbG8.session-key", "abc.def-ghi"):
            assert secret not in text


def test_tracebacks_hide_them_too(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError as error:
        text = formatter.format(record("failed", error=error))
    assert "ValueError" in text
    assert TOKEN not in text


def test_json_is_one_object_a_line() -> None:
    line = JsonFormatter([]).format(record("two\nlines"))
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines"
