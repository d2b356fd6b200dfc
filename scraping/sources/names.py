"""What a person calls the sources. Programs know them by the keys of SOURCES."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

_NAMES = {"superset": _noop("portal"), "email": _noop("mailbox"), "official": _noop("placement page")}


def label(source: str) -> str:
    """`Portal`, for the head of a row or a line."""
    name = _NAMES.get(source)
    return str(capfirst(_(name) if name else source))


def in_words(source: str) -> str:
    """`the portal`, in a sentence for whoever runs the service."""
    name = _NAMES.get(source)
    return f"the {name}" if name else source
