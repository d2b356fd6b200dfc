"""The API keeps the promises of its own schema, whatever it is asked (schemathesis)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.models import Subscriber
from accounts.personal import profiles
from accounts.signin import tokens
from accounts.signin.tokens import OwnScope
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Chat
from accounts.web.keys import Scope
from notifications.channels.webpush.vapid import make_vapid_keys
from tests.conftest import MakeKey
from tests.season import fill_jobs, fill_notices, fill_placements

SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
QUICKLY = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def headers(api_key: MakeKey, settings: Settings) -> Iterator[dict[str, str]]:
    """A service with everything set up, and keys to all of it; requests leave the test's connection open."""
    fill_notices(3)
    fill_jobs(1)
    fill_placements(1)
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "ops@example.edu"
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield {**api_key(*Scope.values), **_own_key()}
    for signal in signals:
        signal.connect(close_old_connections)


def _own_key() -> dict[str, str]:
    """A person's key to their own data."""
    subscriptions.start(Chat(1001, name="Asha"))
    profiles.agree(1001)
    person = Subscriber.objects.get(telegram_id=1001)
    return {"Authorization": f"Bearer {tokens.make(person, 'test', OwnScope.values, timedelta(days=1))}"}


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
@pytest.mark.parametrize("mode", GenerationMode)
def test_an_operation_answers_as_its_schema_says(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, headers: dict[str, str]
) -> None:
    """But that it takes all that fits: no JSON schema says what a season is, or a point on a curve."""

    @QUICKLY
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    with suppress(Unsatisfiable):  # what takes nothing can't be asked wrongly
        ask()
