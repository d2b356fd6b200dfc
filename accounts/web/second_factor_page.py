"""The page on which staff set up their own second factor, renew its recovery codes, and remove it."""

from typing import Any

import django_otp
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import User
from accounts.web import second_factor, sessions
from accounts.web.login import told_to_wait
from accounts.web.proof import CodeForm

_REFUSED = 422


@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 (for the type checker: admin_view has asked)
    return _change(request, request.user) if second_factor.is_set_up(request.user) else _set_up(request, request.user)


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request, second_factor.confirm)
    if request.method == "POST" and form.is_valid():
        audit.note(request, "set up")
        return _recovery_codes(request, user, form)
    device = second_factor.being_set_up(user) if form.is_bound else second_factor.begin(user)
    shown = {"key": second_factor.key_in_words(device), "qr_code": second_factor.qr_code(device)}
    return _page(request, form, **shown)


def _change(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request, second_factor.accept)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") != "remove":
            audit.note(request, "new recovery codes")
            return _recovery_codes(request, user, form)
        second_factor.remove(user)
        sessions.end(user, but=request.session.session_key)
        audit.note(request, "removed")
        return redirect(second_factor.PAGE)
    return _page(request, form, is_set_up=True, codes_left=second_factor.recovery_codes_left(user))


def _recovery_codes(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    """Show new codes, once. This session goes on under a new key, the user's others end."""
    codes = second_factor.new_recovery_codes(user)
    request.session.cycle_key()
    django_otp.login(request, second_factor.app_of(user))
    sessions.end(user, but=request.session.session_key)
    return _page(request, form, is_set_up=True, codes=codes)


def _page(request: HttpRequest, form: CodeForm, **more: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Second factor", "form": form, **more}
    status = _REFUSED if form.errors else 200
    response = TemplateResponse(request, "admin/accounts/second_factor.html", context, status=status)
    return told_to_wait(response, form)
