"""The placement page of an institute that does not exist, in the markup the real one ships (spec: official-page)."""

import asyncio
import hashlib
import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from aiohttp import web

from supersetbot.sandbox.loopback import LoopbackServer

Fault = Literal["down", "slow", "no_batches", "fragments_only"]

PATH = "/existing-student/training-and-placement/students-placement"
COMPANIES = "Quality Companies Visited So Far"
_INTRO = "Placements of the Meghdoot Institute of Technology are looked after by one office for both campuses."
_RECRUITERS = ("Kestrel Systems", "Lumen & Foundry", "Tarang Analytics", "Quartzite Labs")


@dataclass(slots=True)
class SandboxBatch:
    """A batch of the page: `figures` maps what a card counts to what it says."""

    year: int
    figures: dict[str, str]

    @property
    def heading(self) -> str:
        return f"Placement Highlights – Graduating Batch {self.year}"


def _batches() -> list[SandboxBatch]:
    running = {
        COMPANIES: "37",
        "Highest Package by Kestrel Systems (2 Offers)": "Rs. 41.50 Lacs",
        "2nd Highest Package by Quartzite Labs (1 Offer)": "Rs. 33.00 Lacs",
        "Package (6 Companies - 19 Offers)": "Rs. 12.00 to Rs. 32.99 Lacs",
        "Package (21 Companies - 88 Offers)": "Upto Rs. 11.99 Lacs",
        "Average Package": "Rs. 10.42 Lacs",
        "Median Package": "Rs. 8.25 Lacs",
    }
    finished = {
        COMPANIES: "143",
        "Highest Package by Tarang Analytics (1 Offer)": "Rs. 52.10 Lacs",
        "Average Package": "Rs. 9.87 Lacs",
        "Median Package": "Rs. 7.60 Lacs",
    }
    return [SandboxBatch(2027, running), SandboxBatch(2026, finished)]


@dataclass
class OfficialPageServer(LoopbackServer):
    """Serves the page on loopback; what is changed on `batches` or `fault` shows in the next answer.

    `fault` is what is wrong: "down" answers 503, "slow" answers after `delay` seconds, "no_batches" is a page without
    any, "fragments_only" holds its facts in the scripts only. `requests` counts what was asked for,
    `unmodified` the answers without a page. `url` is what OFFICIAL_PLACEMENT_URL wants.
    """

    path = PATH

    batches: list[SandboxBatch] = field(default_factory=_batches)
    fault: Fault | None = None
    delay: float = 30.0
    requests: int = 0
    unmodified: int = 0

    def move_figure(self, counts: str = COMPANIES, says: str | None = None) -> str:
        """Make a figure of the active batch say something else, without `says` three more; returns what it says now."""
        figures = self.batches[0].figures
        figures[counts] = says or re.sub(r"\d+", lambda number: str(int(number[0]) + 3), figures[counts], count=1)
        return figures[counts]

    def html(self) -> str:
        """The page as it stands."""
        batches = [] if self.fault == "no_batches" else self.batches
        body = "" if self.fault == "fragments_only" else _body(batches)
        return f"<!doctype html><html><body>{body}{_scripts(batches)}</body></html>"

    def _serve(self) -> web.AppRunner:
        app = web.Application()
        app.add_routes(
            [web.get("/", _to_page), web.get(PATH, self._answer), web.get("/uploads/{name}.svg", _show_logo)]
        )
        return web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests += 1
        if self.fault == "down":
            raise web.HTTPServiceUnavailable(text="<h1>Service Unavailable</h1>", content_type="text/html")
        if self.fault == "slow":
            await asyncio.sleep(self.delay)
        html = self.html()
        etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            self.unmodified += 1
            raise web.HTTPNotModified(headers={"ETag": etag})
        return web.Response(text=html, content_type="text/html", headers={"ETag": etag})


def _body(batches: list[SandboxBatch]) -> str:
    sections = "".join(_section(number, batch) for number, batch in enumerate(batches, 1))
    logos = "".join(f'<div class="item"><img alt="" src="{_source(name)}"></div>' for name in _RECRUITERS)
    return f"""
<div class="inner-banner"><div class="mainheading__large">Training &amp; Placement</div><h1>Placement</h1></div>
<div class="vector-bg-sec desc-sec"><div class="left"><p>{escape(_INTRO)}</p></div></div>
{sections}
<section class="student-training-page"><div class="mainheading__large">Key Recruiters</div>
<div class="placements-items grid">{logos}</div></section>"""


def _section(number: int, batch: SandboxBatch) -> str:
    cards = "".join(
        f'<div class="item"><div class="title ">{escape(says)}</div><div class="desc">{escape(counts)}</div></div>'
        for counts, says in batch.figures.items()
    )
    return f"""<div class="palcement-sec student-placement-pg colum-{number} section-padding">
<div class="mainheading__large">{escape(batch.heading)}</div>
<div class="highlights inner-page items grid">{cards}</div></div>"""


def _scripts(batches: list[SandboxBatch]) -> str:
    """The same facts as flight fragments, cut without regard to what they hold, as a server streams them."""
    facts: list[dict[str, object]] = [
        {
            "__component": "sandbox.placement-highlights",
            "title": batch.heading,
            "list": [{"title": says, "description": counts} for counts, says in batch.figures.items()],
        }
        for batch in batches
    ]
    facts.append({"slidecount": 6, "Images": [{"image": _source(name), "name": name} for name in _RECRUITERS]})
    stream = "\n".join(f"{row:x}:{json.dumps(['$', fact])}" for row, fact in enumerate(facts, 5))
    pieces = [stream[start : start + 200] for start in range(0, len(stream), 200)]
    return "".join(f"<script>self.__next_f.push({_script_json([1, piece])})</script>" for piece in pieces)


def _script_json(value: list[object]) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _source(name: str) -> str:
    return f"/uploads/{re.sub(r'[^a-z]+', '-', name.lower())}.svg"


async def _to_page(_: web.Request) -> web.Response:
    raise web.HTTPFound(PATH)


async def _show_logo(request: web.Request) -> web.Response:
    name = escape(request.match_info["name"])
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="48"><text y="30">{name}</text></svg>'
    return web.Response(text=picture, content_type="image/svg+xml")
