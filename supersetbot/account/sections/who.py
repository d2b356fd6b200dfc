"""Whose page it is, whether they read names, and the notice they agreed to or not yet."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.personal import profiles
from accounts.privacy import notice_text
from accounts.subscribing.members import Membership
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section


def _values(person: Person) -> dict[str, Any]:
    heading, _between, body = notice_text().partition("\n")
    return {
        "membership": _membership(person),
        "agreed": profiles.has_agreed(person.telegram_id),
        "notice_heading": heading,
        "notice": body.strip(),
    }


def _membership(person: Person) -> str:
    if person.names and settings.MEMBERSHIP == "open":
        return _("Everybody reads the names on lists here.")
    if person.names:
        return _("You are a member: lists show names.")
    if person.subscriber.membership == Membership.WAITING:
        return _("You are on the waiting list. Until an admin has decided, lists come without names.")
    if person.subscriber.membership == Membership.REFUSED:
        return _("An admin did not accept you as a member. Ask your placement cell.")
    if settings.MEMBER_EMAIL_DOMAINS:
        address = f"your.name@{settings.MEMBER_EMAIL_DOMAINS[0]}"
        return _("You are no member: lists come without names. Send the bot /join %(address)s.") % {"address": address}
    return _("You are no member: lists come without names. Send the bot /join.")


def _change(person: Person, form: QueryDict) -> Outcome:
    if form.get("action") == "agree":
        profiles.agree(person.telegram_id)
        return None
    if form.get("action") != "take_back":
        return Again()
    if not form.get("sure"):
        return Again({"error": _("Tick the box first: your profile is deleted with it.")})
    profiles.delete(person.telegram_id)
    return None


SECTION = Section("who", gettext_lazy("You"), _values, _change)
