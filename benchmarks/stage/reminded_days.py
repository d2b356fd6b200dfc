"""Lives through DAYS simulated days of reminders from SEED; prints progress, and a line of JSON: what it checked."""

import json
import logging
import signal
import sys
from types import FrameType

import django

PROGRESS_EVERY = 50


class CutShortError(Exception):
    """Somebody wants the figures now."""


def main(days: int, seed: int) -> None:
    django.setup()
    logging.disable(logging.CRITICAL)
    from tests.notifications.my_time.simulation import WrongError, living

    def cut_short(number: int, frame: FrameType | None) -> None:
        raise CutShortError

    signal.signal(signal.SIGTERM, cut_short)
    signal.signal(signal.SIGINT, cut_short)
    wrong = ""
    with living(seed) as simulation:

        def told(done: int) -> None:
            if done % PROGRESS_EVERY == 0:
                print(f"seed {seed}, day {done}: {dict(simulation.figures)}", file=sys.stderr, flush=True)

        try:
            simulation.run(days, told=told)
        except WrongError as error:
            wrong = str(error)
        except CutShortError:
            print(f"seed {seed}: cut short; what was lived so far is checked", file=sys.stderr, flush=True)
        print(json.dumps({"seed": seed, "wrong": wrong, **simulation.figures}), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
