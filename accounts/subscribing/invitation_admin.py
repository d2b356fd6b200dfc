"""Invitations in the admin: which are open, and the way to end them. Their links are shown once, to who made them."""

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.models import Invitation, Invitations


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """To be read, and ended by who may change them."""

    list_display = ("created_at", "uses_left", "expires_at", "opened")
    list_display_links = None
    ordering = ("-created_at",)
    actions = ("end_them",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """The list has an action; a single one has no form."""
        return obj is None and super().has_change_permission(request)

    @admin.display(description="open", boolean=True)
    def opened(self, invitation: Invitation) -> bool:
        return invitation.is_open

    @admin.action(description="End them", permissions=["change"])
    def end_them(self, request: HttpRequest, queryset: Invitations) -> None:
        self.message_user(request, f"{Invitation.objects.filter(pk__in=queryset).end()} ended.", messages.SUCCESS)
