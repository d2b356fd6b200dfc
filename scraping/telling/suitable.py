"""Which jobs suit a student: open to a branch, paid well enough, as the portal's fields mean it."""

from collections.abc import Iterable
from functools import lru_cache

from accounts.courses import branch_key
from scraping.models import Job
from scraping.reading.facts.eligibility.criteria import portal_eligibility
from scraping.telling.pay import rupees_a_year


def open_to(branch: str) -> list[int]:
    """Primary keys of jobs that name the branch ("CS" finds "Computer Science") in any programme, or name none."""
    wanted = branch_key(branch)
    return [pk for pk, courses in Job.objects.values_list("pk", "courses") if _takes(tuple(map(str, courses)), wanted)]


def paying(rupees: int) -> list[int]:
    """Primary keys of jobs that may pay so many rupees a year, or more."""
    jobs = Job.objects.only("package", "ctc_min", "ctc_max", "interval")
    return [job.pk for job in jobs if (pay := rupees_a_year(job)) and pay[1] >= rupees]


def branches_named() -> list[str]:
    """The branches that jobs name, in the order of the alphabet, each once."""
    named: dict[str, str] = {}
    for courses in Job.objects.order_by().values_list("courses", flat=True):
        named |= {branch_key(name): name for name in _branches(tuple(map(str, courses)))}
    return sorted(named.values(), key=str.casefold)


def _takes(courses: tuple[str, ...], wanted: str) -> bool:
    named = _branches(courses)
    return not named or wanted in map(branch_key, named)


@lru_cache(maxsize=1000)
def _branches(courses: tuple[str, ...]) -> tuple[str, ...]:
    criteria = portal_eligibility((), courses, ())
    values: Iterable[object] = (one.value for one in criteria if one.name == "branches")
    return tuple(str(name) for value in values if isinstance(value, tuple) for name in value)
