"""How fast without Telegram's limit, beside python-telegram-bot's own transport: `python -m benchmarks.delivery_speed`.

Every message is settled in the ledger. The Bot API runs on the same cores.
"""

import sys

from benchmarks.stage import bot_api, database, environment, run, table

RECIPIENTS = 20_000
STOCK_RECIPIENTS = 2_000
RATE = 1000
LATENCY = 0.05  # seconds
LEAST = 500


def measure(kind: str, count: int, concurrency: int, *, stock: bool = False) -> list[object]:
    with database(kind) as (url, folder), bot_api("--latency", LATENCY) as api:
        env = environment(url, folder, TELEGRAM_RATE=RATE, TELEGRAM_CONCURRENCY=concurrency, **api.settings)
        done = run("sender", env, count, *(["--stock"] if stock else []))
        seen = api.order("figures")
    assert done["settled"] == seen["chats"] == count, "everybody has it, and it is settled"
    transport = "httpx (stock)" if stock else "aiohttp"
    rate, cpu = count / done["seconds"], 1000 * done["cpu"] / count
    return [f"{transport}, {concurrency} in flight, {kind}", count, rate, cpu, done["peak_mb"]]


def main() -> int:
    """1 where it is slower than 500 messages a second on PostgreSQL."""
    rows = [
        measure("postgresql", RECIPIENTS, 128),
        measure("sqlite", RECIPIENTS, 128),
        measure("postgresql", STOCK_RECIPIENTS, 128, stock=True),
        measure("postgresql", STOCK_RECIPIENTS, 16, stock=True),
    ]
    table(
        f"Speed: {1000 * LATENCY:.0f} ms latency, rate {RATE:,}/s, from start to the last one settled",
        ("transport", "recipients", "messages/s", "CPU s per 1,000", "peak MB"),
        rows,
    )
    return 0 if float(str(rows[0][2])) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
