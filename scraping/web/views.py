"""Public pages: jobs, statistics and the placement policy (no page names a student)."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.seasons import parse_season
from accounts.web.caching import cached_by_version
from accounts.web.cursors import ordered
from accounts.web.errors import public_for_a_minute
from notifications.details import Label
from notifications.rendering.calendar_file import Event
from notifications.rendering.richtext import clean_html
from notifications.web.calendars import as_file, site
from notifications.web.views import seasons_shown, web_links
from scraping.api import JobFilter, jobs_version
from scraping.models import Job, Policy
from scraping.placements.counted import RUPEES_A_LAKH
from scraping.placements.statistics import Statistics, Wanted
from scraping.placements.statistics_output import cached
from scraping.telling.facts_draft import PORTAL_LINK
from scraping.telling.pay import pay
from scraping.telling.portal_draft import job_details
from scraping.telling.suitable import branches_named
from scraping.web import charts
from scraping.web.policy_page import to_html

PAGE_SIZE = 20
COMPANIES_SHOWN = 200
NEWEST = "new"
_FILTERS = ("q", "branch", "lpa", "open", "sort")


@require_safe
@cached_by_version(jobs_version)
def jobs(request: HttpRequest) -> HttpResponse:
    """Return what one can apply for, the nearest deadline first; then the rest, newest first."""
    chosen = {name: value for name in _FILTERS if (value := request.GET.get(name, "").strip())}
    page = Paginator(_sorted(_found(chosen), chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    entries = [(job, pay(job)) for job in page.object_list]
    context = {"page": page, "entries": entries, "chosen": chosen, "branches": branches_named()}
    return render(request, "scraping/jobs.html", context)


@require_safe
@cached_by_version(jobs_version)
def job(request: HttpRequest, identifier: str) -> HttpResponse:
    found = get_object_or_404(Job.objects.prefetch_related("documents"), identifier=identifier)
    documents = [{"url": document.url, "label": document.name or _("Document")} for document in found.documents.all()]
    linked = web_links(documents)
    texts = filter(None, (found.description, found.package_info))
    context = {
        "job": found,
        "pay": pay(found),
        "details": {label: text for label, text in job_details(found).items() if label != Label.DOCUMENTS},
        "documents": linked + [row for row in documents if not any(link["url"] == row["url"] for link in linked)],
        # S308: cleaned just here
        "texts": [mark_safe(clean_html(text)) for text in texts],  # noqa: S308
        "portal": {"url": settings.STUDENT_PORTAL_URL, "label": _(PORTAL_LINK)},
    }
    return render(request, "scraping/job.html", context)


@require_safe
def job_calendar(request: HttpRequest, identifier: str) -> HttpResponse:
    """Return the job's deadline as a calendar file."""
    found = get_object_or_404(Job, identifier=identifier)
    if found.deadline is None:
        raise Http404("It has no deadline.")
    event = Event(
        uid=f"job-{found.pk}@{urlsplit(site(request)).hostname}",
        title=_("Apply: %(what)s") % {"what": found},
        at=found.deadline,
        changed=found.updated_at,
        url=f"{site(request)}{reverse('job', args=[identifier])}",
        busy=False,
    )
    return as_file([event], f"job-{found.pk}")


@require_safe
@public_for_a_minute
def statistics(request: HttpRequest) -> HttpResponse:
    """A season's placements in figures and charts; worked out anew only when offers have changed."""
    season = _season(request.GET.get("season", ""))
    wanted = Wanted(season=season)

    def statistics_page(found: Statistics) -> str:
        drawn = {
            "found": found,
            "branches": charts.by_branch(found),
            "companies": charts.by_company(found.companies),
            "packages": charts.by_package(wanted),
            "curve": charts.over_time(wanted),
            "shown": sorted(found.companies, key=lambda company: -company.students)[:COMPANIES_SHOWN],
        }
        return render_to_string("scraping/figures.html", drawn)

    figures = mark_safe(cached(wanted, statistics_page))  # noqa: S308 (a template's)
    context = {"season": str(season), "seasons": seasons_shown(), "figures": figures}
    return render(request, "scraping/statistics.html", context)


@require_safe
@public_for_a_minute
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force of the newest batch, or of the one asked for."""
    years = list(Policy.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), None)
    found = Policy.objects.filter(year=year).first() if year else None
    html = to_html(found.content, found.toc) if found else ""
    return render(request, "scraping/policy.html", {"policy": found, "html": html, "years": years})


def _found(chosen: dict[str, str]) -> QuerySet[Job]:
    """The jobs that the form asks for; a choice that makes no sense finds nothing."""
    asked: dict[str, object] = {name: chosen[name] for name in ("q", "branch") if name in chosen}
    try:
        if "lpa" in chosen:
            asked["pay_from"] = round(float(chosen["lpa"]) * RUPEES_A_LAKH)
        filters = JobFilter.model_validate(asked | {"open": True if "open" in chosen else None})
    except (ValueError, OverflowError):
        return Job.objects.none()
    return filters.filter(Job.objects.defer("content", "description", "invitation", "package_info"))


def _sorted(found: QuerySet[Job], chosen: dict[str, str]) -> QuerySet[Job]:
    if chosen.get("sort") == NEWEST:
        return ordered(found, "-created_at")
    return _by_deadline(found, timezone.now())


def _by_deadline(found: QuerySet[Job], now: datetime) -> QuerySet[Job]:
    still_open = Q(deadline__gte=now)
    until = Case(When(still_open, then=F("deadline")), default=Value(None), output_field=DateTimeField())
    return found.annotate(until=until).order_by(F("until").asc(nulls_last=True), "-created_at", "-pk")


def _season(text: str) -> int:
    try:
        return parse_season(text)
    except ValueError:
        return int(settings.ACTIVE_PLACEMENT_YEAR)
