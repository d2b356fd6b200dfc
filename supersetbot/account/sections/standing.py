"""Where a person stands: what they applied to, and the lists that name them, as /applied tells it."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.personal.profiles import knows_number
from notifications.models import Delivery
from notifications.rendering.own import Reader, own_words, readers
from notifications.rendering.places import Place, places
from notifications.rendering.public import without_names
from notifications.rendering.retold import retold
from supersetbot.account.person import Person
from supersetbot.account.section import Section

_SHOWN, _LISTS_SHOWN = 20, 3


def _values(person: Person) -> dict[str, Any]:
    found = places(person.subscriber.pk, names=person.names)
    listed = any(place.lists for place in found)
    reader = readers({person.subscriber.pk}).get(person.subscriber.pk, Reader()) if listed else Reader()
    return {
        "places": [_place(place, reader, names=person.names) for place in found[:_SHOWN]],
        "knows_number": not found and knows_number(person.subscriber.pk),
        "more": max(0, len(found) - _SHOWN),
    }


def _place(place: Place, reader: Reader, *, names: bool) -> dict[str, Any]:
    notice = place.posting or place.notice
    shown = notice if names else without_names(notice)
    title = " · ".join(filter(None, (shown.company, shown.role))) or retold(shown.title)
    own = (own_words(each, reader, Delivery.Named.BY_NUMBER, beside=title) for each in place.lists[:_LISTS_SHOWN])
    return {
        "notice": notice,
        "title": title,
        "applied_at": place.applied_at,
        "lists": [words.text for words in own if words],
        "event": place.event if not place.lists else None,
    }


SECTION = Section("standing", gettext_lazy("Where you stand"), _values)
