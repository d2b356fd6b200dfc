"""What the OpenAPI document says beyond what ninja writes: how to get a key, scopes, errors, webhooks."""

from typing import Any

from django.db.models import TextChoices
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from accounts.signin.tokens import OwnScope
from accounts.web.keys import Scope
from accounts.web.problems import PROBLEM_TYPE
from notifications.rendering.webhook import CHANGED, PUBLISHED, WITHDRAWN, NoticeGone

_JSON = "application/json"


def _may(scope: TextChoices) -> str:
    return f"{scope.label[0].lower()}{scope.label[1:]}"


ABOUT = f"""What is new in placements: notices, jobs, offers, and figures.

**Keys.** Most of it is open. What needs a key says so, with the scope it needs. The operator makes one in the admin
(*API keys*) or by `./manage create_api_key NAME --scope SCOPE`; it is shown once. Send it as `X-API-Key: KEY` or
`Authorization: Bearer KEY`.

| scope | a key with it may |
| --- | --- |
{"".join(f"| `{scope.value}` | {_may(scope)} |" + chr(10) for scope in Scope)}
**Your own data.** Under `/api/me` a program of yours reads and changes what the account page shows. You make its key on
that page (`/account` in the bot); it is sent as `Authorization: Bearer KEY`.

| scope | such a key may |
| --- | --- |
{"".join(f"| `{scope.value}` | {_may(scope)} |" + chr(10) for scope in OwnScope)}
**Lists.** Walk them by `cursor`: `next` of the page before, with all else as it was, until `next` is null. `sort` gives
the order. To follow what is new or changed, ask with `sort=updated_at&updated_after=` the latest `updated_at` you have
seen. A parameter that a list does not know is refused with the name that is near.

**Pay** is `{{low, high, text}}`: rupees a year, and the text that people see. Older fields stay beside it.

**Errors** are problem details (RFC 9457, `application/problem+json`): `detail` is a sentence; with 422, `errors` names
each value that does not fit. After a 429, `Retry-After` says when to come back, in seconds.

**Times** are RFC 3339 in UTC; a time you send without a zone is India's. Public answers have an `ETag`.

**Students** are named to keys of scope `stats`, and to webhooks where an admin says so; nowhere else.

**Webhooks.** Rather be called than ask? The operator adds your address (*Webhooks* in the admin, or
`./manage webhook add`). Calls are signed as [Standard Webhooks](https://www.standardwebhooks.com) says."""


class Described(OpenAPISchema):
    """Ninja's, with what it leaves out: scopes, errors as problem details, parts of the path, pages of lists."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details = super().operation_details(operation)
        for scope in {auth.scope for auth in operation.auth_callbacks if hasattr(auth, "scope")}:
            needed = f"Needs a key with the scope `{scope}`: {_may(scope)}."
            details["description"] = "\n\n".join(filter(None, (details.get("description"), needed)))
        for parameter in details["parameters"]:
            if parameter["in"] == "path":
                parameter.setdefault("description", "Its identifier.")
            if examples := parameter.pop("examples", None):  # a list is for schemas: here they would be named
                parameter["example"] = examples[0]
        for status, response in details["responses"].items():
            if status >= 400 and "content" in response:
                response["content"] = {PROBLEM_TYPE: response["content"][_JSON]}
        return details

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        guards = [auth for auth in operation.auth_callbacks if hasattr(auth, "openapi_security_schema")]
        scopes = [[str(auth.scope)] if hasattr(auth, "scope") else [] for auth in guards]
        found = super().operation_security(operation) or []
        return [dict.fromkeys(scheme, roles) for scheme, roles in zip(found, scopes, strict=True)] or None

    def get_components(self) -> dict[str, Any]:
        for name, schema in self.schemas.items():
            if name.startswith("Paged"):
                schema["description"] = "A page of a list."
                schema["properties"]["items"]["description"] = "The entries of this page."
        self.add_schema_definitions({"NoticeGone": NoticeGone.model_json_schema(by_alias=False)})
        components: dict[str, Any] = super().get_components()
        return components


def _event(name: str, summary: str, schema: str) -> dict[str, Any]:
    """A webhook of the schema (OpenAPI 3.1): what programs that an admin named are sent."""
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"$ref": f"#/components/schemas/{schema}"},
        },
    }
    content = {_JSON: {"schema": body}}
    answers = {"2XX": {"description": "Taken."}, "410": {"description": "Do not call again."}}
    return {"post": {"summary": summary, "requestBody": {"content": content}, "responses": answers}}


EVENTS = {
    PUBLISHED: _event(PUBLISHED, "A notice is new", "NoticeDetail"),
    CHANGED: _event(CHANGED, "A notice changed", "NoticeDetail"),
    WITHDRAWN: _event(WITHDRAWN, "A notice was taken back", "NoticeGone"),
}
