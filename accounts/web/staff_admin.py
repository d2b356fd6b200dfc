"""Staff, their rights and their groups in the admin: for superusers, as whoever changes rights could take them all."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Authenticator, User

admin.site.unregister([TOTPDevice, StaticDevice, Group])  # the first two show keys


class BySuperusers:
    """Staff with the right to see a row see it; superusers alone add, change and delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Group)
class StaffGroupAdmin(BySuperusers, GroupAdmin):
    """What the members of a group may do."""


@admin.register(User)
class StaffAdmin(BySuperusers, UserAdmin[User]):
    """Who may log in, and whether a second factor is set up."""

    list_display = ("username", "email", "is_superuser", "is_staff", "is_active", "last_login", "second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        apps = Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(has_app=Exists(apps))

    @admin.display(description="second factor", boolean=True, ordering="has_app")
    def second_factor(self, user: User) -> bool:
        return bool(user.has_app)  # type: ignore[attr-defined]  # get_queryset adds it

    # A002: Django's name
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Set somebody's new password; one's own takes the old one, too."""
        if id == str(request.user.pk):
            return redirect("admin:password_change")
        return super().user_change_password(request, id, form_url)
