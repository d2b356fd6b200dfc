"""Keys of the API in the admin: made, looked at, revoked. The key itself is shown once, on the page after making it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.models import ApiKey
from accounts.web.keys import Scope, make_key


class KeyForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    form = KeyForm
    list_display = ("name", "prefix", "may", "state", "expires_at", "last_used_at", "created_at")
    readonly_fields = ("prefix", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    @admin.display(description="scopes")
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "revoked"
        return "expired" if key.expires_at and key.expires_at <= timezone.now() else "good"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if not change:
            made, text = make_key(obj.name, obj.scopes, obj.expires_at)
            obj.prefix, obj.digest = made.prefix, made.digest
            request.key_text = text  # type: ignore[attr-defined]  # the key travels from the form to its page
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The key, once: it goes into no message, cookie or session."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Key for {obj}",
            "key": obj,
            "text": request.key_text,  # type: ignore[attr-defined]  # the key travels from the form to its page
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/apikey/made.html", context)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} revoked.", messages.SUCCESS)
