"""Where the page is open: each browser, with a button that ends it there."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.signin import visits
from supersetbot.account.person import Person, closed
from supersetbot.account.section import Again, Outcome, Section


def _values(person: Person) -> dict[str, Any]:
    this = person.visit.pk
    alive = sorted(visits.alive(person.subscriber), key=lambda visit: visit.pk != this)
    return {"sessions": alive, "this": this}


def _change(person: Person, form: QueryDict) -> Outcome:
    wanted = form.get("end", "")
    if not wanted.isdecimal():
        return Again()
    visits.end(person.subscriber, int(wanted[:18]))
    return closed() if int(wanted[:18]) == person.visit.pk else None


SECTION = Section("sessions", gettext_lazy("Where this page is open"), _values, _change)
