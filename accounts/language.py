"""In which language somebody is told: English or Hindi (spec: messages, Languages).

Texts are English in the code and marked with Django's gettext; `locale/hi/LC_MESSAGES` has the Hindi. A text is put
into words where it is made, inside `speaking`.
"""

from contextlib import AbstractContextManager

from django.utils import translation

LANGUAGES = {"en": "English", "hi": "हिन्दी"}
DEFAULT = "en"
_DJANGO = {"en": "en-gb", "hi": "hi"}  # whose forms of dates and numbers the pages take


def known(code: str | None) -> str:
    """Return the language of ours that a code such as "hi-IN" names (RFC 5646); English for any other."""
    first = (code or "").lower().replace("_", "-").partition("-")[0]
    return first if first in LANGUAGES else DEFAULT


def speaking(language: str) -> AbstractContextManager[None]:
    """Have texts come in a language of ours; "" is English."""
    return translation.override(_DJANGO[known(language)])


def spoken() -> str:
    """Return the language of ours that texts come in at present."""
    return known(translation.get_language())
