"""Fills a database with a long season: OFFERS with 10 students each, NOTICES; one line of JSON: a key to the API."""

import json
import random
import sys
from datetime import timedelta

import django

STUDENTS = 10
STARTS = (22102000, 22103000, 22104000, 9922103000)


def main(offers: int, notices: int) -> None:
    django.setup()
    from accounts.web.keys import Scope, make_key

    add_offers(offers)
    add_notices(notices)
    key, text = make_key("bench", Scope.values)
    key.save()
    print(json.dumps({"key": text}))


def add_offers(count: int) -> None:
    from django.conf import settings

    from scraping.models import Offer, OfferedStudent
    from scraping.placements.counted import names_in, settle_student

    chance = random.Random(1)  # the same season each time
    season = settings.ACTIVE_PLACEMENT_YEAR
    offers = Offer.objects.bulk_create(
        [
            Offer(
                season=season,
                company=f"Company {number} Works",
                company_key=f"company {number} works",
                company_fold=f"company {number} works",
                roles=[{"role": "Engineer", "package": round(chance.uniform(3, 40), 2), "details": ""}],
            )
            for number in range(count)
        ],
        batch_size=1000,
    )
    students = []
    for offer in offers:
        for number in chance.sample(range(1000), STUDENTS):
            enrollment = str(chance.choice(STARTS) + number)
            student = OfferedStudent(offer=offer, name=f"Student {number}", enrollment=enrollment)
            settle_student(student, offer, names_in(offer, [student]))
            students.append(student)
    OfferedStudent.objects.bulk_create(students, batch_size=1000, ignore_conflicts=True)


def add_notices(count: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from accounts.categories import Category
    from notifications.models import Notice

    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                external_key=f"bench:{number}",
                season=settings.ACTIVE_PLACEMENT_YEAR,
                category=Category.values[number % len(Category.values)],
                title=f"Company {number % 500} Works visits the campus",
                company=f"Company {number % 500} Works",
                role="Engineer",
                body="<p>" + "Be at the hall by nine, with your college card. " * 8 + "</p>",
                published_at=now - timedelta(minutes=number),
            )
            for number in range(count)
        ],
        batch_size=1000,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
