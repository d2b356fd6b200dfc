"""In which language the bot and this page speak."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.language import LANGUAGES, spoken
from accounts.subscribing.subscriptions import choose_language
from supersetbot.account.person import Person
from supersetbot.account.section import Again, Outcome, Section


def _values(person: Person) -> dict[str, Any]:
    return {"languages": LANGUAGES.items(), "chosen": person.subscriber.language or spoken()}


def _change(person: Person, form: QueryDict) -> Outcome:
    language = form.get("language", "")
    if language not in LANGUAGES:
        return Again()
    choose_language(person.telegram_id, language)
    return None


SECTION = Section("language", gettext_lazy("Language"), _values, _change)
