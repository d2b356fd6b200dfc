"""Delivers a list of NAMED among MEMBERS until all named have their first message; a line of JSON."""

import json
import os
import sys
from threading import Thread
from time import monotonic, sleep

import django


def main(members: int, named: int) -> None:
    django.setup()
    from benchmarks.stage.members import enrol, shortlist
    from notifications.delivery.run import deliver
    from notifications.models import Delivery, Notice
    from notifications.publishing.fan_out import fan_out

    enrol(members)
    notice = shortlist(members, named * 5 // 4)
    Notice.objects.filter(pk=notice.pk).update(announced=True)
    fan_out(notice)
    waiting = Delivery.objects.filter(parts_sent=0).exclude(named="")
    count, begun = waiting.count(), monotonic()
    Thread(target=deliver, args=(["telegram"],), daemon=True).start()
    while waiting.exists():
        sleep(0.2)
    seconds = monotonic() - begun
    before = Delivery.objects.filter(named="", parts_sent__gt=0).count()
    print(json.dumps({"named": count, "seconds": seconds, "before": before}), flush=True)
    os._exit(0)  # what is left of the list goes to nobody


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
