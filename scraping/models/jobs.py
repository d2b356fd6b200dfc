"""Job profiles of the portal."""

from django.db import models
from django.utils import timezone

from notifications.models import Notice


class Job(models.Model):
    """A job profile of the portal. Amounts are rupees, a year or a month as `interval` says."""

    identifier = models.CharField(max_length=100, unique=True)
    season = models.PositiveIntegerField()
    company = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=300, blank=True)
    category_level = models.SmallIntegerField(null=True, blank=True)
    category_name = models.CharField(max_length=100, blank=True)
    content = models.TextField("content (HTML)", blank=True)
    description = models.TextField("description (HTML)", blank=True)
    invitation = models.TextField("invitation (HTML)", blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    location = models.CharField(max_length=300, blank=True)
    package = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    ctc_min = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    ctc_max = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    interval = models.CharField(max_length=20, blank=True)
    package_info = models.TextField("pay, further (HTML)", blank=True)
    position_type = models.CharField(max_length=100, blank=True)
    marks = models.JSONField(default=list, blank=True, help_text="[{level, criteria}]")
    courses = models.JSONField(default=list, blank=True)
    genders = models.JSONField(default=list, blank=True)
    skills = models.JSONField(default=list, blank=True)
    stages = models.JSONField(default=list, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    notice = models.ForeignKey(
        Notice, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The notice that announced it."
    )

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["season", "-created_at"], name="job_by_season"),
            models.Index(fields=["company"], name="job_by_company"),
        )

    def __str__(self) -> str:
        return f"{self.company}: {self.role}"


class JobDocument(models.Model):
    """A file of a job. Its link is signed by the portal and expires."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="documents")
    identifier = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    url = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "identifier"], name="job_document_once"),)

    def __str__(self) -> str:
        return self.name or self.identifier
