"""Fills NOTICES varied ones, then times searches beside LIKE; one line of JSON: seconds to index, rows of figures."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median

import django

TIMES = 15
STUDENTS = 40
WORDS = 4_000
QUESTIONS = {
    "a company": "Company 250 Works",
    "a beginning that 2 of 3 hold": "com",
    "two words": "hall laptop",
    "a rare word": "zirconium",
    "nothing": "nobodywrotethis",
    "a number, members": "22103250",
    "eight words": "be at the hall by nine with your college card and laptop company works",
}


def main(count: int) -> None:
    django.setup()
    from django.db.models import Q
    from django.utils import timezone

    from notifications.finding.index import bring_up_to_date
    from notifications.finding.search import newest_with
    from notifications.finding.words import words_asked
    from notifications.models import Notice
    from notifications.rendering.public import visible_notices

    fill(count)
    stored_before = timezone.now() - timedelta(hours=2)  # else all of them are compared before each search
    Notice.objects.update(updated_at=stored_before)
    start = time.perf_counter()
    made = bring_up_to_date()
    seconds = time.perf_counter() - start
    assert made == count

    def like(text: str) -> object:
        wanted = Q()
        for word in words_asked(text):
            in_facts = Q(company__icontains=word) | Q(role__icontains=word) | Q(stage__icontains=word)
            wanted &= in_facts | Q(title__icontains=word) | Q(body__icontains=word) | Q(roster__icontains=word)
        return list(visible_notices().filter(wanted).defer("body", "details", "links")[:10])

    def find(text: str, *, names: bool) -> list[Notice]:
        return newest_with(text, names=names, limit=11)

    rows = [
        (
            name,
            len(find(text, names=True)),
            _ms(partial(find, text, names=True)),
            _ms(partial(find, text, names=False)),
            _ms(partial(like, text), times=3),
        )
        for name, text in QUESTIONS.items()
    ]
    print(json.dumps({"seconds": seconds, "rows": rows}))


def fill(count: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from accounts.categories import Category
    from notifications.models import Notice
    from notifications.rendering.public import NAMING

    chance, now = random.Random(1), timezone.now()
    vocabulary = ["".join(chance.choices("abcdefghijklmnoprstuvwy", k=chance.randint(3, 10))) for _ in range(WORDS)]

    def notice(number: int) -> Notice:
        category = Category.values[number % len(Category.values)]
        said = " ".join(chance.choices(vocabulary, k=150)) + (" zirconium" if number % 5_000 == 0 else "")
        roster = [
            {"name": " ".join(chance.choices(vocabulary, k=2)).title(), "enrollment": str(22_103_000 + person)}
            for person in chance.sample(range(1000), STUDENTS)
        ]
        return Notice(
            external_key=f"bench:{number}",
            season=settings.ACTIVE_PLACEMENT_YEAR,
            category=category,
            title=f"Company {number % 500} Works visits the campus",
            company=f"Company {number % 500} Works" if number % 3 else "",
            role="Engineer",
            body=f"<p>Be at the hall by nine, with your college card and a laptop.</p><p>{said}</p>",
            roster=roster if category in NAMING else [],
            published_at=now - timedelta(minutes=number),
        )

    Notice.objects.bulk_create(map(notice, range(count)), batch_size=500)


def _ms(call: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken), max(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
