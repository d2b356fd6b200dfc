"""Asks the language model where the rules are unsure, if one is set up; without one nothing changes."""

import logging
from collections.abc import Sequence

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from accounts.web import throttling
from scraping.items import Facts, JobRef

log = logging.getLogger(__name__)

UNSURE = 0.6  # the confidence of the rules up to which the model is asked
_DAY = 24 * 3600


def configured() -> bool:
    """Whether there is a model to ask."""
    return bool(settings.LLM_API_KEY or settings.LLM_BASE_URL)


def second_reading(facts: Facts, title: str, text: str, jobs: Sequence[JobRef]) -> tuple[Facts, str]:
    """Facts the rules are unsure of, after the model had its say, and why somebody should look ("": nobody needs to).

    Blocks for as long as the model takes; call it outside of transactions.
    """
    if not configured():
        return facts, ""
    if throttling.count(f"llm:{timezone.localdate()}", limit=settings.LLM_DAILY_CAP, seconds=_DAY):
        return facts, "not asked: the second reader's questions of the day are used up"
    from scraping.reading.llm import ModelConfig, ModelError, ask, checked

    config = ModelConfig(
        base_url=settings.LLM_BASE_URL or settings.LLM_GEMINI_URL,
        model=settings.LLM_MODEL,
        api_key=settings.LLM_API_KEY,
        timeout=settings.LLM_TIMEOUT_SECONDS,
        retries=settings.LLM_MAX_RETRIES,
    )
    near = _candidates(facts, title, text, jobs)
    try:
        answer = async_to_sync(ask)(config, title, text, near)
        return checked(answer, facts, title, text, near), ""
    except ModelError as error:
        log.warning("The second reader was of no help: %s", error)
        return facts, f"the second reader was of no help: {error}"


def _candidates(facts: Facts, title: str, text: str, jobs: Sequence[JobRef]) -> list[JobRef]:
    """The jobs a text may be about: those whose company it names by its first word."""
    from scraping.reading.facts.naming.names import core_words, words_of

    words = {*words_of(f"{title} {text}"), *words_of(facts.company or "")}
    return [job for job in jobs if (named := core_words(job.company)) and named[0] in words]
