"""All that is stored of a person: sent as a file, or deleted."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.privacy import days
from accounts.signin import visits
from accounts.subscribing import forgetting
from accounts.subscribing.my_data import stored_about
from accounts.web.throttling import count
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_FILES_AN_HOUR = 5  # together with /mydata


def _values(person: Person) -> dict[str, Any]:
    return {"contact": settings.PRIVACY_CONTACT}


def _change(person: Person, form: QueryDict) -> Outcome:
    if form.get("action") == "download":
        return _file(person)
    if form.get("action") != "forget":
        return Again()
    if not form.get("sure"):
        return Again({"error": _("Tick the box first: all of it is deleted.")})
    forgetting.forget(person.telegram_id)
    context = {"backup_time": days(settings.KEEP_BACKUPS_DAYS)}
    response = HttpResponse(render_to_string("account/forgotten.html", context))
    visits.forget_cookie(response)
    return response


def _file(person: Person) -> Outcome:
    if wait := count(f"mydata:{person.pseudonym}", limit=_FILES_AN_HOUR, seconds=3600):
        minutes = -(-int(wait) // 60)
        return Again(
            {"error": _("You have just had it. Try again in %(minutes)d minutes.") % {"minutes": minutes}}, 429
        )
    data = json.dumps(stored_about(person.telegram_id), indent=2, ensure_ascii=False, default=str)
    response = HttpResponse(data.encode(errors="replace"), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mydata.json"'
    return response


SECTION = Section("data", gettext_lazy("Your data"), _values, _change)
