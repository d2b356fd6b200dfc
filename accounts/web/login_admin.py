"""Attempts to log in, in the admin: who is locked out, until when, and the way to unlock."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import LoginAttempts
from accounts.web import login


class Locked(admin.SimpleListFilter):
    title = parameter_name = "locked"

    def lookups(self, request: HttpRequest, model_admin: object) -> tuple[tuple[str, str], ...]:
        return (("yes", "Yes"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[LoginAttempts]) -> QuerySet[LoginAttempts]:
        return queryset.filter(pk__in=login.locked().values("pk")) if self.value() else queryset


@admin.register(LoginAttempts)
class LoginAttemptsAdmin(admin.ModelAdmin[LoginAttempts]):
    list_display = ("who", "count", "locked", "until")
    list_display_links = None
    list_filter = (Locked,)
    ordering = ("-count",)
    actions = ("unlock",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LoginAttempts]:
        return login.attempts()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LoginAttempts | None = None) -> bool:
        return False

    @admin.display(description="address or account")
    def who(self, row: LoginAttempts) -> str:
        return login.who(row)

    @admin.display(description="locked", boolean=True)
    def locked(self, row: LoginAttempts) -> bool:
        return login.is_locked(row)

    @admin.display(description="forgotten at", ordering="ends_at")
    def until(self, row: LoginAttempts) -> datetime:
        return row.ends_at

    @admin.action(description="Unlock", permissions=["delete"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[LoginAttempts]) -> None:
        count, _ = queryset.delete()
        self.message_user(request, f"{count} may try again.", messages.SUCCESS)
