"""Reads a file in a process of its own, with limits on time, memory and what it may do (spec: attachments, Safety)."""

import logging
import signal
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

import orjson

from scraping.attachments.text import FileText, State

log = logging.getLogger(__name__)

SECONDS = 10
MEMORY = 256 * 1024 * 1024
OCR_SECONDS = 60
OCR_MEMORY = 3 * 1024 * 1024 * 1024  # of address space; a third of it is used
LARGEST = 25_000_000  # bytes of a file
_LONGEST_ANSWER = 32 * 1024 * 1024
_LONGEST_WORDS = 10_000
_PROJECT = Path(__file__).resolve().parents[2]
_OUT_OF_MEMORY = (b"memory allocation", b"MemoryError", b"bad_alloc", b"out of memory", b"failed to map segment")


def read_bytes(data: bytes, *, seconds: int = SECONDS, memory: int = MEMORY) -> FileText:
    """The text of a file. Never raises for what the file holds, or does to the process that reads it."""
    if len(data) > LARGEST:
        return FileText(State.TOO_LARGE)
    if not data:
        return FileText(State.EMPTY)
    text = _read_apart(data, seconds, memory)
    if text.state is State.SCANNED and find_spec("rapidocr_onnxruntime"):
        return _read_apart(data, OCR_SECONDS, OCR_MEMORY, "ocr")
    return text


def _read_apart(data: bytes, seconds: int, memory: int, *options: str) -> FileText:
    with tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        command = [sys.executable, "-E", "-s", "-m", "scraping.attachments.child", str(seconds), str(memory), *options]
        child = subprocess.Popen(  # noqa: S603 (our own interpreter and module; the file comes on standard input)
            command, cwd=_PROJECT, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
        )
        timer = threading.Timer(seconds, child.kill)
        timer.start()
        answer, said = _answer_of(child)
        timer.cancel()
    return _result(child.returncode, answer, said)


def _answer_of(child: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """Return what it writes until it ends, and its last words; one that writes without end is killed."""
    with child:
        assert child.stdout  # noqa: S101 (for the type checker: both are pipes)
        assert child.stderr  # noqa: S101 (for the types: it is a pipe)
        answer = child.stdout.read(_LONGEST_ANSWER)
        if len(answer) == _LONGEST_ANSWER:
            child.kill()
        return answer, child.stderr.read(_LONGEST_WORDS)


def _result(code: int, answer: bytes, said: bytes) -> FileText:
    if code == 0:
        try:
            return FileText.from_json(orjson.loads(answer))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return FileText(State.CRASHED)
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return FileText(State.TOO_SLOW)
    if any(sign in said for sign in _OUT_OF_MEMORY):
        return FileText(State.TOO_MUCH_MEMORY)
    log.warning("The reader of a file ended with %d: %s", code, said[-300:].decode("utf-8", "replace"))
    return FileText(State.CRASHED)
