"""What one can still apply for or has to do, by deadline: jobs, and notices that state one of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.categories import Category
from accounts.personal.may_apply import Answer, may_apply
from accounts.subscribing.subscriptions import Standing
from notifications.models import Notice
from notifications.rendering import retold
from notifications.rendering.public import called, public, visible_notices
from scraping.models import Job
from scraping.telling.pay import pay

_TEXTS = ("content", "description", "invitation", "package_info")
_LOOKED_THROUGH = 200  # notices: those that repeat their job's deadline are left out


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conditions on jobs and on notices that concern somebody."""

    jobs: Q
    notices: Q


EVERYTHING = Wanted(jobs=Q(), notices=Q())


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be done by a time.

    `path` is its page here, `url` where it is opened, `notice_id` the notice that told of it, if any; `closed`: it is a
    posting that is not open to whoever asks.
    """

    at: datetime
    all_day: bool = False
    title: str
    facts: str
    path: str
    url: str
    notice_id: int | None
    closed: bool = False


def wanted_by(standing: Standing | None) -> Wanted:
    """What a chat wants to hear of: its seasons, without the categories it muted. Everything, where it never said.

    This is the place for further conditions of a person.
    """
    if standing is None:
        return EVERYTHING
    seasons = Q() if standing.every_season else Q(season__in=standing.seasons)
    everybody = Q() if standing.every_season else Q(season=None)
    return Wanted(jobs=seasons, notices=(seasons | everybody) & ~Q(category__in=standing.muted))


def next_deadlines(
    now: datetime,
    limit: int,
    wanted: Wanted = EVERYTHING,
    *,
    names: bool = False,
    facts: Mapping[str, str] | None = None,
) -> list[Due]:
    """Return what is due next, the nearest first: two statements. Without `names` no student is named.

    With the `facts` somebody told of themselves, what is not open to them comes last: three statements.
    """
    most = _LOOKED_THROUGH if facts else limit
    jobs = list(Job.objects.filter(wanted.jobs, deadline__gte=now).order_by("deadline", "pk").defer(*_TEXTS)[:most])
    told = visible_notices().filter(wanted.notices, deadline__gte=now).defer("body", "links")
    stated = list(told.order_by("deadline", "pk")[:_LOOKED_THROUGH])
    known, listed = {(job.identifier, job.deadline) for job in jobs}, {job.identifier for job in jobs}
    repeated = [notice for notice in stated if notice.category == Category.JOB_POSTING and notice.job_key in listed]
    newest = {notice.job_key: notice for notice in sorted(repeated, key=attrgetter("published_at", "pk"))}
    own = (notice for notice in stated if notice not in repeated and (notice.job_key, notice.deadline) not in known)
    due = [_of_job(job, newest.get(job.identifier)) for job in jobs]
    due += [_of_notice(notice, names=names) for notice in islice(own, most)]
    closed = _not_open(due, facts) if facts else frozenset()
    return sorted((replace(one, closed=one.notice_id in closed) for one in due), key=attrgetter("closed", "at"))[:limit]


def _not_open(due: Iterable[Due], facts: Mapping[str, str]) -> frozenset[int | None]:
    """The notices of postings that are not open to somebody. What can't be told is open."""
    postings = Notice.objects.filter(pk__in=[one.notice_id for one in due if one.notice_id])
    verdicts = ((pk, may_apply(rules, facts)) for pk, rules in postings.values_list("pk", "eligibility"))
    return frozenset(pk for pk, verdict in verdicts if verdict and verdict.answer is Answer.NO)


def _of_job(job: Job, posting: Notice | None) -> Due:
    """A job by the deadline that its posting told, which somebody may have corrected."""
    at = posting.deadline if posting else job.deadline
    assert at is not None  # noqa: S101 (for the types: that was the condition)
    return Due(
        at=at,
        all_day=posting.deadline_all_day if posting else False,
        title=" · ".join(filter(None, (job.company, job.role))) or _("Job"),
        facts=retold.pay(pay(job)),
        path=f"/jobs/{quote(job.identifier)}",
        url=settings.STUDENT_PORTAL_URL,
        notice_id=posting.pk if posting else job.notice_id,
    )


def _of_notice(notice: Notice, *, names: bool) -> Due:
    assert notice.deadline is not None  # noqa: S101 (for the types: that was the condition)
    return Due(
        at=notice.deadline,
        all_day=notice.deadline_all_day,
        title=called(notice, names=names),
        facts=str(Category(notice.category).label) if notice.category in Category.values else "",
        path=f"/notices/{notice.pk}",
        url=notice.url if names else public(notice).url,
        notice_id=notice.pk,
    )
