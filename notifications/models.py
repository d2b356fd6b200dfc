"""What is said, and to whom it went."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.categories import Category
from accounts.clock import seconds_until
from accounts.models import Subscriber, Subscription
from notifications.details import DetailsField

DIGESTS = "digest:"  # how the keys of notices begin that stand for digests


class StoredFile(models.Model):
    """A file, kept once by the hash of its bytes (spec: attachments, Keeping)."""

    digest = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveIntegerField("bytes")
    names_people = models.BooleanField(default=True, help_text="Only for those who may see names.")
    telegram_id = models.CharField("file_id at Telegram", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def path(self) -> str:
        """Return the file's name in the storage."""
        return f"{self.digest[:2]}/{self.digest}"


class Notice(models.Model):
    """Something worth telling, with facts of its own. Where it came from is known only by its external key."""

    class Broadcast(models.TextChoices):
        RUNNING = "running", "Goes out"
        PAUSED = "paused", "Paused"
        CANCELLED = "cancelled", "Cancelled"

    external_key = models.CharField(max_length=200, unique=True)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64, editable=False)
    season = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: for everybody.")
    category = models.CharField(max_length=20, choices=Category, blank=True, help_text="Empty: can't be muted.")
    title = models.CharField(max_length=500)
    body = models.TextField("body (HTML as it came, cleaned where it is shown)", blank=True)
    author = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True, db_index=True)
    role = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=300, blank=True)
    package = models.CharField(max_length=200, blank=True, help_text="As shown: ₹12 LPA.")
    venue = models.CharField(max_length=300, blank=True)
    event_at = models.DateTimeField(null=True, blank=True)
    event_all_day = models.BooleanField(default=False, help_text="No time of day was stated.")
    deadline = models.DateTimeField(null=True, blank=True)
    deadline_all_day = models.BooleanField(default=False, help_text="No time of day was stated.")
    deadline_moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    event_moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    deadline_was = models.DateTimeField("deadline that was called off", null=True, blank=True, editable=False)
    event_was = models.DateTimeField("date that was called off", null=True, blank=True, editable=False)
    links = models.JSONField(default=list, blank=True, help_text="[{url, label}]")
    roster = models.JSONField(
        default=list, blank=True, help_text="[{name, enrollment}], with meaning, slot, room, panel, time where stated."
    )
    roster_unread = models.PositiveIntegerField(default=0, help_text="Numbers in the text that stand on no list read.")
    roster_meaning = models.CharField(
        max_length=20,
        blank=True,
        help_text="What the roster says of its students: selected, absent, …, unknown.",
    )
    eligibility = models.JSONField(
        default=list, blank=True, help_text="Who may apply: [{name, value, quote, program}]."
    )
    details = DetailsField(default=dict, blank=True, help_text="Further labelled facts in order: {label: text}.")
    files = models.JSONField(default=list, blank=True, help_text="[{digest, name, state}]")
    url = models.CharField("where to open it", max_length=1000, blank=True)
    url_label = models.CharField("what its button says", max_length=60, blank=True, default="", db_default="")
    job_key = models.CharField("job it belongs to", max_length=100, blank=True, db_index=True)
    rule = models.CharField("rule that read it", max_length=60, blank=True)
    confidence = models.FloatField(default=1.0)
    published_at = models.DateTimeField(help_text="By the source; else when first seen.")
    first_seen_at = models.DateTimeField(default=timezone.now)
    announced = models.BooleanField(default=False, help_text="Subscribers were told, or are being told.")
    private = models.BooleanField("not for the site", default=False, editable=False)
    broadcast = models.CharField(max_length=10, choices=Broadcast, default=Broadcast.RUNNING, editable=False)
    updated_at = models.DateTimeField("stored last", auto_now=True, help_text="Whether or not it was told.")
    edited_at = models.DateTimeField(null=True, blank=True)
    edit_note = models.CharField("what the last edit changed", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    stays_withdrawn = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="By somebody's hand: what its source says does not bring it back.",
    )
    follows = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # a partial one below: SQLite would take a full one to find what follows nothing
        related_name="pings",
        help_text="The notice whose change this tells.",
    )

    class Meta:
        ordering = ("-published_at", "-pk")
        indexes = (
            models.Index(fields=["season", "category", "-published_at"], name="notice_by_season_category"),
            models.Index(fields=["-published_at", "-id"], name="notice_newest"),
            models.Index(
                fields=["-published_at", "-id"],
                name="notice_visible",
                condition=models.Q(withdrawn_at=None, follows=None, private=False),
            ),
            models.Index(fields=["edited_at"], name="notice_edited"),
            models.Index(fields=["updated_at", "id"], name="notice_updated"),
            models.Index(fields=["deadline", "id"], name="notice_deadline"),
            models.Index(fields=["event_at", "id"], name="notice_event"),
            models.Index(fields=["follows"], name="notice_pings", condition=models.Q(follows__isnull=False)),
        )
        constraints = (models.CheckConstraint(condition=models.Q(version__gte=1), name="notice_version_from_1"),)

    def __str__(self) -> str:
        return self.title

    @property
    def posting_key(self) -> str:
        """Return the key under which people's interest in it is kept (see Interest)."""
        return self.job_key or self.external_key

    @property
    def is_digest(self) -> bool:
        """Whether it stands for digests: what each says are the deliveries that are `told_in` it."""
        return self.external_key.startswith(DIGESTS)


