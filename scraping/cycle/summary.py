"""A run in lines, for whoever asked for it: in a terminal or a chat."""

from collections.abc import Mapping
from typing import Any

from scraping.cycle.reasons import reasons
from scraping.models import UpdateRun
from scraping.sources.names import label

NO_SOURCE = "No source is set up: see SUPERSET_CREDENTIALS in .env.example."
_FETCHED = {name: name for name in ("new", "changed", "unchanged", "failed")}
_READ = {"notices_new": "new", "notices_changed": "changed", "set_aside": "set aside", "irrelevant": "irrelevant"}


def summary(run: UpdateRun) -> str:
    """A run in lines: what each source brought, and what became of it."""
    reports = [(name, report) for name, report in run.sources.items() if "fetched" in report]
    lines = [f"{label(name)}: {_brought(report)} ({report['seconds']:.1f} s)" for name, report in reports]
    if counts := _counts(run.sources.get("read", {}), _READ):
        lines.append(f"Notices: {counts}.")
    return "\n".join(lines if reports else [NO_SOURCE, *lines])


def _brought(report: Mapping[str, Any]) -> str:
    if report.get("failed_whole") and not report["fetched"]:
        return "nothing could be read"
    return ", ".join(filter(None, (f"{report['fetched']} fetched", _counts(report, _FETCHED))))


def _counts(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """`1 new, 20 unchanged`: what is none is not said."""
    return ", ".join(f"{found[key]} {name}" for key, name in names.items() if found.get(key))


def problems(run: UpdateRun) -> list[str]:
    """Return what failed, a line each: each reason once."""
    return [
        f"{label(name)}: {error}"
        for name, report in run.sources.items()
        if isinstance(report, dict)
        for error in reasons(report.get("errors", []))
    ]
