"""Asks the service as a stranger, in any way that a stranger has, and looks for names of students in the answers."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from accounts.telegram import registry
from notifications.models import Notice
from scraping.models import Offer
from tests import season

_WORDS = ("", "Zenith", "Labs", "shortlist", "a", "<b>", "'", "%", "*", "\x00", "ä", "\U0001f600", "Aarav", "22103001")
_QUERIES = ("q", "page", "season", "category", "year", "id", "format", "limit", "offset", "since", "names", "students")
_HEADERS = ("Accept", "X-API-Key", "Authorization", "If-None-Match", "User-Agent", "X-Forwarded-For")
_VALUES = ("application/json", "text/html", "*/*", "Bearer x", "Bearer ssb_x", '"x"', "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The names and numbers that no answer may hold, and the keys of rows that there are to ask for."""

    pattern: re.Pattern[str]
    keys: tuple[int, ...]

    def found_in(self, text: str) -> list[str]:
        return sorted(set(self.pattern.findall(text)))


def secrets() -> Secrets:
    """Every name and number that the stored lists and offers hold."""
    known: set[str] = {*season.NAMES}
    for roster in Notice.objects.exclude(roster=[]).values_list("roster", flat=True):
        known |= {student[part] for student in roster for part in ("name", "enrollment")}
    for offer in Offer.objects.prefetch_related("students"):
        known |= {text for student in offer.students.all() for text in (student.name, student.enrollment)}
    spelled = sorted((re.escape(text) for text in known if len(text) > 3), key=len, reverse=True)
    keys = {*Notice.objects.values_list("pk", flat=True), *Offer.objects.values_list("pk", flat=True)}
    return Secrets(re.compile(r"(?<!\w)(?:" + "|".join(spelled) + r")(?!\w)"), tuple(sorted(keys)))


Route = tuple[str, dict[str, object]]


def routes(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[Route]:
    """Every route of the URL configuration, with its converters by name."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        else:
            yield route, entry.pattern.converters


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stranger asked, and all that came back: the status, headers and the body."""

    asked: str
    text: str


def web(chance: random.Random, client: Client, all_routes: list[Route], keys: tuple[int, ...]) -> Answer:
    """One request to any route, with what a stranger may add."""
    route, converters = chance.choice(all_routes)
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: _argument(chance, converters.get(match[1]), keys), route)
    path = re.sub(r"[\^$\\]|\(\?P<.*?\)", "", path)
    query = "&".join(f"{chance.choice(_QUERIES)}={_word(chance)}" for _ in range(chance.randint(0, 3)))
    method = chance.choice(("GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
    headers = {name: chance.choice(_VALUES) for name in chance.sample(_HEADERS, chance.randint(0, 2))}
    body = b"{}" if method != "GET" else b""
    answer = client.generic(method, f"{path}?{query}", body, content_type="application/json", headers=headers)
    # attr-defined: it streams
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    # What was asked for comes back in links and in errors; only what was not asked for is told.
    text = f"{dict(answer.headers)} {content.decode(errors='replace')}"
    return Answer(f"{method} {path}?{query}", text)


def _argument(chance: random.Random, converter: object, keys: tuple[int, ...]) -> str:
    if isinstance(converter, IntConverter):
        return str(chance.choice([*keys, 0]))
    return chance.choice(("1", "job-0", "job-3", "202627", "2027", "notice", "x", "99999999-"))


def _word(chance: random.Random) -> str:
    words = [word for word in _WORDS if not word.startswith(("Aarav", "2210"))]
    return quote(chance.choice([*words, str(chance.randint(0, 40)), "202627", "shortlisting"]))


def commands(chance: random.Random) -> str:
    """A text for the bot: any command, with any words."""
    name = chance.choice([*registry.COMMANDS, "nothing"])
    return f"/{name} {chance.choice(('', '1', '202627', 'on', 'x@example.edu', '123456', 'Zenith', 'yes'))}".strip()


def presses(chance: random.Random) -> str:
    """Callback data for the bot: what fits a registered button's pattern, or does not."""
    pattern = chance.choice(registry.BUTTONS).pattern.pattern
    data = re.sub(r"\((\w+(?:\|\w+)*)\)", lambda match: chance.choice(match[1].split("|")), pattern)
    data = re.sub(r"\(20\\d\{4\}\)", "202627", data)
    return re.sub(
        r"\(?\\[dw](?:\{[\d,]+\}|\+)?\)?", lambda _: chance.choice(("1", "2", "webinar", "shortlisting")), data
    )[:64]
