"""Keeps the translation in step with the texts of the code: `make messages`.

It finds the texts marked for gettext, adds what is new to locale/hi/LC_MESSAGES/django.po, drops what is gone, and
compiles it, so that a machine that runs the service needs no tool for that.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.paths import ROOT

ROOMS = ("accounts", "notifications", "scraping", "supersetbot")
PO = ROOT / "locale/hi/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
_SINGULAR, _PLURAL, _CONTEXT = (1,), (1, 2), ((1, "c"), 2)
_KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "_noop", "gettext", "gettext_lazy", "gettext_noop"), _SINGULAR),
    **dict.fromkeys(("_n", "ngettext", "ngettext_lazy"), _PLURAL),
    "pgettext": _CONTEXT,
}


def marked() -> Catalog:
    """Return the texts that the code marks, each with the files that have it."""
    catalog = Catalog(locale="hi")
    for path in sorted(_files()):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source)
        found = extract_python(io.BytesIO(source.encode()), dict.fromkeys(_KEYWORDS), (), {"encoding": "utf-8"})
        for _line, keyword, texts, _comments in found:
            _add(catalog, str(keyword), texts, path)
    return catalog


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for pattern in ("*.py", "*.html", "*.txt"):
            yield from (ROOT / room).rglob(pattern)


def _add(catalog: Catalog, keyword: str, texts: Any, path: Path) -> None:  # one text or several
    texts = (texts,) if isinstance(texts, str) else texts
    if not texts or texts[0] is None:
        return
    where = [(str(path.relative_to(ROOT)), 0)]
    if _KEYWORDS[keyword] is _PLURAL:
        catalog.add((str(texts[0]), str(texts[1])), locations=where)
    elif _KEYWORDS[keyword] is _CONTEXT:
        catalog.add(str(texts[1]), context=texts[0], locations=where)
    else:
        catalog.add(texts[0], locations=where)


def stored() -> Catalog:
    """Return the translation as it stands in the project."""
    with PO.open("rb") as file:
        return read_po(file, locale="hi")


def compiled(catalog: Catalog) -> bytes:
    """Return the catalog as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[object]:
    """Return the texts without a translation, or without one of a plural's two forms."""
    return [
        message.id
        for message in catalog
        if message.id and not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]


def main() -> int:
    """Bring the files up to date. Returns 1 while a text has no translation."""
    template = marked()
    catalog = stored() if PO.exists() else Catalog(locale="hi")
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = catalog.revision_date = _NEVER  # no commit differs by the time alone
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)
    MO.write_bytes(compiled(catalog))
    missing = untranslated(catalog)
    sys.stdout.write(f"{len(catalog)} texts, {len(missing)} without a translation.\n")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
