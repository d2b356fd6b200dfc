"""The web's addresses; /health is answered in front of them (middleware.alive)."""

from django.contrib import admin
from django.urls import include, path

from accounts.web.login import login
from accounts.web.proof import new_password
from accounts.web.second_factor import PAGE as SECOND_FACTOR
from accounts.web.second_factor_page import second_factor_page
from accounts.web.sessions_page import PAGE as SESSIONS
from accounts.web.sessions_page import sessions_page
from supersetbot.api import api
from supersetbot.dashboard.views import dashboard
from supersetbot.operations import health
from supersetbot.web import errors, pages, status

admin.autodiscover()
urlpatterns = [
    path("", pages.home, name="home"),
    path("", api.urls),
    path("status", status.status, name="status"),
    path("privacy", pages.privacy, name="privacy"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("me/", include("supersetbot.account.urls")),
    path("", include("notifications.urls")),
    path("", include("scraping.urls")),
    path("ready", health.ready),
    path("admin/", dashboard),
    path("admin/all/", admin.site.admin_view(admin.site.index), name="admin-all"),
    path("admin/dashboard/", include("supersetbot.dashboard.urls")),
    path("admin/login/", login),
    path("admin/password_change/", new_password),
    path("admin/second-factor/", second_factor_page, name=SECOND_FACTOR),
    path("admin/sessions/", sessions_page, name=SESSIONS),
    path("admin/", admin.site.urls),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error
