"""Who watches the sources between the slots, and what they saw."""

from django.db import models


class WatchState(models.Model):
    """The one row of the watcher: its lease, its heartbeat, and how each watched source stands."""

    owner = models.CharField("host, pid and its start", max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField("day the requests are counted for", null=True, blank=True)
    requests = models.JSONField(default=dict, blank=True, help_text="account → requests of the day")
    sources = models.JSONField(default=dict, blank=True, help_text="source → {state, since, text, seen_at, interval}")

    def __str__(self) -> str:
        return f"Watched by {self.owner or 'nobody'}"
