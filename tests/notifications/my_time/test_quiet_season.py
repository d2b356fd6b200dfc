"""Some days of random notices, times, edits, kills and jumps of the clock, held against a model in plain Python.

A larger run: python -m benchmarks.quiet
"""

import random

import pytest
import time_machine

from tests.conftest import Subscribe
from tests.notifications.my_time.quiet_world import BEGIN, World, people_of


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "deaths", "jumps"), [(1, 0.0, False), (2, 0.03, False), (3, 0.01, True)])
def test_everybody_reads_what_they_must_when_they_must(
    subscribe: Subscribe, seed: int, deaths: float, *, jumps: bool
) -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        world = World(random.Random(seed), traveller.move_to, deaths)
        world.populate(people_of([subscribe() for _ in range(8)]))
        assert world.run(1.5, jumps=jumps) == []
        assert world.digests
        assert bool(world.kills) is bool(deaths)
