"""The account page, put together from its sections; each form of it is sent to its section's address."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signin import visits
from accounts.times import too_often
from accounts.web.throttling import count
from supersetbot.account.door import PAGE
from supersetbot.account.person import Person, closed, for_person
from supersetbot.account.section import Again, Section
from supersetbot.account.sections import (
    browsers,
    calendar,
    data,
    filters,
    language,
    notices,
    profile,
    sessions,
    standing,
    times,
    tokens,
    who,
)

_IN_ORDER = (who, standing, profile, notices, filters, times, calendar, browsers, language, sessions, tokens, data)
SECTIONS: dict[str, Section] = {part.SECTION.name: part.SECTION for part in _IN_ORDER}
_CHANGES, _SECONDS = 60, 600  # of one person
_STALE = 403


@for_person
@require_safe
def account(request: HttpRequest, person: Person) -> HttpResponse:
    return _shown(request, person, saved=request.GET.get("saved", ""))


@for_person
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """Store what a form of a section says, and lead back to it; so does who asks for its address once more."""
    section = SECTIONS.get(name)
    if section is None or section.change is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{reverse(PAGE)}#{name}")
    if not visits.is_own_form(request, person.visit):
        refusal = _("This form was not filled in on your page as it is now. Nothing was changed: please do it again.")
        return _shown(request, person, refusal=refusal, status=_STALE)
    if wait := count(f"account:change:{person.pseudonym}", limit=_CHANGES, seconds=_SECONDS):
        refusal = too_often(wait)
        response = _shown(request, person, refusal=refusal, status=429)
        response.headers["Retry-After"] = str(int(wait))
        return response
    outcome = section.change(person, request.POST)
    if isinstance(outcome, HttpResponse):
        return outcome
    if isinstance(outcome, Again):
        return _shown(request, person, again={name: outcome.values}, status=outcome.status)
    return redirect(f"{reverse(PAGE)}?saved={name}#{name}")


@for_person
@require_POST
def leave(request: HttpRequest, person: Person) -> HttpResponse:
    """End this browser's session."""
    if not visits.is_own_form(request, person.visit):
        return redirect(PAGE)
    visits.end_this(request)
    return closed()


def _shown(
    request: HttpRequest,
    person: Person,
    *,
    saved: str = "",
    refusal: str = "",
    again: Mapping[str, Mapping[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    sections = [
        {
            "name": section.name,
            "title": section.title,
            "template": f"account/{section.name}.html",
            "values": {**section.values(person), **(again or {}).get(section.name, {})},
            "saved": saved == section.name,
        }
        for section in SECTIONS.values()
    ]
    context = {"person": person, "key": visits.form_key(person.visit), "sections": sections, "refusal": refusal}
    return render(request, "account/page.html", context, status=status)
