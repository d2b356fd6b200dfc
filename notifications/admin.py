"""What was said, to whom it went, and what is stuck."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import Subscription
from accounts.season_admin import BY_SEASON, EditsSeason, season
from notifications.delivery import ledger, storms
from notifications.finding.search import newest_with
from notifications.models import ChannelState, Delivery, Heartbeat, Notice, Service
from notifications.publishing.publish import TOLD, amend, bring_back, withdraw
from notifications.rendering.headline import headline_of
from notifications.rendering.public import to_call, without_names
from notifications.rendering.reminding import about_another
from notifications.tasks import wake_quietly

_MOST_FOUND = 500
_AMENDED = "Messages that were sent are being edited{told}. It stands until its source says something new."
_JOB_TOO = 'The pages and figures of <a href="{}">its job</a> are not changed by that: correct it there, too.'
_OF_THE_JOB = {"company", "role", "package", "location", "deadline", "eligibility"}
_WITHDRAW = "admin/notifications/notice/withdraw.html"


def _sees_names(request: HttpRequest) -> bool:
    return request.user.has_perm("scraping.view_offeredstudent")


def _deliver_soon() -> None:
    transaction.on_commit(partial(wake_quietly, Subscription.Channel.values))


def _nameless(notice: Notice) -> Notice:
    """A copy to be looked at; the names of its files may name students, too."""
    shown = without_names(notice)
    shown.files = []
    if shown.follows:
        shown.follows = without_names(shown.follows)
    return shown


def _count(state: str) -> Coalesce:
    """A notice's deliveries in a state, counted for the rows of the page alone."""
    found = Delivery.objects.filter(notice=OuterRef("pk"), state=state).order_by().values("notice")
    return Coalesce(Subquery(found.annotate(count=Count("pk")).values("count")), 0)


