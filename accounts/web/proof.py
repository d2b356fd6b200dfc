"""Asks once more who it is, before something changes that logins depend on (OWASP ASVS 5.0: V7.5.1, V7.5.2)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django_otp.models import Device

from accounts.models import User
from accounts.web import login
from accounts.web.second_factor import CodeField

_WRONG_PASSWORD = "This is not your password."  # noqa: S105 (what is told)
_WRONG_CODE = "This code does not count: it is wrong or used, or came too soon after a wrong one."


class PasswordForm(forms.Form):
    """The password of who is logged in; wrong ones count as attempts to log in."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self._request = request

    @property
    def user(self) -> User:
        user = self._request.user
        assert isinstance(user, User)  # noqa: S101 (for the type checker: the page is for staff)
        return user

    def clean(self) -> dict[str, Any]:
        if password := self.cleaned_data.get("password"):
            login.count_attempt(self._request, self.user.username)
            if not self.user.check_password(password):
                raise ValidationError(_WRONG_PASSWORD)
            self.check_more()
            login.forget_attempts(self._request, self.user.username)
        return self.cleaned_data

    def check_more(self) -> None:
        """Check what stands beside the password. Raises ValidationError."""


class CodeForm(PasswordForm):
    """Password and code; `verify` says whether the code counts, and uses it up."""

    code = CodeField()

    def __init__(self, request: HttpRequest, verify: Callable[[User, str], Device | None]) -> None:
        super().__init__(request)
        self._verify = verify
        self.device: Device | None = None

    def check_more(self) -> None:
        self.device = self._verify(self.user, self.cleaned_data.get("code", ""))
        if self.device is None:
            raise ValidationError(_WRONG_CODE)


class NewPasswordForm(AdminPasswordChangeForm):
    """The admin's form for one's own password; a wrong old one counts as an attempt to log in."""

    def __init__(self, request: HttpRequest, **fields: Any) -> None:
        super().__init__(**fields)
        self._request = request

    def clean_old_password(self) -> str:
        login.count_attempt(self._request, self.user.get_username())
        old: str = super().clean_old_password()
        login.forget_attempts(self._request, self.user.get_username())
        return old


class NewPassword(PasswordChangeView):
    """The admin's page for one's own password."""

    form_class = NewPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        return login.told_to_wait(super().form_invalid(form), form)


new_password = admin.site.admin_view(NewPassword.as_view())
