"""What a test commits is gone after it, and what a migration's end makes is there for the next."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import TransactionTestCase

from accounts.models import FollowedSeason, Subscriber, Subscription
from supersetbot.dashboard.roles import READERS
from tests.conftest import Subscribe
from tests.emptied import empty, emptying

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_that_refer_to_each_other_go_and_permissions_stay(subscribe: Subscribe) -> None:
    may = Permission.objects.count()
    subscribe()
    empty()
    assert not any(model.objects.exists() for model in (Subscriber, Subscription, FollowedSeason))
    assert Permission.objects.count() == may > 100


def test_what_was_kept_in_the_cache_goes_too() -> None:
    cache.set("bot", "stopped", timeout=None)
    empty()
    assert cache.get("bot") is None


@pytest.mark.parametrize("model", [Permission, Group, ContentType])
def test_what_stays_is_made_anew_where_a_test_changed_it(model: type[Permission | Group | ContentType]) -> None:
    empty_again = emptying()
    may_see = Group.objects.get(name=READERS).permissions.count()
    model._default_manager.all().delete()
    empty_again(TransactionTestCase())
    assert Group.objects.get(name=READERS).permissions.count() == may_see > 10
