"""The connection to MongoDB: time-outs, lenient reading, errors in one line without secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from django.conf import settings
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    InvalidURI,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

Doc = dict[str, Any]
# Milliseconds. Dates beyond 9999 and texts that are no UTF-8 must not end a read (spec: mongo).
_OPTIONS: dict[str, Any] = {
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 20_000,
    "datetime_conversion": "DATETIME_AUTO",
    "unicode_decode_error_handler": "replace",
}
_NOT_ALLOWED = (13, 18)  # Unauthorized, AuthenticationFailed


class MongoUnavailableError(Exception):
    """MongoDB can't be used now; the text is one line, and holds no part of the connection string."""


def is_configured() -> bool:
    return bool(settings.MONGO_CONNECTION_STR)


@contextmanager
def database(name: str = "") -> Iterator[Database[Doc]]:
    """The database `name`, or that of the settings. What goes wrong inside, too, is told in one line.

    Raises:
        MongoUnavailableError: not configured, not reachable, not allowed, gone in the middle.
    """
    if not is_configured():
        raise MongoUnavailableError("MONGO_CONNECTION_STR is not set.")
    with told():
        client = _client()
        try:
            yield client.get_database(name or settings.MONGO_DATABASE)
        finally:
            client.close()


def _client() -> MongoClient[Doc]:
    try:
        return MongoClient(settings.MONGO_CONNECTION_STR, appname="supersetbot", **_OPTIONS)
    except (ValueError, TypeError) as error:  # a port or an option that makes no sense
        raise InvalidURI from error
    except OSError as error:  # it speaks of the option, not of its value
        raise MongoUnavailableError(f"MONGO_CONNECTION_STR names a file: {error.strerror}.") from error


@contextmanager
def told() -> Iterator[None]:
    """Turn the driver's errors into MongoUnavailableError."""
    try:
        yield
    except (PyMongoError, BSONError) as error:
        raise MongoUnavailableError(one_line(error)) from error


def one_line(error: Exception) -> str:
    """Return what is wrong and what to look at; hosts and passwords stay out of it."""
    match error:
        case InvalidURI():
            return "MONGO_CONNECTION_STR is not a MongoDB address such as mongodb://USER:PASSWORD@HOST:27017/."
        case ConfigurationError():
            return "MONGO_CONNECTION_STR can't be used: its host is not in DNS (mongodb+srv), or an option is wrong."
        case NetworkTimeout():
            return "MongoDB did not answer in time."
        case ServerSelectionTimeoutError():
            return "No MongoDB server answers at the address in MONGO_CONNECTION_STR."
        case OperationFailure():
            not_allowed = "the user of MONGO_CONNECTION_STR may not do this"
            reason = not_allowed if error.code in _NOT_ALLOWED else type(error).__name__
            return f"MongoDB refuses: {reason} (code {error.code})."
    return f"The connection to MongoDB failed ({type(error).__name__})."
