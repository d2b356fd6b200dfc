"""What a sweep puts right."""

from notifications.delivery import edits, unsent
from notifications.delivery.ledger import expire_leases


def tidy() -> None:
    """Put right what a sweep finds: expired leases, messages of an old version, resumed broadcasts."""
    expire_leases()
    edits.queue()
    edits.queue_late_of_lists()
    edits.queue_late_of_postings()
    unsent.unhold()
