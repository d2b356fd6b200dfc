"""The person's own calendar: its secret address, made, renewed and ended as by /calendar."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from notifications.models import CalendarLink
from notifications.my_time import calendar_links
from notifications.rendering.pages import web_url
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section


def _values(person: Person) -> dict[str, Any]:
    if not CalendarLink.objects.filter(subscriber=person.subscriber).exists():
        return {}
    token = calendar_links.link_token(person.subscriber)
    if not token:
        return {"exists": True}
    return {
        "exists": True,
        "address": web_url(calendar_links.FEED_PATH.format(token=token)),
        "apps": calendar_links.add_to_calendar(token),
    }


def _change(person: Person, form: QueryDict) -> Outcome:
    match form.get("action"):
        case "make":
            calendar_links.link_token(person.subscriber)
        case "renew":
            calendar_links.renew(person.subscriber)
        case "end":
            calendar_links.revoke(person.subscriber)
        case _:
            return Again()
    return None


SECTION = Section("calendar", gettext_lazy("Your calendar"), _values, _change)
