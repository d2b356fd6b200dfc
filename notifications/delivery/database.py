"""The database, called from an event loop by work that outlasts its absence: what was sent must be written down."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_PAUSE_SECONDS = 0.5


class PatientDatabase:
    """Calls functions that use the ORM, one after the other; while the database is away it tries again.

    After `patience` seconds it gives up, and the error is raised. `shorten_patience` leaves it less time, from now on.
    """

    def __init__(self, patience: float = 300.0) -> None:
        self._patience = patience
        self._deadline = float("inf")
        self._away = False

    def shorten_patience(self, seconds: float) -> None:
        self._deadline = monotonic() + seconds

    async def __call__(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        give_up_at = monotonic() + self._patience
        while True:
            try:
                answer = await sync_to_async(_call)(call, *args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                if monotonic() > min(give_up_at, self._deadline):
                    raise
                self._note(away=True, text=f"The database does not answer ({type(error).__name__}), waiting for it")
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self._note(away=False, text="The database is back")
                return answer

    def _note(self, *, away: bool, text: str) -> None:
        if away != self._away:
            self._away = away
            log.warning(text)


def _call(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return call(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connection.close()  # it may be broken
        raise
