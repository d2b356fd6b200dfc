"""The public page of a company: what is open, its seasons, its notices (no page names a student)."""

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web.caching import cached_by_version
from notifications.rendering.public import PublicNotice, version
from scraping.api import jobs_version
from scraping.lookup.companies import all_companies, meant
from scraping.lookup.company import stored_of
from scraping.models import Offer


def companies_version() -> object:
    """Another one whenever a job, an offer or a notice came, changed or went."""
    return jobs_version(), Offer.objects.aggregate(Count("pk"), Max("updated_at")), version()


@require_safe
@cached_by_version(companies_version)
def company(request: HttpRequest, name: str) -> HttpResponse:
    """Return the page of the company that the name means; 404 with those near it where it means none."""
    found = meant(name, all_companies())
    if found.company is None:
        return render(request, "scraping/no_company.html", {"name": name[:200], "near": found.near}, status=404)
    if found.company.name != name:
        return HttpResponseRedirect(reverse("company", args=[found.company.name]))
    stored = stored_of(found.company, timezone.now())
    context = {"company": stored, "entries": [PublicNotice(notice) for notice in stored.notices]}
    return render(request, "scraping/company.html", context)
