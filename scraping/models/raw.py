"""What came in as the sources gave it, and by which sign-in."""

from django.db import models
from django.utils import timezone

from notifications.models import Notice


class PortalAccount(models.Model):
    """A sign-in to the portal: one login serves many cycles (spec: portal). Passwords stay in the settings."""

    email = models.EmailField(unique=True)
    session = models.JSONField("session", null=True, blank=True)
    refusals = models.PositiveSmallIntegerField("refused logins in a row", default=0)
    refused_password = models.CharField("digest of the refused password", max_length=64, blank=True)
    last_refused_at = models.DateTimeField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


class RawItem(models.Model):
    """One thing as a source gave it. `pending` until it was read; an edit at the source makes it pending again.

    Mails that say nothing about placements are `irrelevant`; what could not be read is `set_aside`; what nobody is told
    of before a person looked is `held`; all say why.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DONE = "done", "Done"
        IRRELEVANT = "irrelevant", "Irrelevant"
        SET_ASIDE = "set_aside", "Set aside"
        HELD = "held", "Held back until somebody looks"

    source = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    season = models.PositiveIntegerField()
    payload = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField("why it was not used", max_length=500, blank=True)
    doubt = models.CharField("why somebody should look", max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "kind", "key"], name="raw_item_once"),)
        indexes = (
            models.Index(fields=["source", "kind", "id"], name="raw_pending", condition=models.Q(state="pending")),
            models.Index(fields=["state", "-changed_at"], name="raw_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"
