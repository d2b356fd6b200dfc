"""ROUNDS of reminders for PEOPLE while their processes are killed; one line of JSON: what was found, summed up."""

import json
import sys
from collections import Counter
from random import Random

import django


def main(people: int, rounds: int, seed: int) -> None:
    django.setup()
    from benchmarks.stage.rows import subscribe
    from tests.notifications.my_time.kills import round_of_kills

    subscribe(people)
    random, found = Random(seed), Counter[str]()
    for number in range(rounds):
        found += round_of_kills(number, random)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
