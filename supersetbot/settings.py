"""Settings, all from the environment or `.env`."""

import os
from pathlib import Path

from supersetbot import env
from supersetbot.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env_file(Path(os.environ.get("ENV_FILE", BASE_DIR / ".env")))

VERSION = "0.1.0"
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY")
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
LOGGING = logging_config(level="INFO", style="text", secrets=[SECRET_KEY])
