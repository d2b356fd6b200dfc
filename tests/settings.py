"""Settings of the tests."""

import os

os.environ.update(ENV_FILE=os.devnull, SECRET_KEY="tests-only-" * 6, PTB_TIMEDELTA="true")

from supersetbot.settings import *  # noqa: F403
