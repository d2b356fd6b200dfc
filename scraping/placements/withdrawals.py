"""Offers that a company took back: they no longer count, and older mails do not bring them back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from scraping.changes import announce
from scraping.models import Offer, OfferedStudent, WithdrawnOffer
from scraping.placements.counted import settle, student_key
from scraping.placements.offers import Selected, find_student, key_of


@transaction.atomic
def withdraw(
    season: int, company: str, students: Sequence[Selected], sent_at: datetime | None, *, everybody: bool = False
) -> int:
    """Take back the offers of these students, or of everybody. Returns how many no longer count; again, it is 0.

    Raises:
        ValueError: the company's name holds neither letter nor digit.
    """
    key = key_of(company)
    offer = Offer.objects.select_for_update(of=("self",)).filter(season=season, company_key=key).first()
    known = list(offer.students.all()) if offer else []
    gone = known if everybody else [found for one in students if (found := find_student(known, one))]
    named = {student_key(student.enrollment, student.name) for student in students}
    _remember(season, key, named | {student.student for student in gone}, sent_at)
    if offer and gone:
        _take_off(offer, gone, left=len(known) - len(gone))
    return len(gone)


def _remember(season: int, key: str, students: set[str], sent_at: datetime | None) -> None:
    WithdrawnOffer.objects.bulk_create(
        (WithdrawnOffer(season=season, company_key=key, student=student, sent_at=sent_at) for student in students),
        update_conflicts=True,
        unique_fields=["season", "company_key", "student"],
        update_fields=["sent_at"],
    )


def _take_off(offer: Offer, gone: Sequence[OfferedStudent], *, left: int) -> None:
    OfferedStudent.objects.filter(pk__in=[student.pk for student in gone]).delete()
    offer.number_of_offers = max(left, offer.number_of_offers - len(gone))
    if offer.number_of_offers:
        settle(offer)
    else:
        announce(Offer, offer.pk)
        offer.delete()
