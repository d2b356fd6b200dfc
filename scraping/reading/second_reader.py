"""Asks the language model where the rules are unsure, if one is set up; without one nothing changes.

With LLM_MODE=shadow its answer is only noted (spec: reading, A second reader).
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from accounts.web import throttling
from scraping.items import Facts, JobRef

if TYPE_CHECKING:
    from scraping.reading.llm import ModelAnswer, ModelConfig

log = logging.getLogger(__name__)

UNSURE = 0.6  # the confidence of the rules up to which the model is asked
AGREED = 0.7  # the confidence of a category that the rules and the model both say
SHADOW = "shadow"
_USED_UP = "not asked: the second reader's questions of the day are used up"
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class SecondReading:
    """The facts after the second reader, why somebody should look ("": nobody needs to), and what it said.

    `said` is {asked, answer} or {asked, error}; `asked` tells one question from another, so that none is asked twice.
    """

    facts: Facts
    doubt: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


def configured() -> bool:
    """Whether there is a model to ask."""
    return bool(settings.LLM_API_KEY or settings.LLM_BASE_URL)


def model_config() -> "ModelConfig":
    """The endpoint of the settings."""
    from scraping.reading.llm import ModelConfig

    return ModelConfig(
        base_url=settings.LLM_BASE_URL or settings.LLM_GEMINI_URL,
        model=settings.LLM_MODEL,
        api_key=settings.LLM_API_KEY,
        timeout=settings.LLM_TIMEOUT_SECONDS,
        retries=settings.LLM_MAX_RETRIES,
    )


def second_reading(
    facts: Facts, title: str, text: str, jobs: Sequence[JobRef], before: Mapping[str, Any] | None = None
) -> SecondReading:
    """Facts the rules are unsure of, after the model had its say; unchanged where it only reads along.

    `before` is what it said of this text earlier: the same question is not asked again. Blocks for as long as the model
    takes; call it outside of transactions.
    """
    if not configured():
        return SecondReading(facts)
    near = candidates(facts, title, text, jobs)
    asked, before = _digest(title, text, near), before or {}
    if "answer" not in before or before.get("asked") != asked:
        if throttling.count(f"llm:{timezone.localdate()}", limit=settings.LLM_DAILY_CAP, seconds=_DAY):
            return SecondReading(facts, _USED_UP)
        before = {"asked": asked, **_answer(title, text, near)}
    told, doubt = _told(before, facts, title, text, near)
    if settings.LLM_MODE == SHADOW:
        return SecondReading(facts, "", before)
    return SecondReading(told, doubt, before)


def candidates(facts: Facts, title: str, text: str, jobs: Sequence[JobRef]) -> list[JobRef]:
    """The jobs a text may be about: those whose company it names by its first word."""
    from scraping.reading.facts.naming.names import core_words, words_of

    words = {*words_of(f"{title} {text}"), *words_of(facts.company or "")}
    return [job for job in jobs if (named := core_words(job.company)) and named[0] in words]


def added(answer: "ModelAnswer", facts: Facts, title: str, text: str, jobs: Sequence[JobRef]) -> Facts:
    """The facts with what the model adds; surer where both say the same category. Raises ModelError as `checked`."""
    from scraping.reading.llm import checked

    told = checked(answer, facts, title, text, jobs)
    return replace(told, confidence=max(told.confidence, AGREED)) if told.category == facts.category else told


def _answer(title: str, text: str, jobs: Sequence[JobRef]) -> dict[str, Any]:
    from scraping.reading.llm import ModelError, ask

    try:
        return {"answer": async_to_sync(ask)(model_config(), title, text, jobs).answer.model_dump()}
    except ModelError as error:
        log.warning("The second reader was of no help: %s", error)
        return {"error": str(error)}


def _told(said: Mapping[str, Any], facts: Facts, title: str, text: str, jobs: Sequence[JobRef]) -> tuple[Facts, str]:
    from scraping.reading.llm import ModelAnswer, ModelError

    try:
        if "error" in said:
            raise ModelError(said["error"])
        return added(ModelAnswer(**said["answer"]), facts, title, text, jobs), ""
    except ModelError as error:
        return facts, f"the second reader was of no help: {error}"


def _digest(title: str, text: str, jobs: Sequence[JobRef]) -> str:
    """Return what tells one question from another."""
    question = repr((settings.LLM_MODEL, title, text, [job.identifier for job in jobs]))
    return hashlib.blake2b(question.encode(errors="replace"), digest_size=12).hexdigest()
