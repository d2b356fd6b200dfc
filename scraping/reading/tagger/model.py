"""The trained tagger: how likely each run of words of a page is the company, the role or the venue it is about."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

import pycrfsuite

from scraping.reading.page import Page
from scraping.reading.tagger.features import TaggedLine, lines_for_tagger

FIELDS = ("company", "role", "venue")
MODELS = (*FIELDS, "kind", "date")
LEAST = 0.1  # a run that is less likely is none
_ABOUT = "about.json"
Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words with how likely it is what was asked for, 0 to 1; `line` is -1 for the title."""

    text: str
    probability: float
    line: int


@dataclass(frozen=True, slots=True)
class About:
    """What the models were trained for: `features` is the digest of those it knows, `figures` as last measured."""

    features: str
    texts: int
    figures: Figures


class Tagger:
    """Models by their field, as the files hold them; each is opened when it is first asked. Threads may share one."""

    def __init__(self, models: Mapping[str, bytes] | None = None) -> None:
        self._models = dict(models or {})  # an open model does not keep the bytes it stands on
        self._open: dict[str, pycrfsuite.Tagger] = {}
        self._lock = Lock()  # a model that is open holds the line it was last asked about

    def spans(self, page: Page, field: str) -> list[Span]:
        """The likely runs of a page, in the order of the text."""
        lines = _lines(page)
        with self._lock:
            model = self._open.get(field) or self._opened(field)
            return [span for line, seen in lines for span in _spans(model, line, seen)]

    def best_label(self, field: str, features: Sequence[str]) -> tuple[str, float]:
        """The likeliest label of a text that is seen whole, and how likely it is."""
        with self._lock:
            model = self._open.get(field) or self._opened(field)
            model.set([list(features)])
            label = model.tag()[0]
            return label, model.marginal(label, 0)

    def _opened(self, field: str) -> pycrfsuite.Tagger:
        data = self._models.get(field) or model_file(field).read_bytes()
        model = pycrfsuite.Tagger()
        model.open_inmemory(data)
        self._models[field], self._open[field] = data, model
        return model


_taggers = [Tagger()]


def likely(page: Page, field: str) -> dict[str, tuple[str, float]]:
    """Each name once, by its small letters: as the text writes it, and how likely all its runs make it."""
    found: dict[str, tuple[str, float]] = {}
    for span in _taggers[-1].spans(page, field):
        shown, before = found.get(span.text.casefold(), (span.text, 0.0))
        found[span.text.casefold()] = shown, 1 - (1 - before) * (1 - span.probability)
    return found


def best_label(field: str, features: Sequence[str]) -> tuple[str, float]:
    """The likeliest label of a text that is seen whole, by the model of a field, and how likely it is, 0 to 1."""
    return _taggers[-1].best_label(field, features)


@contextmanager
def reading_with(models: Mapping[str, bytes]) -> Iterator[None]:
    """Reads with other models, for measuring: of the whole process, one after the other."""
    _taggers.append(Tagger(models))
    try:
        yield
    finally:
        _taggers.pop()


def model_file(field: str) -> Traversable:
    """The file of a field's model."""
    return files(__package__) / f"{field}.crf"


def about() -> About:
    """What the project's models were trained for."""
    return About(**json.loads((files(__package__) / _ABOUT).read_text(encoding="utf-8")))


def write(folder: Path, models: Mapping[str, bytes], told: About) -> int:
    """Writes models into a folder, with what they were trained for. Returns their size in bytes. Raises OSError."""
    for field, data in models.items():
        (folder / f"{field}.crf").write_bytes(data)
    (folder / _ABOUT).write_text(json.dumps(asdict(told), indent=1) + "\n", encoding="utf-8")
    return sum(map(len, models.values()))


@lru_cache(maxsize=4)
def _lines(page: Page) -> Sequence[tuple[TaggedLine, pycrfsuite.ItemSequence]]:
    """Each line as the models take it: worked out once for a page, for all fields."""
    return tuple((line, pycrfsuite.ItemSequence(line.features)) for line in lines_for_tagger(page))


def _chances(model: pycrfsuite.Tagger, label: str, line: TaggedLine) -> list[float]:
    """How likely each word of the line that the model holds is labelled so; a small model may not know a label."""
    try:
        return [model.marginal(label, number) for number in range(len(line.spans))]
    except RuntimeError:
        return [0.0] * len(line.spans)


def _spans(model: pycrfsuite.Tagger, line: TaggedLine, seen: pycrfsuite.ItemSequence) -> Iterator[Span]:
    model.set(seen)
    begins = _chances(model, "B", line)
    if max(begins) < LEAST:
        return
    inside = [*_chances(model, "I", line), 0.0]
    for first, probability in enumerate(begins):
        if probability < LEAST:
            continue
        end = first + 1
        while end < len(begins) and inside[end] > max(begins[end], 0.5 * max(probability, 0.2)):
            end += 1
        sure = min([probability, *inside[first + 1 : end]]) * (1 - inside[end])
        yield Span(_name(line, first, end), sure, line.number)


def _name(line: TaggedLine, first: int, end: int) -> str:
    """The words of a run as a name: without "'s" at its end, and with the bracket that it opens."""
    start, last = line.spans[first][0], line.spans[end - 1][1]
    name = line.text[start:last].removesuffix("'s").rstrip(" .,;:-–(")
    return f"{name})" if name.count("(") > name.count(")") and line.text[last : last + 1] == ")" else name
