"""What a run of the dispatcher did."""

from collections import Counter
from dataclasses import dataclass, field

from notifications.models import Delivery


@dataclass(slots=True)
class Tally:
    """What a run did, and why it ended early where it did."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    stopped: str = ""
    paused_seconds: float = 0.0
    busy_elsewhere: bool = False

    @property
    def sent(self) -> int:
        return self.counts[Delivery.State.SENT]

    def line(self) -> str:
        """One line for people: `sent 12, retry 1 (timeout 1)`."""
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items())) or "nothing to send"
        errors = ", ".join(f"{code} {count}" for code, count in self.errors.most_common(5))
        return f"{counts} ({errors})" if errors else counts
