"""The web process: `gunicorn supersetbot.wsgi`."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from supersetbot.env import SettingError


def measured(application: WSGIApplication) -> WSGIApplication:
    """Read a body that comes in chunks, as far as any may go: Django reads as much of one as Content-Length says."""

    def wrapper(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start_response)

    return wrapper


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
try:
    application = measured(get_wsgi_application())
    import_module(settings.ROOT_URLCONF)  # now, in what the workers share; else each one's first caller waits for it
except SettingError as error:
    sys.exit(str(error))
