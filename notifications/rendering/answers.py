"""The buttons under a posting by which a person says where they stand (spec: personal, Where I stand).

They are the same for all readers, so that a posting is rendered once for all; the toast after a press says the state.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from accounts.categories import Category
from notifications.models import Notice
from notifications.rendering.messages import Button, Part, TelegramPart

ANSWERS = {"applied": "Applied", "no": "Not interested", "remind": "Remind me"}
AnyPart = TypeVar("AnyPart", bound=Part)


def with_answers(parts: Sequence[AnyPart], notice: Notice) -> tuple[AnyPart, ...]:
    """Put the buttons below the last message of a posting; other notices stay as they are."""
    is_posting = notice.category == Category.JOB_POSTING and not notice.follows_id and notice.withdrawn_at is None
    if not parts or not is_posting or not isinstance(parts[-1], TelegramPart):
        return tuple(parts)
    return (*parts[:-1], replace(parts[-1], buttons=(*parts[-1].buttons, *keys_under(notice))))


def keys_under(notice: Notice, answers: Collection[str] = tuple(ANSWERS)) -> tuple[Button, ...]:
    """Return the buttons that answer a posting."""
    return tuple(Button(ANSWERS[what], data=f"stand:{what}:{notice.pk}") for what in answers)