class SearchEntry(models.Model):
    """What a notice is found by, made from it as it was at `notice_updated_at` (notifications/finding).

    The database's own index follows this table (notifications/finding/sql.py).
    """

    notice = models.OneToOneField(Notice, models.CASCADE, primary_key=True, related_name="search_entry")
    notice_updated_at = models.DateTimeField()
    company = models.CharField(max_length=200, blank=True, help_text="As everybody may read it; so are the next two.")
    role = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=200, blank=True)
    public_words = models.TextField(blank=True, help_text="Of what names nobody.")
    all_words = models.TextField(blank=True, help_text="For those who may see names.")

    class Meta:
        verbose_name_plural = "search entries"
        indexes = (
            models.Index(fields=["notice", "notice_updated_at"], name="search_entry_current"),
            models.Index(fields=["company"], name="search_entry_company"),
        )

    def __str__(self) -> str:
        return f"search entry {self.pk}"


class Delivery(models.Model):
    """One notice on its way to one subscription (spec: delivery, The ledger). Only delivery/ledger.py writes it.

    `sending` means: leased, the outcome is not known here until it is settled. A lease that ran out goes back to
    `retry`, and what `parts_sent` says has gone out is not sent again. `version_sent` is the oldest version of the
    notice that any of its messages shows. One that is `deferred` waits until `next_attempt_at`, then it has a digest in
    `told_in`, and is sent with it.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        RETRY = "retry", "Retry later"
        HELD = "held", "Held back while the broadcast is paused"
        DEFERRED = "deferred", "Waits for a digest"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    class Work(models.TextChoices):
        SEND = "send", "Send"
        EDIT = "edit", "Edit what was sent"

    class Priority(models.IntegerChoices):
        OWN = 0, "The reader's own name"
        URGENT = 1, "Urgent"
        BULK = 5, "Bulk"
        QUIET = 9, "Kept back by a filter"

    class Named(models.TextChoices):
        BY_NUMBER = "number", "By the enrolment number"
        BY_NAME = "name", "By the name alone"

    # Every index costs each claim and each settlement: the unique one finds the deliveries of a notice too.
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Subscription.Channel)
    state = models.CharField(max_length=10, choices=State, db_default=State.PENDING)
    work = models.CharField(max_length=4, choices=Work, db_default=Work.SEND)
    priority = models.PositiveSmallIntegerField(choices=Priority, db_default=Priority.BULK)
    named = models.CharField(
        "its list names the reader", max_length=6, choices=Named, blank=True, default="", db_default=""
    )
    attempts = models.PositiveSmallIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_owner = models.CharField(max_length=120, blank=True, db_default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    parts_sent = models.PositiveSmallIntegerField(db_default=0)
    message_ids = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    version_sent = models.PositiveIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True, db_default="")
    error_text = models.CharField(max_length=300, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    told_in = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, db_index=False, related_name="told", verbose_name="its digest"
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=["notice", "subscription"], name="delivery_once"),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(lease_until__isnull=False), name="sending_is_leased"
            ),
        )
        indexes = (
            models.Index(
                fields=["channel", "priority", "next_attempt_at", "id"],
                name="delivery_due",
                condition=models.Q(state__in=["pending", "retry"]),
            ),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=models.Q(state="sending")),
            models.Index(
                fields=["state", "id"], name="delivery_set_aside", condition=models.Q(state__in=["failed", "held"])
            ),
            models.Index(
                fields=["told_in", "next_attempt_at"], name="delivery_deferred", condition=models.Q(state="deferred")
            ),
            models.Index(fields=["told_in"], name="delivery_told_in", condition=models.Q(told_in__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.subscription_id}: {self.state}"


class Interest(models.Model):
    """What somebody said of a posting: applied, not interested, remind me (spec: personal, Where I stand).

    `key` is the posting's job key, and its external key where it belongs to no job: later notices of the job share it.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="interests")
    key = models.CharField(max_length=200)
    applied_at = models.DateTimeField(null=True, blank=True)
    not_interested_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField("asked to be reminded", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subscriber", "key"], name="interest_once_a_posting"),)
        indexes = (models.Index(fields=["key"], name="interest_by_posting"),)

    def __str__(self) -> str:
        return f"interest {self.pk}"


class CalendarLink(models.Model):
    """Somebody's calendar has an address: only notifications/my_time/calendar_links.py reads and writes it."""

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="calendar_link")
    digest = models.CharField("of the token", max_length=64, unique=True, editable=False)
    made_from_key = models.CharField("what the token is made from", max_length=32, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"calendar link {self.pk}"


class ChannelState(models.Model):
    """A channel's pace and its stops, shared by every process that sends on it (spec: delivery, Telegram's rules)."""

    channel = models.CharField(max_length=10, choices=Subscription.Channel, primary_key=True)
    rate = models.FloatField("slowed to (messages a second)", null=True, blank=True)
    slowed_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    floods = models.PositiveIntegerField("429s so far", default=0)
    stopped_reason = models.CharField(max_length=300, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    unreachable_reason = models.CharField(max_length=300, blank=True)
    unreachable_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_channel_display()

    @property
    def trouble(self) -> str:
        """Return why nothing is sent on the channel; "" where it is, as far as is known."""
        return self.stopped_reason or self.unreachable_reason

    def pause_seconds(self, now: datetime) -> float:
        """How long the channel still rests, 0.0 when it may send."""
        return seconds_until(self.paused_until, now)


class Shard(models.Model):
    """A share of a channel's subscriptions and of its rate: who dispatches it, and when its next message may go.

    One shard is all of a channel; paid broadcasts may have several.
    """

    channel = models.CharField(max_length=10, choices=Subscription.Channel)
    number = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True, help_text="Empty: free to take.")
    leased_until = models.DateTimeField(null=True, blank=True)
    next_slot_at = models.DateTimeField(null=True, blank=True)
    replies_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then replies of the bot may be among what is on its way."
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "number"], name="shard_once_a_channel"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.number}"


