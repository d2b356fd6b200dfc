"""The buttons under a notice by which a person says something of it.

Under a posting where they stand (spec: personal, Where I stand), under each notice that they want no more of its kind.
They are the same for all readers, so that a notice is rendered once for all; the toast after a press says the state.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.categories import Category
from notifications.models import Notice
from notifications.rendering.messages import Button, Part, TelegramPart

ANSWERS = {"applied": _lazy("Applied"), "no": _lazy("Not interested"), "remind": _lazy("Remind me")}
AnyPart = TypeVar("AnyPart", bound=Part)


def with_answers(parts: Sequence[AnyPart], notice: Notice) -> tuple[AnyPart, ...]:
    """Put the buttons below the last message; under a change, and what was withdrawn or has no kind, there are none."""
    stands = notice.category in Category.values and not notice.follows_id and notice.withdrawn_at is None
    if not parts or not stands or not isinstance(parts[-1], TelegramPart):
        return tuple(parts)
    mute = Button(_("🔕 Mute this kind"), data=f"mutekind:{notice.pk}", wide=True)
    keys = keys_under(notice) if notice.category == Category.JOB_POSTING else ()
    return (*parts[:-1], replace(parts[-1], buttons=(*parts[-1].buttons, *keys, mute)))


def keys_under(notice: Notice, answers: Collection[str] = tuple(ANSWERS)) -> tuple[Button, ...]:
    """Return the buttons that answer a posting."""
    return tuple(Button(str(ANSWERS[what]), data=f"stand:{what}:{notice.pk}") for what in answers)