class WithdrawnFilter(admin.SimpleListFilter):
    """What stands, or what its readers were told is withdrawn."""

    title = "withdrawn"
    parameter_name = "withdrawn"

    def lookups(self, request: HttpRequest, model_admin: object) -> tuple[tuple[str, str], ...]:
        return (("yes", "Yes"), ("no", "No"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        stands = {"yes": False, "no": True}.get(self.value() or "")
        return queryset if stands is None else queryset.filter(withdrawn_at__isnull=stands)


@admin.register(Notice)
class NoticeAdmin(EditsSeason[Notice], admin.ModelAdmin[Notice]):
    """Who may not see students reads a notice as strangers do, searches for nothing, and edits and deletes none."""

    list_display = ("headline", "category", "company", season, "published_at", "announced", "told", "stuck", "version")
    list_filter = ("category", BY_SEASON, "announced", WithdrawnFilter, "rule")
    search_fields = ("title", "company", "role", "external_key")
    readonly_fields = ("external_key", "version", "first_seen_at", "edited_at", "edit_note", "withdrawn_at", "follows")
    date_hierarchy = "published_at"
    actions = ("withdraw_them", "bring_them_back")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        notices = super().get_queryset(request)
        rows = to_call(notices, names=True) if _sees_names(request) else notices.select_related("follows")
        return rows.annotate(told_count=_count(Delivery.State.SENT), failed_count=_count(Delivery.State.FAILED))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        if not _sees_names(request):
            found.result_list = [_nameless(notice) for notice in found.result_list]
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Notice | None:
        notice = super().get_object(request, object_id, from_field)
        return notice if notice is None or _sees_names(request) else _nameless(notice)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Who may not see names must not find a notice by one."""
        return self.search_fields if _sees_names(request) else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Notice], search_term: str
    ) -> tuple[QuerySet[Notice], bool]:
        """Find by a name or a number on a list, too, as members do."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term and _sees_names(request):
            listed = [notice.pk for notice in newest_with(search_term, names=True, limit=_MOST_FOUND)]
            found |= queryset.filter(pk__in=listed)
        return found, may_repeat

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A notice of ours is a broadcast: it is written, looked at and sent on a page of its own."""
        return False

    def save_model(self, request: HttpRequest, obj: Notice, form: Any, change: bool) -> None:
        """Store a correction, and have it reach whoever had the notice."""
        told = {name: getattr(obj, name) for name in form.changed_data if name in TOLD}
        before = Notice.objects.get(pk=obj.pk)
        for name in told:
            setattr(obj, name, getattr(before, name))
        super().save_model(request, obj, form, change)
        if told:
            count = amend(obj.pk, told)
            obj.refresh_from_db()
            _deliver_soon()
            self.message_user(request, _AMENDED.format(told=f", and {count} told what moved" if count else ""))
            if obj.job_key and told.keys() & _OF_THE_JOB:
                jobs = f"{reverse('admin:scraping_job_changelist')}?{urlencode({'q': obj.job_key})}"
                self.message_user(request, format_html(_JOB_TOO, jobs), messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return _sees_names(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return _sees_names(request) and super().has_delete_permission(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if notice := context.get("original"):
            context["subtitle"] = self.headline(notice)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="notice", ordering="title")
    def headline(self, notice: Notice) -> str:
        return f"{about_another(notice)}{headline_of(notice)}"

    @admin.display(description="told", ordering="told_count")
    def told(self, notice: Any) -> int:
        return int(notice.told_count)

    @admin.display(description="failed", ordering="failed_count")
    def stuck(self, notice: Any) -> int:
        return int(notice.failed_count)

    @admin.action(description="Withdraw: skip what is queued, mark what was sent")
    def withdraw_them(self, request: HttpRequest, queryset: QuerySet[Notice]) -> TemplateResponse | None:
        """Ask first: each message that was sent says then that its notice is withdrawn."""
        if not request.POST.get("sure"):
            return TemplateResponse(request, _WITHDRAW, self._asked(request, queryset))
        count = sum(withdraw(key, stays=True) for key in queryset.values_list("external_key", flat=True))
        self.message_user(request, f"{count} withdrawn. They stay so, whatever their source says.", messages.SUCCESS)
        return None

    def _asked(self, request: HttpRequest, notices: QuerySet[Notice]) -> dict[str, Any]:
        """Values of the page that asks whether these are to be withdrawn."""
        shown = [notice if _sees_names(request) else _nameless(notice) for notice in notices]
        return {
            **self.admin_site.each_context(request),
            "title": "Withdraw?",
            "opts": self.opts,
            "notices": [(notice.pk, self.headline(notice), self.told(notice)) for notice in shown],
        }

    @admin.action(description="Bring back what was withdrawn, and tell whoever was left out")
    def bring_them_back(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = sum(bring_back(key) for key in queryset.values_list("external_key", flat=True))
        _deliver_soon()
        self.message_user(request, f"{count} brought back.", messages.SUCCESS)


class OneNotice(admin.SimpleListFilter):
    """Where the page of a broadcast leads to; of a choice of all notices there would be no end."""

    title = "notice"
    parameter_name = "notice__id__exact"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, f"Number {chosen}")] if chosen.isdecimal() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(notice=int(value)) if (value := self.value()) else queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    list_display = (
        "headline",
        "subscriber",
        "channel",
        "state",
        "attempts",
        "error_code",
        "next_attempt_at",
        "sent_at",
    )
    list_filter = ("state", "channel", "error_code", "work", OneNotice)
    list_select_related = ("notice__follows", "subscription__subscriber")
    search_fields = ("notice__title", "subscription__address")
    exclude = ("notice",)
    readonly_fields = ("headline",)
    ordering = ("-pk",)
    actions = ("retry",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        if not _sees_names(request):
            for delivery in found.result_list:
                delivery.notice = _nameless(delivery.notice)
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Delivery | None:
        delivery = super().get_object(request, object_id, from_field)
        if delivery and not _sees_names(request):
            delivery.notice = _nameless(delivery.notice)
        return delivery

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Who may not see names must not find a delivery by one."""
        return self.search_fields if _sees_names(request) else ("subscription__address",)

    @admin.display(description="notice", ordering="notice")
    def headline(self, delivery: Delivery) -> str:
        return str(headline_of(delivery.notice))

    @admin.display(ordering="subscription")
    def subscriber(self, delivery: Delivery) -> str:
        return delivery.subscription.subscriber.shown_name

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Nobody edits a delivery; the right to change them lets one send them anew."""
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description="Try dead letters again", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = ledger.retry_failed(queryset)
        self.message_user(request, f"{count} will be tried again within a minute.", messages.SUCCESS)


@admin.register(ChannelState)
class ChannelStateAdmin(admin.ModelAdmin[ChannelState]):
    list_display = ("channel", "state", "rate", "paused_until", "stopped_reason", "stopped_at", "unreachable_reason")
    actions = ("resume",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="now")
    def state(self, channel: ChannelState) -> str:
        if channel.stopped_reason:
            return "stopped"
        if channel.unreachable_since:
            return "can't be reached"
        rest = channel.pause_seconds(timezone.now())
        return f"resting for {rest:.0f} s" if rest else "sends"

    @admin.action(description="End the pause")
    def resume(self, request: HttpRequest, queryset: QuerySet[ChannelState]) -> None:
        queryset.update(paused_until=None)
        self.message_user(request, "Sends again within a minute.", messages.SUCCESS)


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin[Service]):
    list_display = ("__str__", "channel", "held_since", "held_reason", "refused")
    list_filter = ("channel", ("held_since", admin.EmptyFieldListFilter))
    actions = ("believe",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        return super().get_queryset(request).annotate(refused_count=Count("refusals"))

    @admin.display(description="refused within a day", ordering="refused_count")
    def refused(self, service: Any) -> int:
        return int(service.refused_count)

    def has_believe_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_service")

    @admin.action(description="These addresses are gone indeed: switch them off", permissions=["believe"])
    def believe(self, request: HttpRequest, queryset: QuerySet[Service]) -> None:
        count = storms.believe(queryset)
        self.message_user(
            request, f"{count} held no longer: whoever is refused again is switched off.", messages.SUCCESS
        )


@admin.register(Heartbeat)
class HeartbeatAdmin(admin.ModelAdmin[Heartbeat]):
    list_display = ("process", "at", "complaint")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
