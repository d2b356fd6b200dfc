"""Settings, all from the environment or `.env` (spec: system, Settings); .env.example explains each."""

import base64
import json
import logging
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
import environ
from django.utils.translation.trans_null import gettext_noop as _noop  # the other one asks for settings

from accounts.seasons import parse_season
from notifications.channels.webpush.contact import WANTS as CONTACT_WANTS
from notifications.channels.webpush.contact import contact_uri
from scraping.cycle.slots import parse_slots
from supersetbot import env
from supersetbot.operations.logs import logging_config

django_stubs_ext.monkeypatch()
BASE_DIR = Path(__file__).resolve().parent.parent
ENV_FILE = env.env_file(BASE_DIR / ".env")
env.read_env_file(ENV_FILE)

VERSION = "0.1.0"
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY") or ("only-for-debugging-" * 3 if DEBUG else "")
if not SECRET_KEY:
    there = "" if ENV_FILE.exists() else f"; there is no {ENV_FILE} yet: cp .env.example .env"
    raise env.SettingError("SECRET_KEY", "nothing", f"a long random text (make one: openssl rand -base64 48){there}")


def _hosts(value: str) -> list[str]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if wrong := [host for host in hosts if not re.fullmatch(r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]", host)]:
        raise ValueError(f"{wrong[0]!r} is no bare name")
    return hosts


ALLOWED_HOSTS = env.parsed(
    "ALLOWED_HOSTS",
    "localhost,127.0.0.1,[::1]",
    "names without https:// and port, separated by commas, such as bot.example.edu,www.example.edu",
    _hosts,
)
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().absolute()

INSTALLED_APPS = [
    "django_otp",  # before accounts.admin, which takes its pages away: they show keys
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "supersetbot.apps.SupersetbotConfig",
    "scraping.apps.ScrapingConfig",
    "notifications.apps.NotificationsConfig",
    "accounts.apps.AccountsConfig",
    "whitenoise.runserver_nostatic",
    "supersetbot.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "ninja",
    "django_q",
]
MIDDLEWARE = [
    "supersetbot.web.middleware.heads",
    "supersetbot.web.middleware.headers",
    "supersetbot.web.middleware.encryption",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "supersetbot.web.middleware.slashes",
    "supersetbot.web.middleware.limits",
    "supersetbot.web.middleware.alive",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "supersetbot.web.language.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.web.second_factor.enforced",
    "django.contrib.messages.middleware.MessageMiddleware",
    "supersetbot.web.audited.changes",
]
ROOT_URLCONF = "supersetbot.urls"
WSGI_APPLICATION = "supersetbot.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


# --- Store -------------------------------------------------------------------

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # What is deleted is overwritten: /forget means every file (spec: system, Bot commands).
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}
# A pool a process: a command uses one or two connections, a web worker one a thread. It waits twice as long after each
# attempt to connect, and begins anew after `reconnect_timeout`: so a server that is back is used within seconds. A
# connection is tried before it is used (CONN_HEALTH_CHECKS): after a restart of the server nobody meets a dead one.
POSTGRES_OPTIONS: dict[str, Any] = {
    "pool": {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 10},
    "connect_timeout": 10,
}


def _database(value: str) -> dict[str, Any]:
    if urlsplit(value).scheme not in ("sqlite", "postgres", "postgresql", "psql", "pgsql"):
        raise ValueError("neither SQLite nor PostgreSQL")  # before environ says the same, and shows the password
    config: dict[str, Any] = environ.Env.db_url_config(value)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return {**config, "OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
    return {**config, "CONN_HEALTH_CHECKS": True, "OPTIONS": {**config.get("OPTIONS", {}), **POSTGRES_OPTIONS}}


env.writable_folder("DATA_DIR", DATA_DIR)
DATABASES = {
    "default": env.parsed(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'superset.sqlite3'}",
        "sqlite:///PATH or postgres://USER:PASSWORD@HOST/NAME",
        _database,
        hidden=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [  # long, guessed by nobody, and of any signs (OWASP ASVS 5.0: V6.2)
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.web.passwords.ContextValidator"},
]
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200}},
}
OTP_TOTP_ISSUER = "SuperSet Bot"
STAFF_SECOND_FACTOR = env.text("STAFF_SECOND_FACTOR", "optional", choices=("optional", "required"))
STAFF_SESSION_IDLE_MINUTES = env.integer("STAFF_SESSION_IDLE_MINUTES", 60, low=5, high=1440)
STAFF_SESSION_HOURS = env.integer("STAFF_SESSION_HOURS", 12, low=1, high=168)
SESSION_ENGINE = "accounts.web.sessions"
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 3600

