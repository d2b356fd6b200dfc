"""Who is subscribed, and who may look."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import FollowedSeason, MutedCategory, Subscriber, Subscription, User
from accounts.pseudonyms import pseudonym
from accounts.web import key_admin, login_admin  # noqa: F401 (they register themselves)

admin.site.site_header = admin.site.site_title = "SuperSet Bot"
admin.site.register(User, UserAdmin)


class SubscriptionInline(admin.TabularInline[Subscription, Subscriber]):
    model = Subscription
    fields = ("channel", "address", "state", "off_reason", "every_season")
    readonly_fields = ("channel", "address", "off_reason")
    extra = 0
    show_change_link = True


class SeasonInline(admin.TabularInline[FollowedSeason, Subscription]):
    model = FollowedSeason
    extra = 0


class MutedInline(admin.TabularInline[MutedCategory, Subscription]):
    model = MutedCategory
    extra = 0


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    list_display = ("shown_name", "kind", "telegram_id", "username", "in_logs", "is_admin", "created_at")
    list_filter = ("kind", "is_admin", "created_at")  # not by the years and days there are: it takes all rows
    search_fields = ("name", "username", "=telegram_id")
    inlines = (SubscriptionInline,)
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """Search also by the pseudonym that the logs show."""
        if not search_term.startswith(("user:", "chat:")):
            return super().get_search_results(request, queryset, search_term)
        numbers = Subscriber.objects.exclude(telegram_id=None).values_list("telegram_id", flat=True)
        return queryset.filter(telegram_id__in=[n for n in numbers if n and pseudonym(n) == search_term]), False

    @admin.display(description="in the logs")
    def in_logs(self, subscriber: Subscriber) -> str:
        return str(subscriber)


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin[Subscription]):
    list_display = ("name", "channel", "state", "off_reason", "state_changed_at", "active_since")
    list_filter = ("channel", "state", "off_reason", "topic_refused")
    list_select_related = ("subscriber",)
    search_fields = ("address", "subscriber__name", "subscriber__username")
    autocomplete_fields = ("subscriber",)
    readonly_fields = ("state_changed_at",)
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
