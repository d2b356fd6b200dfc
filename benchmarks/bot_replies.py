"""300 people who wrote /start while the bot was down, alone and beside a broadcast: `python -m benchmarks.bot_replies`.

The bot and the broadcast's sender are processes of their own; the Bot API enforces the rate over any second.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from benchmarks.stage import ROOT, database, environment, table
from supersetbot.sandbox.telegram.bot_api import BotApi

ASKING, FIRST_ID = 300, 5_000_000
REPEATS = 1000  # so often the first of them wrote /status
RECIPIENTS = 600
CAP = 30
LATENCY = 0.1  # seconds
LONGEST_SECONDS = 120


def main() -> int:
    """1 where somebody got no answer or one too many, or Telegram refused a message."""
    rows, fine = [], True
    for kind in ("sqlite", "postgresql"):
        for recipients in (0, RECIPIENTS):
            row = _run(kind, recipients)
            answers, busiest, floods = row[-3:]
            fine = fine and (answers, floods) == (ASKING + 1, 0) and busiest <= CAP
            rows.append((kind, recipients, *row))
    table(
        f"{ASKING} /start and {REPEATS:,} /status of one, at most {CAP} messages in any second",
        ("database", "broadcast to", "answered in s", "all sent in s", "answers", "busiest second", "429s"),
        rows,
    )
    return 0 if fine else 1


def _run(kind: str, recipients: int) -> tuple[float, float, int, int, int]:
    """Seconds from the bot's first poll to the last answer and to the last message; what was counted."""
    people = range(FIRST_ID, FIRST_ID + ASKING)
    with database(kind) as (url, folder), BotApi(any_chat=True, per_second=CAP, latency=LATENCY).in_thread() as api:
        for person in people:
            api.user_says(person, "/start")
        for _ in range(REPEATS):
            api.user_says(FIRST_ID, "/status")
        env = environment(
            url, folder, TELEGRAM_RATE=CAP, TELEGRAM_API_URL=api.url, TELEGRAM_BOT_TOKEN=api.token, LOG_LEVEL="WARNING"
        )
        with _process(env, "-m", "benchmarks.stage.sender", str(recipients)), _process(env, "manage.py", "runbot"):
            api.wait_until(lambda: bool(api.calls["getUpdates"]) and len(api.sent_times()) >= min(recipients, 30), 60)
            started = monotonic()
            api.wait_until(lambda: sum(api.sent_by_chat[person] for person in people) > ASKING, LONGEST_SECONDS)
            answered = monotonic()
            api.wait_until(lambda: len(api.sent_times()) >= ASKING + 1 + recipients, LONGEST_SECONDS)
        answers = sum(api.sent_by_chat[person] for person in people)
        return (
            answered - started,
            max(api.sent_times()) - started,
            answers,
            api.busiest_second(),
            api.refusals[429],
        )


@contextmanager
def _process(env: dict[str, str], *arguments: str) -> Iterator[None]:
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
