"""The PID file names a living process or nobody, whatever stands in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from supersetbot.operations.pidfile import AlreadyRunningError, PidFile

HOLD = "import sys; from pathlib import Path; from supersetbot.operations.pidfile import PidFile\n{}"
WAIT = "with PidFile(Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"
FORKING = "import os\nwith PidFile(Path(sys.argv[1])):\n if not os.fork(): raise SystemExit\n os.wait()\n {}"


@contextmanager
def holder(path: Path, code: str = WAIT) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(code), str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pids" / "bot.pid"


def test_it_holds_pid_and_start_time_and_goes_with_its_process(path: Path) -> None:
    with PidFile(path):
        pid, started = path.read_text().splitlines()
        assert (int(pid), float(started)) == (os.getpid(), psutil.Process().create_time())
    assert not path.exists()


def test_the_owner_is_found_and_a_second_one_refused(path: Path) -> None:
    with holder(path) as process:
        owner = PidFile(path).owner()
        assert owner
        assert owner.pid == process.pid
        with pytest.raises(AlreadyRunningError, match=rf"already running \(PID {process.pid}\)"), PidFile(path):
            pass
        assert PidFile(path).clean() is False
    assert path.exists()


def test_kill_9_leaves_a_file_that_counts_for_nothing(path: Path) -> None:
    with holder(path) as process:
        process.kill()
        process.wait()
        assert PidFile(path).owner() is None
        with PidFile(path):
            assert path.read_text().startswith(f"{os.getpid()}\n")


@pytest.mark.parametrize("content", ["{pid}\n{started}\n", "{pid}\n1.0\n", "rubbish", "", "-1\n", "99999999\n0\n"])
def test_a_foreign_process_on_the_old_pid_is_nobody(path: Path, content: str) -> None:
    foreign = subprocess.Popen(["sleep", "60"])
    try:
        path.parent.mkdir()
        path.write_text(content.format(pid=foreign.pid, started=psutil.Process(foreign.pid).create_time()))
        assert PidFile(path).owner() is None
        assert PidFile(path).clean() is True
        assert not path.exists()
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_a_forked_child_that_ends_does_not_take_the_file_along(path: Path) -> None:
    code = FORKING.format("print('held', flush=True); sys.stdin.read()")
    with holder(path, code):
        assert PidFile(path).owner()


def test_of_many_that_start_at_once_one_gets_it(path: Path) -> None:
    code = "try:\n " + WAIT.replace("\n", "\n ") + "\nexcept Exception as e: print(e)"
    command = [sys.executable, "-c", HOLD.format(code), str(path)]
    contestants = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    lines = [process.stdout.readline() for process in contestants if process.stdout]
    for process in contestants:
        process.communicate()
    assert lines.count("held\n") == 1
    assert sum(line.startswith("already running") for line in lines) == 3


def test_without_the_right_to_write_it_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "pids").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="pids"), PidFile(tmp_path / "pids" / "bot.pid"):
        pass


def test_a_full_disk_leaves_no_empty_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"), PidFile(path):
        pass
    assert not path.exists()
