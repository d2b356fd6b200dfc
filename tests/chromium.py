"""A headless Chromium for tests: the system's, else Playwright's own. Without either they are skipped, and say so."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium: apt-get install chromium, or playwright install chromium"


def executable(playwrights_own: str) -> str:
    """The program's path. Skips the test where there is none, and fails it where BROWSER_TESTS=required."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    found = system or (playwrights_own if Path(playwrights_own).exists() else None)
    return found or _missing()


def _missing() -> NoReturn:
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(MISSING)
    pytest.skip(f"*** {MISSING} ***")
