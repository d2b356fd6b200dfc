"""Addresses of the public pages about jobs and placements."""

from django.urls import path

from scraping.web import company_page, views

urlpatterns = [
    path("jobs", views.jobs, name="jobs"),
    path("jobs/<path:identifier>.ics", views.job_calendar, name="job-calendar"),
    path("jobs/<path:identifier>", views.job, name="job"),
    path("companies/<path:name>", company_page.company, name="company"),
    path("statistics", views.statistics, name="statistics"),
    path("policy", views.policy, name="policy"),
]
