"""Files that came with items, and what was read from them."""

from django.db import models
from django.utils import timezone

from notifications.models import StoredFile
from scraping.models.raw import RawItem


class FileReading(models.Model):
    """What was read from a file, once (spec: attachments, Safety). `text` is FileText as JSON."""

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="reading")
    state = models.CharField(max_length=20, db_index=True)
    kind = models.CharField(max_length=10, blank=True)
    text = models.JSONField(default=dict)
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.file}: {self.state}"


class Attachment(models.Model):
    """A file of an item. Without `file` it could not be had, and `state` says why; else that of its reading counts."""

    item = models.ForeignKey(RawItem, models.CASCADE, related_name="attachments")
    reference = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="attachments")
    state = models.CharField(max_length=20, blank=True)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "reference"], name="attachment_once"),)
        indexes = (models.Index(fields=["state"], name="attachment_waiting", condition=models.Q(state="waiting")),)

    def __str__(self) -> str:
        return self.name
