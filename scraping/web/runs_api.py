"""Update runs over HTTP: how they went, and starting one (spec: system, HTTP API)."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from ninja.pagination import paginate

from accounts.web.authentication import Signature, needs
from accounts.web.errors import BAD_BODY, REFUSED, UNREADABLE, error_responses
from accounts.web.keys import Scope
from accounts.web.paging import SORTED_BY, Paging
from accounts.web.throttling import ByKey, Rate
from scraping.cycle.queue import queue_cycle
from scraping.cycle.runs import CycleRunningError, running
from scraping.models import UpdateRun

router = Router(tags=["runs"])
webhooks = Router(tags=["runs"])


class RunPages(Paging):
    class Input(Paging.Input):
        sort: Literal["-id", "id"] = Field("-id", description=SORTED_BY)


class RunOut(Schema):
    """One update: its sources were read, notices published, messages delivered."""

    id: int = Field(description="Its number.")
    trigger: str = Field(description="What began it: schedule, webhook, bot, catch-up, ….")
    state: UpdateRun.State = Field(description="How it stands.")
    started_at: datetime = Field(description="While it is queued: when it was asked for.")
    ended_at: datetime | None = Field(description="Null while it runs or waits.")
    sources: dict[str, Any] = Field(description="Source → fetched, new, changed, unchanged, failed, seconds, errors.")
    notices: int = Field(description="Published.")
    queued: int = Field(description="Deliveries queued.")
    sent: int = Field(description="Deliveries sent.")
    error: str = Field(description="Why it failed, or empty.")


class QueuedRun(Schema):
    """A run that waits for the scheduler."""

    success: bool = Field(default=True, description="Always true: what failed is a problem.")
    id: int = Field(description="For GET /api/stats/runs/{id}.")


@router.get(
    "/stats/runs",
    response={200: list[RunOut], **error_responses(*UNREADABLE, *REFUSED)},
    auth=needs(Scope.STATS),
    summary="Update runs, newest first",
)
@paginate(RunPages)
def runs(request: HttpRequest) -> Any:
    return UpdateRun.objects.all()


@router.get(
    "/stats/runs/{int:run_id}",
    response={200: RunOut, **error_responses(*UNREADABLE, *REFUSED, 404)},
    auth=needs(Scope.STATS),
    summary="One update run",
)
def run(request: HttpRequest, run_id: int) -> UpdateRun:
    return get_object_or_404(UpdateRun, pk=run_id)


@webhooks.post(
    "/webhook/update",
    response={202: QueuedRun, **error_responses(*BAD_BODY, *REFUSED, 409, 429)},
    auth=[*needs(Scope.UPDATE), Signature()],
    throttle=ByKey("update", Rate(30, 60)),
    summary="Run an update cycle now",
)
def update(request: HttpRequest) -> Status[QueuedRun]:
    """Queued for the scheduler; its body, if any, is not read. A signature may take the place of a key.

    While one waits to be begun, its id is answered again.
    """
    if (at_work := running()) is not None:
        raise HttpError(409, str(CycleRunningError(at_work)))
    return Status(202, QueuedRun(id=queue_cycle("webhook")))
