"""Addresses of the public pages about notices."""

from django.urls import path

from accounts.web.caching import cached_by_version
from notifications.rendering.public import version
from notifications.web import calendars, views
from notifications.web.files import notice_file
from notifications.web.views import NoticeFeed

urlpatterns = [
    path("notices/<int:notice_id>", views.notice, name="notice"),
    path("notices/<int:notice_id>.ics", calendars.notice_calendar, name="notice-calendar"),
    path("seasons/<int:season>.ics", calendars.season_calendar, name="season-calendar"),
    path("calendar/<str:token>.ics", calendars.personal_calendar, name="personal-calendar"),
    path("calendar/<str:token>/add", calendars.subscribe_to_calendar, name="add-calendar"),
    path("files/<str:token>/<str:name>", notice_file, name="notice-file"),
    path("feed.atom", cached_by_version(version)(NoticeFeed()), name="feed"),
    path("subscribe", views.subscribe, name="subscribe"),
    path("sw.js", views.worker, name="worker"),
]
