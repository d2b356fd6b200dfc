"""Who is subscribed, and who may look."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from accounts import audit
from accounts.models import AuditEntry, FollowedSeason, MutedCategory, Subscriber, Subscription
from accounts.pseudonyms import pseudonym
from accounts.season_admin import EditsSeason
from accounts.subscribing import invitation_admin, members, webhook_admin  # noqa: F401 (they register themselves)
from accounts.web import key_admin, login_admin, staff_admin  # noqa: F401 (they register themselves)

_MEMBERSHIP = ("membership", "membership_by", "membership_since")

admin.site.site_header = admin.site.site_title = "SuperSet Bot"


class SubscriptionInline(admin.StackedInline[Subscription, Subscriber]):
    model = Subscription
    fields = ("channel", "address", "state", "off_reason", "every_season")
    readonly_fields = ("channel", "address", "off_reason")
    extra = 0
    show_change_link = True


class SeasonInline(EditsSeason[FollowedSeason], admin.StackedInline[FollowedSeason, Subscription]):
    model = FollowedSeason
    extra = 0


class MutedInline(admin.StackedInline[MutedCategory, Subscription]):
    model = MutedCategory
    extra = 0


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    list_display = ("shown_name", "kind", "membership", "telegram_id", "username", "in_logs", "is_admin", "created_at")
    # Not by the years and days there are: it takes all rows.
    list_filter = ("membership", "kind", "is_admin", "created_at")
    search_fields = ("name", "username", "=telegram_id")
    inlines = (SubscriptionInline,)
    actions = ("admit", "refuse", "end_membership")
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Subscriber | None = None) -> tuple[str, ...]:
        """Superusers alone make admins of the bot: whoever else could, could make themselves one."""
        return _MEMBERSHIP if request.user.is_superuser else (*_MEMBERSHIP, "is_admin", "telegram_id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """Search also by the pseudonym that the logs show."""
        if not search_term.startswith(("user:", "chat:")):
            return super().get_search_results(request, queryset, search_term)
        numbers = Subscriber.objects.exclude(telegram_id=None).values_list("telegram_id", flat=True)
        return queryset.filter(telegram_id__in=[n for n in numbers if n and pseudonym(n) == search_term]), False

    @admin.action(description="Make members: they read names", permissions=["change"])
    def admit(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        changed = members.admit(Subscriber.objects.filter(pk__in=queryset), by=members.BY_APPROVAL)
        self.message_user(
            request, f"{len(changed)} {'is a member' if len(changed) == 1 else 'are members'} now.", messages.SUCCESS
        )

    @admin.action(description="Refuse those who wait", permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        changed = members.refuse(Subscriber.objects.filter(pk__in=queryset))
        self.message_user(request, f"{len(changed)} refused.", messages.SUCCESS)

    @admin.action(description="End membership: no names any more", permissions=["change"])
    def end_membership(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        changed = members.end(Subscriber.objects.filter(pk__in=queryset))
        self.message_user(
            request,
            f"{len(changed)} {'is no member' if len(changed) == 1 else 'are no members'} any more.",
            messages.SUCCESS,
        )

    @admin.display(description="in the logs")
    def in_logs(self, subscriber: Subscriber) -> str:
        return str(subscriber)


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin[AuditEntry]):
    """To be read only, by superusers too."""

    list_display = ("at", "actor", "action", "target", "outcome")
    list_filter = ("at",)
    search_fields = ("=actor", "target")
    actions = ("export",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    @admin.action(description="Export all as CSV", permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return StreamingHttpResponse(
            audit.as_csv(audit.entries()), content_type="text/csv; charset=utf-8", headers=headers
        )


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin[Subscription]):
    list_display = ("name", "channel", "state", "off_reason", "state_changed_at", "active_since")
    list_filter = ("channel", "state", "off_reason", "topic_refused")
    list_select_related = ("subscriber",)
    search_fields = ("address", "subscriber__name", "subscriber__username")
    autocomplete_fields = ("subscriber",)
    readonly_fields = ("state_changed_at",)
    exclude = ("keys",)  # secrets of the browser, or of a webhook
    inlines = (SeasonInline, MutedInline)
    actions = ("switch_on",)
    show_full_result_count = False

    @admin.display(description="subscriber", ordering="subscriber__name")
    def name(self, subscription: Subscription) -> str:
        return subscription.subscriber.shown_name

    @admin.action(description="Switch on again")
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        count = Subscription.objects.filter(pk__in=queryset).switch_on()
        self.message_user(request, f"{count} switched on.", messages.SUCCESS)
