"""Asks for PEOPLE calendars twice, and measures the second time; one line of JSON: CPU seconds, 304s, entries."""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

NOTICES, DATED, CHANGES = 100, 40, 20  # told to each; of them with a date; that change in the second half hour
LISTED = 200  # students on each list


def main(people: int) -> None:
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from accounts.models import Subscriber
    from notifications.my_time.calendar_links import link_token

    fill(people)
    tokens = [link_token(person) for person in Subscriber.objects.filter(kind="person").order_by("pk")]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    application = get_wsgi_application()
    answers = [ask(application, token) for token in tokens]
    cpu, worst, not_modified, half = 0.0, 0.0, 0, people // 2
    for number, (token, (_, etag, _)) in enumerate(zip(tokens, answers, strict=True)):
        if number >= half and (number - half) % (half // CHANGES) == 0:
            change((number - half) // (half // CHANGES))
        begun, at = time.process_time(), time.perf_counter()
        status, _, _ = ask(application, token, etag)
        cpu, worst = cpu + time.process_time() - begun, max(worst, time.perf_counter() - at)
        not_modified += status == 304
    entries = sum(content.count(b"BEGIN:VEVENT") for _, _, content in answers) / people
    told = {"cpu_seconds": cpu, "worst_ms": 1000 * worst, "not_modified": not_modified, "entries": entries}
    print(json.dumps(told))


def fill(people: int) -> None:
    """Members with numbers, links and things they said; notices that each of them was told of."""
    from accounts.models import Subscriber
    from benchmarks.stage.members import enrol
    from notifications.models import Interest
    from notifications.publishing.publish import publish

    enrol(people)
    for number in range(NOTICES):
        publish(posting(number) if number % 2 else shortlist(number, people))
    said = (
        Interest(subscriber_id=pk, key=f"job-{(n + step) % DATED | 1}", applied_at=None)
        for n, pk in enumerate(Subscriber.objects.values_list("pk", flat=True))
        for step in range(0, 10, 2)
    )
    Interest.objects.bulk_create(said, batch_size=1000, ignore_conflicts=True)
    Interest.objects.update(remind_at=Subscriber.objects.values("created_at")[:1])


def posting(number: int, hours: int = 0) -> Any:
    from django.utils import timezone

    from benchmarks.stage.rows import draft

    rule = {"name": "cgpa", "value": 6.5, "quote": "CGPA 6.5", "program": ""}
    return draft(
        external_key=f"bench:{number}",
        category="job_posting",
        company=f"Company {number}",
        role="Engineer",
        job_key=f"job-{number}",
        deadline=timezone.now() + timedelta(days=2 + number, hours=hours) if number < DATED else None,
        eligibility=(rule,),
    )


def shortlist(number: int, people: int) -> Any:
    from django.utils import timezone

    from benchmarks.stage.rows import draft

    step = max(people // LISTED, 1)
    numbers = (30_000_000 + (n * step + number) % people for n in range(min(LISTED, people)))
    return draft(
        external_key=f"bench:{number}",
        category="shortlisting",
        company=f"Company {number}",
        stage="Technical interview",
        event_at=timezone.now() + timedelta(days=3 + number) if number < DATED else None,
        roster=tuple({"name": f"Student {each}", "enrollment": str(each), "time": "10:40 AM"} for each in numbers),
        roster_meaning="selected",
    )


def change(number: int) -> None:
    """Move a deadline: every calendar has to say so."""
    from notifications.publishing.publish import publish

    publish(posting(2 * number + 1, hours=3))


def ask(application: Callable[..., Any], token: str, etag: str = "") -> tuple[int, str, bytes]:
    """Ask once. Returns the status, the ETag and the content."""
    answered: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/calendar/{token}.ics",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": sys.stdin.buffer,
        "wsgi.errors": sys.stderr,
        **({"HTTP_IF_NONE_MATCH": etag} if etag else {}),
    }
    response = application(environ, lambda status, headers: answered.extend((int(status[:3]), dict(headers))))
    content = b"".join(response)
    response.close()
    return answered[0], answered[1].get("ETag", ""), content


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
