"""Publishes a notice to COUNT subscriptions; one line of JSON: seconds."""

import json
import sys
from time import monotonic

import django


def main(count: int) -> None:
    django.setup()
    from benchmarks.stage.rows import draft, subscribe
    from notifications.publishing.publish import publish

    subscribe(count)
    start = monotonic()
    published = publish(draft())
    seconds = monotonic() - start
    assert published.queued == count
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
