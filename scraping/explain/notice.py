"""What the rules read from one raw notice, and why: an object of `explain --source superset`."""

from collections.abc import Sequence

from scraping.explain.facts import explained
from scraping.items import JobRef
from scraping.reading.facts.naming.match import match_job
from scraping.reading.notice import extract_notice
from scraping.sources.portal.parse import parse_notice


def explain_notice(raw: object, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The facts of a notice as the portal answers it; `job_id` is that of one of `jobs`.

    Raises:
        ValueError: `raw` is no notice, with the reason.
    """
    notice = parse_notice(raw)
    facts = extract_notice(notice, jobs)
    job = match_job(facts.company, facts.role, jobs, notice.published_at)
    return {
        "id": notice.identifier,
        "category": facts.category,
        **explained(facts),
        "job_id": job.identifier if job else None,
    }
