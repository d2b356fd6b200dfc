"""Where somebody stands, from what they pressed and from the lists that name them (spec: personal, Where I stand)."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.personal.profiles import knows_number
from accounts.telegram.call import Keyboard
from accounts.times import moment
from notifications.models import Delivery, Notice
from notifications.rendering.own import Reader, own_words, readers
from notifications.rendering.places import Place, places
from notifications.rendering.public import without_names
from notifications.rendering.retold import retold
from notifications.telegram_bot.numbered import rows_of, short, show_key

NOTHING = _lazy("Nothing stands here yet. Press Applied under a posting, and I keep it here.")
WITHOUT_NUMBER = _lazy("Once I know your number (/me number), lists that name you come here by themselves.")
WITH_NUMBER = _lazy("Lists that name you come here by themselves.")
SHOWN, _LISTS_SHOWN = 8, 2
_LONGEST_LINE = 160


def applied_page(subscriber_id: int, *, names: bool) -> tuple[str, Keyboard]:
    """Return where somebody stands, the newest first, with a button each; lists only for whoever reads `names`."""
    found = places(subscriber_id, names=names)
    if not found:
        return nothing(subscriber_id), ()
    reader = readers({subscriber_id}).get(subscriber_id, Reader()) if any(place.lists for place in found) else Reader()
    blocks = [_block(n, place, reader, names=names) for n, place in enumerate(found[:SHOWN], start=1)]
    keys = [show_key(place.notice.pk, str(n)) for n, place in enumerate(found[:SHOWN], start=1)]
    head = _("Where you stand:")
    if len(found) > SHOWN:
        head = _("The newest %(shown)d of %(count)d, where you stand:") % {"shown": SHOWN, "count": len(found)}
    return "\n\n".join([head, *blocks]), rows_of(keys)


def nothing(subscriber_id: int) -> str:
    """Return what is said where nothing stands yet."""
    return f"{NOTHING}\n{WITH_NUMBER if knows_number(subscriber_id) else WITHOUT_NUMBER}"


def _block(number: int, place: Place, reader: Reader, *, names: bool) -> str:
    notice = place.posting or place.notice
    shown = notice if names else without_names(notice)
    title = short(" · ".join(filter(None, (shown.company, shown.role))) or retold(shown.title))
    lines = [f"{number}. {title}"]
    if place.applied_at:
        lines.append("    " + _("Applied on %(day)s") % {"day": moment(place.applied_at, all_day=True)})
    for listed in place.lists[:_LISTS_SHOWN]:
        own = own_words(listed, reader, Delivery.Named.BY_NUMBER, beside=title)
        said = own.text if own else ""
        lines += [f"    {_cut(said)}" if said else "", _next_date(listed, said)]
    if place.event and not place.lists:
        lines.append(_next_date(place.event))
    return "\n".join(filter(None, lines))


def _next_date(notice: Notice, said: str = "") -> str:
    """The line of a date to come whose day was not `said`."""
    if not notice.event_at or notice.event_at < timezone.now():
        return ""
    if moment(notice.event_at, all_day=True) in said:
        return ""
    return "    " + _("Next date: %(when)s") % {"when": moment(notice.event_at, all_day=notice.event_all_day)}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"
