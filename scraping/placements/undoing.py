"""Takes back what a mail brought into offers and policies, before it is read again as a person corrected it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.categories import Category
from scraping.changes import announce
from scraping.models import Offer, OfferedStudent, Policy, RawItem, WithdrawnOffer
from scraping.placements.counted import settle
from scraping.reading.facts.naming.names import company_key


@transaction.atomic
def take_out(mail: RawItem, *, still_of: str = "") -> set[int]:
    """Take a mail's students out of the offers it was put into; those of the company with the key `still_of` stay.

    What all mails say of such an offer, its roles and their pay, is forgotten: returns the ids of the other mails that
    must be read again for it. An offer nobody else told of is deleted.
    """
    again: set[int] = set()
    mine = Q(students__mail=mail) | Q(notice__isnull=False, notice=mail.notice_id)
    keys = set(Offer.objects.filter(mine).values_list("pk", flat=True))
    for offer in Offer.objects.select_for_update(of=("self",)).filter(pk__in=keys):
        others = _other_mails(offer, mail)
        if offer.company_key != still_of:
            OfferedStudent.objects.filter(offer=offer, mail=mail).delete()
        if not others and not offer.students.exists():
            announce(Offer, offer.pk)
            offer.delete()
            continue
        offer.roles, offer.locations, offer.joining_date = [], [], ""
        offer.number_of_offers = offer.students.count()
        settle(offer)
        again |= others
    return again


@transaction.atomic
def give_back(season: int, company: str, sent_at: datetime | None) -> set[int]:
    """Forget what a text of that time withdrew of a company's offers: returns the mails that must be read again."""
    key = company_key(company)
    WithdrawnOffer.objects.filter(season=season, company_key=key, sent_at=sent_at).delete()
    told = RawItem.objects.filter(kind="mail", season=season, notice__category=Category.PLACEMENT_OFFER)
    return {pk for pk, named in told.values_list("pk", "notice__company") if company_key(named) == key}


def take_out_policy(mail: RawItem) -> None:
    """Delete the version of a policy that a mail made."""
    versions = Policy.objects.filter(mail=mail)
    changed = Policy.objects.filter(version=1, year__in=versions.values("year"))
    announce(Policy, *changed.values_list("pk", flat=True))
    versions.delete()


def _other_mails(offer: Offer, mail: RawItem) -> set[int]:
    """The mails that told of an offer beside this one."""
    told = Q(notice__category=Category.PLACEMENT_OFFER, notice__company=offer.company, season=offer.season)
    named = Q(pk__in=offer.students.values("mail"))
    return set(RawItem.objects.filter(told | named, kind="mail").exclude(pk=mail.pk).values_list("pk", flat=True))
