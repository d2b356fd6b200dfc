"""One search over notices, jobs, students, companies and subscribers; for staff, as it names students."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Subscriber
from accounts.seasons import show_season
from accounts.times import moment
from notifications.finding.search import newest_with
from notifications.models import Notice
from notifications.rendering.public import called, to_call
from scraping.models import Job, Offer, OfferedStudent
from supersetbot.dashboard.person import SEES_SUBSCRIBERS

SHOWN = 20
_WORDS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, and where the admin shows it."""

    text: str
    about: str
    url: str


@require_safe
@admin.site.admin_view
@permission_required("scraping.view_offeredstudent", raise_exception=True)
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").split()[:_WORDS]
    lookups = {"Notices": notices, "Jobs": jobs, "Students with offers": students, "Companies with offers": companies}
    if request.user.has_perms(SEES_SUBSCRIBERS):
        lookups["Subscribers"] = subscribers
    context = {
        **admin.site.each_context(request),
        "title": "Search",
        "words": " ".join(words),
        "groups": [(name, find(words)) for name, find in lookups.items()] if words else [],
        "shown": SHOWN,
    }
    return render(request, "dashboard/search.html", context)


def notices(words: list[str]) -> list[Hit]:
    """Those with a text that says it, and those that members find: by a name or a number on their lists, too."""
    listed = Q(pk__in=[notice.pk for notice in newest_with(" ".join(words), names=True, limit=SHOWN)])
    found = to_call(Notice.objects.filter(_all(words, "title", "company", "role", "body") | listed), names=True)
    return [
        Hit(called(notice, names=True), moment(notice.published_at), _change("notifications_notice", notice.pk))
        for notice in found[:SHOWN]
    ]


def jobs(words: list[str]) -> list[Hit]:
    found = Job.objects.filter(_all(words, "company", "role", "identifier")).only("company", "role", "season")
    return [Hit(str(job), show_season(job.season), _change("scraping_job", job.pk)) for job in found[:SHOWN]]


def students(words: list[str]) -> list[Hit]:
    found = OfferedStudent.objects.filter(_all(words, "name", "enrollment")).select_related("offer")
    return [
        Hit(f"{row.name} {row.enrollment}".strip(), str(row.offer), _change("scraping_offer", row.offer_id))
        for row in found[:SHOWN]
    ]


def companies(words: list[str]) -> list[Hit]:
    found = Offer.objects.filter(_all(words, "company"))
    return [
        Hit(offer.company, show_season(offer.season), _change("scraping_offer", offer.pk)) for offer in found[:SHOWN]
    ]


def subscribers(words: list[str]) -> list[Hit]:
    found = Subscriber.objects.filter(_all(words, "name", "username")).order_by("-pk")
    return [Hit(row.shown_name, row.get_kind_display(), reverse("person", args=[row.pk])) for row in found[:SHOWN]]


def _all(words: list[str], *fields: str) -> Q:
    """Return the condition that each word stands in one of the fields."""
    wanted = Q()
    for word in words:
        wanted &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    return wanted


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])
