"""The dashboard's first word: whether all is well, else what needs somebody, each with what to press."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from notifications.delivery.counts import dead
from scraping.corrections.waiting import waiting
from scraping.sources.registry import any_set_up
from supersetbot.operations.daemons import how_to_start
from supersetbot.operations.health import Check
from supersetbot.operations.problems import Problem, problems

NO_SOURCE = (
    "Set SUPERSET_CREDENTIALS, or PLACEMENT_EMAIL and PLACEMENT_APP_PASSWORD, in .env, and restart the service. "
    ".env.example shows how."
)


@dataclass(frozen=True, slots=True)
class Need:
    """What needs somebody, and the button to press: where it leads, "" where nothing in the admin mends it.

    With `post` pressing it does something; without, it opens a page.
    """

    title: str
    detail: str
    label: str = ""
    url: str = ""
    post: bool = False


# What to press for a problem, by its key or the part before the colon: label, page, and the permission it takes.
PAGES = {
    "login:superset": ("See the accounts", "admin:scraping_portalaccount_changelist", "scraping.view_portalaccount"),
    "login": ("See the runs", "admin:scraping_updaterun_changelist", "scraping.view_updaterun"),
    "watch": ("See the runs", "admin:scraping_updaterun_changelist", "scraping.view_updaterun"),
    "locked": ("See who", "admin:accounts_loginattempts_changelist", "accounts.view_loginattempts"),
    "topics": ("See the groups", "admin:accounts_subscription_changelist", "accounts.view_subscription"),
    "channel": ("See the channels", "admin:notifications_channelstate_changelist", "notifications.view_channelstate"),
    "storm": ("See the services", "admin:notifications_service_changelist", "notifications.view_service"),
    "deliveries": ("See what waits", "admin:notifications_delivery_changelist", "notifications.view_delivery"),
}


def needs(user: User, scheduler: Check) -> list[Need]:
    """Return what needs somebody, the worst first, with the buttons that this user may press."""
    found = list(problems())
    return [*_down(scheduler, found), *(_of(problem, user) for problem in found), *_work(user)]


def _down(scheduler: Check, found: list[Problem]) -> Iterator[Need]:
    """A scheduler that ended just now, which is no alert yet: whoever looks is told at once."""
    if not scheduler.ok and all(problem.key != "scheduler" for problem in found):
        detail = f"Nothing is read or sent until it is back. {how_to_start('scheduler')}"
        yield Need(f"The scheduler does not work: {scheduler.detail}", detail)


def _of(problem: Problem, user: User) -> Need:
    kind = problem.key.partition(":")[0]
    if kind == "source" and user.has_perm("scraping.add_updaterun"):
        return Need(problem.title, problem.detail, "Try now", reverse("run-cycle"), post=True)
    label, page, permission = PAGES.get(problem.key) or PAGES.get(kind, ("", "", ""))
    if page and user.has_perm(permission):
        return Need(problem.title, problem.detail, label, reverse(page))
    return Need(problem.title, problem.detail)


def _work(user: User) -> Iterator[Need]:
    """What is not broken, and waits for a person."""
    if not any_set_up():
        yield Need("No source is set up: nothing is read", NO_SOURCE)
    if count := dead().count():
        title = f"{count} message{'' if count == 1 else 's'} could not be delivered"
        if user.has_perm("notifications.change_delivery"):
            yield Need(
                title, "They are listed below, with the reason of each.", "Try them again", reverse("retry-all"), True
            )
        else:
            yield Need(title, "They are listed below, with the reason of each.")
    if user.has_perm("scraping.view_review") and (held := waiting().held):
        title = f"{held} notice{' is' if held == 1 else 's are'} held back until somebody looks"
        yield Need(title, "", "Look at them", reverse("admin:scraping_review_changelist"))