# --- Time and language -------------------------------------------------------

TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = (("en-gb", "English"), ("hi", "हिन्दी"))
FORMAT_MODULE_PATH = "supersetbot.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Web ---------------------------------------------------------------------


def _storage(value: str) -> dict[str, Any]:
    config = json.loads(value)
    if not isinstance(config, dict) or not isinstance(config.get("BACKEND"), str):
        raise ValueError("it names no BACKEND")
    return config


STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-root"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "supersetbot.web.static_files.Storage"},
    "attachments": env.parsed(
        "ATTACHMENTS_STORAGE",
        json.dumps(
            {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {
                    "location": str(DATA_DIR / "files"),
                    "file_permissions_mode": 0o600,
                    "directory_permissions_mode": 0o700,
                },
            }
        ),
        'a JSON object as in Django\'s STORAGES: {"BACKEND": "...", "OPTIONS": {...}}',
        _storage,
        hidden=True,  # OPTIONS may hold a key
    ),
}
ATTACHMENTS_FETCH = env.flag("ATTACHMENTS_FETCH", default=True)
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG or not STATIC_ROOT.is_dir()  # without collectstatic they come from where they lie
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
HTTPS = env.flag("HTTPS", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # supersetbot.web.middleware.encryption redirects, but not programs
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # a browser takes such a cookie over https from this very host only
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # the admin's forms; all others: supersetbot/web/middleware.py
WEBHOOK_HOST = env.text("WEBHOOK_HOST", "127.0.0.1")
WEBHOOK_PORT = env.integer("WEBHOOK_PORT", 8000, low=1, high=65535)
WEB_WORKERS = env.integer("WEB_WORKERS", 0, low=0, high=64)  # 0: as many as gunicorn.conf.py says
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, low=0, high=10)
WEBHOOK_API_KEY = env.secret("WEBHOOK_API_KEY")
WEBHOOK_SECRET = env.secret("WEBHOOK_SECRET")


def _networks(value: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network) for network in env.listed(value)]


METRICS_ADDRESSES = env.parsed(
    "METRICS_ADDRESSES", "[]", 'a JSON list of addresses or networks such as ["10.0.0.0/8"]', _networks
)


def _origins(value: str) -> list[str]:
    origins = [urlsplit(str(origin)) for origin in env.listed(value)]
    if not all(origin.scheme in ("http", "https") and origin.hostname for origin in origins):
        raise ValueError("an origin is a scheme and a host, never *")
    return [f"{origin.scheme}://{origin.netloc}" for origin in origins]


CORS_ALLOWED_ORIGINS = env.parsed("CORS_ORIGINS", "[]", 'a JSON list of origins such as ["https://x.edu"]', _origins)
CORS_URLS_REGEX = r"^/(api|webhook)/"
CORS_ALLOW_HEADERS = ("accept", "authorization", "content-type", "if-none-match", "x-api-key")
CORS_EXPOSE_HEADERS = ("etag", "retry-after")

# --- Seasons -----------------------------------------------------------------


def _seasons(value: str) -> list[int]:
    return sorted({parse_season(season) for season in env.listed(value)}, reverse=True)


SEASON = "a season such as 202627"
ACTIVE_PLACEMENT_YEAR = env.parsed("ACTIVE_PLACEMENT_YEAR", "202627", SEASON, parse_season)
DEFAULT_PLACEMENT_YEAR = env.parsed("DEFAULT_PLACEMENT_YEAR", str(ACTIVE_PLACEMENT_YEAR), SEASON, parse_season)


def _institute_words(value: str) -> dict[str, list[str]]:
    groups = json.loads(value)
    known = {"our_own", "venue_kinds", "no_company"}
    if not isinstance(groups, dict) or not all(isinstance(words, list) for words in groups.values()):
        raise ValueError("not an object of lists")
    if groups.keys() - known:
        raise ValueError(f"the groups are {', '.join(sorted(known))}")
    return {group: [str(word) for word in words] for group, words in groups.items()}


