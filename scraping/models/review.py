"""What a person was asked to look at, and what they said of it (spec: reading, A second look)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from scraping.models.raw import RawItem


class Review(models.Model):
    """A reading that somebody should look at. `key` is that of the notice it becomes: copies of a mail share it.

    `read` and `seen` are what the rules read, without the correction; `correction` holds the fields a person changed,
    and is kept over every later reading.
    """

    class Verdict(models.TextChoices):
        OPEN = "", "Open"
        RIGHT = "right", "Confirmed"
        CORRECTED = "corrected", "Corrected"
        CLEARED = "cleared", "Without a doubt"

    key = models.CharField("notice it becomes", max_length=200, unique=True)
    item = models.ForeignKey(RawItem, models.CASCADE, related_name="reviews")
    title = models.CharField(max_length=500, blank=True)
    doubts = models.JSONField("why somebody should look", default=list, help_text="A text each.")
    read = models.JSONField("what was read", default=dict, help_text="{field: value}: corrections/fields.py.")
    seen = models.JSONField(
        "how it was read", default=dict, help_text="{rule, confidence, evidence, students, unread, sent_at}."
    )
    second = models.JSONField(
        "what the second reader says", default=dict, blank=True, help_text="{asked, answer} or {asked, error}."
    )
    correction = models.JSONField(default=dict, blank=True, help_text="{field: value} as a person corrected them.")
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.OPEN, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    held_since = models.DateTimeField(null=True, blank=True, help_text="Nobody is told before somebody looked.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("opened_at", "pk")
        indexes = (
            models.Index(fields=["opened_at", "id"], name="review_open", condition=models.Q(closed_at=None)),
            models.Index(fields=["held_since"], name="review_held", condition=models.Q(held_since__isnull=False)),
        )

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
