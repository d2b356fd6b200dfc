"""When somebody wants to be told: the defaults, and one choice beside the others."""

from datetime import time

import pytest

from accounts.models import Timing
from accounts.personal.timing import change, timing_of
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db


def test_who_never_chose_has_the_defaults_and_no_row(subscribe: Subscribe) -> None:
    mine = timing_of(subscribe().subscriber)
    assert (mine.remind_24h, mine.remind_3h, mine.remind_1h, mine.remind_events) == (True, True, False, True)
    assert Timing.objects.count() == 0


def test_a_choice_leaves_the_others(subscribe: Subscribe) -> None:
    person = subscribe().subscriber
    change(person, digest_at=time(19))
    assert change(person, remind_1h=True).digest_at == time(19)
    assert timing_of(person).remind_1h
    assert not timing_of(subscribe().subscriber).remind_1h
