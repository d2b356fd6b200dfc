"""Fills COUNT profiles, rotates their key in a process of its own, changes some meanwhile; one line of JSON."""

import json
import os
import random
import subprocess
import sys
from base64 import b64encode
from time import monotonic

import django

OLD, NEW = (b64encode(sign * 32).decode() for sign in (b"o", b"n"))


def main(count: int) -> None:
    django.setup()
    from django.conf import settings

    from accounts.models import Profile, Subscriber

    settings.FIELD_KEYS = [OLD]
    expected = fill(count)
    settings.FIELD_KEYS = [NEW, OLD]
    environment = {**os.environ, "FIELD_KEYS": json.dumps(settings.FIELD_KEYS)}
    started = monotonic()
    command = [sys.executable, "manage.py", "rotate_field_keys", "--verbosity", "0"]
    with subprocess.Popen(command, env=environment) as rotation:
        changes, longest = change_until_done(rotation, expected)
    seconds = monotonic() - started
    settings.FIELD_KEYS, settings.SECRET_KEY = [NEW], "another one"
    from accounts.personal import profiles

    ids = dict(Subscriber.objects.values_list("pk", "telegram_id"))
    stored = profiles.of_subscribers(Profile.objects.values_list("subscriber", flat=True))
    read = {ids[pk]: facts for pk, facts in stored.items()}
    lost = sum(read.get(student) != facts for student, facts in expected.items())
    print(json.dumps({"seconds": seconds, "changes": changes, "longest": longest, "lost": lost}))


def fill(count: int) -> dict[int, dict[str, str]]:
    """Make the subscribers and their profiles. Returns the facts by Telegram id."""
    from accounts import privacy
    from accounts.models import Consent, Profile, Subscriber
    from accounts.personal import profiles

    Subscriber.objects.bulk_create([Subscriber(telegram_id=1000 + n) for n in range(count)], batch_size=500)
    expected, consents, rows = {}, [], []
    for n, person in enumerate(Subscriber.objects.order_by("pk")):
        facts = {"number": str(22_000_000 + n), "cgpa": f"{n % 1000 / 100}"}
        expected[person.telegram_id or 0] = facts
        consents.append(Consent(subscriber=person, version=privacy.VERSION))
        rows.append(Profile(subscriber=person, **profiles.sealed(facts)))
    Consent.objects.bulk_create(consents, batch_size=500)
    Profile.objects.bulk_create(rows, batch_size=500)
    return expected


def change_until_done(rotation: subprocess.Popen[bytes], expected: dict[int, dict[str, str]]) -> tuple[int, float]:
    """Change random profiles as the bot does. Returns how many, and the longest one in seconds."""
    from accounts.personal import profiles

    chance, changes, longest = random.Random(1), 0, 0.0
    students = list(expected)
    while rotation.poll() is None:
        student, value = chance.choice(students), str(chance.randrange(100))
        begun = monotonic()
        profiles.tell(student, "backlogs", value if int(value) <= 60 else "60")
        longest = max(longest, monotonic() - begun)
        expected[student]["backlogs"] = value if int(value) <= 60 else "60"
        changes += 1
    if rotation.returncode:
        raise RuntimeError("The rotation failed.")
    return changes, longest


if __name__ == "__main__":
    main(int(sys.argv[1]))
