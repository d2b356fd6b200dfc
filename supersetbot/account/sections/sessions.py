"""Where the page is open: each browser, with a button that ends it there."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.signin import visits
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section


def _values(person: Person) -> dict[str, Any]:
    return {"sessions": visits.alive(person.subscriber), "this": person.visit.pk}


def _change(person: Person, form: QueryDict) -> Outcome:
    wanted = form.get("end", "")
    if not wanted.isdecimal():
        return Again()
    visits.end(person.subscriber, int(wanted[:18]))
    return None


SECTION = Section("sessions", gettext_lazy("Where this page is open"), _values, _change)
