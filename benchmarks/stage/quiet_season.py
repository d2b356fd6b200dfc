"""Lets DAYS pass for PEOPLE with quiet hours, digests and mutes (tests/notifications/my_time/quiet_world.py).

One line of JSON: what happened, and what went wrong.
"""

import json
import random
import sys
from time import monotonic

import django


def main(seed: int, people: int, days: int, deaths: float, jumps: int) -> None:
    django.setup()
    import time_machine

    from accounts import clock
    from accounts.models import Subscription
    from benchmarks.stage.rows import subscribe
    from tests.notifications.my_time.quiet_world import BEGIN, World, people_of

    clock.seconds_ahead_of_database = lambda: 0.0  # the database keeps its own time
    subscribe(people)
    begun = monotonic()
    with time_machine.travel(BEGIN, tick=False) as traveller:
        world = World(random.Random(seed), traveller.move_to, deaths)
        world.populate(people_of(list(Subscription.objects.all())))
        wrong = world.run(days, jumps=bool(jumps))
    messages = sum(map(len, world.messages.values()))
    told = {"notices": len(world.news), "messages": messages, "digests": world.digests, "kills": world.kills}
    print(json.dumps({**told, "repeated": world.repeated, "wrong": wrong[:10], "seconds": monotonic() - begun}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
