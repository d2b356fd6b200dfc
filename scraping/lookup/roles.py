"""The jobs of a role, whichever company has them. No student is named."""

from collections.abc import Collection
from datetime import datetime

from scraping.lookup.company import TEXTS, Open, as_open
from scraping.models import Job
from scraping.reading.facts.naming.names import role_words


def jobs_of_role(role: str, seasons: Collection[int], now: datetime) -> tuple[list[Open], list[Open]]:
    """Return the jobs of these seasons whose role has all words of `role`: one statement.

    Those one can still apply for come first, the nearest deadline first; the others are the newest first.
    """
    asked = set(role_words(role))
    found = [job for job in Job.objects.filter(season__in=seasons).defer(*TEXTS) if asked <= set(role_words(job.role))]
    if not asked:
        return [], []
    still_open = [job for job in found if job.deadline and job.deadline >= now]
    over = [as_open(job) for job in found if job not in still_open]
    return [as_open(job) for job in sorted(still_open, key=lambda job: str(job.deadline))], over
