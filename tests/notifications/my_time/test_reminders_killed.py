"""kill -9 while reminders are planned and sent: each person has each of them once, and in one message."""

from random import Random

import pytest

from tests.conftest import Subscribe
from tests.notifications.my_time.kills import round_of_kills

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_misses_one_and_nobody_has_it_twice(subscribe: Subscribe) -> None:
    for _ in range(40):
        subscribe()
    found = round_of_kills(1, Random(20261129))
    assert found["reminders"] == 120
    assert (found["missing"], found["twice"], found["apart"], found["left"]) == (0, 0, 0, 0)
