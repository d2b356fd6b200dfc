"""What is known of a text when its kind is decided: the facts that kinds.toml speaks of."""

from collections.abc import Iterable, Mapping

from scraping.reading.page import Page


def facts_of(page: Page, stated: Mapping[str, object]) -> frozenset[str]:
    """The names of the facts that are there, and "label:NAME" for every statement under a label."""
    return frozenset((*_true(stated), *(f"label:{field.name}" for field in page.fields)))


def _true(stated: Mapping[str, object]) -> Iterable[str]:
    return (name for name, value in stated.items() if value)
