"""A placement season played through by the service: a clock that runs fast, real kills, and an independent checker.

Repeat: python -m benchmarks.season [--seed N] [--days D] [--students N] [--texts N] [--faults N]
    [--database sqlite|postgres] [--clusters 1|2] [--only KIND ...]

The whole season of issue 19 and the one of issue 16 are in docs/scaling.md, A season.
"""

import argparse
import shlex
import signal
import sys
import time
from typing import NoReturn

from benchmarks.played.checker import Checker, interruptions, lines
from benchmarks.played.generate import EVERYWHERE, FAULTS, generate
from benchmarks.played.play import Player
from benchmarks.played.stores import store
from benchmarks.played.truth import Truth
from benchmarks.played.world import World


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Play a season and check every message.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=float, default=2)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--texts", type=int, default=24)
    parser.add_argument("--faults", type=int, default=12)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--clusters", type=int, choices=(1, 2), default=1)
    parser.add_argument("--only", nargs="+", choices=FAULTS, metavar="KIND", default=[], help=", ".join(FAULTS))
    return parser.parse_args(arguments)


def _repeated(options: argparse.Namespace) -> str:
    """The options that play the same season again."""
    given = ((name, value if isinstance(value, list) else [value]) for name, value in vars(options).items())
    return " ".join(shlex.join([f"--{name}", *map(str, values)]) for name, values in given if values)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """1 where anything was lost, late or false, or more came twice than was in flight."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    print(f"python -m benchmarks.season {_repeated(options)}", flush=True)
    begun = time.monotonic()
    with store(options.database) as database, World(database) as world:
        size = {name: getattr(options, name) for name in ("days", "students", "texts", "faults")}
        kinds = options.only or {*EVERYWHERE, *database.faults}
        season, recipes = generate(options.seed, **size, kinds=kinds)
        with Player(season, recipes, world, options.clusters) as player:
            try:
                player.play()
            except KeyboardInterrupt:
                played = (player.now - season.start) / (season.end - season.start)
                print(f"Cut short after {played:.0%} of the season: what follows is about that.")
            messages, state = player.arrived(), player.states
    truth = Truth(season, player.acts, player.troubles)
    verdict = Checker(truth, messages, player.now).check()
    print(f"{len(season.texts)} texts, {len(player.acts)} acts of students, {time.monotonic() - begun:.0f} s")
    print(f"what went wrong: {player.went_wrong() or 'nothing'}")
    print(f"deliveries: {state}")
    for line in lines(verdict):
        print(line)
    for name, chosen in (("suggested filters", True), ("others", False)):
        rang, everything = interruptions(truth, messages, player.now, suggested=chosen)
        fewer = 1 - rang / max(1, everything)
        print(f"{name}: rang {rang:,} times; everything to everybody is {everything:,} ({fewer:.0%} fewer)")
    return 1 if verdict.findings else 0


if __name__ == "__main__":
    sys.exit(main())
