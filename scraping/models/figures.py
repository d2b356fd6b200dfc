"""The institute's own figures, and the head counts of its branches."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.times import moment
from notifications.models import Notice


class OfficialSnapshot(models.Model):
    """The institute's placement page while it stayed the same (spec: official-page)."""

    season = models.PositiveIntegerField("season of the active batch", null=True, blank=True)
    content = models.JSONField(help_text="The page as OfficialPlacementData knows it, without the time of reading.")
    content_hash = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    differences = models.JSONField(default=list, blank=True, help_text="[{text, figure_moved}] to the one before.")
    notice = models.ForeignKey(
        Notice, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The notice that told of it."
    )

    class Meta:
        ordering = ("-first_seen_at", "-pk")
        get_latest_by = ("first_seen_at", "pk")
        indexes = (models.Index(fields=["-first_seen_at", "-id"], name="official_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_seen_at__gte=models.F("first_seen_at")), name="official_seen_in_order"
            ),
        )

    def __str__(self) -> str:
        return moment(self.first_seen_at)


class EarlierBatch(models.Model):
    """Figures of a batch that is on the page no more, loaded from a file (`official --history FILE`)."""

    name = models.CharField(max_length=200, unique=True)
    season = models.PositiveIntegerField(null=True, blank=True)
    cards = models.JSONField(help_text='[["81", "Quality Companies Visited"], …]')
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-season", "name")
        verbose_name_plural = "earlier batches"

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """Enrolment numbers of a branch, [start, end), and how many students it has (spec: statistics)."""

    season = models.PositiveIntegerField()
    branch = models.CharField(max_length=50)
    campus = models.CharField("campus or sub-branch", max_length=20, blank=True)
    start = models.BigIntegerField("from number")
    end = models.BigIntegerField("up to, not including")
    students = models.PositiveIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-season", "branch", "start")
        verbose_name_plural = "branches"
        constraints = (
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="branch_range_not_empty"),
            models.UniqueConstraint(fields=["season", "start"], name="branch_range_once"),
        )

    def __str__(self) -> str:
        return f"{self.branch} {self.campus}".strip()

    def clean(self) -> None:
        """A number belongs to one branch: ranges of a season must not overlap."""
        if None in (self.season, self.start, self.end):
            return
        others = Branch.objects.filter(season=self.season, start__lt=self.end, end__gt=self.start).exclude(pk=self.pk)
        if other := others.first():
            raise ValidationError(f"The range overlaps that of {other} ({other.start} to {other.end}).")