# Words of the institute that the reading of notices should know (scraping/reading/vocabulary).
INSTITUTE_WORDS = env.parsed(
    "INSTITUTE_WORDS",
    "{}",
    'a JSON object such as {"our_own": ["ocs"], "venue_kinds": ["oat"], "no_company": ["jaf"]}',
    _institute_words,
)

PLACEMENT_YEARS = env.parsed(
    "PLACEMENT_YEARS", json.dumps([ACTIVE_PLACEMENT_YEAR]), "a JSON list of seasons such as [202627]", _seasons
)

# --- Sources -----------------------------------------------------------------


def _domains(value: str) -> list[str]:
    domains = [str(domain).strip().removeprefix("@").lower() for domain in env.listed(value)]
    if wrong := [domain for domain in domains if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", domain)]:
        raise ValueError(f"{wrong[0]!r} is no domain")
    return domains


def _accounts(value: str) -> list[dict[str, str]]:
    return [{"email": str(row["email"]).strip(), "password": str(row["password"])} for row in env.listed(value)]


def _accounts_by_season(value: str) -> dict[int, list[dict[str, str]]]:
    return {parse_season(season): _accounts(json.dumps(rows)) for season, rows in json.loads(value).items()}


_ACCOUNTS = '[{"email": "cse@example.edu", "password": "…"}]'
_ACCOUNTS_BY_SEASON = f'{{"202526": {_ACCOUNTS}}}'
SUPERSET_CREDENTIALS_BY_YEAR = env.parsed(
    "SUPERSET_CREDENTIALS_BY_YEAR",
    "{}",
    f'a JSON map such as {{"202526": {_ACCOUNTS}}}',
    _accounts_by_season,
    hidden=True,
)
SUPERSET_CREDENTIALS = env.parsed(
    "SUPERSET_CREDENTIALS", "[]", f"a JSON list such as {_ACCOUNTS}", _accounts, hidden=True
)
SUPERSET_BASE_URL = env.url("SUPERSET_BASE_URL", "https://app.joinsuperset.com/tnpsuite-core")
SUPERSET_TENANT_ID = env.text("SUPERSET_TENANT_ID", "jaypee_in_in_it_16")
SUPERSET_TENANT_TYPE = env.text("SUPERSET_TENANT_TYPE", "STUDENT")
SUPERSET_PUBLIC_KEY = env.text(
    "SUPERSET_PUBLIC_KEY",
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgFGVfrY4jQSoZQWWygZ83roKXWD4YeT2x2p41dGkPixe73rT2IW04glagN2vgoZoHuOPqa5and6"
    "kAmK2ujmCHu6D1auJhE2tXP+yLkpSiYMQucDKmCsWMnW9XlC5K7OSL77TXXcfvTvyZcjObEz6LIBRzs6+FqpFbUO9SJEfh6wIDAQAB",
)
PORTAL_CONCURRENCY = env.integer("PORTAL_CONCURRENCY", 20, low=1, high=64)
PORTAL_NOTICES_SIZE = env.integer("PORTAL_NOTICES_SIZE", 10_000, low=1, high=1_000_000)
SOURCE_TIMEOUT_SECONDS = env.number("SOURCE_TIMEOUT_SECONDS", 30, low=1, high=600)
PLACEMENT_EMAIL = env.secret("PLACEMENT_EMAIL", "PLCAMENT_EMAIL")
PLACEMENT_APP_PASSWORD = env.secret("PLACEMENT_APP_PASSWORD", "PLCAMENT_APP_PASSWORD")
IMAP_HOST = env.text("IMAP_HOST", "imap.gmail.com")
IMAP_PORT = env.integer("IMAP_PORT", 993, low=1, high=65_535)
IMAP_FOLDER = env.text("IMAP_FOLDER", "INBOX")
IMAP_SECURITY = env.text("IMAP_SECURITY", "tls", choices=("tls", "starttls", "none"))
MAIL_MAX_ATTEMPTS = env.integer("MAIL_MAX_ATTEMPTS", 3, low=1, high=100)
LLM_API_KEY = env.secret("LLM_API_KEY", "GOOGLE_API_KEY")
LLM_BASE_URL = env.url("LLM_BASE_URL")
LLM_GEMINI_URL = "https://generativelanguage.googleapis.com/v1beta/openai/"
LLM_MODEL = env.text("LLM_MODEL", "gemini-2.5-flash")
LLM_TIMEOUT_SECONDS = env.number("LLM_TIMEOUT_SECONDS", 20, low=1, high=600)
LLM_MAX_RETRIES = env.integer("LLM_MAX_RETRIES", 1, low=0, high=10)
LLM_DAILY_CAP = env.integer("LLM_DAILY_CAP", 200, low=0, high=1_000_000)
LLM_MODE = env.text("LLM_MODE", "tell", choices=("tell", "shadow"))
REVIEW = env.text("REVIEW", "after", choices=("after", "before"))
REVIEW_ALERT_MINUTES = env.integer("REVIEW_ALERT_MINUTES", 60, low=1, high=10_080)
OFFICIAL_PLACEMENT_URL = env.url(
    "OFFICIAL_PLACEMENT_URL", "https://www.jiit.ac.in/existing-student/training-and-placement/students-placement"
)
PEEK = env.flag("PEEK", default=True)
PEEK_SECONDS_MIN = env.number("PEEK_SECONDS_MIN", 60, low=10, high=3600)
PEEK_SECONDS_MAX = env.number("PEEK_SECONDS_MAX", 900, low=PEEK_SECONDS_MIN, high=3600)
PEEK_DAILY_REQUESTS = env.integer("PEEK_DAILY_REQUESTS", 1_500, low=48, high=100_000)  # at least a peek an hour
WATCH_MAILBOX = env.flag("WATCH_MAILBOX", default=True)
IMAP_IDLE_SECONDS = env.number("IMAP_IDLE_SECONDS", 1_500, low=10, high=1_740)  # RFC 2177: below 29 minutes
PING_URL = env.parsed("PING_URL", "", "an address that starts with http:// or https://", env.address, hidden=True)
NOTIFY_MAX_AGE_HOURS = env.number("NOTIFY_MAX_AGE_HOURS", 48, low=0, high=24 * 3650)
STUDENT_PORTAL_URL = env.url("STUDENT_PORTAL_URL", "https://app.joinsuperset.com/students")

# --- MongoDB: older installations, and the campus web site -------------------

MONGO_CONNECTION_STR = env.secret("MONGO_CONNECTION_STR")
MONGO_DATABASE = env.text("MONGO_DATABASE", "SupersetPlacement")

# --- Members -----------------------------------------------------------------

PRIVACY_CONTACT = env.text("PRIVACY_CONTACT")


def _field_keys(value: str) -> list[str]:
    texts = env.listed(value) if value.startswith("[") else [text for text in value.split(",") if text.strip()]
    return [_field_key(str(text)) for text in texts]


def _field_key(text: str) -> str:
    """A key as Fernet wants it: base64 with "-" and "_"."""
    key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return base64.urlsafe_b64encode(key).decode()


# What students tell of themselves is encrypted by the first one (accounts/encryption.py).
FIELD_KEYS = env.parsed(
    "FIELD_KEYS",
    "[]",
    "a JSON list of keys of 32 bytes in base64, the newest first (make one: openssl rand -base64 32)",
    _field_keys,
    hidden=True,
)
MEMBERSHIP = env.text("MEMBERSHIP", "approve", choices=("approve", "email", "open"))
MEMBER_EMAIL_DOMAINS = env.parsed(
    "MEMBER_EMAIL_DOMAINS", "[]", 'a JSON list of domains such as ["example.edu"]', _domains
)
if MEMBERSHIP == "email" and not MEMBER_EMAIL_DOMAINS:
    raise env.SettingError("MEMBER_EMAIL_DOMAINS", "[]", "the institute's domains, as MEMBERSHIP is email")
_MAIL = env.email("EMAIL_URL")
if MEMBER_EMAIL_DOMAINS and _MAIL["EMAIL_BACKEND"].endswith("dummy.EmailBackend"):
    raise env.SettingError("EMAIL_URL", "nothing", "the mail server for the codes, as MEMBER_EMAIL_DOMAINS is set")
vars().update(_MAIL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM") or PLACEMENT_EMAIL or "placements@localhost"

# --- Telegram and deliveries -------------------------------------------------


def _telegram_ids(value: str) -> list[int]:
    ids = env.listed(value)
    if not all(type(number) is int and -(2**63) <= number < 2**63 for number in ids):
        raise ValueError("not all are integers of at most 64 bits")
    return ids


TELEGRAM_BOT_TOKEN = env.secret("TELEGRAM_BOT_TOKEN")
if TELEGRAM_BOT_TOKEN and not re.fullmatch(r"\d+:[\w-]+", TELEGRAM_BOT_TOKEN):
    raise env.SettingError(
        "TELEGRAM_BOT_TOKEN", "a value that is kept secret", "the whole token from @BotFather, such as 123456789:AAE…"
    )
TELEGRAM_CHAT_ID = env.integer("TELEGRAM_CHAT_ID", 0, low=-(10**15), high=10**15)
TELEGRAM_API_URL = env.url("TELEGRAM_API_URL", "https://api.telegram.org")
TELEGRAM_LINK_URL = env.url("TELEGRAM_LINK_URL", "https://t.me")
PAID_BROADCAST = env.flag("PAID_BROADCAST")
TELEGRAM_RATE = env.number("TELEGRAM_RATE", 1000 if PAID_BROADCAST else 30, low=0.1, high=10_000)
TELEGRAM_CONCURRENCY = env.integer("TELEGRAM_CONCURRENCY", 128 if PAID_BROADCAST else 16, low=1, high=1000)
TELEGRAM_SHARDS = env.integer("TELEGRAM_SHARDS", 1, low=1, high=100)
DELIVERY_LEASE_SECONDS = env.integer("DELIVERY_LEASE_SECONDS", 60, low=5, high=3600)
ADMIN_TELEGRAM_USER_IDS = env.parsed(
    "ADMIN_TELEGRAM_USER_IDS", "[]", "a JSON list of integers such as [123456789]", _telegram_ids
)
WEBSITE_URL = env.url("WEBSITE_URL")
WEB_LINKS = {_noop("Notices on the web"): WEBSITE_URL, "SuperSet": STUDENT_PORTAL_URL}  # what /web answers


def _contact(value: str) -> str:
    return contact_uri(value) if value.strip(" \t") else ""


VAPID_PRIVATE_KEY = env.secret("VAPID_PRIVATE_KEY")
VAPID_PUBLIC_KEY = env.text("VAPID_PUBLIC_KEY")
VAPID_EMAIL = env.parsed("VAPID_EMAIL", "", CONTACT_WANTS, _contact, strip=False)
PUSH_ALLOW_HOSTS = env.parsed(
    "PUSH_ALLOW_HOSTS", "[]", 'a JSON list of hosts such as ["127.0.0.1"]', lambda value: frozenset(env.words(value))
)

# --- Schedule and tasks ------------------------------------------------------


def _slots(value: str) -> str:
    parse_slots(value)
    return value


SLOTS_FORM = "times and ranges such as 08:00-23:00/60m,00:00, or never"
UPDATE_SLOTS = env.parsed("UPDATE_SLOTS", "08:00-23:00/60m,00:00", SLOTS_FORM, _slots)
OFFICIAL_SLOTS = env.parsed("OFFICIAL_SLOTS", "12:00", SLOTS_FORM, _slots)
BACKUP_SLOTS = env.parsed("BACKUP_SLOTS", "03:30", SLOTS_FORM, _slots)
PRUNE_SLOTS = env.parsed("PRUNE_SLOTS", "04:00", SLOTS_FORM, _slots)
# What runs by the clock: kind of slot → the setting that lists them, and the task, which is told which slot it is.
SLOTS = {
    "update": ("UPDATE_SLOTS", "scraping.tasks.scheduled_cycle"),
    "official": ("OFFICIAL_SLOTS", "scraping.tasks.scheduled_official"),
    "backup": ("BACKUP_SLOTS", "supersetbot.tasks.backup"),
    "prune": ("PRUNE_SLOTS", "supersetbot.tasks.prune"),
}
EVERY_MINUTE = {
    "remind": "notifications.tasks.remind",
    "sweep": "notifications.tasks.sweep",
    "catch-up": "scraping.tasks.catch_up",
    "mirror": "scraping.tasks.mirror",
    "look after": "supersetbot.tasks.look_after",
}
Q_WORKERS = env.integer("Q_WORKERS", 3, low=1, high=64)


def _broker(value: str) -> dict[str, Any]:
    """Which of django-q2's brokers hands out the tasks, as its settings want it."""
    match urlsplit(value).scheme:
        case "" if value == "database":
            return {"orm": "default"}
        case "redis" | "rediss":
            patience = "socket_connect_timeout=5&socket_timeout=30&health_check_interval=30"
            return {"redis": f"{value}{'&' if '?' in value else '?'}{patience}"}
        case "mongodb" | "mongodb+srv":
            waits = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 30_000}
            return {"mongo": {"host": value, **waits}}
    raise ValueError("none of these")


Q_BROKER = env.parsed(
    "Q_BROKER", "database", "database, redis://HOST:6379/0 or mongodb://HOST/NAME", _broker, hidden=True
)
Q_CLUSTER = {
    "name": "supersetbot",
    **Q_BROKER,
    "workers": Q_WORKERS,
    "queue_limit": Q_WORKERS,
    "bulk": 1,
    "poll": 0.5,
    "guard_cycle": 1,
    "timeout": 600,
    "retry": 1500,  # more than timeout × (queue_limit / workers + 1), or a task still running is given out again
    "max_attempts": 3,
    "ack_failures": True,
    "save_limit": -1,  # keeping results makes every task several times slower
    "recycle": 500,
    "catch_up": False,  # one catch-up cycle replaces one run a missed slot: scraping/cycle/schedule.py
    "time_zone": TIME_ZONE,
    "cached": False,
    "log_level": "WARNING",
}

# --- Logging -----------------------------------------------------------------

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise env.SettingError("LOG_LEVEL", repr(LOG_LEVEL), "DEBUG, INFO, WARNING, ERROR or CRITICAL")
OTEL_EXPORTER_OTLP_ENDPOINT = env.url("OTEL_EXPORTER_OTLP_ENDPOINT")
LOG_FORMAT = env.text("LOG_FORMAT", "text", choices=("text", "json"))


def _password_in(address: str) -> tuple[str, str]:
    """The password of USER:PASSWORD@HOST as it is written there, and as it is meant."""
    signed_in = address.partition("://")[2].rpartition("@")[0]
    password = signed_in.partition(":")[2]
    return password, unquote(password)


SECRETS = [
    *env.SECRETS,
    SECRET_KEY,
    *FIELD_KEYS,
    *(
        account["password"]
        for accounts in (SUPERSET_CREDENTIALS, *SUPERSET_CREDENTIALS_BY_YEAR.values())
        for account in accounts
    ),
    str(DATABASES["default"].get("PASSWORD") or ""),
    *_password_in(MONGO_CONNECTION_STR),
    PING_URL,
    *_password_in(env.secret_text("Q_BROKER")),
]
LOGGING = logging_config(level=LOG_LEVEL, style=LOG_FORMAT, secrets=SECRETS)
# Where daemons log; in the foreground everything goes to standard error.
LOG_FILES = {
    "bot": DATA_DIR / Path(env.text("LOG_FILE", "logs/superset_bot.log")).expanduser(),
    "scheduler": DATA_DIR / Path(env.text("SCHEDULER_LOG_FILE", "logs/scheduler.log")).expanduser(),
    "web": DATA_DIR / Path(env.text("WEB_LOG_FILE", "logs/web.log")).expanduser(),
}
LOG_MAX_MB = env.number("LOG_MAX_MB", 10, low=0.001, high=100_000)
LOG_BACKUPS = env.integer("LOG_BACKUPS", 5, low=1, high=1000)
logging.raiseExceptions = DEBUG  # the complaint about a record that can't be written shows its arguments unredacted

# --- Processes ---------------------------------------------------------------

DAEMON_MODE = env.flag("DAEMON_MODE")

# --- Care --------------------------------------------------------------------

BACKUP_DIR = DATA_DIR / Path(env.text("BACKUP_DIR", "backups")).expanduser()
BACKUPS_KEPT = env.integer("BACKUPS_KEPT", 7, low=1, high=10_000)
KEEP_BACKUPS_DAYS = env.integer("KEEP_BACKUPS_DAYS", 30, low=1, high=3650)
KEEP_RAW_DAYS = env.integer("KEEP_RAW_DAYS", 400, low=0, high=36_500)
KEEP_DELIVERIES_DAYS = env.integer("KEEP_DELIVERIES_DAYS", 400, low=0, high=36_500)
KEEP_AUDIT_DAYS = env.integer("KEEP_AUDIT_DAYS", 400, low=365, high=36_500)  # DPDP Rules 2025: logs of a year
KEEP_RUNS_DAYS = env.integer("KEEP_RUNS_DAYS", 90, low=0, high=36_500)

# --- What nothing reads --------------------------------------------------------

MISSPELT = env.misspelt()
