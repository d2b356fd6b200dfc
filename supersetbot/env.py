"""Reading settings strictly: a bad value stops the start with one line that says which, what it got, what it wants.

Secrets are read with `secret`, or with `parsed` as hidden: errors never show the value, and it may lie in a file. Every
name stands in .env.example.
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
KOLKATA = ZoneInfo("Asia/Kolkata")
# Every secret that was read, for the logs to hide.
SECRETS: list[str] = []
# Every name that a setting is read by.
NAMES = {"ENV_FILE"}
_ALMOST = 0.85  # difflib's ratio: TELEGRAM_TOKEN is almost TELEGRAM_BOT_TOKEN, EMAIL_HOST is not IMAP_HOST
_FILE = "_FILE"  # behind the name of a secret: the name of the file that holds it
_ASSIGNMENT = re.compile(r"(?:export\s+)?(\w+)\s*=\s*(.*)")
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class SettingError(ImproperlyConfigured):
    """A setting that can't be used; the text is one line for the operator."""

    def __init__(self, name: str, got: str, wants: str) -> None:
        super().__init__(f"Setting {name}: got {got}, wants {wants}.")


def read_env_file(path: Path) -> None:
    """Load a .env file into the environment, which wins over it.

    Windows line ends, a BOM and room around the = are accepted. What can't be read is named without its text: it may
    be a secret, which django-environ would print.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else []
    except (OSError, UnicodeError) as error:
        raise SettingError("ENV_FILE", repr(str(path)), f"a readable file in UTF-8 ({type(error).__name__})") from None
    assignments = []
    for number, line in enumerate(lines, 1):
        if match := _ASSIGNMENT.fullmatch(line.strip()):
            assignments.append(f"{match[1]}={match[2]}")
        elif line.strip() and not line.lstrip().startswith("#"):
            raise SettingError("ENV_FILE", f"line {number} of {path}", "NAME=value on one line, or a # before it")
    environ.Env.read_env(io.StringIO("\n".join(assignments)))


def env_file(default: Path) -> Path:
    """Return where the .env file is. Raises SettingError where ENV_FILE names none; the default one may be missing."""
    path = Path(os.environ.get("ENV_FILE") or default)
    if not path.exists() and path != default:
        raise SettingError("ENV_FILE", repr(str(path)), "a file that is there")
    return path


def misspelt() -> dict[str, str]:
    """Return names of the environment that no setting is read by, each with the setting it is almost."""
    found = {name: _almost(name.upper()) for name in os.environ if name not in NAMES}
    return {name: near for name, near in found.items() if near}


def _almost(name: str) -> str:
    """Return the setting whose _FILE it would be, or that it is one slip from, or else much like; "" where none is."""
    if (ours := name.removesuffix(_FILE)) in NAMES:
        return ours
    near = get_close_matches(name, NAMES, n=1, cutoff=_ALMOST)
    return next((ours for ours in sorted(NAMES) if _is_one_slip(name, ours)), near[0] if near else "")


def _is_one_slip(name: str, ours: str) -> bool:
    """Whether one letter differs, lacks or is too many, or two have changed places: much, in a short name."""
    both = zip(name, ours, strict=False)
    start = next((at for at, (one, other) in enumerate(both) if one != other), min(len(name), len(ours)))
    wrong, right = name[start:], ours[start:]
    return right in (wrong[1:], wrong[1::-1] + wrong[2:]) or right[1:] in (wrong, wrong[1:])


def _value(name: str) -> str:
    NAMES.add(name)
    return os.environ.get(name, "")


def text(name: str, default: str = "", *, choices: Iterable[str] = ()) -> str:
    value = _value(name).strip() or default
    allowed = tuple(choices)
    if allowed and value not in allowed:
        raise SettingError(name, repr(value), "one of " + ", ".join(allowed))
    return value


def secret(name: str, *older_names: str) -> str:
    """A secret's text, "" where it is not set."""
    value = next(filter(None, map(secret_text, (name, *older_names))), "")
    SECRETS.extend(filter(None, [value]))
    return value


def secret_text(name: str) -> str:
    """What NAME holds, or else the file that NAME_FILE names; "" where neither is set. Raises SettingError."""
    value, path = _value(name).strip(), _value(name + _FILE).strip()
    if value and path:
        raise SettingError(name + _FILE, repr(path), f"no {name} beside it: only one of the two may be set")
    return _secret_file(name + _FILE, Path(path)) if path else value


def email(name: str) -> dict[str, Any]:
    """Django's EMAIL_… settings from an address such as smtp+tls://user:password@host:587; none is a dummy."""
    value = secret(name) or "dummymail://"
    try:
        return dict(environ.Env.email_url_config(value))
    except (KeyError, ValueError, ImproperlyConfigured):
        raise SettingError(name, "something hidden", "an address such as smtp+tls://user:password@host:587") from None


def _secret_file(name: str, path: Path) -> str:
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise SettingError(name, repr(str(path)), f"a readable file ({type(error).__name__})") from None
    if not found:
        raise SettingError(name, repr(str(path)), "a file that is not empty")
    return found


def flag(name: str, *, default: bool = False) -> bool:
    value = _value(name).strip()
    if not value:
        return default
    if value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise SettingError(name, repr(value), "true or false")


def integer(name: str, default: int, *, low: int, high: int) -> int:
    return int(number(name, default, low=low, high=high, kind=int))


def number(name: str, default: float, *, low: float, high: float, kind: Callable[[str], float] = float) -> float:
    value = _value(name).strip()
    wants = f"a {'whole ' if kind is int else ''}number from {low} to {high}"
    try:
        result = kind(value) if value else default
    except ValueError:
        raise SettingError(name, repr(value), wants) from None
    if not low <= result <= high:
        raise SettingError(name, repr(value), wants)
    return result


def parsed(
    name: str, default: str, wants: str, parse: Callable[[str], T], *, hidden: bool = False, strip: bool = True
) -> T:
    """Read with `parse`, which raises ValueError, TypeError or KeyError where the text is wrong.

    With `hidden` the value is a secret: an error says only that it was set, and it may lie in a file. With `strip`
    false, `parse` also sees the white space around the value.
    """
    value = secret_text(name) if hidden else _value(name)
    value = (value.strip() if strip else value) or default
    try:
        return parse(value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        why = "" if hidden else f" ({error})"
        raise SettingError(name, "a value that is kept secret" if hidden else repr(value), wants + why) from None


def address(value: str) -> str:
    """An http(s) address without its last slash, or "". Raises ValueError."""
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("no http:// or https://, or no host")
    return value.rstrip("/")


def url(name: str, default: str = "") -> str:
    """An http(s) address without its last slash; "" where it may be missing and is."""
    return parsed(name, default, "an address that starts with http:// or https://", address)


def listed(value: str) -> list[Any]:
    """A JSON list. Raises ValueError."""
    rows = json.loads(value)
    if not isinstance(rows, list):
        raise ValueError("not a list")
    return rows


def words(value: str) -> list[str]:
    """A JSON list of texts. Raises ValueError."""
    rows = listed(value)
    if not all(isinstance(row, str) for row in rows):
        raise ValueError("not all are texts")
    return rows


def writable_folder(name: str, path: Path) -> None:
    """Make the folder where it is missing; it must be one this process can write to."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(name, repr(str(path)), f"a folder that can be made ({error.strerror})") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError(name, repr(str(path)), "a folder this user can write to")
