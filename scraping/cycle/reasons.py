"""Why a source failed, each reason once: four requests of two accounts that met one fault are one line."""

import re
from collections.abc import Iterable

_ERROR = re.compile(r"(?:(?P<who>\S+): )?(?P<code>[a-z_0-9]+): (?P<text>.+)", re.DOTALL)
_TWICE = re.compile(r"^(\S+: )([a-z_0-9]+: )\1")  # the account, before its code and behind it
_IDENTIFIER = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}")


def reasons(errors: Iterable[object]) -> list[str]:
    """Return one line a code (see SourceError): its first text, for whom, and how often more it was met."""
    first: dict[str, str] = {}
    more: dict[str, int] = {}
    for error in (_TWICE.sub(r"\1\2", str(error)) for error in errors):
        found = _ERROR.fullmatch(error)
        code = found["code"] if found else error
        if code in first:
            more[code] += bool(found and found["who"])  # without: the whole, which repeats its parts
        else:
            first[code], more[code] = _IDENTIFIER.sub("/…", error), 0
    return [f"{text} (and {more[code]} more)" if more[code] else text for code, text in first.items()]
