"""The OpenAPI document explains itself, and a client generated from it works against the real server."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.web.keys import Scope
from tests import api_document
from tests.conftest import MakeKey, Subscribe
from tests.paths import ROOT
from tests.season import fill_jobs, fill_notices, fill_placements

DOCUMENT: dict[str, Any] = json.loads(json.dumps(api_document.DOCUMENT))
OPERATIONS = [operation for path in DOCUMENT["paths"].values() for operation in path.values()]


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_every_field_and_every_parameter_is_described() -> None:
    fields = {
        f"{name}.{field}": shape
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, shape in schema.get("properties", {}).items()
    }
    parameters = {
        f"{operation['operationId']} {parameter['name']}": parameter
        for operation in OPERATIONS
        for parameter in operation["parameters"]
    }
    assert not [name for name, shape in (fields | parameters).items() if not shape.get("description")]


def test_what_needs_a_key_says_which_scope_and_how_to_get_one_stands_on_top() -> None:
    about = DOCUMENT["info"]["description"]
    for scope in Scope:
        assert f"| `{scope}` |" in about
    assert "./manage create_api_key" in about.split("**Lists.**")[0]
    guarded = [operation for operation in OPERATIONS if operation.get("security")]
    assert guarded
    for operation in guarded:
        scopes = {scope for scheme in operation["security"] for roles in scheme.values() for scope in roles}
        assert len(scopes) == 1
        assert f"the scope `{scopes.pop()}`" in operation["description"]
    assert all("description" in scheme for scheme in DOCUMENT["components"]["securitySchemes"].values())


def test_each_error_is_a_problem_and_nothing_else_is() -> None:
    for operation in OPERATIONS:
        for status, response in operation["responses"].items():
            types = list(response.get("content", {}))
            assert int(status) < 400 or types == ["application/problem+json"], operation["operationId"]
            assert int(status) >= 400 or "application/problem+json" not in types


def test_the_events_of_webhooks_refer_to_what_there_is() -> None:
    assert list(DOCUMENT["webhooks"]) == ["notice.published", "notice.changed", "notice.withdrawn"]
    for event in DOCUMENT["webhooks"].values():
        body = event["post"]["requestBody"]["content"]["application/json"]["schema"]
        name = body["properties"]["data"]["$ref"].rpartition("/")[2]
        assert {"id", "key"} <= set(DOCUMENT["components"]["schemas"][name]["properties"])


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A client's package, as openapi-python-client writes it from our document."""
    folder = tmp_path_factory.mktemp("client")
    document, config = folder / "openapi.json", folder / "config.yaml"
    document.write_text(json.dumps(DOCUMENT))
    config.write_text(f"package_name_override: generated_client\n{documented_config()}")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
    command += ["--path", str(document), "--config", str(config), "--output-path", str(folder / "generated_client")]
    done = subprocess.run([*command, "--fail-on-warning"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("generated_client")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("generated_client")]:
        del sys.modules[name]


def documented_config() -> str:
    """The configuration that docs/api.md tells to write."""
    written = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    found = re.search(r"printf '(.+)' > client\.yaml", written)
    assert found
    return found[1].replace("\\n", "\n")


def operation(generated: ModuleType, tag: str, name: str) -> Any:
    return importlib.import_module(f"generated_client.api.{tag}.{name}")


@pytest.fixture
def anybody(generated: Any, live_server: LiveServer) -> Iterator[Any]:
    """A client without a key."""
    with generated.Client(base_url=live_server.url, raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture
def season(transactional_db: None) -> None:
    fill_notices(7)
    fill_jobs(6)
    fill_placements(3)


@pytest.mark.usefixtures("season")
def test_a_generated_client_walks_lists_and_reads_what_is_in_them(generated: Any, anybody: Any) -> None:
    notices = operation(generated, "notices", "notices")
    found, cursor = [], None
    while True:
        page = notices.sync(client=anybody, limit=3, sort="updated_at", cursor=cursor)
        found += page.items
        cursor = page.next_
        if cursor is None:
            break
    assert (len({notice.id for notice in found}), page.count) == (7, 7)
    posting = next(notice for notice in found if notice.category == "job_posting")
    assert (posting.pay.low, posting.pay.text) == (1_200_000, "₹12 LPA")
    assert isinstance(posting.deadline, datetime)
    since = datetime.now(UTC) + timedelta(minutes=1)
    assert notices.sync(client=anybody, updated_after=since).items == []

    jobs = operation(generated, "jobs", "jobs")
    opened = jobs.sync(client=anybody, open_=True, sort="deadline", branch="CSE", pay_from=1_500_000)
    assert [job.id for job in opened.items] == ["job-3", "job-4", "job-5"]
    job = operation(generated, "jobs", "job").sync("job-3", client=anybody)
    assert job.documents[0].name == "JD.pdf"
    offers = operation(generated, "offers", "offers").sync(client=anybody)
    assert offers.items[0].students is None


@pytest.mark.usefixtures("season")
def test_a_generated_client_reads_what_is_wrong(generated: Any, anybody: Any) -> None:
    missing = operation(generated, "notices", "notice").sync(0, client=anybody)
    assert (missing.status, missing.title) == (404, "Not Found")
    misfit = operation(generated, "notices", "notices").sync(client=anybody, limit=0)
    assert [(error.where, error.name) for error in misfit.errors] == [("query", "limit")]
    refused = operation(generated, "statistics", "stats").sync(client=anybody)
    assert refused.status == 401


@pytest.mark.usefixtures("season")
def test_a_generated_client_comes_with_a_key(
    generated: Any, live_server: LiveServer, api_key: MakeKey, subscribe: Subscribe
) -> None:
    subscribe()
    token = api_key("stats", "notify", last_used_at=timezone.now())["X-API-Key"]
    with generated.AuthenticatedClient(
        base_url=live_server.url, token=token, raise_on_unexpected_status=True
    ) as client:
        figures = operation(generated, "statistics", "stats").sync(client=client)
        assert figures.users.subscribers == 1
        models = importlib.import_module("generated_client.models")
        body = models.NotifyIn(message="Drive at 10.", channels=["telegram"])
        queued = operation(generated, "notify", "notify").sync(client=client, body=body)
        assert queued.results["telegram"].queued == 1
        state = operation(generated, "notify", "progress").sync(queued.id, client=client)
        assert (state.title, state.recipients) == ("Drive at 10.", 1)
        offers = operation(generated, "offers", "offers").sync(client=client)
        assert offers.count == 3
