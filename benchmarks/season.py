"""A placement season played through by the service: a clock that runs fast, real kills, and an independent checker.

Repeat: python -m benchmarks.season [--seed N] [--days D] [--students N] [--texts N] [--faults N]
    [--database sqlite|postgres] [--clusters 1|2] [--only KIND ...] [--record FILE]
    python -m benchmarks.season --check FILE

The whole season of issue 19 and the one of issue 16 are in docs/scaling.md, A season.
"""

import argparse
import pickle
import shlex
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from benchmarks.played.checker import Checker
from benchmarks.played.generate import EVERYWHERE, FAULTS, generate
from benchmarks.played.inputs import Act, Season
from benchmarks.played.known import Trouble
from benchmarks.played.phones import Arrived
from benchmarks.played.play import Player
from benchmarks.played.stores import store
from benchmarks.played.truth import Truth
from benchmarks.played.verdict import interruptions, lines
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
    parser.add_argument("--record", type=Path, help="keep there what was played, for --check")
    parser.add_argument("--check", type=Path, help="check what a season left there, and play none")
    return parser.parse_args(arguments)


def _repeated(options: argparse.Namespace) -> str:
    """The options that play the same season again."""
    given = ((name, value if isinstance(value, list) else [value]) for name, value in vars(options).items())
    said = [[f"--{name}", *map(str, values)] for name, values in given if values not in ([], [None])]
    return " ".join(map(shlex.join, said))


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@dataclass
class Played:
    """A season as it was played, with all that arrived: what is checked."""

    season: Season
    acts: list[Act]
    troubles: list[Trouble]
    arrived: list[Arrived]
    until: float
    state: object


def main(arguments: list[str] | None = None) -> int:
    """1 where anything was lost, late or false, or more came twice than was in flight."""
    options = _options(arguments)
    if options.check:
        return _check(pickle.loads(options.check.read_bytes()))
    print(f"python -m benchmarks.season {_repeated(options)}", flush=True)
    begun = time.monotonic()
    played = _play(options)
    print(f"{time.monotonic() - begun:.0f} s")
    if options.record:
        options.record.write_bytes(pickle.dumps(played))
    return _check(played)


def _play(options: argparse.Namespace) -> Played:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    with store(options.database) as database, World(database) as world:
        size = {name: getattr(options, name) for name in ("days", "students", "texts", "faults")}
        kinds = options.only or {*EVERYWHERE, *database.faults}
        season, recipes = generate(options.seed, **size, kinds=kinds)
        with Player(season, recipes, world, options.clusters) as player:
            try:
                player.play()
            except KeyboardInterrupt:
                done = (player.now - season.start) / (season.end - season.start)
                print(f"Cut short after {done:.0%} of the season: what follows is about that.")
            print("seconds: " + ", ".join(f"{task} {spent / 1000:.0f}" for task, spent in player.spent.most_common(8)))
            return Played(season, player.acts, player.troubles, player.arrived(), player.now, player.states)


def _check(played: Played) -> int:
    season, messages, until = played.season, played.arrived, played.until
    truth = Truth(season, played.acts, played.troubles)
    verdict = Checker(truth, messages, until).check()
    print(f"{len(season.texts)} texts, {len(season.students)} chats and browsers, {len(played.acts)} acts of students")
    went_wrong = Counter(trouble.kind for trouble in played.troubles).most_common()
    print(f"what went wrong: {', '.join(f'{kind} {count}' for kind, count in went_wrong) or 'nothing'}")
    print(f"deliveries: {played.state}")
    for line in (*lines(verdict), *interruptions(truth, messages, until)):
        print(line)
    return 1 if verdict.findings else 0


if __name__ == "__main__":
    sys.exit(main())
