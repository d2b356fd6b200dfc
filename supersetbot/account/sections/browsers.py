"""Browsers in which a person is told too: each is a subscription beside the chat, with the same choices."""

from hashlib import sha256
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.subscribing import browsers
from notifications.web.push_api import public_key
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section

_LONGEST_ADDRESS, _LONGEST_KEY = 1000, 200


def _values(person: Person) -> dict[str, Any]:
    shown = [
        {"pk": each.pk, "name": each.browser or str(each), "digest": sha256(each.address.encode()).hexdigest()}
        for each in browsers.own(person.subscriber)
    ]
    return {"browsers": shown, "push_key": public_key()}


def _change(person: Person, form: QueryDict) -> Outcome:
    if (wanted := form.get("stop", "")).isdecimal():
        browsers.stop_own(person.subscriber, int(wanted[:18]))
        return None
    endpoint, p256dh, auth = (form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    if not 0 < len(endpoint) <= _LONGEST_ADDRESS or max(len(p256dh), len(auth)) > _LONGEST_KEY:
        return Again({"error": _("This browser gave no address for messages.")})
    try:
        keys = browsers.check_keys(p256dh, auth)
        browsers.subscribe_own(person.subscriber, endpoint, keys, person.visit.browser)
    except (ValueError, browsers.OtherKeysError):
        return Again({"error": _("The address that this browser gave for messages can't be used.")})
    return None


SECTION = Section("browsers", gettext_lazy("In this browser too"), _values, _change)
