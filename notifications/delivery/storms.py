"""Storms of refusals: where a service refuses most of many different addresses, the fault is ours and not theirs.

Another bot's token ("chat not found", all of them), a changed VAPID pair, a clock that is wrong: each of these refusals
looks as if one address were dead. So they are counted by service, which is Telegram or one push service:

    calm   A refusal is acted upon at once, and noted. Many of them, and few acceptances, begin a storm: what the
           refusals noted within a day have cost is taken back.
    held   A refusal costs nothing: its delivery waits. The service is tried by one message at a time, and rests after a
           refusal. Many acceptances, and few refusals, end the storm: what waits goes out. Who is refused once more
           after that was refused for themselves.

One number, in the database, says how much speaks against the present state; so it outlasts a process, and several
processes share it (docs/spec/delivery.md, Storms of refusals).
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Subscription
from notifications.delivery import blame
from notifications.models import Delivery, Refusal, Service

log = logging.getLogger(__name__)

TELEGRAM = ""  # the name of the one service of a channel whose addresses are no URLs
MANY = 5  # refusals that begin a storm; an acceptance outweighs two
ENOUGH = 10  # acceptances that end it; a refusal outweighs two
_OUTWEIGHS = 2
_REFUSED_BEFORE = 5  # that many acceptances is one by an address which the storm had refused


class Refused(NamedTuple):
    """A delivery whose address the service refused, and our code for its words."""

    delivery: int
    subscription: int
    code: str


class Storms:
    """What one dispatcher knows of the services of its channel.

    `held` says why, by service; `resting` names those that refused somebody in the last outcomes.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._doubted: set[str] = set()
        self._heard: set[int] = set()  # who was accepted in a storm, and counts no more
        self.held: dict[str, str] = {}
        self.resting: set[str] = set()

    def look(self) -> None:
        """Read from the database what other processes found out."""
        services = Service.objects.filter(channel=self._channel)
        self.held = {service.name: service.held_reason for service in services if service.held_since}
        self._doubted = {service.name for service in services if service.evidence}
        self.resting = set()

    def weigh(self, refused: Mapping[str, Collection[Refused]], accepted: Mapping[str, set[int]]) -> set[int]:
        """Count outcomes, by service; `accepted` are subscriptions. Returns the deliveries that are to be spared.

        Call it in the transaction that settles them.
        """
        self.resting = set()
        spared: set[int] = set()
        for name in {*refused, *(accepted.keys() & (self.held.keys() | self._doubted))}:
            spared |= self._weigh(name, refused.get(name, ()), accepted.get(name, set()))
        return spared

    def _weigh(self, name: str, refused: Collection[Refused], accepted: set[int]) -> set[int]:
        service, _ = Service.objects.select_for_update().get_or_create(channel=self._channel, name=name[:300])
        if service.held_since:
            news = accepted - self._heard
            self._heard |= news
            _weigh_in_storm(service, refused, news)
        else:
            _weigh_in_calm(service, refused, accepted)
        service.save(update_fields=["evidence", "held_since", "held_reason"])
        return self._note(service, refused)

    def _note(self, service: Service, refused: Collection[Refused]) -> set[int]:
        (self._doubted.add if service.evidence else self._doubted.discard)(service.name)
        if not service.held_since:
            self.held.pop(service.name, None)
            self._heard.clear()
            return set()
        self.held[service.name] = service.held_reason
        if refused and not service.evidence:
            self.resting.add(service.name)
        return {refusal.delivery for refusal in refused}


@transaction.atomic
def believe(services: Iterable[Service]) -> int:
    """An admin says that the addresses are dead indeed: end the storm, and act upon each refusal that comes again."""
    ended = 0
    for service in Service.objects.select_for_update().filter(pk__in=[s.pk for s in services]):
        if service.held_since:
            _end(service, mended=False)
            service.save(update_fields=["evidence", "held_since", "held_reason"])
            ended += 1
    return ended


def believe_unreached() -> int:
    """Believe a push service that has refused for a week and never took a message: what waits there would pile up."""
    old = Service.objects.filter(held_since__lt=timezone.now() - timedelta(days=7)).exclude(name=TELEGRAM)
    return believe([service for service in old if not _reached(service).exists()])


def _weigh_in_calm(service: Service, refused: Collection[Refused], accepted: set[int]) -> None:
    counted = _those_that_count(service, refused)
    _remember(service, refused)
    service.evidence = max(0, service.evidence + len(counted) - _OUTWEIGHS * len(accepted))
    if service.evidence >= MANY:
        _begin(service)


def _weigh_in_storm(service: Service, refused: Collection[Refused], accepted: set[int]) -> None:
    _remember(service, refused)
    before = service.refusals.filter(delivery__subscription__in=accepted)
    mended = len(set(before.values_list("delivery__subscription", flat=True))) if accepted else 0
    if mended:
        before.delete()
    for_it = len(accepted) + (_REFUSED_BEFORE - 1) * mended
    service.evidence = max(0, service.evidence + for_it - _OUTWEIGHS * len(refused))
    if service.evidence >= ENOUGH:
        _end(service, mended=bool(mended))


def _begin(service: Service) -> None:
    codes = Counter(service.refusals.values_list("code", flat=True))
    told = ", ".join(f"{code} {count}" for code, count in codes.most_common(3))
    service.held_since, service.evidence = timezone.now(), 0
    service.held_reason = f"{service} refuses most addresses ({told})"[:300]
    back = blame.take_back(service.refusals.all())
    log.error("%s. It is held: nobody is switched off for it, %d are on again.", service.held_reason, back)


def _end(service: Service, *, mended: bool) -> None:
    """Let what waits go out. Where not one of the refused was accepted, they are refused for themselves."""
    log.warning("%s no longer refuses most addresses: what waited goes out.", service)
    service.held_since, service.held_reason, service.evidence = None, "", 0
    blame.try_now(service.refusals.all())
    if mended:
        service.refusals.all().delete()
    else:
        service.refusals.update(judged=True)


def _remember(service: Service, refused: Collection[Refused]) -> None:
    """Store refusals, so that they can be taken back, except those of deliveries that were deleted meanwhile."""
    codes = {refusal.delivery: refusal.code for refusal in refused}
    there = Delivery.objects.select_for_update().filter(pk__in=codes).values_list("pk", flat=True)
    Refusal.objects.bulk_create(
        (Refusal(service=service, delivery_id=pk, code=codes[pk]) for pk in there), ignore_conflicts=True
    )


def _those_that_count(service: Service, refused: Collection[Refused]) -> set[int]:
    """Return subscriptions whose refusal counts as evidence: each once, and none that was judged after a storm.

    Strangers register push endpoints that never worked. Their refusals say nothing once others there have worked.
    """
    found = {refusal.subscription for refusal in refused}
    if not found:
        return found
    known = service.refusals.filter(delivery__subscription__in=found).exclude(delivery__state=Delivery.State.SENT)
    found -= set(known.values_list("delivery__subscription", flat=True))
    if service.name == TELEGRAM:
        return found
    reached = _reached(service)
    proven = set(reached.filter(pk__in=found).values_list("pk", flat=True))
    return proven if proven or reached.exists() else found


def _reached(service: Service) -> QuerySet[Subscription]:
    """Return the browsers of a push service that received a message."""
    had_one = Exists(Delivery.objects.filter(subscription=OuterRef("pk"), sent_at__isnull=False))
    return Subscription.objects.filter(had_one, channel=service.channel, address__istartswith=f"{service.name}/")
