"""Runs every benchmark of this folder, or those named: `python -m benchmarks [NAME …]`. Each runs alone as well."""

import argparse
import pkgutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(names: list[str]) -> int:
    """1 where one of them misses its figures."""
    failed = []
    for name in names:
        print(f"\n=== python -m benchmarks.{name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False).returncode:
            failed.append(name)
    print(f"\nMissed: {', '.join(failed)}" if failed else "\nAll figures are met.")
    return 1 if failed else 0


if __name__ == "__main__":
    found = [module.name for module in pkgutil.iter_modules([str(FOLDER)]) if not module.ispkg]
    known = [name for name in found if name != "__main__"]
    parser = argparse.ArgumentParser("python -m benchmarks", description="Runs benchmarks, all or those named.")
    parser.add_argument("name", nargs="*", metavar="NAME", help=", ".join(known))
    wanted = parser.parse_args().name
    if unknown := set(wanted) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; --help names them all")
    sys.exit(main(wanted or known))
