"""Figures of earlier batches, from a JSON file an admin loads once (spec: official-page).

{"batches": [{"batch_name": "2025", "highlights": [["260+", "Companies Visited"], …]}, …]}
"""

import json
from itertools import count

from scraping.sources.official.markup import clean
from scraping.sources.official.page import Batch, Card


def read_history(content: bytes | str) -> tuple[Batch, ...]:
    """The batches of such a file, none of them active.

    Raises:
        ValueError: no such file; the text says which entry is wrong and how.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not a JSON file: {error}") from None
    entries = data.get("batches") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not entries:
        raise ValueError('no list of "batches" in the file')
    batches = tuple(_batch(entry, number) for entry, number in zip(entries, count(1), strict=False))
    names = [batch.name for batch in batches]
    if len(set(names)) < len(names):
        raise ValueError(f"a batch stands in the file twice: {', '.join(names)}")
    return batches


def _batch(entry: object, number: int) -> Batch:
    if not isinstance(entry, dict):
        raise ValueError(f"batch {number} is not an object")
    name = entry.get("batch_name")
    if not isinstance(name, str) or not clean(name):
        raise ValueError(f'batch {number} has no "batch_name"')
    highlights = entry.get("highlights")
    if not isinstance(highlights, list) or not highlights:
        raise ValueError(f'batch {name} has no list of "highlights"')
    return Batch(clean(name), tuple(_card(pair, name) for pair in highlights))


def _card(pair: object, batch: str) -> Card:
    match pair:
        case [str(title), str(description)] if clean(title) and clean(description):
            return Card(clean(title), clean(description))
    raise ValueError(f"a highlight of batch {batch} is not a pair of texts: {str(pair)[:100]}")
