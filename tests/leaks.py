"""Asks the service as a stranger, in any way that a stranger has, and looks for names of students in the answers."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter
from telegram import Update

from accounts.models import AccountSession, Filter, RequestCount, Subscriber
from accounts.personal import profiles
from accounts.personal.facts import FACTS
from accounts.signin import links, tokens, visits
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Chat
from accounts.telegram import registry
from notifications.models import Notice
from scraping.lookup.companies import Known
from scraping.models import Offer
from supersetbot.account.page import SECTIONS
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import Message
from tests import season

_WORDS = ("", "Zenith", "Labs", "shortlist", "a", "<b>", "'", "%", "*", "\x00", "ä", "\U0001f600", "Aarav", "22103001")
_QUERIES = ("q", "page", "season", "category", "year", "id", "format", "limit", "offset", "since", "names", "students")
_HEADERS = ("Accept", "X-API-Key", "Authorization", "If-None-Match", "User-Agent", "X-Forwarded-For")
_VALUES = ("application/json", "text/html", "*/*", "Bearer x", "Bearer ssb_x", '"x"', "127.0.0.1")
# Each kind a client could send, and some that the bot does not ask for.
KINDS = (
    *(Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER),
    *(Update.EDITED_MESSAGE, Update.INLINE_QUERY, Update.CHOSEN_INLINE_RESULT),
)
_ABOUT = ("", "1", "202627", "on", "x@example.edu", "123456", "Zenith", "yes")
# What a stranger may answer to a question, and number 55104444 is on no list.
_ANSWERS = ("55104444", "B.Tech", "CSE", "2027", "7.8", "7,8", "91", "88.4 %", "0", "none", "female", "yes", "names")
_TEXTS = (*_ANSWERS, "shortlist", "who is on the list?", "Zenith Labs", "%", "\u202e\U0001f600", "{name}", "x" * 4000)
_SHARES = {"command": 4, "text": 3, "press": 4, "edit": 1, "inline": 1}
# Members whose profiles nobody else may see: Telegram id, name, enrolment number.
MEMBERS = ((880_001, "Quirinus Zuckermandl", "55200001"), (880_002, "Philippa Ostertag", "55200002"))


@dataclass(frozen=True, slots=True)
class Secrets:
    """The names and numbers that no answer may hold, and the keys of rows that there are to ask for."""

    pattern: re.Pattern[str]
    keys: tuple[int, ...]

    def found_in(self, text: str) -> list[str]:
        return sorted(set(self.pattern.findall(text)))


def fill() -> None:
    """A season, and members with profiles."""
    season.fill()
    for telegram_id, name, number in MEMBERS:
        subscriptions.start(Chat(telegram_id, name=name))
        profiles.agree(telegram_id)
        profiles.tell(telegram_id, "number", number)
    Subscriber.objects.filter(telegram_id__in=[member[0] for member in MEMBERS]).update(membership="member")


def secrets() -> Secrets:
    """Every name and number that the stored lists, offers and profiles hold."""
    known: set[str] = {*season.NAMES, *(text for _, *texts in MEMBERS for text in texts)}
    for roster in Notice.objects.exclude(roster=[]).values_list("roster", flat=True):
        known |= {student[part] for student in roster for part in ("name", "enrollment")}
    for offer in Offer.objects.prefetch_related("students"):
        known |= {text for student in offer.students.all() for text in (student.name, student.enrollment)}
    known -= {fact.example for fact in FACTS.values()}  # the bot says these to everybody
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


STRANGER = 880_099


def page_of_a_stranger() -> tuple[AccountSession, Client]:
    """Somebody who is no member, with their page open and a key to their own data; nothing was counted yet."""
    RequestCount.objects.all().delete()
    subscriptions.start(Chat(STRANGER, name="Xaver Unbekannt"))
    person = Subscriber.objects.get(telegram_id=STRANGER)
    profiles.agree(STRANGER)
    profiles.tell(STRANGER, "number", "55104444")
    person.account_tokens.all().delete()
    own_key = tokens.make(person, "script", tokens.OwnScope.values, timedelta(days=1))
    client = Client(headers={"Authorization": f"Bearer {own_key}", "Sec-Fetch-Site": "same-origin"})
    client.post("/me/in", {"secret": links.make(STRANGER)})
    return AccountSession.objects.latest("pk"), client


def form(chance: random.Random, client: Client, visit: AccountSession) -> Answer:
    """One form of the account page, with anything in it."""
    name = chance.choice([name for name in SECTIONS if name != "data"])
    fields = ("action", "kind", "value", "remove", "end", "sure", "language", "seasons", "fact-number", "fact-cgpa")
    values = {field: chance.choice((*_ANSWERS, "", "<b>", "\x00", "save", "preview", "agree")) for field in fields}
    answer = client.post(f"/me/change/{name}", {**values, "key": visits.form_key(visit)}, follow=True)
    return Answer(f"form {name} {values}", f"{dict(answer.headers)} {answer.content.decode(errors='replace')}")


def _argument(chance: random.Random, converter: object, keys: tuple[int, ...]) -> str:
    if isinstance(converter, IntConverter):
        return str(chance.choice([*keys, 0]))
    return chance.choice(("1", "job-0", "job-3", "202627", "2027", "notice", "x", "99999999-"))


def _word(chance: random.Random) -> str:
    words = [word for word in _WORDS if not word.startswith(("Aarav", "2210"))]
    return quote(chance.choice([*words, str(chance.randint(0, 40)), "202627", "shortlisting"]))


def act(chance: random.Random, api: BotApi, page: Message, stranger: int) -> None:
    """One thing that a stranger does to the bot: `page` is a message of it, whose buttons are forged."""
    match chance.choices(list(_SHARES), list(_SHARES.values()))[0]:
        case "command":
            api.user_says(stranger, commands(chance))
        case "text":
            api.user_says(stranger, chance.choice(_TEXTS))
        case "press":
            page.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": presses(chance)}]]}
            api.press(stranger, page.message_id, "x", chat_id=stranger)
        case "edit":
            api.add_update("edited_message", edited(chance, api, stranger))
        case "inline":
            api.add_update(*inline(chance, api, stranger))


def commands(chance: random.Random) -> str:
    """A text for the bot: any command, with any words."""
    name = chance.choice([*registry.COMMANDS, "start", "agree", "me", "nothing"])
    fact = f"{chance.choice(list(FACTS))} {chance.choice(_ANSWERS)}"
    words = chance.choice(("", "delete", fact, fact)) if name == "me" else chance.choice(_ABOUT)
    return f"/{name} {words}".strip()


def presses(chance: random.Random) -> str:
    """Callback data for the bot: what fits a registered button's pattern, or does not."""
    data = chance.choice(registry.BUTTONS).pattern.pattern
    data = re.sub(r"\(\?:(.*)\)\?$", lambda match: chance.choice(("", match[1])), data)
    data = re.sub(r"\(20\\d\{4\}\)", "202627", data)
    data = data.replace(r"\d{4}", chance.choice(("0700", "2300")))
    data = re.sub(r"\(([\w-]+(?:\|[\w-]+)*)\)", lambda match: chance.choice(match[1].split("|")), data)
    data = data.replace("(.+)", chance.choice(_ANSWERS)).replace("(.*)", chance.choice(_ANSWERS))
    data = data.replace("([a-z-]+)", chance.choice(Filter.Kind.values))
    data = data.replace("([0-9a-f]{12})", Known(chance.choice(season.COMPANIES), ()).token)
    data = data.replace("([0-9a-f]{16})", "0123456789abcdef")
    return re.sub(
        r"\(?\\[dw](?:\{[\d,]+\}|\+)?\)?",
        lambda _: chance.choice((str(chance.randint(1, 80)), "1", "webinar", "shortlisting")),
        data,
    )[:64]


def edited(chance: random.Random, api: BotApi, stranger: int) -> dict[str, object]:
    """A message of a stranger's own, which now says something else."""
    chat = api.chats[stranger]
    mine = [message for message in chat.messages.values() if not message.sender.is_bot]
    text = chance.choice((commands(chance), chance.choice(_TEXTS)))
    return {**api.message_json(chat, chance.choice(mine)), "edit_date": mine[-1].date + 1, "text": text}


def inline(chance: random.Random, api: BotApi, stranger: int) -> tuple[str, dict[str, object]]:
    """What a stranger types behind the bot's name in another chat, or what they chose of its answer."""
    user = api.chats[stranger].user
    assert user
    asked = {"from": user.json(), "query": chance.choice((*_WORDS, *season.NAMES)), "offset": ""}
    if chance.random() < 0.2:
        return "chosen_inline_result", {**asked, "result_id": "1"}
    return "inline_query", {**asked, "id": str(chance.randrange(10**9))}
