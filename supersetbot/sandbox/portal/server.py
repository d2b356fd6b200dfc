"""A portal on loopback that speaks the API of the real one (spec: portal), and can be broken on purpose.

Run alone it prints one JSON line with its address, its public key and its accounts:

    python -m supersetbot.sandbox.portal.server --port 0 --notices 5000 --jobs 100 --latency 0.1
"""

import argparse
import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

import orjson
from aiohttp import web

from supersetbot.sandbox.loopback import LoopbackServer
from supersetbot.sandbox.portal import portal_world
from supersetbot.sandbox.portal.faults import Fault, Rule
from supersetbot.sandbox.portal.login import Sessions, public_key
from supersetbot.sandbox.portal.portal_world import Account, Job, Notice, World
from supersetbot.sandbox.portal.season import season

PREFIX = "/tnpsuite-core"
TENANT_ID = "sandbox_college"
TENANT_TYPE = "STUDENT"
CALLS = ("login", "notices", "jobs", "job", "document")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Portal(LoopbackServer):
    """The portal with its world. Publish, edit and break it at any time, also from another thread.

    `calls` counts what was asked for by call and by (call, email); `busiest` is the highest number of calls that were
    in hand at once. `latency` is in seconds, before each answer. `url` is what SUPERSET_BASE_URL wants.
    """

    path = PREFIX

    def __init__(self, world: World | None = None, *, latency: float = 0.0, random: Random | None = None) -> None:
        self.world = world or season()
        self._random = random or Random()
        self.latency = latency
        self.calls: Counter[str | tuple[str, str]] = Counter()
        self.files: dict[str, bytes] = {}  # by name, beside the invented ones
        self.busiest = 0
        self._in_hand = 0
        self._sessions = Sessions()
        self._rules: list[Rule] = []

    @property
    def public_key(self) -> str:
        """The PEM body of its key, for SUPERSET_PUBLIC_KEY."""
        return public_key()

    def _serve(self) -> web.AppRunner:
        app = web.Application(middlewares=[self._gate])
        student = f"{PREFIX}/students/{{uuid}}"
        app.add_routes(
            [
                web.post(f"{PREFIX}/login", self._login, name="login"),
                web.get(f"{student}/notices", self._list_notices, name="notices"),
                web.get(f"{student}/job_profiles", self._list_jobs, name="jobs"),
                web.get(f"{student}/job_profiles/{{job}}", self._show_job, name="job"),
                web.get(f"{student}/job_profiles/{{job}}/documents/{{document}}/url", self._link, name="document"),
                web.get("/files/{document}", self._show_file, name="file"),
            ]
        )
        return web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    # --- what happens at the college

    def publish_notice(self, notice: Notice | None = None) -> dict[str, Any]:
        """Put up a notice, a fresh invented one if none is given; answers its record."""
        notice = notice or portal_world.random_notice(self.world, random=self._random)
        self.world.add(notice)
        return notice.record

    def publish_file(self, name: str, data: bytes) -> str:
        """Put up a file under its name, or the identifier of a job's document; returns its address."""
        self.files[name] = data
        return f"{self.url.removesuffix(PREFIX)}/files/{quote(name)}"

    def publish_job(self, job: Job | None = None) -> dict[str, Any]:
        """Put up a job profile, a fresh invented one if none is given; answers its short form."""
        job = job or portal_world.random_job(random=self._random)
        self.world.add(job)
        return job.short

    def edit_notice(self, identifier: str, **fields: object) -> None:
        """Change fields of a notice; it counts as modified now unless `lastModifiedOn` says otherwise."""
        modified = {"lastModifiedOn": portal_world.epoch(datetime.now(UTC))}
        self.world.notices[identifier].record |= modified | fields

    def edit_job(
        self, identifier: str, *, short: dict[str, Any] | None = None, profile: dict[str, Any] | None = None
    ) -> None:
        """Change fields of a job's short form, and of the `jobProfile` of its full form."""
        job = self.world.jobs[identifier]
        job.short |= short or {}
        job.detail.setdefault("jobProfile", {}).update(profile or {})

    def remove(self, identifier: str) -> None:
        """Take down a notice or job profile."""
        self.world.notices.pop(identifier, None)
        self.world.jobs.pop(identifier, None)

    def expire_sessions(self) -> None:
        """Everybody has to log in again."""
        self._sessions.end()

    # --- what goes wrong

    def fail(
        self,
        fault: Fault,
        call: str = "*",
        *,
        email: str | None = None,
        key: str | None = None,
        times: int | None = None,
    ) -> None:
        """Let `fault` (see portal_faults) happen to these calls, for an account, a job or document, or to all.

        It happens `times` times, or until `mend`. Login calls are made by an email, too.
        """
        if call not in {"*", *CALLS}:
            raise ValueError(f"{call!r} is no call of the portal")
        self._rules.append(Rule(fault, call, email, key, times))

    def mend(self) -> None:
        """End all faults."""
        self._rules.clear()

    # --- answering

    @web.middleware
    async def _gate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        call = request.match_info.route.name
        if call not in CALLS:
            return await handler(request)
        email = await self._email(request)
        self.calls.update([call, (call, email)])
        self._in_hand += 1
        self.busiest = max(self.busiest, self._in_hand)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            return await self._faulty(request, call, email) or self._wrong_tenant(request) or await handler(request)
        finally:
            self._in_hand -= 1

    async def _faulty(self, request: web.Request, call: str, email: str) -> web.StreamResponse | None:
        key = request.match_info.get("document") or request.match_info.get("job", "")
        for rule in self._rules:
            if rule.applies(call, email, key):
                if rule.times is not None:
                    rule.times -= 1
                return await rule.fault(request)
        return None

    def _wrong_tenant(self, request: web.Request) -> web.Response | None:
        asked = (request.headers.get("x-superset-tenant-id"), request.headers.get("x-superset-tenant-type"))
        if asked == (TENANT_ID, TENANT_TYPE) and "x-requester-client" in request.headers:
            return None
        return _answer({"error": "unknown tenant"}, status=400)

    async def _email(self, request: web.Request) -> str:
        if request.match_info.route.name == "login":
            return str((await _form(request)).get("username", ""))
        account = self._signed_in(request)
        return account.email if account else ""

    def _signed_in(self, request: web.Request) -> Account | None:
        account = self._sessions.account(request.headers.get("Authorization", ""))
        return account if account and account.uuid == request.match_info.get("uuid") else None

    async def _login(self, request: web.Request) -> web.Response:
        form = await _form(request)
        answer = self._sessions.log_in(self.world.accounts, form.get("username"), form.get("password"))
        return _answer(answer) if answer else _answer({"message": "Invalid username or password"}, status=401)

    async def _list_notices(self, request: web.Request) -> web.Response:
        account = self._required(request)
        seen = [notice.record for notice in list(self.world.notices.values()) if _visible(notice, account)]
        seen.sort(key=_published, reverse=True)
        page, size = int(request.query.get("page", 0)), int(request.query.get("size", 20))
        return _answer(seen[page * size : (page + 1) * size])

    async def _list_jobs(self, request: web.Request) -> web.Response:
        account = self._required(request)
        return _answer([job.short for job in list(self.world.jobs.values()) if _visible(job, account)])

    async def _show_job(self, request: web.Request) -> web.Response:
        return _answer(self._job(request).detail)

    async def _link(self, request: web.Request) -> web.Response:
        name = request.match_info["document"]
        documents = (self._job(request).detail.get("jobProfile") or {}).get("documents") or []
        if name not in {document["identifier"] for document in documents}:
            raise web.HTTPNotFound
        root = self.url.removesuffix(PREFIX)
        return _answer({"url": f"{root}/files/{name}?expires=3600&signature={token_urlsafe(16)}"})

    async def _show_file(self, request: web.Request) -> web.Response:
        name = request.match_info["document"]
        if name in self.files:
            return web.Response(body=self.files[name], content_type="application/octet-stream")
        return web.Response(text=f"The sandbox's document {name}.\n")

    def _required(self, request: web.Request) -> Account:
        account = self._signed_in(request)
        if account is None:
            raise web.HTTPUnauthorized
        return account

    def _job(self, request: web.Request) -> Job:
        account = self._required(request)
        job = self.world.jobs.get(request.match_info["job"])
        if job is None or not _visible(job, account):
            raise web.HTTPNotFound
        return job


