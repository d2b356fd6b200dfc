"""An installation with notices gets their index by `./manage migrate` (SQLite; the benchmarks migrate PostgreSQL)."""

import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT
from tests.processes import Installation

# Stores a notice as the migrations before it knew it; then says what is found.
STORE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
apps = MigrationExecutor(connection).loader.project_state(("notifications", "0013_webhooks")).apps
apps.get_model("notifications", "Notice").objects.create(
    external_key="a", title="Zenith Labs", category="update", published_at=timezone.now(), details={"Dress": "formal"}
)
"""
FIND = """
from notifications.finding.sql import matching
from django.db import connection
with connection.cursor() as cursor:
    statement, wanted = matching(connection.vendor, ["zenith", "formal"], names=False)
    cursor.execute(statement, [wanted])
    print(cursor.fetchall())
"""


def test_an_installation_is_upgraded_and_taken_back(installation: Installation) -> None:
    installation.set(DATABASE_URL=f"sqlite:///{installation.folder / 'superset.sqlite3'}")
    manage("migrate", "notifications", "0013")
    manage("shell", "-c", STORE)
    manage("migrate")
    assert manage("shell", "-c", FIND).endswith("[(1,)]\n")
    manage("migrate", "notifications", "0013")
    assert manage("migrate") == ""
    assert manage("shell", "-c", FIND).endswith("[(1,)]\n")


def manage(*arguments: str) -> str:
    quiet = ("--verbosity=0",) if arguments[0] == "migrate" else ("--no-imports",)
    command = [sys.executable, str(Path(ROOT) / "manage.py"), *arguments, *quiet]
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
