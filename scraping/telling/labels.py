"""In which order the labelled facts of a notice are shown."""

from collections.abc import Mapping

_ORDER = (
    *("Status", "Event", "Topic", "Speaker", "Theme", "Prize", "Team", "By", "Until", "About"),
    *("Who can apply", "Rounds", "Pay", "Skills", "Duration", "Bond", "Joining", "Updated"),
)


def in_order(details: Mapping[str, str]) -> dict[str, str]:
    """The facts in the order students read them; labels without a place follow by the alphabet."""
    return dict(sorted(details.items(), key=_position))


def _position(fact: tuple[str, str]) -> tuple[int, str]:
    label = fact[0]
    return (_ORDER.index(label) if label in _ORDER else len(_ORDER), label)
