"""Looks through everything the service keeps for what names a person: every table, file, log, and the mirror.

A trace is looked for in the forms in which programs write texts and numbers down: UTF-8 and UTF-16, JSON and URLs,
base64 at any place of a longer text, and the integers of SQLite's records and of BSON. Keyed digests are no traces.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bson
from django.db import connection
from pymongo.database import Database

_INTEGER_BYTES = 6  # of what is between 2^31 and 2^47 (SQLite's record format, serial type 5)


class Traces:
    """What is looked for: texts, and the numbers among them as integers too."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._patterns = {text: re.compile(b"|".join(_forms(text))) for text in texts}

    def in_bytes(self, content: bytes) -> set[str]:
        """The traces that some bytes hold."""
        return {text for text, pattern in self._patterns.items() if pattern.search(content)}

    def in_tables(self) -> dict[str, set[str]]:
        """Table → the traces that any of its cells holds."""
        return self._among((table, cell) for table, cell in _cells())

    def in_files(self, *folders: Path) -> dict[str, set[str]]:
        """File → the traces that its bytes hold, or its own name."""
        files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        return self._among((path.name, path.name.encode() + b"\n" + path.read_bytes()) for path in files)

    def in_mongo(self, database: Database[Any]) -> dict[str, set[str]]:
        """Collection → the traces that its documents hold."""
        names = database.list_collection_names()
        return self._among((name, bson.encode(document)) for name in names for document in database[name].find())

    def _among(self, places: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for place, content in places:
            if traces := self.in_bytes(content):
                found.setdefault(place, set()).update(traces)
        return found


def _cells() -> Iterator[tuple[str, bytes]]:
    """Every cell of every table, by the table's name."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from ((table, _bytes(cell)) for cell in row)


def _bytes(cell: object) -> bytes:
    match cell:
        case bytes() | memoryview():
            return bytes(cell)
        case dict() | list():
            return json.dumps(cell, ensure_ascii=False).encode(errors="replace")
    return str(cell).encode(errors="replace")


def _forms(text: str) -> Iterator[bytes]:
    """Expressions for the text as programs write it down; digits are not looked for within longer numbers."""
    written = {text, json.dumps(text)[1:-1], quote(text), quote(text, safe=""), escape(text)}
    for form in sorted(written):
        plain = re.escape(form.encode())
        yield rb"(?<![\d.])" + plain + rb"(?!\d)" if text[0].isdigit() and text[-1].isdigit() else plain
    yield re.escape(text.encode("utf-16-le"))
    for before in range(3):
        yield from map(re.escape, _in_base64(text.encode(), before))
    if text.isdigit() and int(text) >= 2**31:
        yield re.escape(int(text).to_bytes(_INTEGER_BYTES, "big"))
        yield re.escape(int(text).to_bytes(_INTEGER_BYTES, "little"))


def _in_base64(content: bytes, before: int) -> set[bytes]:
    """The signs of base64 that stand for these bytes alone, where so many others stand before them."""
    whole = (len(content) + before) // 3 * 3 - before
    skipped = (0, 2, 3)[before]
    return {encode(b"\0" * before + content[:whole])[skipped:] for encode in (b64encode, urlsafe_b64encode)}
