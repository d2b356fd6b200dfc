"""Web Push: the keys it signs with, and whom it may call."""

from django.conf import settings

from supersetbot.operations.doctor.results import CheckFailedError, Skipped


def check_vapid() -> str:
    from notifications.channels.webpush.vapid import Vapid

    if not settings.VAPID_PRIVATE_KEY:
        raise Skipped("VAPID_PRIVATE_KEY is not set: no Web Push")
    try:
        Vapid(settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL)
    except ValueError as error:
        fix = "./manage vapid_keys makes a pair; browsers must subscribe anew after a change."
        if "VAPID_EMAIL" in str(error):
            fix = "Set VAPID_EMAIL to the bare address of somebody whom push services may write to."
        raise CheckFailedError(str(error), fix) from None
    return "the keys belong together, the contact is an address"


def check_push_hosts() -> str:
    """Strangers name the addresses that Web Push calls, so none in the own network may be among them."""
    if not settings.PUSH_ALLOW_HOSTS:
        return "only addresses out on the internet are called"
    named = ", ".join(sorted(settings.PUSH_ALLOW_HOSTS))
    if settings.DEBUG:
        return f"{named} may be called too (DEBUG is on)"
    raise CheckFailedError(
        f"PUSH_ALLOW_HOSTS lets strangers have {named} called", "Take PUSH_ALLOW_HOSTS out: it is for tests."
    )
