"""The API put together: a router an app (spec: system, HTTP API). OpenAPI at /api/docs, its assets served from here."""

from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from accounts.api import router as accounts_router
from accounts.web.errors import misfit_response, problem_response
from notifications.api import router as notifications_router
from notifications.web.notify_api import router as notify_router
from notifications.web.push_api import router as push_router
from notifications.web.stats_api import router as notice_stats_router
from scraping.api import router as scraping_router
from scraping.web.offers_api import router as offers_router
from scraping.web.placements_api import router as placements_router
from scraping.web.runs_api import router as runs_router
from scraping.web.runs_api import webhooks
from supersetbot.account.api import router as account_router
from supersetbot.operations.metrics import router as metrics_router
from supersetbot.web.errors import NOT_HERE
from supersetbot.web.openapi import ABOUT, EVENTS, Described
from supersetbot.web.stats_api import router as stats_router
from supersetbot.web.status import router as status_router

NO_KEY = "This needs a good key of the operator's (ssb_…), in X-API-Key or as Authorization: Bearer."
NO_OWN_KEY = (
    "This needs a student's own key (sso_…), as Authorization: Bearer. /account in the bot leads to where it is made."
)
_OWN = "/api/me"


class NoObjectError(ValueError):
    """A body that is a list, a number or another value without names."""


class JsonParser(Parser):
    """Strict, and safe against nesting: half a surrogate, NaN and a thousand levels are errors."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = orjson.loads(request.body)
        if not isinstance(body, dict):
            raise NoObjectError
        return body


class JsonRenderer(BaseRenderer):
    """Several times faster than the standard library's on long lists."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return Described(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name alone: generated clients call theirs so, and nobody there knows our modules."""
        return operation.view_func.__name__


api = Api(
    title="SuperSet Bot",
    version=settings.VERSION,
    description=ABOUT,
    openapi_extra={"webhooks": EVENTS},
    urls_namespace="api",
    docs_url="/api/docs",
    openapi_url="/api/openapi.json",
    parser=JsonParser(),
    renderer=JsonRenderer(),
)
for router in (
    notifications_router,
    scraping_router,
    push_router,
    notify_router,
    stats_router,
    status_router,
    notice_stats_router,
    accounts_router,
    runs_router,
    placements_router,
    offers_router,
    account_router,
):
    api.add_router("/api", router)
api.add_router("", webhooks)
api.add_router("", metrics_router)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja calls a 400, a body that is no JSON, is a 422 like all bad bodies."""
    if isinstance(error.__cause__, orjson.JSONDecodeError):
        return problem_response(422, "The body is no JSON.")
    if isinstance(error.__cause__, NoObjectError):
        return problem_response(422, "The body is no JSON object: it begins with { and ends with }.")
    unknown = isinstance(error, AuthenticationError) and str(error) == HTTPStatus.UNAUTHORIZED.phrase
    response = problem_response(error.status_code, _what_key(request.path) if unknown else str(error))
    if isinstance(error, AuthenticationError):
        response["WWW-Authenticate"] = "Bearer"
    return response


def _what_key(path: str) -> str:
    return NO_OWN_KEY if path == _OWN or path.startswith(f"{_OWN}/") else NO_KEY


@api.exception_handler(ValidationError)
def misfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return misfit_response(error.errors)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(404, NOT_HERE)


@api.exception_handler(UnreadablePostError)
def broken_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    """The caller went away, or fell silent, in the middle of the body."""
    return problem_response(400, "The body did not come whole.")