class Service(models.Model):
    """Telegram, or one push service, and whether it refuses most addresses (delivery/storms.py)."""

    channel = models.CharField(max_length=10, choices=Subscription.Channel)
    name = models.CharField("push service", max_length=300, blank=True, help_text="Empty: all of the channel.")
    evidence = models.PositiveSmallIntegerField("speaks against the present state", default=0)
    held_since = models.DateTimeField(null=True, blank=True)
    held_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "name"], name="service_once_a_channel"),)

    def __str__(self) -> str:
        return self.name or self.get_channel_display()


class Refusal(models.Model):
    """A delivery whose address was refused: what it takes to undo what that cost. Kept for a day."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="refusals")
    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="refusal")
    code = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    judged = models.BooleanField(default=False, help_text="A storm is over: one more refusal is the address's own.")

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.code}"


class WaitingReply(models.Model):
    """A reply of the bot that is not sent yet, the latest of its kind to a chat.

    Only notifications/telegram_bot/waiting_replies.py writes it.
    """

    chat_id = models.BigIntegerField()
    kind = models.CharField(max_length=200)
    token = models.UUIDField(help_text="Another one for each content.")
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "waiting replies"
        constraints = (models.UniqueConstraint(fields=["chat_id", "kind"], name="reply_once_a_kind"),)

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Heartbeat(models.Model):
    """When a process last said that it is alive, and what it has to complain about."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    complaint = models.CharField(max_length=300, blank=True)
    owner = models.CharField("host, pid and its start", max_length=120, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.process


def beat(process: str, complaint: str = "", *, owner: str = "") -> None:
    """Say that `process` (scheduler, bot) is alive now; `owner` names it as delivery/leases.py does."""
    said = {"at": timezone.now(), "complaint": complaint[:300], "owner": owner}
    Heartbeat.objects.update_or_create(process=process, defaults=said)
