"""Everything in figures over HTTP (spec: system, HTTP API). Worked out anew twice a minute, and kept between."""

from time import monotonic

import orjson
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from accounts.api import UserFigures, user_figures
from accounts.web.authentication import needs
from accounts.web.errors import REFUSED, UNREADABLE, error_responses
from accounts.web.keys import Scope
from notifications.delivery.counts import channel_figures
from notifications.web.stats_api import NoticeFigures, notice_figures
from scraping.models import UpdateRun
from scraping.placements.statistics import Wanted
from scraping.placements.statistics_output import as_json, cached
from scraping.web.placements_api import OverallOut, active_season
from scraping.web.runs_api import RunOut

router = Router(tags=["statistics"])
FRESH_SECONDS, LOCK_SECONDS, KEPT_SECONDS = 30, 60, 600
_KEY = "api.stats"


class Figures(Schema):
    """Everything in figures."""

    users: UserFigures = Field(description="Subscribers.")
    notices: NoticeFigures = Field(description="Notices.")
    deliveries: dict[str, dict[str, int]] = Field(
        description="By channel and state.", examples=[{"telegram": {"sent": 41200, "failed": 3}}]
    )
    placements: OverallOut = Field(description="Of the active season.")
    last_run: RunOut | None = Field(description="The newest update that began.")


def figures() -> Figures:
    run = UpdateRun.objects.begun().first()
    placements = orjson.loads(cached(Wanted(season=active_season()), as_json))
    return Figures(
        users=user_figures(),
        notices=notice_figures(),
        deliveries={channel: dict(counted.states) for channel, counted in channel_figures().items()},
        placements=OverallOut(**placements["overall"]),
        last_run=RunOut.from_orm(run) if run is not None else None,
    )


@router.get(
    "/stats",
    response={200: Figures, **error_responses(*UNREADABLE, *REFUSED)},
    auth=needs(Scope.STATS),
    summary="Everything in figures",
)
def stats(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_kept(monotonic()), content_type="application/json; charset=utf-8")


def _kept(now: float) -> str:
    """One thread works them out anew, while all others of its process are still answered with those before."""
    cache = caches["pages"]
    kept: tuple[float, str] | None = cache.get(_KEY)
    if kept and (now < kept[0] + FRESH_SECONDS or not cache.add(f"{_KEY}.lock", now, LOCK_SECONDS)):
        return kept[1]
    shown = figures().model_dump_json()
    cache.set(_KEY, (now, shown), KEPT_SECONDS)
    cache.delete(f"{_KEY}.lock")
    return shown
