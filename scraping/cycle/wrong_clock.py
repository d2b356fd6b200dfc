"""What is put right after a clock that was ahead, in every table of the service."""

import logging

from accounts.clock import bring_back
from notifications.publishing.second_look import announce_misjudged
from scraping.changes import announce

log = logging.getLogger(__name__)


def put_right() -> None:
    """Announce notices that were misjudged, bring stored times back, and tell of the rows. Raises DatabaseError."""
    queued = announce_misjudged()
    if queued:
        log.warning("A clock that was ahead had kept notices back: %d deliveries are queued now.", queued)
    for model, keys in bring_back().items():
        announce(model, *keys)
