"""In which order the labelled facts of a notice are shown."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _noop

_ORDER = (
    *(_noop("Status"), _noop("Event"), _noop("Topic"), _noop("Speaker"), _noop("Theme"), _noop("Prize")),
    *(_noop("Team"), _noop("By"), _noop("Until"), _noop("About"), _noop("Who can apply"), _noop("Rounds")),
    *(_noop("Pay"), _noop("Skills"), _noop("Duration"), _noop("Bond"), _noop("Joining"), _noop("Updated")),
)


def in_order(details: Mapping[str, str]) -> dict[str, str]:
    """The facts in the order students read them; labels without a place follow by the alphabet."""
    return dict(sorted(details.items(), key=_position))


def _position(fact: tuple[str, str]) -> tuple[int, str]:
    label = fact[0]
    return (_ORDER.index(label) if label in _ORDER else len(_ORDER), label)
