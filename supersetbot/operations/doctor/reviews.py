"""What waits for somebody's look."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince

from supersetbot.operations.doctor.results import CheckFailedError

HELD_LONG = timedelta(hours=2)


def check_reviews() -> str:
    """Check that nothing is held back from students for long."""
    from scraping.corrections.waiting import waiting, where

    found = waiting()
    if found.held and found.held_first:
        said = f"{found.held} held back until somebody looks, the oldest for {_age(found.held_first)}"
        if timezone.now() - found.held_first > HELD_LONG:
            raise CheckFailedError(said, f"Look at them: {where()}. REVIEW=after tells students first.")
        return said
    oldest = f", the oldest for {_age(found.oldest)}" if found.oldest else ""
    return f"REVIEW={settings.REVIEW}: {found.open or 'none'} to look at{oldest}"


def _age(since: datetime) -> str:
    return str(timesince(since, depth=1)).replace("\xa0", " ")
