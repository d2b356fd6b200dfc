"""Delivers a list of NAMED among MEMBERS; a line of JSON: when the last named one was told, how many others before."""

import json
import sys

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
    begun = Delivery.objects.earliest("created_at").created_at
    deliver(["telegram"])
    mine = Delivery.objects.exclude(named="")
    last = mine.latest("sent_at").sent_at
    assert last
    seconds = (last - begun).total_seconds()
    before = Delivery.objects.filter(named="", sent_at__lt=last).count()
    print(json.dumps({"named": mine.count(), "seconds": seconds, "before": before}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
