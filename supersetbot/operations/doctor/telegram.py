"""The bot: its token, its channel, its admins, whether it runs."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.conf import settings

from supersetbot.operations import health
from supersetbot.operations.doctor.results import TIMEOUT_SECONDS, CheckFailedError, Skipped

CLOCK_OFF_SECONDS = 60.0


def check_bot() -> str:
    check = health.CHECKS["bot"]()
    if check.age is None:
        raise Skipped("never started", "./manage daemon start bot")
    if not check.ok:
        raise CheckFailedError(check.detail, "./manage daemon logs bot, then: ./manage daemon restart bot")
    return check.detail


def check_token() -> str:
    if not settings.TELEGRAM_BOT_TOKEN:
        raise CheckFailedError("TELEGRAM_BOT_TOKEN is not set", "Ask @BotFather for one, and put it into .env.")
    answer = _ask_telegram("getMe")
    return f"@{answer['username']}" if isinstance(answer, dict) and "username" in answer else "accepted"


def check_channel() -> str:
    if not settings.TELEGRAM_CHAT_ID:
        raise Skipped("TELEGRAM_CHAT_ID is not set")
    chat = _ask_telegram("getChat", chat_id=settings.TELEGRAM_CHAT_ID)
    return str(chat.get("title", settings.TELEGRAM_CHAT_ID)) if isinstance(chat, dict) else "there"


def check_admins() -> str:
    from accounts.telegram.admins import admin_ids

    count = len(admin_ids())
    if not count:
        fix = "Put your Telegram id into ADMIN_TELEGRAM_USER_IDS (@userinfobot tells it), and send the bot /start."
        raise Skipped("nobody may give the bot orders, and nobody is told of trouble", fix)
    return f"{count} of them"


def check_members() -> str:
    mailed = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if settings.MEMBERSHIP == "open":
        raise Skipped("MEMBERSHIP is open: anybody who finds the bot reads the names of students", "MEMBERSHIP=approve")
    if mailed and not settings.MEMBER_EMAIL_DOMAINS:
        raise CheckFailedError("EMAIL_URL is set, and no domain", 'Set MEMBER_EMAIL_DOMAINS, such as ["example.edu"]')
    return "by code or by an admin's word" if mailed else "by an admin's word or an invitation"


def _ask_telegram(method: str, **parameters: object) -> object:
    """Return what the Bot API answers. Its address, which holds the token, is in no error."""
    import httpx

    url = f"{settings.TELEGRAM_API_URL}/bot{settings.TELEGRAM_BOT_TOKEN}/{method}"
    try:
        response = httpx.post(url, json=parameters, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        wrong = f"{settings.TELEGRAM_API_URL} can't be reached ({type(error).__name__})"
        raise CheckFailedError(wrong, "Does this machine reach the internet? A proxy is set by HTTPS_PROXY.") from None
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        wrong = f"something on the way to {settings.TELEGRAM_API_URL} answers in its place: HTTP {response.status_code}"
        raise CheckFailedError(wrong, "A proxy or a firewall: let this machine reach it, or set TELEGRAM_API_URL.")
    if answer.get("error_code") in (401, 404):
        raise CheckFailedError(
            "Telegram does not accept TELEGRAM_BOT_TOKEN", "Copy it anew from @BotFather (/mybots → API Token)."
        )
    if not answer["ok"]:
        why = answer.get("description")
        fix = "Is TELEGRAM_CHAT_ID right, and the bot an admin of that channel or a member of that group?"
        raise CheckFailedError(
            f"{method}: {why or response.status_code}", fix if parameters else "Try again in a minute."
        )
    _compare_clocks(response.headers.get("Date", ""))
    return answer["result"]


def _compare_clocks(date: str) -> None:
    try:
        off = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return
    if abs(off) > CLOCK_OFF_SECONDS:
        raise CheckFailedError(f"this machine's clock is {off:+.0f} s off", "timedatectl set-ntp true")
