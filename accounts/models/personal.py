"""What one person told or chose: address, agreement, profile, times, filters, invitation; and who is forgotten."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models.subscribers import Subscriber


class EmailCode(models.Model):
    """The code that was mailed last for a chat; address and code as keyed digests (subscribing/email_codes.py)."""

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="email_code")
    address_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"code of {self.subscriber_id}"


class Consent(models.Model):
    """Somebody agreed to a version of the notice of what is stored; taken back by deleting the row."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="consents")
    version = models.CharField("of the notice", max_length=20)
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subscriber", "version"], name="consent_once_a_version"),)

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Profile(models.Model):
    """What somebody told of themselves, encrypted; only accounts/personal/profiles.py reads and writes it."""

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="profile")
    sealed = models.TextField("encrypted", editable=False)
    key = models.CharField("name of the key", max_length=8, editable=False)
    number_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    asking = models.CharField("the question that waits for an answer", max_length=20, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_again = models.BooleanField("asked once more", default=False, db_default=False, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"profile {self.pk}"


class Timing(models.Model):
    """When somebody wants to be told (spec: personal, My time). Whoever has no row has the defaults.

    Times of day are those of Asia/Kolkata.
    """

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="timing")
    quiet_from = models.TimeField("quiet hours begin", null=True, blank=True)
    quiet_until = models.TimeField("quiet hours end", null=True, blank=True)
    digest_at = models.TimeField("one digest a day at", null=True, blank=True, help_text="Empty: as things come.")
    muted_until = models.DateTimeField("all but urgent things wait until", null=True, blank=True)
    quietly = models.BooleanField(
        "what filters keep back comes in a digest", default=False, help_text="Else it does not come at all."
    )
    remind_24h = models.BooleanField("24 hours before a deadline", default=True)
    remind_3h = models.BooleanField("3 hours before a deadline", default=True)
    remind_1h = models.BooleanField("1 hour before a deadline", default=False)
    remind_events = models.BooleanField("the evening and the hour before an event", default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        )

    def __str__(self) -> str:
        return f"timing {self.pk}"


class Filter(models.Model):
    """One thing somebody wants to hear of, or not; only accounts/personal/filters.py reads and writes it."""

    class Kind(models.TextChoices):
        COMPANY = "company", _lazy("Always tell me of")
        WORD = "word", _lazy("Always tell me of the word")
        NOT_COMPANY = "not-company", _lazy("Nothing of")
        NOT_WORD = "not-word", _lazy("Nothing with the word")
        PACKAGE = "package", _lazy("Postings from")
        PLACE = "place", _lazy("Postings in")
        TYPE = "type", _lazy("Postings of the type")
        ELIGIBLE = "eligible", _lazy("No posting that is not open to me")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="filters")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=60, blank=True)
    rupees = models.PositiveBigIntegerField("a year, for a package", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subscriber", "kind", "value"], name="filter_once"),)
        indexes = (models.Index(fields=["kind", "value"], name="filter_by_value"),)

    def __str__(self) -> str:
        return f"filter {self.pk}"


class Invitations(models.QuerySet["Invitation"]):
    def open(self) -> "Invitations":
        """Return those that still admit somebody."""
        return self.filter(uses_left__gt=0, expires_at__gt=timezone.now())

    def end(self) -> int:
        """Let the open ones admit nobody any more. Returns how many they were."""
        return self.open().update(expires_at=timezone.now())


class Invitation(models.Model):
    """A link that makes members; its token is shown once and stored as a digest only."""

    digest = models.CharField(max_length=64, unique=True)
    uses_left = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = Invitations.as_manager()

    def __str__(self) -> str:
        return self.digest[:8]

    @property
    def is_open(self) -> bool:
        return self.uses_left > 0 and self.expires_at > timezone.now()


class Forgotten(models.Model):
    """Somebody who said /forget, as a keyed digest of the id: a copy put back forgets them again."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    refused = models.BooleanField("an admin had refused them", default=False, db_default=False)

    class Meta:
        verbose_name_plural = "forgotten"

    def __str__(self) -> str:
        return self.digest[:8]
