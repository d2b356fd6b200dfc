"""Webhooks in the admin: made, looked at, switched off and on, deleted. The secret is shown once, after making one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.categories import Category
from accounts.models import Subscriber, Webhook
from accounts.seasons import show_season
from accounts.subscribing import webhooks
from accounts.subscribing.subscriptions import STOPPED, seasons_offered


class WebhookForm(forms.ModelForm[Webhook]):
    """What a webhook is made of."""

    name = forms.CharField(max_length=80, help_text="Which program it is.")
    address = forms.URLField(max_length=1000, assume_scheme="https", help_text="https, out on the internet.")
    seasons = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: all of them."
    )
    categories = forms.MultipleChoiceField(
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them.",
    )
    names = forms.BooleanField(
        required=False, label="Names of students", help_text="It gets the lists of students. Else none of them."
    )

    class Meta:
        model = Webhook
        fields = ("address",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(season, show_season(season)) for season in sorted(seasons_offered(), reverse=True)]
        self.fields["seasons"].choices = offered  # type: ignore[attr-defined]  # it is a field of choices

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        if not self.errors:
            try:
                webhooks.check(given["name"], given["address"])
            except ValueError as error:
                raise forms.ValidationError(f"{error}.") from None
        return given


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin[Webhook]):
    form = WebhookForm
    list_display = ("__str__", "address", "state", "off_reason", "wants")
    list_select_related = ("subscriber",)
    list_filter = ("state", "off_reason")
    search_fields = ("subscriber__name", "address")
    actions = ("switch_on", "switch_off", "give_names", "end_names")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        return super().get_queryset(request).prefetch_related("seasons", "muted")

    def get_fields(self, request: HttpRequest, obj: Webhook | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "address", "seasons", "categories", "names")
        return ("__str__", "address", "state", "off_reason", "state_changed_at", "wants")

    def get_readonly_fields(self, request: HttpRequest, obj: Webhook | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.display(description="wants")
    def wants(self, webhook: Webhook) -> str:
        return webhooks.wants(webhook)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made, secret = webhooks.add(
            given["name"],
            given["address"],
            seasons=given["seasons"],
            categories=given["categories"],
            names=given["names"],
        )
        obj.pk, obj.subscriber = made.pk, made.subscriber
        request.webhook_secret = secret  # type: ignore[attr-defined]  # it travels from the form to its page

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None) -> HttpResponse:
        """The secret, once: it goes into no message, cookie or session."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Secret of {obj}",
            "webhook": obj,
            "secret": request.webhook_secret,  # type: ignore[attr-defined]  # it travels from the form to its page
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/webhook/made.html", context)

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        webhooks.remove([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        webhooks.remove(list(queryset))

    @admin.action(description="Switch on again", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        count = webhooks.webhooks().filter(pk__in=queryset).switch_on()
        self.message_user(request, f"{count} switched on.", messages.SUCCESS)

    @admin.action(description="Switch off", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        count = webhooks.webhooks().filter(pk__in=queryset).switch_off(STOPPED)
        self.message_user(request, f"{count} switched off.", messages.SUCCESS)

    @admin.action(description="Give names of students", permissions=["change"])
    def give_names(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        self._let_read_names(request, queryset, names=True)

    @admin.action(description="Give names no longer", permissions=["change"])
    def end_names(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        self._let_read_names(request, queryset, names=False)

    def _let_read_names(self, request: HttpRequest, queryset: QuerySet[Webhook], *, names: bool) -> None:
        programs = Subscriber.objects.filter(subscriptions__in=queryset)
        count = webhooks.may_read_names(programs, names=names)
        self.message_user(request, f"{count} changed.", messages.SUCCESS)
