"""Subscribes COUNT people and publishes a notice; the deliveries are left pending."""

import json
import sys

import django


def main(count: int) -> None:
    django.setup()
    from benchmarks.stage.rows import draft, subscribe
    from notifications.publishing.publish import publish

    subscribe(count)
    print(json.dumps({"queued": publish(draft()).queued}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
