"""The page that says where one is logged in, and ends sessions; superusers see and end everybody's."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import User, WebSession
from accounts.web import sessions
from accounts.web.login import told_to_wait
from accounts.web.proof import PasswordForm

PAGE = "sessions"
_REFUSED = 422


@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (for the type checker: admin_view has asked)
    form = PasswordForm(request)
    shown = sessions.alive(None if user.is_superuser else user)
    mine = sessions.stored(request.session.session_key or "")
    if request.method == "POST" and form.is_valid():
        chosen = set(request.POST.getlist("session"))
        others = {row.pk for row in shown if row.user_id == user.pk and row.pk != mine}
        wanted = others if request.POST.get("action") == "end_others" else chosen
        return _end(request, [row for row in shown if row.pk in wanted])
    context = {
        **admin.site.each_context(request),
        "title": "Sessions",
        "form": form,
        "sessions": shown,
        "mine": mine,
    }
    status = _REFUSED if form.errors else 200
    return told_to_wait(TemplateResponse(request, "admin/accounts/sessions.html", context, status=status), form)


def _end(request: HttpRequest, ending: list[WebSession]) -> HttpResponse:
    """End sessions that were shown: a key of another's session is worth nothing to whom it was not shown."""
    WebSession.objects.filter(pk__in=[row.pk for row in ending]).delete()
    owners = ", ".join(sorted({f"staff:{row.user_id}" for row in ending})) or "nobody"
    audit.note(request, f"{len(ending)} of {owners}")
    messages.success(request, f"{len(ending)} ended.")
    return redirect(PAGE)
