"""Logging: one format, third parties quiet, and no secret in any line (spec: system, Logging)."""

import fcntl
import json
import logging
import os
import re
from argparse import ArgumentError, ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

HIDDEN = "[hidden]"
# Shapes of secrets that are not known beforehand: bot tokens, also inside a URL, the portal's session keys, API keys,
# addresses of calendars; and of what names people: the values that PostgreSQL quotes below an error, the chat that
# Telegram moved.
_SHAPES = re.compile(
    r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{30,}|(?<=Custom )[^\s'\"]+|(?<=Bearer )[^\s'\"]+|\bssb_[0-9a-f]{8}_[\w-]{20,}"
    r"|(?<=/calendar/)[^\s'\"/?]+|(?<=%2Fcalendar%2F)[^\s'\"&%]+|(?<=DETAIL:)[^\n]+|(?<=chat id: )-?\d+"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_TIME = "%Y-%m-%d %H:%M:%S%z"
_QUIET = ("httpx", "httpcore", "telegram", "urllib3", "aiohttp", "asyncio", "apscheduler", "imapclient", "pymongo")
_SHORTEST_SECRET = 6
_PRINT_THEIR_FIGURES = {"cycle", "update", "send", "official", "reprocess", "webhook"}


class Redactor:
    """Takes secrets out of a text, whatever they came in: message, arguments or traceback."""

    def __init__(self, secrets: Iterable[str]) -> None:
        long_enough = (s for s in secrets if len(s) >= _SHORTEST_SECRET)
        known = sorted({form for secret in long_enough for form in _forms(secret)}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _SHAPES.sub(HIDDEN, text)


def _forms(secret: str) -> Iterator[str]:
    """A secret as it stands in a text, a URL, a repr and JSON."""
    yield from (secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1])


class TextFormatter(logging.Formatter):
    """`2026-11-22 09:00:01+0530 INFO scraping.cycle.cycle run:42 message`, secrets hidden."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(funcName)s:%(lineno)d %(message)s", _TIME)
        self._redact = Redactor(secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """The line of a record. What ends lines or steers terminals is written out: a text from outside forges none."""
        return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, secrets hidden."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(datefmt=_TIME)
        self._redact = Redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "at": f"{record.funcName}:{record.lineno}",
            "message": self._redact(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


# What Django refuses with 400, whoever asks
_CALLERS_FAULTS = (
    *("DisallowedHost", "TooManyFieldsSent", "TooManyFilesSent", "RequestDataTooBig", "SuspiciousFileOperation"),
    *("SuspiciousMultipartForm", "SuspiciousOperation", "SuspiciousSession", "BadRequest"),
)


class OneLine(logging.Filter):
    """No traceback, where the message says it all: whoever scans a server asks it by many names."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


class SharedFileHandler(RotatingFileHandler):
    """Rotates a file that several processes write: those of a cluster, or of a web server.

    Whoever writes holds a lock, and looks first whether another process has put the file aside. `streams` are
    descriptors that lead there too (standard output and error of a daemon): they follow.
    """

    def __init__(self, filename: str, *, max_bytes: int, backups: int, streams: Iterable[int] = ()) -> None:
        self._streams = tuple(streams)
        super().__init__(filename, maxBytes=max_bytes, backupCount=backups, encoding="utf-8")
        self._lock_file = Path(f"{filename}.lock").open("a")  # noqa: SIM115 (until close)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX)
            self._follow()
            super().emit(record)
        except OSError:
            self.handleError(record)
        finally:
            fcntl.lockf(self._lock_file, fcntl.LOCK_UN)

    def _follow(self) -> None:
        """Open the file that bears the name now."""
        if self.stream and names(Path(self.baseFilename), self.stream.fileno()):
            return
        stream, self.stream = self.stream, None  # None: opened when it is needed
        if stream:
            stream.close()
        self.stream = self._open()

    def _open(self) -> Any:
        stream = super()._open()
        for descriptor in self._streams:
            os.dup2(stream.fileno(), descriptor)
        return stream

    def close(self) -> None:
        self._lock_file.close()
        super().close()


def names(path: Path, descriptor: int) -> bool:
    """Whether an open file is the one that bears this name now."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


class RedactedStream:
    """A text stream that hides secrets in what is written to it: for what bypasses the loggers."""

    def __init__(self, stream: IO[str], secrets: Iterable[str]) -> None:
        self._stream = stream
        self._redact = Redactor(secrets)

    def write(self, text: str) -> int:
        return self._stream.write(self._redact(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def logging_config(
    *, level: str, style: str, secrets: Iterable[str], handler: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Django's LOGGING: everything in one format, to standard error or what `handler` describes."""
    formatter = JsonFormatter if style == "json" else TextFormatter
    framework = "INFO" if level == "DEBUG" else level  # it tells each query with its values otherwise
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"one_line": {"()": OneLine}},
        "formatters": {"line": {"()": formatter, "secrets": list(secrets)}},
        "handlers": {"main": {"formatter": "line", **(handler or {"class": "logging.StreamHandler"})}},
        "root": {"handlers": ["main"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": framework, "propagate": True},
            "django.server": {"handlers": [], "level": framework, "propagate": True},
            **{f"django.security.{name}": {"filters": ["one_line"]} for name in _CALLERS_FAULTS},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
            **{name: {"level": "WARNING"} for name in _QUIET},
            "psycopg.pool": {"level": "ERROR"},  # each attempt to connect; whoever waits for one is told
        },
    }


def file_handler(path: Path, *, max_bytes: int, backups: int) -> dict[str, Any]:
    """The handler of a daemon, whose standard output and error lead to the same file."""
    return {
        "class": "supersetbot.operations.logs.SharedFileHandler",
        "filename": str(path),
        "max_bytes": max_bytes,
        "backups": backups,
        "streams": [1, 2],
    }


def level_for(arguments: Sequence[str], level: str, *, terminal: bool = False) -> str:
    """The log level a command line asks for: `-v 0` warnings, `-v 2` information, `-v 3` everything.

    On a terminal what prints its own figures does not log them as well, unless it is asked to.
    """
    if terminal and level == "INFO" and {*arguments[1:2]} & _PRINT_THEIR_FIGURES:
        level = "WARNING"
    parser = ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("-v", "--verbosity", type=int, default=1)
    with suppress(ArgumentError):
        verbosity = parser.parse_known_args(arguments)[0].verbosity
        return {0: "WARNING", 2: "INFO", 3: "DEBUG"}.get(verbosity, level)
    return level


def last_lines(path: Path, count: int, *, longest: int = 256 * 1024) -> list[str]:
    """The last lines of a file, of its last `longest` bytes. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - longest))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return (lines if size <= longest else lines[1:])[-count:] if count > 0 else []
