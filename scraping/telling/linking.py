"""What was told before its job was stored is read again then, so that it says what the job does and points to it."""

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.categories import Category
from scraping.items import JobRef
from scraping.models import RawItem
from scraping.reading.facts.naming.match import match_job, same_company
from scraping.telling.base import Reading


def told_without_their_job(reading: Reading) -> list[int]:
    """Return the items, told before, whose notices may belong to jobs that are new in this pass; one query a season."""
    unlinked = {"notice__job_key": "", "notice__withdrawn_at": None}
    told = RawItem.objects.filter(state=RawItem.State.DONE, **unlinked).exclude(notice__company="")
    return [item for season, jobs in reading.new_jobs().items() for item in _of(told.filter(season=season), jobs)]


def _of(told: QuerySet[RawItem], jobs: Sequence[JobRef]) -> list[int]:
    rows = told.values_list("pk", "notice__company", "notice__role", "notice__published_at", "notice__category")
    return [
        item
        for item, company, role, published_at, category in rows
        if match_job(company, role, jobs, published_at)
        or (category == Category.PLACEMENT_OFFER and not role and _is_of(company, jobs))
    ]


def _is_of(company: str, jobs: Sequence[JobRef]) -> bool:
    """Whether the company has one of the jobs: an offer without a role is linked to the only one there is."""
    return any(same_company(company, job.company) for job in jobs)
