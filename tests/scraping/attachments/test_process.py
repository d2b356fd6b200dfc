"""What a file may do to the process that reads it, and what comes of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from scraping.attachments import process
from scraping.attachments.process import read_bytes
from scraping.attachments.text import FileText, State
from tests.paths import ROOT
from tests.scraping.attachments.hostile import HOSTILE, good_file

CODE = """
import sys
sys.path.insert(0, {root!r})
from scraping.attachments.confine import confine
import ctypes, os, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
confine(seconds=5, memory=256 * 1024 * 1024)
try:
    {action}
except (PermissionError, MemoryError, OSError) as error:
    print(type(error).__name__)
else:
    print("done")
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_clear_word(name: str) -> None:
    make, words = HOSTILE[name]
    text = read_bytes(make(Random(name)))
    assert text.state in words
    assert all(len(remark) < 200 for remark in text.remarks)


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("socket.socket()", "PermissionError"),
        ("subprocess.Popen(['/bin/true'])", "PermissionError"),
        ("open('/tmp/written', 'w')", "PermissionError"),
        ("os.remove('/tmp/no such file')", "PermissionError"),
        ("bytearray(400_000_000)", "MemoryError"),
        ("print(open('/etc/hostname').read() and 'read')", "read\ndone"),
    ],
)
def test_a_confined_process_may_only_read(action: str, outcome: str) -> None:
    assert said_by(action) == outcome


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
@pytest.mark.parametrize(
    "call",
    ["libc.socket(2, 1, 0)", "libc.execv(b'/bin/true', None)", "libc.open(b'/tmp/written', os.O_CREAT | os.O_WRONLY)"],
)
def test_the_kernel_refuses_what_is_asked_for_behind_pythons_back(call: str) -> None:
    assert said_by(f"print({call}, ctypes.get_errno())") == "-1 1\ndone"


def said_by(action: str) -> str:
    code = CODE.format(root=str(ROOT), action=action)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts other code in the place of the child."""

    def replace(code: str) -> None:
        package = tmp_path / "scraping" / "attachments"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package.parent / "__init__.py").touch()
        (package / "child.py").write_text(code)
        monkeypatch.setattr(process, "_PROJECT", tmp_path)

    return replace


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", State.CRASHED),
        ("import os; os.abort()", State.CRASHED),
        ("print('no JSON')", State.CRASHED),
        ("print('{}')", State.CRASHED),
        ("raise SystemExit(3)", State.CRASHED),
        ("import sys; sys.stderr.write('memory allocation of 9 bytes failed'); sys.exit(1)", State.TOO_MUCH_MEMORY),
        ("while True: pass", State.TOO_SLOW),
        ("import signal; signal.pause()", State.TOO_SLOW),
        ("while True: print('x' * 100_000)", State.TOO_SLOW),
    ],
)
def test_a_reader_that_fails_costs_no_more_than_its_limit(
    a_child: Callable[[str], None], code: str, state: State
) -> None:
    a_child(code)
    start = time.monotonic()
    assert read_bytes(b"anything", seconds=1) == FileText(state)
    assert time.monotonic() - start < 4


def test_no_process_and_no_open_file_is_left_behind() -> None:
    before = open_files()
    for number in range(5):
        read_bytes(good_file(Random(number)))
    assert open_files() <= before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def open_files() -> int:
    """Returns 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
