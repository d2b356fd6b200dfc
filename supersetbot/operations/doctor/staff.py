"""Those who may log in to the admin: how well their accounts are protected."""

from django.conf import settings

from accounts.models import User
from accounts.web import second_factor
from supersetbot.operations.doctor.results import CheckFailedError, Skipped

_THIS_MACHINE = {"127.0.0.1", "localhost", "[::1]"}
_SET_UP = "Each of them sets it up at /admin/second-factor/"


def check_staff() -> str:
    """Whether staff have a second factor, where it is required or the site has a public name."""
    count = User.objects.filter(is_staff=True, is_active=True).count()
    if not count:
        return "nobody may log in to the admin"
    without = ", ".join(second_factor.without())
    if not without:
        return f"{count} with a second factor"
    if settings.STAFF_SECOND_FACTOR == "required":
        raise CheckFailedError(f"no second factor yet: {without}", f"{_SET_UP} when they log in next")
    if set(settings.ALLOWED_HOSTS) - _THIS_MACHINE:
        raise Skipped(f"no second factor: {without}", f"{_SET_UP}; STAFF_SECOND_FACTOR=required insists on it")
    return f"{count}, on this machine alone"
