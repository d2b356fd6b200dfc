"""What somebody wants to hear of beside seasons and categories (spec: personal, What I want).

A filter keeps quiet only what its owner said; what a notice does not state is never held against it. Words are compared
once a distinct filter, in Python; whom that concerns is a condition of the statement that writes the deliveries.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Filter, Subscriber, Subscription
from accounts.personal.listed import listed

Kind = Filter.Kind
MOST = 50  # of one person
_LONGEST = 60
_LAKH = 100_000
_MOST_LPA = 1000
_TYPES = {
    "internship": "internship",
    "intern": "internship",
    "full time": "full time",
    "fulltime": "full time",
    "job": "full time",
}
_FOLLOWS, _MUTES = (Kind.COMPANY, Kind.WORD), (Kind.NOT_COMPANY, Kind.NOT_WORD)
_OF_COMPANIES, _OF_WORDS = (Kind.COMPANY, Kind.NOT_COMPANY), (Kind.WORD, Kind.NOT_WORD)
_SAID = {
    Kind.COMPANY: _lazy("Always tell me of %(value)s"),
    Kind.WORD: _lazy("Always tell me of the word %(value)s"),
    Kind.NOT_COMPANY: _lazy("Nothing of %(value)s"),
    Kind.NOT_WORD: _lazy("Nothing with the word %(value)s"),
    Kind.PACKAGE: _lazy("Postings from %(value)s LPA"),
    Kind.PLACE: _lazy("Postings in %(value)s"),
    Kind.TYPE: _lazy("Postings of the type %(value)s"),
    Kind.ELIGIBLE: _lazy("No posting that is not open to me"),
}


class FilterError(ValueError):
    """A filter that can't be taken; the text says why to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What filters look at. What is not stated is empty; `posting` says that pay, place and type are asked of it.

    `not_open` are the subscribers to whom the posting is not open, for those who want only what is.
    """

    company: str
    text: str
    posting: bool = False
    rupees: int | None = None
    place: str = ""
    type: str = ""
    not_open: frozenset[int] = frozenset()


def parse(kind: str, text: str) -> Filter:
    """Return an unsaved filter, its words as they were written. Raises FilterError."""
    if kind not in Kind.values:
        raise FilterError(_("The kinds are: %(kinds)s.") % {"kinds": ", ".join(Kind.values)})
    value = " ".join(text.split())
    if kind == Kind.ELIGIBLE:
        return Filter(kind=kind)
    if not value or len(value) > _LONGEST or not re.search(r"\w", value):
        raise FilterError(_("Say of what: one to %(most)d signs.") % {"most": _LONGEST})
    if kind == Kind.PACKAGE:
        found = re.fullmatch(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:lpa|l|lakhs?)?", value.lower())
        lpa = float(found[1].replace(",", ".")) if found else 0.0
        if not 0 < lpa <= _MOST_LPA:
            raise FilterError(_("Send the least package in lakhs a year, such as 6 or 7.5."))
        return Filter(kind=kind, value=f"{lpa:g}", rupees=round(lpa * _LAKH))
    if kind == Kind.TYPE:
        if value.lower() not in _TYPES:
            raise FilterError(_("The types are internship and full time."))
        value = _TYPES[value.lower()]
    return Filter(kind=kind, value=value)


def add(telegram_id: int, new: Filter) -> bool:
    """Store a filter; one that differs in case alone is written anew. False where the person never subscribed.

    Raises FilterError where there are too many.
    """
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()
    if person is None:
        return False
    if new.kind == Kind.PACKAGE:
        person.filters.filter(kind=Kind.PACKAGE).delete()
    mine = person.filters.filter(kind=new.kind)
    if same := next((each for each in mine if each.value.casefold() == new.value.casefold()), None):
        mine.filter(pk=same.pk).update(value=new.value)
        return True
    if person.filters.count() >= MOST:
        raise FilterError(_("You have %(count)d filters. Take one away first.") % {"count": MOST})
    Filter.objects.get_or_create(subscriber=person, kind=new.kind, value=new.value, defaults={"rupees": new.rupees})
    return True


def of(telegram_id: int) -> list[Filter]:
    """Return the filters of a person, by kind."""
    return list(Filter.objects.filter(subscriber__telegram_id=telegram_id).order_by("kind", "value"))


def remove(telegram_id: int, pk: int) -> bool:
    return bool(Filter.objects.filter(subscriber__telegram_id=telegram_id, pk=pk).delete()[0])


def remove_all(telegram_id: int) -> None:
    Filter.objects.filter(subscriber__telegram_id=telegram_id).delete()


def said(each: Filter) -> str:
    """Return a filter as people read it: "Postings from 8 LPA"."""
    return _SAID[Kind(each.kind)] % {"value": each.value}


def exist() -> bool:
    """Whether anybody has a filter."""
    return Filter.objects.exists()


def want_only_open() -> QuerySet[Subscriber]:
    """Who wants no posting that is not open to them."""
    return Subscriber.objects.filter(filters__kind=Kind.ELIGIBLE)


def narrowed(
    wanted: QuerySet[Subscription], active: QuerySet[Subscription], offer: Offer, *, kept_back: bool = False
) -> QuerySet[Subscription]:
    """Return those of the `wanted` subscriptions that their filters let through, and those that follow the notice.

    With `kept_back` also those whose owners want in a digest what their filters keep back; they are annotated so.
    """
    hits = _hits(offer)
    quiet = _has(kind__in=_MUTES, value__in=_listed(hits, *_MUTES))
    if offer.posting and offer.rupees is not None:
        quiet |= _has(kind=Kind.PACKAGE, rupees__gt=offer.rupees)
    for kind, stated in ((Kind.PLACE, offer.place), (Kind.TYPE, offer.type)):
        if offer.posting and stated:
            quiet |= _has(kind=kind) & ~_has(kind=kind, value__in=_listed(hits, kind))
    if offer.not_open:
        quiet |= Q(subscriber__in=listed(sorted(offer.not_open)))
    through = wanted.filter(~quiet).values("pk")
    follows = active.filter(_has(kind__in=_FOLLOWS, value__in=_listed(hits, *_FOLLOWS))).values("pk")
    told = Q(pk__in=through) | Q(pk__in=follows)
    if not kept_back:
        return active.filter(told)
    quietly = wanted.filter(subscriber__timing__quietly=True).values("pk")
    silent = Case(When(told, then=Value(False)), default=Value(True), output_field=BooleanField())
    return active.filter(told | Q(pk__in=quietly)).annotate(kept_back=silent)


def lets_through(mine: Collection[Filter], offer: Offer, *, wanted: bool, not_open: bool) -> bool:
    """Say of one person what `narrowed` says of all: `wanted` by seasons and categories, `not_open` to them."""
    texts = _texts(offer)
    kinds = {each.kind for each in mine}
    has = {each.kind for each in mine if each.value and _stands_in(each.value, texts.get(Kind(each.kind), ""))}
    stated = {Kind.PLACE: offer.place, Kind.TYPE: offer.type}
    quiet = (
        not has.isdisjoint(_MUTES)
        or any(
            each.rupees and offer.rupees is not None and each.rupees > offer.rupees for each in mine if offer.posting
        )
        or any(offer.posting and text and kind in kinds and kind not in has for kind, text in stated.items())
        or (not_open and Kind.ELIGIBLE in kinds)
    )
    return (wanted and not quiet) or not has.isdisjoint(_FOLLOWS)


def _has(**condition: object) -> Q:
    """Whether the subscription's owner has a filter like this."""
    return Q(Exists(Filter.objects.filter(subscriber=OuterRef("subscriber"), **condition)))


def _hits(offer: Offer) -> dict[str, list[str]]:
    """The distinct values by kind that the offer has."""
    rows = (
        Filter.objects.exclude(kind__in=(Kind.PACKAGE, Kind.ELIGIBLE))
        .order_by()
        .values_list("kind", "value")
        .distinct()
    )
    texts = _texts(offer)
    found: dict[str, list[str]] = {}
    for kind, value in rows:
        if _stands_in(value, texts[Kind(kind)]):
            found.setdefault(kind, []).append(value)
    return found


def _texts(offer: Offer) -> dict[Kind, str]:
    """Where the values of each kind are looked for."""
    everything = f"{offer.company}\n{offer.text}"
    texts = {Kind.PLACE: offer.place, Kind.TYPE: offer.type, **dict.fromkeys(_OF_COMPANIES, offer.company)}
    return {kind: text.casefold() for kind, text in (texts | dict.fromkeys(_OF_WORDS, everything)).items()}


def _stands_in(value: str, text: str) -> bool:
    """Whether words stand in a text that is folded to one case."""
    value = value.casefold()
    return value in text and bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text))


def _listed(hits: dict[str, list[str]], *kinds: str) -> RawSQL:
    return listed(sorted({value for kind in kinds for value in hits.get(kind, ())}))
