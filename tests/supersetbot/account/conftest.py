"""A student with the account page open in a browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import AccountSession, Subscriber
from accounts.signin import links, visits
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Chat
from tests.notifications.conftest import draft

__all__ = ["draft"]

ASHA, RAVI = 1001, 1002
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
Login = Callable[..., Client]


@pytest.fixture
def asha(db: None) -> Subscriber:
    subscriptions.start(Chat(ASHA, name="Asha"))
    return Subscriber.objects.get(telegram_id=ASHA)


@pytest.fixture
def login(settings: Settings) -> Login:
    """Make a browser in which somebody came in by a link."""
    settings.HTTPS = False

    def make(telegram_id: int = ASHA, client: Client | None = None) -> Client:
        browser = client or Client(headers=SAME_ORIGIN)
        answer = browser.post("/me/in", {"secret": links.make(telegram_id)})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/me/")
        return browser

    return make


def key(browser: Client) -> str:
    """The key that the forms of a browser's page carry."""
    digest = visits._digest(browser.cookies["account"].value)
    return visits.form_key(AccountSession.objects.get(digest=digest))
