"""Subscribes COUNT people: `python -m benchmarks.stage.subscribers COUNT`."""

import sys

import django


def main(count: int) -> None:
    django.setup()
    from benchmarks.stage.rows import subscribe

    subscribe(count)
    print(count)


if __name__ == "__main__":
    main(int(sys.argv[1]))
