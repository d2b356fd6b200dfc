"""The placement policy of each batch."""

from django.db import models
from django.utils import timezone

from notifications.models import Notice
from scraping.models.raw import RawItem


class Policy(models.Model):
    """A version of the placement policy of a batch year; the one with the greatest number is in force."""

    year = models.PositiveIntegerField("batch year", help_text="2027: those who graduate in it.")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    content = models.TextField("content (Markdown)")
    toc = models.JSONField("table of contents", default=list, blank=True, help_text="[{id, text, level}]")
    changes = models.TextField("what changed (diff)", blank=True)
    updated_on = models.DateField("updated, as it says", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(RawItem, models.SET_NULL, null=True, blank=True, related_name="+")
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-year", "-version")
        verbose_name_plural = "policies"
        constraints = (models.UniqueConstraint(fields=["year", "version"], name="policy_version_once"),)

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"
