"""The dashboard's buttons. Each is a POST, needs its permission, says what it did and leads back."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django_q.models import Schedule

from accounts.models import Subscription
from accounts.telegram.admins import admin_ids
from notifications.delivery import ledger
from notifications.models import Delivery
from notifications.publishing import orders
from notifications.publishing.broadcasts import tell
from notifications.tasks import wake_quietly
from scraping.cycle.queue import queue_cycle
from scraping.cycle.runs import CycleRunningError, running
from supersetbot.dashboard.figures import slot_of

Action = Callable[..., str]
View = Callable[..., HttpResponse]


def button(permission: str) -> Callable[[Action], View]:
    """A view of a function that answers what to say; staff without the permission get a 403."""

    def make(action: Action) -> View:
        @require_POST
        @wraps(action)
        def view(request: HttpRequest, **kwargs: int) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            messages.success(request, action(request, **kwargs))
            return redirect("dashboard")

        return admin.site.admin_view(view)

    return make


@button("scraping.add_updaterun")
def run_cycle(request: HttpRequest) -> str:
    if (run := running()) is not None:
        return str(CycleRunningError(run))
    return f"A cycle is queued: run {queue_cycle('admin')} begins as soon as the scheduler takes it up."


@button("notifications.change_delivery")
def retry(request: HttpRequest, delivery_id: int) -> str:
    return _retried(ledger.retry_failed(Delivery.objects.filter(pk=delivery_id)))


@button("notifications.change_delivery")
def retry_all(request: HttpRequest) -> str:
    return _retried(ledger.retry_failed(Delivery.objects.all()))


@button("django_q.change_schedule")
def switch_slot(request: HttpRequest, slot_id: int) -> str:
    """Switch a slot on or off; a sync with the settings does not undo it (spec: system, Schedule)."""
    slot = get_object_or_404(Schedule, pk=slot_id, func__startswith="scraping.tasks.scheduled_")
    on = slot.repeats == 0
    Schedule.objects.filter(pk=slot.pk, repeats=slot.repeats).update(repeats=-1 if on else 0)
    return f"{slot_of(slot).label} is {'on' if on else 'off'}."


@button("notifications.add_notice")
def call_off(request: HttpRequest, schedule_id: int) -> str:
    """Call a planned message off; one that has gone out meanwhile is on its way."""
    return "Called off: it goes to nobody." if orders.call_off(schedule_id) else "It is not planned any more."


@button("notifications.add_notice")
def send_test(request: HttpRequest) -> str:
    """Send a test message to one of the bot's admins through the ledger."""
    subscription = testers().get(str(request.POST.get("subscription", "")))
    if subscription is None:
        return "Nobody to send it to: choose one of the bot's admins, who has to have said /start."
    tell([subscription], "It works: this is how notices look.", title="A test")
    wake_quietly([subscription.channel])
    return f"A test is on its way to {subscription.subscriber.shown_name}."


def testers() -> dict[str, Subscription]:
    """Active subscriptions of the bot's admins, by id."""
    found = Subscription.objects.filter(
        state=Subscription.State.ACTIVE, subscriber__telegram_id__in=admin_ids()
    ).select_related("subscriber")
    return {str(subscription.pk): subscription for subscription in found}


def _retried(count: int) -> str:
    if count:
        wake_quietly(Subscription.Channel.values)
    return f"{count} will be tried again." if count else "There was nothing to try again."
