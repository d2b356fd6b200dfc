"""The document of the API as it describes itself, made once for all tests that read it."""

from supersetbot.api import api

DOCUMENT = api.get_openapi_schema()
