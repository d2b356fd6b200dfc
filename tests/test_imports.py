"""Imports run downwards only: supersetbot → scraping → notifications → accounts (design: architecture)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STOREYS = ["supersetbot", "scraping", "notifications", "accounts"]


def imported(path: Path) -> set[str]:
    """The top-level packages a file imports, also inside functions."""
    packages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            packages.add((node.module or "").split(".")[0])
    return packages


@pytest.mark.parametrize(("app", "above"), [(app, set(STOREYS[:i])) for i, app in enumerate(STOREYS)])
def test_no_app_imports_upwards(app: str, above: set[str]) -> None:
    offenders = {
        str(path.relative_to(ROOT)): imported(path) & above
        for path in (ROOT / app).rglob("*.py")
        if imported(path) & above
    }
    assert not offenders
