"""Who is no member asks 100,000 times, in every way a stranger has, and no answer holds a student's name or number.

Repeat: python -m benchmarks.leaks [REQUESTS] [SEED]

Three in four are requests to the routes of the URL configuration, one in four is something done to the bot over a
socket: a command, a text, a pressed button, an edit, an inline query. tests/leaks.py makes them; a smaller run with a
planted leak is among the tests.
"""

import asyncio
import os
import random
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot import Talk

BATCH = 100  # updates that are sent before the bot is waited for
PATIENCE = 30  # times ten seconds


def prepare() -> None:
    """A SQLite database of its own, filled with a season."""
    folder = tempfile.mkdtemp(prefix="leaks-")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings", DATABASE_URL=f"sqlite:///{folder}/leaks.sqlite3", MEMBERSHIP="approve"
    )
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "approve", ["example.edu"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("migrate", verbosity=0)
    from notifications.telegram_bot import polling
    from tests import leaks

    polling.KINDS = leaks.KINDS  # type: ignore[assignment]  # more kinds than the bot asks for
    leaks.fill()


def ask_the_web(requests: int, chance: random.Random) -> int:
    """Returns how many answers told a name."""
    from django.test import Client
    from tqdm import tqdm

    from tests import leaks

    known, every = leaks.secrets(), list(leaks.routes())
    client = Client(raise_request_exception=False)
    told = 0
    for _ in tqdm(range(requests), "requests", disable=None):
        answer = leaks.web(chance, client, every, known.keys)
        if found := known.found_in(answer.text):
            told += 1
            print(f"{answer.asked}: {len(found)} names or numbers", file=sys.stderr)
    return told


async def settled(talk: "Talk") -> None:
    """Wait until all is answered. Raises TimeoutError after a few minutes, also on a machine that has other work."""
    for _ in range(PATIENCE):
        with suppress(TimeoutError):
            return await talk.idle()  # waits ten seconds
    raise TimeoutError("the bot does not answer")


async def ask_the_bot(updates: int, chance: random.Random) -> int:
    """Returns how many messages told a name."""
    from django.conf import settings

    from accounts.telegram.registry import in_database
    from tests import leaks
    from tests.bot import STUDENT, bot_at_work, cast

    known, told = await in_database(leaks.secrets), 0
    async with cast() as api, bot_at_work(api, settings) as talk:  # type: ignore[arg-type]  # it only sets two of them
        page = await talk.say("/start")
        for sent in range(updates):
            leaks.act(chance, api, page, STUDENT)
            if sent % BATCH == BATCH - 1:
                await settled(talk)
        await settled(talk)
        told += sum(bool(known.found_in(message.text)) for message in api.messages(STUDENT))
        return told + bool(known.found_in(str(api.callback_answers)))


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    prepare()
    chance = random.Random(seed)
    by_web = ask_the_web(requests * 3 // 4, chance)
    by_bot = asyncio.run(ask_the_bot(requests // 4, chance))
    print(f"{requests} requests and updates of who is no member (seed {seed}): {by_web + by_bot} answers with a name")
    sys.exit(1 if by_web + by_bot else 0)


if __name__ == "__main__":
    main()
