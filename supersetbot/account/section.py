"""What a part of the account page is: what it shows, and what its forms change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.functional import Promise

from supersetbot.account.person import Person


@dataclass(frozen=True, slots=True)
class Again:
    """The section is shown once more with these values over its own: what a form could not take, or a preview."""

    values: dict[str, Any] = field(default_factory=dict)
    status: int = 422


# None: it was stored. A response is answered as it is.
Outcome = Again | HttpResponse | None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page, with the template account/NAME.html; `values` are what that shows of a person."""

    name: str
    title: str | Promise
    values: Callable[[Person], dict[str, Any]]
    change: Callable[[Person, QueryDict], Outcome] | None = None
