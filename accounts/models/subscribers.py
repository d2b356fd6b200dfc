"""Who is told, how each wants to be told, and in which seasons and categories."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.categories import Category
from accounts.pseudonyms import pseudonym


def default_season() -> int:
    return int(settings.DEFAULT_PLACEMENT_YEAR)


class Subscribers(models.QuerySet["Subscriber"]):
    def people(self) -> "Subscribers":
        """Return the persons: no groups, channels, programs, nor browsers with nobody behind them."""
        return self.filter(kind=Subscriber.Kind.PERSON)


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

    objects = Subscribers.as_manager()

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
