"""Subscribes COUNT people, publishes a notice, delivers it; one line of JSON: how long, and what it took."""

import argparse
import json
import resource
from time import monotonic, process_time

import django


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--stock", action="store_true", help="python-telegram-bot's own transport")
    options = parser.parse_args()
    django.setup()
    from benchmarks.stage.rows import draft, subscribe
    from notifications.delivery.run import deliver
    from notifications.models import Delivery
    from notifications.publishing.publish import publish

    if options.stock:
        from benchmarks.stage.stock import use_stock_transport

        use_stock_transport()
    subscribe(options.count)
    publish(draft())
    before, cpu = monotonic(), process_time()
    tally = deliver(["telegram"])["telegram"]
    seconds = monotonic() - before
    figures = {
        "sent": tally.sent,
        "settled": Delivery.objects.filter(state="sent").count(),
        "seconds": seconds,
        "cpu": process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
