"""Some days of the simulation in the suite; `benchmarks.reminders` lives through thousands."""

import pytest

from tests.notifications.my_time.simulation import living

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [3, 4])
def test_days_of_reminders(seed: int) -> None:
    with living(seed) as simulation:
        simulation.run(8)
    assert simulation.figures["days"] == 8
    assert simulation.figures["reminders"] > 10
