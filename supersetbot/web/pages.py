"""The front page and what makes the site installable."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.privacy import notice_text
from notifications.web.views import notices
from supersetbot.web.errors import prefers_html


@require_safe
@vary_on_headers("Accept")
def home(request: HttpRequest) -> HttpResponse:
    """Notices to a browser; to a program, that the service is there (spec: system, HTTP API)."""
    if prefers_html(request):
        return notices(request)
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@require_safe
@cache_control(public=True, max_age=3600)
def privacy(request: HttpRequest) -> HttpResponse:
    """Return what is stored of whom, why, and how long (spec: personal, My data)."""
    heading, _, body = notice_text().partition("\n")
    return render(request, "privacy.html", {"heading": heading, "body": body.strip()})


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Return what a phone needs to install the site like an app (W3C, Web Application Manifest)."""
    png = {"type": "image/png"}
    body = {
        "name": "SuperSet Bot",
        "short_name": "SuperSet",
        "description": _("What is new in placements"),
        "id": reverse("home"),
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#2459bd",
        "icons": [
            {"src": static("site/icon-192.png"), "sizes": "192x192", **png},
            {"src": static("site/icon-512.png"), "sizes": "512x512", **png},
            {"src": static("site/icon-maskable.png"), "sizes": "512x512", "purpose": "maskable", **png},
            {"src": static("site/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")
