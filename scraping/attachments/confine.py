"""What the child process may not do: use much memory or time, open a socket, start a program, write or rename a file.

On Linux the kernel sees to it (setrlimit, and seccomp for the system calls); elsewhere, and beside it, Python's audit
hook refuses what Python code asks for. A process that has called `confine` can't undo it.
"""

import ctypes
import os
import platform
import resource
import struct
import sys

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# By machine: its AUDIT_ARCH, the calls that no reader needs, and those that open a file with the place of their flags.
# In order: sockets, programs and other processes, names of files, mounts and namespaces, io_uring, bpf, openat2.
_CALLS = {
    "x86_64": (
        0xC000003E,
        {
            *(41, 42, 49, 50, 53),
            *(57, 58, 59, 62, 101, 310, 311, 322),
            *(76, 82, 83, 84, 85, 86, 87, 88, 90, 92, 133, 258, 259, 260, 263, 264, 265, 266, 268, 316),
            *(161, 165, 272, 425, 321, 437),
        },
        {2: 1, 257: 2},
    ),
    "aarch64": (
        0xC00000B7,
        {
            *(198, 199, 200, 201, 203),
            *(117, 129, 221, 270, 271, 281),
            *(33, 34, 35, 36, 37, 38, 45, 53, 54, 276),
            *(40, 51, 97, 280, 425, 437),
        },
        {56: 2},
    ),
}
_LOAD, _IF_EQUAL, _IF_ABOVE, _IF_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # classic BPF
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # refused with EPERM
_NR, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_OTHER_ABI = 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_REFUSED_EVENTS = tuple(
    "socket. ftplib. subprocess. shutil. os.exec os.posix_spawn os.fork os.system os.remove os.rename os.mkdir "
    "os.rmdir os.link os.symlink os.truncate".split()
)


def confine(*, seconds: int, memory: int) -> None:
    """Confine this process for good. `seconds` of processor time, `memory` in bytes of address space."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux" and platform.machine() in _CALLS:
        _filter_calls(*_CALLS[platform.machine()])
    sys.addaudithook(_refuse)


def _filter_calls(arch: int, forbidden: set[int], opening: dict[int, int]) -> None:
    """Filter system calls by seccomp; where the kernel has none, the other limits stand alone."""
    rules = [(_LOAD, 0, 0, _ARCH), (_IF_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, _NR)]
    rules += [(_IF_ABOVE, 0, 1, _OTHER_ABI), (_RETURN, 0, 0, _REFUSE)]
    for call in sorted(forbidden):
        rules += [(_IF_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    for call, argument in opening.items():
        rules += [(_IF_EQUAL, 0, 4, call), (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]
        rules += [(_IF_ANY, 0, 1, _WRITES), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    rules += [(_RETURN, 0, 0, _ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    program = struct.pack("HP", len(rules), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.create_string_buffer(program), 0, 0)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
    if writes or event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"a reader of files may not: {event}")
