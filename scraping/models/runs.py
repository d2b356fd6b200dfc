"""How each update went."""

from django.db import models
from django.utils import timezone


class Runs(models.QuerySet["UpdateRun"]):
    def cycles(self) -> "Runs":
        """Return those that read all sources: not the watcher's looks, nor what has slots of its own."""
        return self.filter(lane=UpdateRun.Lane.CYCLE).exclude(trigger=UpdateRun.WATCHED)

    def begun(self) -> "Runs":
        """Return the runs that began: not those that wait for the scheduler or stepped aside."""
        return self.exclude(state__in=(UpdateRun.State.QUEUED, UpdateRun.State.SKIPPED))


class UpdateRun(models.Model):
    """One update. The database lets only one a lane be running: cycles never overlap (spec: system, Schedule)."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        OK = "ok", "OK"
        PARTLY = "partly", "Partly failed"
        FAILED = "failed", "Failed"
        LOST = "lost", "Lost: its process died"
        SKIPPED = "skipped", "Skipped"

    OPEN = (State.QUEUED, State.RUNNING)
    GOOD = (State.OK, State.PARTLY)
    WATCHED = "watch"  # the trigger of a look at one source only: it makes up for no slot

    class Lane(models.TextChoices):
        CYCLE = "cycle", "Cycle"
        OWN_SCHEDULE = "apart", "Read in slots of its own"

    lane = models.CharField(max_length=10, choices=Lane, default=Lane.CYCLE)
    trigger = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(default=timezone.now, help_text="While it is queued: when it was asked for.")
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField()
    process = models.CharField("host, pid and its start", max_length=120)
    step = models.CharField("what it is doing", max_length=80, blank=True, default="")
    sources = models.JSONField(
        default=dict, blank=True, help_text="source → {fetched, new, changed, unchanged, failed, seconds, errors}"
    )
    notices = models.PositiveIntegerField("notices published", default=0)
    queued = models.PositiveIntegerField("deliveries queued", default=0)
    sent = models.PositiveIntegerField("deliveries sent", default=0)
    error = models.CharField(max_length=500, blank=True)

    objects = Runs.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["lane"], condition=models.Q(state="running"), name="one_update_at_a_time"),
            models.UniqueConstraint(fields=["lane"], condition=models.Q(state="queued"), name="one_update_waits"),
        )

    def __str__(self) -> str:
        return f"Update {self.pk} ({self.trigger}, {self.get_state_display()})"

    @property
    def is_cycle(self) -> bool:
        """Whether it reads all sources (`cycles()`)."""
        return self.lane == self.Lane.CYCLE and self.trigger != self.WATCHED