def _visible(thing: Notice | Job, account: Account) -> bool:
    return not thing.branches or account.branch in thing.branches


def _published(record: dict[str, Any]) -> float:
    moment = record.get("publishedAt")
    return moment if isinstance(moment, int | float) else 0


async def _form(request: web.Request) -> dict[str, Any]:
    try:
        form = await request.json()
    except ValueError:
        return {}
    return form if isinstance(form, dict) else {}


def _answer(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def main(arguments: list[str] | None = None) -> None:
    """Run a portal until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description="A portal on loopback that speaks the API of the real one.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--notices", type=int, help="generate that many notices instead of the invented season")
    parser.add_argument("--jobs", type=int, help="generate that many job profiles")
    parser.add_argument("--documents", type=int, default=2, help="documents of each generated job profile")
    parser.add_argument("--size", type=int, default=4000, help="bytes of each generated notice")
    parser.add_argument("--data", type=Path, help="folder of notices.json, job_profiles.json and job_details.json")
    options = parser.parse_args(arguments)
    asyncio.run(_serve(Portal(_world(options), latency=options.latency), options.port))


def _world(options: argparse.Namespace) -> World:
    if options.data:
        return portal_world.load(options.data)
    if options.notices is None and options.jobs is None:
        return season()
    return portal_world.generated(options.notices or 0, options.jobs or 0, options.documents, options.size)


async def _serve(portal: Portal, port: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await portal.start(port)
    accounts = [{"email": account.email, "password": account.password} for account in portal.world.accounts]
    line = {"url": portal.url, "public_key": portal.public_key, "tenant_id": TENANT_ID, "accounts": accounts}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await portal.stop()


if __name__ == "__main__":
    main()
