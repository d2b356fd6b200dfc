"""The web process: `gunicorn supersetbot.wsgi`."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from supersetbot.env import SettingError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
try:
    application = get_wsgi_application()
except SettingError as error:
    sys.exit(str(error))
