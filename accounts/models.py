"""Who: staff, subscribers and how each of them wants to be told, and the programs with a key."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.categories import Category
from accounts.pseudonyms import pseudonym


def default_season() -> int:
    return int(settings.DEFAULT_PLACEMENT_YEAR)


class User(AbstractUser):
    """Someone who may open the admin."""


class Subscriber(models.Model):
    """A person, group or channel that is told things. A browser's push subscription may have nobody behind it."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        GROUP = "group", "Group"
        CHANNEL = "channel", "Channel"
        BROWSER = "browser", "Browser"
        PROGRAM = "program", "Program"

    class Membership(models.TextChoices):
        NONE = "none", "No member"
        WAITING = "waiting", "Waits for an admin"
        MEMBER = "member", "Member"
        REFUSED = "refused", "Refused"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    telegram_id = models.BigIntegerField("Telegram id", null=True, blank=True, unique=True)
    username = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    is_admin = models.BooleanField("admin of the bot", default=False)
    membership = models.CharField(
        max_length=8,
        choices=Membership,
        default=Membership.NONE,
        db_default=Membership.NONE,
        editable=False,
        help_text="Members read the names of students.",
    )
    membership_since = models.DateTimeField(null=True, blank=True, editable=False)
    email_digest = models.CharField(
        "verified address, as a digest", max_length=64, unique=True, null=True, blank=True, editable=False
    )
    membership_by = models.CharField(
        "became a member by", max_length=12, blank=True, default="", db_default="", editable=False
    )
    language = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="en, hi. Empty: not heard of yet."
    )
    menu = models.CharField(
        "digest of the chat's own command menu", max_length=12, default="", db_default="", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["membership_since"], name="subscriber_waiting", condition=models.Q(membership="waiting")
            ),
        )

    def __str__(self) -> str:
        """Return no name: Django writes this text into the admin's history, and errors write it into the logs."""
        return pseudonym(self.telegram_id) if self.telegram_id else f"{self.get_kind_display()} {self.pk}"

    @property
    def shown_name(self) -> str:
        """Return the name that admins see."""
        nameless = f"{self.get_kind_display()} ({self})" if self.telegram_id else str(self)
        return self.name or self.username or nameless


class Subscriptions(models.QuerySet["Subscription"]):
    def switch_on(self) -> int:
        """Tell those that are off of what is published from now on. Returns how many changed."""
        now = timezone.now()
        off = self.filter(state=Subscription.State.OFF)
        return off.update(state=Subscription.State.ACTIVE, off_reason="", state_changed_at=now, active_since=now)

    def switch_off(self, reason: str) -> int:
        """Tell the active ones nothing more; who is off keeps the older reason. Returns how many changed."""
        active = self.filter(state=Subscription.State.ACTIVE)
        return active.update(state=Subscription.State.OFF, off_reason=reason, state_changed_at=timezone.now())


class Subscription(models.Model):
    """One address on one channel, and what it wants: seasons it follows, categories it has muted."""

    class Channel(models.TextChoices):
        TELEGRAM = "telegram", "Telegram"
        WEB_PUSH = "web-push", "Web Push"
        WEBHOOK = "webhook", "Webhook"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        OFF = "off", "Off"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField("chat id, push endpoint or webhook", max_length=1000)
    keys = models.JSONField("push keys or secret", default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    off_reason = models.CharField(max_length=60, blank=True)
    state_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    active_since = models.DateTimeField(
        "told of what is first seen after", default=timezone.now, help_text="Moves on each new start."
    )
    topic = models.BigIntegerField("topic of a forum group", null=True, blank=True, help_text="Empty: General.")
    topic_refused = models.CharField(
        "why the topic takes no messages", max_length=60, blank=True, db_default="", editable=False
    )
    topic_told = models.BooleanField("the chat knows that", default=False, db_default=False, editable=False)
    browser = models.CharField("which browser it is", max_length=60, blank=True, default="", db_default="")
    every_season = models.BooleanField(default=False, help_text="Follows all seasons, whatever is chosen below.")

    objects = Subscriptions.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "address"], name="subscription_once_per_address"),)
        indexes = (models.Index(fields=["channel", "state"], name="subscription_by_state"),)

    def __str__(self) -> str:
        return f"{self.subscriber} on {self.get_channel_display()}"

    @property
    def shown_name(self) -> str:
        """Return the name that admins see."""
        return f"{self.subscriber.shown_name} on {self.get_channel_display()}"


class Webhooks(models.Manager["Webhook"]):
    def get_queryset(self) -> "models.QuerySet[Webhook]":
        return super().get_queryset().filter(channel=Subscription.Channel.WEBHOOK)


class Webhook(Subscription):
    """A program that is called; see accounts/subscribing/webhooks.py."""

    objects = Webhooks()  # type: ignore[assignment,misc]  # fewer rows than its base

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return self.subscriber.shown_name


class FollowedSeason(models.Model):
    """A season a subscription follows."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="seasons")
    season = models.PositiveIntegerField(default=default_season)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subscription", "season"], name="season_followed_once"),)

    def __str__(self) -> str:
        return str(self.season)


class MutedCategory(models.Model):
    """A category a subscription does not want."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="muted")
    category = models.CharField(max_length=20, choices=Category)

    class Meta:
        verbose_name_plural = "muted categories"
        constraints = (models.UniqueConstraint(fields=["subscription", "category"], name="category_muted_once"),)

    def __str__(self) -> str:
        return self.get_category_display()


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


class AuditEntry(models.Model):
    """What an admin, staff, a key or a command did; only accounts/audit.py writes it, and nobody changes it."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=600, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "audit log"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.actor}: {self.action}"


class ApiKey(models.Model):
    """A program's key to the HTTP API. The key itself is shown once and never stored; see accounts/web/keys.py."""

    name = models.CharField(max_length=80, unique=True, help_text="Who uses it.")
    prefix = models.CharField("starts with", max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RequestCount(models.Model):
    """Requests of one kind by one caller in the present window; only accounts/web/throttling.py writes it."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class LoginAttempts(RequestCount):
    """Attempts of an address or an account to log in to the admin; see accounts/web/login.py."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "login attempts"


class WebSession(AbstractBaseSession):
    """Somebody logged in on one browser; accounts/web/sessions.py stores it under a digest of its key."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=45, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class AccountLink(models.Model):
    """The link to the account page that was made last for a person; its secret is stored as a digest only.

    Only accounts/signin/links.py reads and writes it.
    """

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="account_link")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link {self.pk}"


class AccountSession(models.Model):
    """A browser in which a person has the account page open, found by a digest of its cookie.

    It is no session of staff and opens nothing of the admin; only accounts/signin/visits.py writes it.
    """

    class By(models.TextChoices):
        LINK = "link", _lazy("A link of the bot")
        TELEGRAM = "telegram", _lazy("Telegram itself")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="account_sessions")
    digest = models.CharField(max_length=64, unique=True)
    by = models.CharField("opened by", max_length=8, choices=By)
    browser = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account session {self.pk}"


class AccountToken(models.Model):
    """A person's key to their own data by the API; shown once, stored as a digest (accounts/signin/tokens.py)."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="account_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"account token {self.pk}"


class Authenticator(TOTPDevice):  # type: ignore[misc]  # django-otp has no types
    """An app that shows codes. What is stored is no key without SECRET_KEY: a stolen database makes no codes."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        return salted_hmac("accounts.authenticator", self.key, algorithm="sha256").digest()[:20]
