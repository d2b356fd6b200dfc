"""Runs the tests that a change touches: `python -m tests.changed [BASE]`. The base is HEAD, or main's parent commit.

A changed test file runs itself. A changed module runs the tests that import it, directly.
"""

import ast
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

ALWAYS = ["tests/test_imports.py", "tests/test_specification.py"]


def changed_files(base: str) -> set[str]:
    """Files that differ from `base`, the new ones included."""
    commands = (["git", "diff", "--name-only", base], ["git", "ls-files", "--others", "--exclude-standard"])
    return {
        line
        for command in commands
        for line in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    }


def dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: Path) -> set[str]:
    """Modules that a test file imports, and the names it takes from them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def touched(changed: set[str]) -> list[str]:
    """The test files to run for these changed files."""
    modules = {dotted(path) for path in changed if path.endswith(".py")}
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))
    return [path for path in tests if path in changed or path in ALWAYS or imports(ROOT / path) & modules]


def main(base: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-m", "not browser"]
    return subprocess.call([*command, *touched(changed_files(base))], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "HEAD"))
