"""Who may give the bot orders."""

import pytest
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.telegram.admins import admin_ids, is_admin

pytestmark = pytest.mark.django_db


def test_with_nobody_named_everybody_is_refused() -> None:
    Subscriber.objects.create(telegram_id=1001)
    assert not is_admin(1001)
    assert admin_ids() == set()


def test_admins_are_named_in_the_settings_or_flagged(settings: Settings) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = [1900]
    Subscriber.objects.create(telegram_id=1002, is_admin=True)
    assert is_admin(1900)
    assert is_admin(1002)
    assert not is_admin(1001)
    assert admin_ids() == {1900, 1002}


def test_a_group_is_never_an_admin() -> None:
    Subscriber.objects.create(telegram_id=-4001, kind=Subscriber.Kind.GROUP, is_admin=True)
    Subscriber.objects.create(kind=Subscriber.Kind.BROWSER, is_admin=True)
    assert not is_admin(-4001)
    assert admin_ids() == set()
