"""Settings of the tests: the product's own, with a world of their own. DATABASE_URL chooses PostgreSQL."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="supersetbot-tests-"))
os.environ.update(
    ENV_FILE=os.devnull,
    SECRET_KEY="tests-only-" * 6,
    DATA_DIR=str(_FOLDER),
    HTTPS="false",
    DEBUG="false",
    ATTACHMENTS_FETCH="false",
    MEMBERSHIP="open",
)

from supersetbot.settings import *  # noqa: E402, F403 (the environment is set first)
from supersetbot.settings import CACHES, DATABASES, STORAGES  # noqa: E402 (the environment is set first)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": _FOLDER / "test.sqlite3"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # rows of another test have the same ids
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # no collectstatic before tests
