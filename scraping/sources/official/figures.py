"""The numbers on the page by name, and what moved between two readings of it (spec: official-page)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scraping.sources.official.amounts import amount_and_label, read_amount
from scraping.sources.official.document import content_hash
from scraping.sources.official.page import Batch, OfficialPage, PackageRow, Recruiter

_LABEL = re.compile(r"(?P<what>.+?)(?: by (?P<company>.+?))?(?: ?\((?P<note>[^()]*)\))?", re.IGNORECASE)
_PADDING = re.compile(r"\b(?:quality|so far|till date|till now|as of now)\b", re.IGNORECASE)
_COUNT = re.compile(r"(\d[\d,]*)\+? ([^\W\d]+)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a batch that can be compared with an earlier reading.

    `value` is a count, or an amount in `unit` ("Lacs", "Rs.", "%"); None where the line states no number.
    `detail` says whose it is ("Acme, 3 Offers"). `shown` is the page's wording, which may change on its own.
    """

    name: str
    value: Decimal | None
    unit: str = ""
    detail: str = ""
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.shown} ({self.detail})" if self.detail else self.shown


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of what changed; `figure_moved` where a figure of the active batch did: worth a notice."""

    text: str
    figure_moved: bool = False


def figures(batch: Batch) -> dict[str, Figure]:
    """The batch's figures by name, in the page's order; a second one of the same name gets a number."""
    found: dict[str, Figure] = {}
    seen: Counter[str] = Counter()
    for figure in _read(batch):
        seen[figure.name] += 1
        number = seen[figure.name]
        found[figure.name if number == 1 else f"{figure.name} ({number})"] = figure
    return found


def differences(old: OfficialPage, new: OfficialPage) -> tuple[Difference, ...]:
    """Return what changed from `old` to `new`, a readable line each; () where the content is the same.

    Batches are told apart by graduating year, so a reworded heading does not hide what moved below it.
    """
    found = (*_batch_differences(old, new), *_other_differences(old, new))
    if not found and content_hash(old) != content_hash(new):
        return (Difference("Wording or order changed"),)
    return found


def _read(batch: Batch) -> Iterator[Figure]:
    for line in batch.placement_pointers:
        yield from _read_line(line)
    for row in batch.package_distribution:
        yield from _read_row(row)


def _read_line(line: str) -> Iterator[Figure]:
    """The figures of a line: one, or where it counts what lies in a range of packages, one a count."""
    read = amount_and_label(line)
    label = _LABEL.fullmatch(read[1]) if read else None
    if read is None or label is None:
        yield Figure(name=line, value=None)
        return
    amount, band = read[0], f" {read[0].band}" if read[0].is_range else ""
    counts = _COUNT.findall(label["note"] or "") if band else ()
    for number, what in counts:
        yield Figure(_plural(what) + band, Decimal(number.replace(",", "")), shown=number)
    if not counts:
        detail = ", ".join(filter(None, (label["company"], label["note"])))
        yield Figure(_name(label["what"]) + band, amount.high, amount.unit, detail, shown=amount.shown)


def _read_row(row: PackageRow) -> Iterator[Figure]:
    category = read_amount(row.category)
    band = category.band if category and category.is_range else f"of {row.category}"
    for what, text in (("Average", row.average), ("Median", row.median)):
        if amount := read_amount(text):
            yield Figure(f"{what} package {band}", amount.high, amount.unit, shown=text)


def _name(label: str) -> str:
    """ "Quality Companies Visited So Far" as "Companies visited"; abbreviations keep their capitals."""
    words = _PADDING.sub("", label).split() or label.split()
    name = " ".join(word if word.isupper() else word.lower() for word in words)
    return name[:1].upper() + name[1:]


def _plural(noun: str) -> str:
    """ "Offer" and "Offers" as "Offers", so that the second offer is not a figure of another name."""
    noun = noun.capitalize()
    if noun.endswith("s"):
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _batch_differences(old: OfficialPage, new: OfficialPage) -> Iterator[Difference]:
    before, after = _by_year(old.batches), _by_year(new.batches)
    for key in sorted(after, key=lambda key: not after[key].is_active):
        if key not in before:
            yield Difference(f"{after[key].label} is new")
        yield from _figure_differences(before.get(key), after[key])
    yield from (Difference(f"{before[key].label} is gone") for key in before if key not in after)
    if old.active_batch.label != new.active_batch.label:
        yield Difference(f"Active batch {old.active_batch.label} → {new.active_batch.label}")


def _figure_differences(old: Batch | None, new: Batch) -> Iterator[Difference]:
    before, after = figures(old) if old else {}, figures(new)
    prefix = "" if new.is_active else f"{new.label}: "
    for name, figure in after.items():
        earlier = before.get(name)
        moved = new.is_active and figure.value is not None
        if earlier is None:
            yield Difference(f"{prefix}{name} {figure}".rstrip() + " (new)", moved)
        elif earlier != figure:
            yield Difference(f"{prefix}{name} {earlier} → {figure}", moved)
    yield from (
        Difference(f"{prefix}{name} {before[name]}".rstrip() + " (gone)") for name in before if name not in after
    )


def _other_differences(old: OfficialPage, new: OfficialPage) -> Iterator[Difference]:
    if old.main_heading != new.main_heading:
        yield Difference(f"Main heading “{old.main_heading}” → “{new.main_heading}”")
    if old.intro_text != new.intro_text:
        yield Difference("Introduction changed")
    before, after = _names(old.recruiters), _names(new.recruiters)
    for what, names in (("new", after - before), ("gone", before - after)):
        if names:
            yield Difference(f"Recruiters {what}: {', '.join(sorted(names))}")


def _names(recruiters: Iterable[Recruiter]) -> set[str]:
    return {recruiter.name or recruiter.src.rsplit("/", 1)[-1] for recruiter in recruiters}


def _by_year(batches: Iterable[Batch]) -> dict[str, Batch]:
    """Batches by graduating year, by their whole name where they have none or share it."""
    found: dict[str, Batch] = {}
    for batch in batches:
        year = str(batch.graduating_year or batch.name)
        found[batch.name if year in found else year] = batch
    return found
