"""Two events of one person at the same time, told when the second is known, once (spec: personal, My time).

The minute's sweep compares what is to come. Only notices whose times meet at all are looked at, and of those only who
has two of them. A message is a notice of its own for each pair and their times: whoever has it is not told again, by
whichever process, and what moves to another time is another clash.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.language import LANGUAGES, known, speaking
from accounts.models import Subscriber, Subscription
from accounts.subscribing.members import who_sees_names
from accounts.times import moment
from notifications.delivery import ledger
from notifications.models import Delivery, Interest, Notice
from notifications.my_time.calendar_entries import event_title
from notifications.my_time.dates import Span, Stated, stated
from notifications.rendering.render import CLASH

WAY = timedelta(minutes=15)  # from one place to another
_FARTHEST = timedelta(days=120)
_BEGUN = timedelta(days=1)  # the slots of a list may lie on the days after its date
_AT_ONCE = 400
Mine = tuple[Stated, Span]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two events of somebody, the earlier one first."""

    first: Mine
    second: Mine

    @property
    def key(self) -> str:
        """Return what the clash is known by: the two notices and their times."""
        return " ".join([CLASH, *(f"{said.pk}@{span.at:%Y%m%d%H%M}" for said, span in (self.first, self.second))])


def tell() -> int:
    """Queue a message about each clash that its people were not told of. Returns how many deliveries."""
    now = timezone.now()
    soon = Notice.objects.filter(
        event_at__range=(now - _BEGUN, now + _FARTHEST), withdrawn_at=None, follows=None, private=False, announced=True
    )
    coming = stated(soon.order_by().values_list("pk", "updated_at"))
    meeting = _meeting(coming.values(), now)
    if not meeting:
        return 0
    found = {
        (clash.key, subscriber): clash
        for subscriber, mine in _events_of_people(meeting).items()
        for clash in clashes(mine, now)
    }
    new = sorted(found.keys() - _told({key for key, _who in found}))
    return sum(
        _tell({pair: found[pair] for pair in new[start : start + _AT_ONCE]}) for start in range(0, len(new), _AT_ONCE)
    )


def clashes(mine: Iterable[Mine], now: datetime) -> Iterator[Clash]:
    """Yield the clashes of somebody's events that are not over."""
    timed = ((said, span) for said, span in mine if not (span.all_day or span.tentative) and span.ends > now)
    for first, second in combinations(sorted(timed, key=lambda event: (event[1].at, event[0].pk)), 2):
        if not _same_thing(first[0], second[0]) and _clash(first[1], second[1]):
            yield Clash(first, second)


def _clash(first: Span, second: Span) -> bool:
    """Whether nobody can be at both: they overlap, or leave no time for the way between two places."""
    apart = first.place and second.place and first.place.casefold() != second.place.casefold()
    return second.at < first.ends + (WAY if apart else timedelta(0))


def _same_thing(one: Stated, other: Stated) -> bool:
    """Whether two notices may tell of one event: of one job, or of one company, which plans its own."""
    return one.key == other.key or bool(one.company and one.company.casefold() == other.company.casefold())


def _meeting(coming: Collection[Stated], now: datetime) -> dict[int, Stated]:
    """Those notices of which another one has a time that may clash with one of theirs."""
    reaching = sorted(
        ((span, said) for said in coming if (span := said.reach) and span[1] > now), key=lambda one: one[0]
    )
    found: dict[int, Stated] = {}
    open_: list[tuple[datetime, Stated]] = []
    for (begins, ends), said in reaching:
        open_ = [(end, other) for end, other in open_ if begins < end + WAY]
        for _end, other in open_:
            if not _same_thing(said, other):
                found |= {said.pk: said, other.pk: other}
        open_.append((ends, said))
    return found


def _events_of_people(notices: dict[int, Stated]) -> dict[int, list[Mine]]:
    """The events of each person who has several among these notices: two statements."""
    found = defaultdict[int, dict[int, str]](dict)
    by_key = defaultdict[str, list[int]](list)
    for said in notices.values():
        if not said.has_list:
            by_key[said.key].append(said.pk)
    wanted = Q(not_interested_at=None) & (Q(applied_at__isnull=False) | Q(remind_at__isnull=False))
    for subscriber, key in Interest.objects.filter(wanted, key__in=by_key).values_list("subscriber", "key"):
        found[subscriber] |= dict.fromkeys(by_key[key], "")
    named = Delivery.objects.filter(
        notice__in=notices, named=Delivery.Named.BY_NUMBER, subscription__subscriber__in=_readers()
    )
    number = "subscription__subscriber__profile__number_digest"
    for subscriber, notice, digest in named.values_list("subscription__subscriber", "notice", number):
        found[subscriber][notice] = digest or ""
    return {
        subscriber: [(notices[pk], span) for pk, digest in mine.items() for span in notices[pk].spans_of(digest)]
        for subscriber, mine in found.items()
        if len(mine) > 1
    }


def _readers() -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(who_sees_names())


def _told(keys: Collection[str]) -> set[tuple[str, int]]:
    """The keys of clashes with each subscriber who was told of them, in whatever language."""
    wanted = sorted(f"{key} {language}" for key in keys for language in LANGUAGES)
    told: set[tuple[str, int]] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Delivery.objects.filter(notice__external_key__in=wanted[start : start + _AT_ONCE])
        for key, subscriber in rows.values_list("notice__external_key", "subscription__subscriber"):
            told.add((key.rpartition(" ")[0], subscriber))
    return told


@transaction.atomic
def _tell(found: dict[tuple[str, int], Clash]) -> int:
    """Tell each subscriber of a clash by its key. What another cluster writes in the same moment stands once."""
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE, subscriber__in={who for _key, who in found})
    by_person = defaultdict[int, list[Subscription]](list)
    for subscription in active.select_related("subscriber").order_by("pk"):
        by_person[subscription.subscriber_id].append(subscription)
    wanted = [
        (f"{key} {known(subscription.subscriber.language)}", clash, subscription)
        for (key, subscriber), clash in found.items()
        for subscription in by_person[subscriber]
    ]
    messages = {key: clash for key, clash, _subscription in wanted}
    Notice.objects.bulk_create([_message(key, clash) for key, clash in messages.items()], ignore_conflicts=True)
    notices = dict(Notice.objects.filter(external_key__in=messages).values_list("external_key", "pk"))
    return ledger.queue_each((notices[key], subscription) for key, _clash, subscription in wanted)


def _message(key: str, clash: Clash) -> Notice:
    """The notice that tells of a clash, in the language at the end of its key: for some alone, and naming nobody."""
    with speaking(key.rpartition(" ")[2]):
        return Notice(
            external_key=key,
            title=_title(clash)[:500],
            body=_body(clash),
            rule=CLASH,
            private=True,
            announced=True,
            season=clash.second[0].season,
            published_at=timezone.now(),
        )


def _title(clash: Clash) -> str:
    (first, one), (second, other) = clash.first, clash.second
    names = {"first": first.company or first.title, "second": second.company or second.title}
    if other.at < one.ends:
        return _("Two at once: %(first)s and %(second)s") % names
    return _("One right after the other, at another place: %(first)s and %(second)s") % names


def _body(clash: Clash) -> str:
    lines = format_html("<p>• {}<br>• {}</p>", _line(*clash.first), _line(*clash.second))
    return lines + format_html("<p>{}</p>", _("If you have to be at both, ask the placement cell in time."))


def _line(said: Stated, span: Span) -> str:
    return ", ".join(filter(None, (event_title(said), moment(span.at), span.place)))
